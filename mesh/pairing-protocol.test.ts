import { streamPair } from '@libp2p/utils'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cardFields } from './card.ts'
import { channelOver, nextFrame } from './channel.ts'
import { encodeCbor } from './codec.ts'
import { isKinmeshError, KinmeshError } from './errors.ts'
import { silentLogger } from './log.ts'
import { MembershipLog } from './membership.ts'
import { cardNamed, identityNamed } from './membership.fixtures.ts'
import { inviteTtlMs, Inviter, lingerMs, maxWrongTries, stepTimeoutMs } from './pairing-invite.ts'
import { parseCode } from './pairing-code.ts'
import { maxLogBytes, parseMessage, proofOf, readStatements, sendMessage, sendStatements } from './pairing-messages.ts'
import { pairAsNewcomer } from './pairing-newcomer.ts'
import { FakeTime } from './timers.fixtures.ts'
import type { Channel, DeviceCard, Role } from './types.ts'

const inviter = cardNamed('inviter')
const newcomer = cardNamed('newcomer')
const stranger = cardNamed('stranger')

async function channels(seenByA: string, seenByB: string): Promise<[Channel, Channel]> {
  const [a, b] = await streamPair()
  const options = { protocol: '/kinmesh/pair/1', log: silentLogger, tap: undefined }
  return [channelOver(a, { ...options, peer: seenByA }), channelOver(b, { ...options, peer: seenByB })]
}

/** Both sides of pairing, with somebody between them who may be somebody else to each and may change what they say. */
async function pairThrough({ toInviter = frame => frame, toNewcomer = frame => frame, newcomerSees = inviter, inviterSees = newcomer, as = newcomer, code, role, admitAs = role, admitted = card => card, accept }: {
  toInviter?: (frame: Uint8Array, index: number) => Uint8Array
  toNewcomer?: (frame: Uint8Array, index: number) => Uint8Array
  newcomerSees?: DeviceCard
  inviterSees?: DeviceCard
  as?: DeviceCard
  code?: string
  role?: Role
  /** What the log says, when it is not what the invite said. */
  admitAs?: Role | undefined
  admitted?: (card: DeviceCard) => DeviceCard
  accept?: (role: Role) => void
} = {}) {
  const time = new FakeTime()
  const [nearNewcomer, newcomerEnd] = await channels(newcomer.id, newcomerSees.id)
  const [nearInviter, inviterEnd] = await channels(inviter.id, inviterSees.id)
  const log = await MembershipLog.create(identityNamed('inviter'), { name: 'inviter', place: 'test' }, 1)
  const happened: string[] = []
  const side = new Inviter({ card: inviter, addrs: () => [], log: silentLogger, clock: time.clock, timers: time, welcome: () => () => {} })
  const invite = side.invite({
    ...(role ? { role } : {}),
    async confirm() {
      happened.push('asked')
      return true
    },
    async admit(card) {
      happened.push('admitted')
      await log.add(identityNamed('inviter'), admitted(card), 2, admitAs)
      return log.statements()
    }
  })
  const relay = async (from: Channel, to: Channel, change: (frame: Uint8Array, index: number) => Uint8Array) => {
    let index = 0
    try {
      for await (const frame of from.frames) await to.send(change(frame, index++))
      await to.close()
    } catch {
      to.abort(new Error('the other side broke off'))
    }
  }
  const relays = [relay(nearNewcomer, nearInviter, toInviter), relay(nearInviter, nearNewcomer, toNewcomer)]
  const serving = side.serve(inviterEnd, () => {}).then(() => inviterEnd.close(), (error: Error) => inviterEnd.abort(error))
  const outcome = await pairAsNewcomer(newcomerEnd, {
    card: as, code: parseCode(code ?? invite.code), timers: time, onInviter: async () => {}, ...(accept ? { accept } : {}),
    async store() {
      happened.push('stored')
    }
  }).then(() => 'paired', (error: Error) => error.name)
  await Promise.all([serving, ...relays])
  side.stop()
  return { outcome, happened }
}

test('pairing goes through somebody who only relays its frames', async () => {
  assert.equal(await pairThrough(), { outcome: 'paired', happened: ['asked', 'admitted', 'stored'] })
})

test('whatever is changed on the way, nothing is trusted', async () => {
  const flip = (wanted: number, at: number) => (frame: Uint8Array, index: number) => {
    if (index !== wanted) return frame
    const changed = frame.slice()
    changed[Math.floor(at * (changed.length - 1))]! ^= 1
    return changed
  }
  // hello and proof one way; welcome, proof and the log the other way ("confirmed" holds nothing to change but its type).
  for (const at of [0, 0.01, 0.2, 0.4, 0.6, 0.8, 1]) {
    for (const message of [0, 1]) {
      const { outcome, happened } = await pairThrough({ toInviter: flip(message, at) })
      assert.ok(['PairingTampered', 'WrongCode'].includes(outcome), `message ${message} to the inviter at ${at}: ${outcome}`)
      assert.equal(happened, [], `message ${message} to the inviter at ${at}`)
    }
    for (const message of [0, 1, 2, 3]) {
      const { outcome, happened } = await pairThrough({ toNewcomer: flip(message, at) })
      assert.ok(['PairingTampered', 'WrongCode'].includes(outcome), `message ${message} to the newcomer at ${at}: ${outcome}`)
      assert.not(happened.includes('stored'), `message ${message} to the newcomer at ${at}`)
    }
  }
})

test('somebody in the middle with other keys gets nowhere, with or without changing the cards', async () => {
  const asStranger = { newcomerSees: stranger, inviterSees: stranger }
  assert.equal(await pairThrough(asStranger), { outcome: 'PairingTampered', happened: [] })
  const helloOf = (frame: Uint8Array, card: DeviceCard) => {
    const message = parseMessage(frame)
    if (message.type !== 'hello' && message.type !== 'welcome') return frame
    return encodeCbor(message.type === 'hello' ? [1, message.nonce, cardFields(card)] : [2, message.nonce, cardFields(card), 2])
  }
  const swapped = await pairThrough({ ...asStranger, toInviter: frame => helloOf(frame, stranger), toNewcomer: frame => helloOf(frame, stranger) })
  assert.equal(swapped, { outcome: 'WrongCode', happened: [] })
})

test('an invite says what the newcomer is to be, and nobody in between can change it', async () => {
  const told: Role[] = []
  const accept = (role: Role) => void told.push(role)
  assert.is((await pairThrough({ role: 'keeper', accept })).outcome, 'paired')
  assert.is((await pairThrough({ accept })).outcome, 'paired')
  assert.equal(told, ['keeper', 'admin'])
  const asReader = (frame: Uint8Array) => {
    const message = parseMessage(frame)
    return message.type === 'welcome' ? encodeCbor([2, message.nonce, cardFields(message.card), 2]) : frame
  }
  assert.equal(await pairThrough({ role: 'keeper', toNewcomer: asReader }), { outcome: 'WrongCode', happened: [] })
  assert.equal(await pairThrough({ role: 'keeper', admitAs: 'admin' }), { outcome: 'PairingTampered', happened: ['asked', 'admitted'] })
})

test('a log that names the newcomer with the encryption key of another is not believed', async () => {
  const admitted = (card: DeviceCard) => ({ ...card, encryptionKey: stranger.encryptionKey })
  assert.equal(await pairThrough({ admitted }), { outcome: 'PairingTampered', happened: ['asked', 'admitted'] })
})

test('a newcomer that cannot be what it is invited to be leaves before anybody is asked', async () => {
  const accept = () => {
    throw new KinmeshError('HasMemories', 'no')
  }
  assert.equal(await pairThrough({ role: 'keeper', accept }), { outcome: 'HasMemories', happened: [] })
})

test('an inviter that cannot prove the code is not believed', async () => {
  const [end, fake] = await channels(inviter.id, newcomer.id)
  const pairing = pairAsNewcomer(end, { card: newcomer, code: new Uint8Array(10), timers: new FakeTime(), onInviter: async () => {}, store: async () => assert.unreachable() })
  await sendMessage(fake, { type: 'welcome', nonce: new Uint8Array(32), card: inviter, role: 'admin' })
  await sendMessage(fake, { type: 'inviterProof', proof: new Uint8Array(32) })
  assert.is(await pairing.catch((error: Error) => error.name), 'PairingTampered')
})

test('who holds the code cannot pair in the name of another device', async () => {
  const { outcome, happened } = await pairThrough({ as: stranger })
  assert.equal([outcome, happened], ['PairingTampered', []])

  const code = new Uint8Array(10)
  const [end, fake] = await channels(inviter.id, newcomer.id)
  const pairing = pairAsNewcomer(end, { card: newcomer, code, timers: new FakeTime(), onInviter: async () => {}, store: async () => assert.unreachable() })
  const hello = parseMessage((await nextFrame(fake))!)
  assert.is(hello.type, 'hello')
  const nonce = new Uint8Array(32)
  const newcomerNonce = hello.type === 'hello' ? hello.nonce : nonce
  const said = { newcomerKey: newcomer.publicKey, inviterKey: inviter.publicKey, newcomerNonce, inviterNonce: nonce, newcomer, inviter: stranger, role: 'admin' } as const
  await sendMessage(fake, { type: 'welcome', nonce, card: stranger, role: 'admin' })
  await sendMessage(fake, { type: 'inviterProof', proof: proofOf('inviter', code, said) }).catch(() => {})
  await sendMessage(fake, { type: 'confirmed' }).catch(() => {})
  await fake.close()
  assert.is(await pairing.catch((error: Error) => error.name), 'PairingTampered')
})

test('a proof of the other side is not taken for its own', async () => {
  // Reflecting the newcomer's proof as the inviter's would work if the two were not told apart.
  const [end, fake] = await channels(inviter.id, newcomer.id)
  const pairing = pairAsNewcomer(end, { card: newcomer, code: new Uint8Array(10), timers: new FakeTime(), onInviter: async () => {}, store: async () => assert.unreachable() })
  await nextFrame(fake)
  await sendMessage(fake, { type: 'welcome', nonce: new Uint8Array(32), card: inviter, role: 'admin' })
  const proof = parseMessage((await nextFrame(fake))!)
  assert.is(proof.type, 'newcomerProof')
  if (proof.type === 'newcomerProof') await sendMessage(fake, { type: 'inviterProof', proof: proof.proof })
  assert.is(await pairing.catch((error: Error) => error.name), 'PairingTampered')
})

test(`an invite lives ${inviteTtlMs / 60_000} minutes, and for ${lingerMs / 60_000} more says why it ended`, async () => {
  const time = new FakeTime()
  let welcomes = 0
  const side = new Inviter({
    card: inviter, addrs: () => [], log: silentLogger, clock: time.clock, timers: time,
    welcome() {
      welcomes++
      return () => void welcomes--
    }
  })
  const invite = side.invite({ confirm: async () => true, admit: async () => [] })
  assert.is(invite.expiresAt, time.now + inviteTtlMs)
  let ended: unknown
  invite.admitted.catch((error: unknown) => (ended = error))
  await time.run(inviteTtlMs - 1)
  assert.is(ended, undefined)
  await time.run(1)
  assert.ok(isKinmeshError(ended, 'InviteExpired'))
  assert.is(welcomes, 1)
  await time.run(lingerMs)
  assert.is(welcomes, 0)
  assert.is(time.pending, 0)
})

test('a stranger that says nothing is cut off', async () => {
  const time = new FakeTime()
  const side = new Inviter({ card: inviter, addrs: () => [], log: silentLogger, clock: time.clock, timers: time, welcome: () => () => {} })
  side.invite({ confirm: async () => true, admit: async () => [] })
  const [end, silent] = await channels(stranger.id, inviter.id)
  const serving = side.serve(end, () => {}).catch((error: Error) => error.name)
  await time.run(stepTimeoutMs)
  assert.is(await serving, 'ChannelClosed')
  silent.abort(new Error('test'))
  side.stop()
})

test('wrong tries are counted though they run at the same time', async () => {
  const time = new FakeTime()
  const side = new Inviter({ card: inviter, addrs: () => [], log: silentLogger, clock: time.clock, timers: time, welcome: () => () => {} })
  side.invite({ confirm: async () => true, admit: async () => [] })
  const attempt = async () => {
    const [end, own] = await channels(newcomer.id, inviter.id)
    const serving = side.serve(end, () => {}).then(() => end.close())
    const outcome = await pairAsNewcomer(own, { card: newcomer, code: new Uint8Array(10), timers: time, onInviter: async () => {}, store: async () => {} }).catch((error: Error) => error.name)
    await serving
    return outcome
  }
  const outcomes = await Promise.all(Array.from({ length: maxWrongTries + 3 }, attempt))
  assert.is(outcomes.filter(outcome => outcome === 'WrongCode').length, maxWrongTries - 1)
  assert.is(outcomes.filter(outcome => outcome === 'InviteSpent').length, 4)
  side.stop()
})

test('a log travels in as many messages as it takes, and not in more bytes than allowed', async () => {
  const [a, b] = await channels(inviter.id, newcomer.id)
  const statements = Array.from({ length: 300 }, (_, i) => new Uint8Array(1 + i * 50).fill(i))
  const [read] = await Promise.all([readStatements(b), sendStatements(a, statements)])
  assert.equal(read, statements)
  const large = Array.from({ length: maxLogBytes / (16 * 1024) + 1 }, () => new Uint8Array(16 * 1024))
  const reading = readStatements(b).catch((error: Error) => {
    b.abort(error)
    return error.name
  })
  await sendStatements(a, large).catch(() => {})
  assert.is(await reading, 'MalformedBytes')
})

test.run()
