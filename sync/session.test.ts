import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeCbor } from '../mesh/codec.ts'
import { randomBytes } from '../mesh/crypto.ts'
import { StatementWriter, identityNamed, noHead } from '../mesh/membership.fixtures.ts'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import { until } from './devices.fixtures.ts'
import { encodeFrame } from './frames.ts'
import { helloTimeoutMs, maxHelloBytes, silenceMs } from './limits.ts'
import { statementRow } from './own-spaces.ts'
import { scene, startMs } from './receive.fixtures.ts'
import { Hand, type Rig, Side, passing, pipe, rig } from './session.fixtures.ts'
import { SpaceState } from './space-state.ts'
import { hexOf } from './stage.ts'

/** Nothing of a session that ended is left: no timer, and its run is over. */
async function isOver({ side, time }: Pick<Rig, 'side' | 'time'>): Promise<void> {
  await until('the session is over', () => side.ended)
  assert.is(time.pending, 0)
}

test('a peer that never greets is cut off after a while, and nothing is left of it', async () => {
  const it = await rig({ greet: false })
  await it.hand.next('hello')
  await it.time.run(helloTimeoutMs - 1)
  assert.not(it.side.ended)
  await it.time.run(1)
  await isOver(it)
  assert.equal(it.side.warned, ['session ended: HelloTimeout'])
  await until('the peer sees it', () => it.hand.ended)
})

test('a peer that greeted in time is not cut off', async () => {
  const it = await rig()
  await it.time.run(helloTimeoutMs * 2)
  assert.not(it.side.ended)
  await it.stop()
  await isOver(it)
  assert.equal(it.side.warned, [])
})

test('the first answer to a PING tells how far the peer\'s clock is off, and that this is news', async () => {
  const it = await rig()
  const sentAt = it.time.now
  assert.is(it.side.session.clockOffsetMs, undefined)
  const before = it.side.news
  await it.hand.send({ type: 'pong', sentAt, now: sentAt + 5000 })
  await it.hand.barrier()
  assert.is(it.side.session.clockOffsetMs, 5000)
  assert.is(it.side.news, before + 1)
  await it.stop()
})

const hello = (spaces: number) => ({ type: 'hello', spaces: Array.from({ length: spaces }, () => ({ id: randomBytes(32), members: '' })) }) as const
const bad: Record<string, { greet: boolean; code: string; frame(it: Rig): Uint8Array | Promise<Uint8Array> }> = {
  'a first frame that is not HELLO': { greet: false, code: 'MalformedBytes', frame: () => encodeFrame({ type: 'ping', sentAt: 1 }) },
  'a HELLO of another version': { greet: false, code: 'MalformedBytes', frame: () => encodeCbor([0, 2, []]) },
  'a HELLO that is too large': { greet: false, code: 'MalformedBytes', frame: () => encodeCbor([0, 1, [[randomBytes(32), 'x'.repeat(maxHelloBytes)]]]) },
  'a HELLO of too many spaces': { greet: false, code: 'MalformedBytes', frame: () => encodeFrame(hello(65)) },
  'a second HELLO': { greet: true, code: 'MalformedBytes', frame: () => encodeFrame(hello(1)) },
  'an unknown frame type': { greet: true, code: 'MalformedBytes', frame: () => encodeCbor([14, 0]) },
  'bytes that are no frame': { greet: true, code: 'MalformedBytes', frame: () => new Uint8Array([0x9f, 1, 2]) },
  'an empty frame': { greet: true, code: 'MalformedBytes', frame: () => new Uint8Array() },
  'a frame with a field too many': { greet: true, code: 'MalformedBytes', frame: () => encodeCbor([7, 1, 2]) },
  'a WANT beyond any credit': { greet: true, code: 'MalformedBytes', frame: it => encodeCbor([3, 0, it.phone.identity.signing.publicKey, 1, 1025]) },
  'a statement that is none': { greet: true, code: 'MalformedBytes', frame: () => encodeFrame({ type: 'members', space: 0, statements: [new Uint8Array(9)] }) },
  'a statement of another space': { greet: true, code: 'WrongSpace', frame: async () => encodeFrame({ type: 'members', space: 0, statements: [(await new StatementWriter().begin('thief')).bytes] }) },
  'an entry with a forged signature': {
    greet: true,
    code: 'BadSignature',
    async frame({ phone }) {
      const { bytes } = await phone.write({ 'a.0': 'forged' })
      return encodeFrame({ type: 'entry', space: 0, entries: [Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))] })
    }
  },
  'an entry of another space': { greet: true, code: 'WrongSpace', frame: async ({ phone }) => encodeFrame({ type: 'entry', space: 0, entries: [(await phone.write({ 'a.0': 'x' }, { space: randomBytes(32) })).bytes] }) }
}

for (const [what, { greet, code, frame }] of Object.entries(bad)) {
  test(`${what} ends the session with a warning, and nothing is taken`, async () => {
    const it = await rig({ greet })
    const before = it.state.view.digest()
    await it.hand.channel.send(await frame(it))
    await isOver(it)
    assert.equal(it.side.warned, [`session ended: ${code}`])
    assert.equal([it.state.view.digest(), it.state.view.count], [before, 0])
  })
}

test('frames about a space that was not greeted are ignored, whatever they say', async () => {
  const it = await rig()
  const author = it.phone.identity.signing.publicKey
  await it.hand.send({ type: 'entry', space: 1, entries: [new Uint8Array(3)] }, { type: 'have', space: 63, logs: [{ author, height: 9, head: new Uint8Array(32) }], more: false })
  await it.hand.send({ type: 'members', space: 1, statements: [new Uint8Array(3)] }, { type: 'fetch', space: 1, author, seq: 1, shard: 0 })
  await it.settle()
  assert.equal([it.side.ended, it.hand.all('want'), it.hand.all('nack')], [false, [], []])
  await it.stop()
})

test('a peer that shares no space is told so; one that says goodbye is let go without a warning', async () => {
  const stranger = await rig({ greet: false })
  await stranger.hand.send(hello(2))
  assert.is((await stranger.hand.next('bye')).code, 'NoSharedSpace')
  await isOver(stranger)
  const it = await rig()
  await it.hand.send({ type: 'bye', code: 'Stopping' })
  await isOver(it)
  assert.equal([stranger.side.warned, it.side.warned], [[], []])
})

test('a peer that says nothing for long is gone; its answers to PING keep it', async () => {
  const it = await rig()
  for (let at = 0; at < 2 * silenceMs; at += silenceMs / 3) {
    await it.time.run(silenceMs / 3)
    await it.hand.barrier()
  }
  assert.ok(it.hand.all('ping').length >= 6)
  await it.time.run(2 * silenceMs)
  await isOver(it)
  assert.equal(it.side.warned, ['session ended: PeerSilent'])
})

test('a clock that jumps makes nobody silent, and keeps nobody that is', async () => {
  const it = await rig()
  for (const jumpMs of [10 * silenceMs, -30 * silenceMs, 10 * silenceMs]) {
    it.time.sleep(jumpMs) // the clock alone: what is due stays so
    await it.time.run(silenceMs / 3)
    await it.hand.barrier()
  }
  assert.equal(it.side.warned, [])
  it.time.sleep(-30 * silenceMs)
  await it.time.run(2 * silenceMs)
  await isOver(it)
  assert.equal(it.side.warned, ['session ended: PeerSilent'])
})

test('a peer that asks and does not read costs one answer of each kind', async () => {
  const it = await rig({ window: 600 })
  it.end.deaf = true
  const pings = Array.from({ length: 500 }, (_, index) => it.hand.send({ type: 'ping', sentAt: index + 1 }))
  const sent = Promise.all(pings)
  for (let round = 0; round < 20; round++) {
    it.side.session.of(it.side.space)?.sendHave()
    await it.time.run(100)
  }
  it.end.hear()
  await sent
  await passing(it.time, 'the last PING is answered', () => it.hand.inbox.some(frame => frame.type === 'pong' && frame.sentAt === 500))
  await it.hand.barrier()
  const [pongs, digests, haves] = [it.hand.all('pong'), it.hand.all('digest'), it.hand.all('have')]
  assert.ok(pongs.length < 60, `${pongs.length} PONGs`)
  assert.ok(digests.length <= 5 && haves.length <= 5, `${digests.length} DIGESTs, ${haves.length} HAVEs`)
  await it.stop()
})

test('goodbye does not wait for a peer that does not read', async () => {
  const it = await rig({ window: 300 })
  it.end.deaf = true
  for (let round = 0; round < 9; round++) {
    it.side.session.of(it.side.space)?.sendHave()
    await it.time.run(100)
  }
  await it.stop()
  await isOver(it)
})

test('a session that was ended before the greeting starts nothing when it comes', async () => {
  const it = await rig({ greet: false })
  const end = it.end.other!
  end.deaf = true
  await it.hand.greet(it.state.spaceId, '')
  await until('the greeting is there', () => end.unread === 1)
  await it.side.session.bye('Replaced')
  end.hear()
  await isOver(it)
  it.side.session.sendMembers(it.side.space)
  assert.is(it.side.session.of(it.side.space), undefined)
})

test('a session that ends while it holds entries back lets go of them', async () => {
  const it = await rig()
  const { bytes } = await it.phone.write({ 'a.0': 'x' })
  const held = await it.phone.write({ 'b.0': 'x' })
  for (let round = 0; round < 3; round++) await it.hand.send({ type: 'entry', space: 0, entries: Array.from({ length: 1000 }, (_, at) => (round === 2 && at === 0 ? held.bytes : bytes)) })
  await until('all were read', () => it.state.view.count === 1 && it.end.other?.unread === 0)
  await it.stop()
  await isOver(it)
  await it.state.exclusive(async () => undefined)
  assert.is(it.state.view.count, 1)
})

test('both sides send much at once through a narrow channel, and neither waits for the other', async () => {
  const set = await scene()
  const time = new FakeTime()
  time.now = startMs
  const phone = await set.device('phone')
  const text = 'x'.repeat(15_000)
  const sides: Side[] = []
  const states = await Promise.all([set.state, phone].map(state => SpaceState.open({ ...state.context, now: time.clock }, 'personal', set.membership)))
  const ends = pipe(set.laptop.id, set.phone.id, 1024 * 1024)
  for (const [index, state] of states.entries()) sides.push(new Side(state, ends[index]!, time))
  const [a, b] = sides as [Side, Side]
  await until('they greeted', () => [a, b].every(side => side.session.of(side.space)))
  await Promise.all([a, b].map(side => side.space.putMany(Array.from({ length: 280 }, () => ({ text })))))
  await passing(time, 'both have all', () => a.session.synced && b.session.synced && a.space.count === 560)
  assert.is(b.space.count, 560)
  assert.equal([a.warned, b.warned, a.told, b.told], [[], [], [], []])
  await Promise.all([a.session.bye('Stopping'), b.session.bye('Stopping')])
  await Promise.all([a.done, b.done])
  assert.is(time.pending, 0)
})

test('a session greets first, with its spaces and nothing else', async () => {
  const [near, far] = pipe('laptop', 'phone')
  const set = await scene()
  const side = new Side(set.state, near, new FakeTime())
  const hand = new Hand(far)
  await hand.next('hello')
  assert.equal(hand.inbox, [])
  await side.session.bye('Stopping')
  await side.done
})

test('of the membership a peer hears only what is on the disk', async () => {
  const it = await rig()
  const stored = it.membership.statements()
  await it.store.commit({ space: it.state.id, statements: stored.map(statementRow) })
  const removal = await it.membership.remove(identityNamed('laptop'), it.mini.id, { lastSeq: 0, head: noHead }, 0)
  const heard = async () => {
    it.hand.inbox.length = 0
    it.side.session.sendMembers(it.side.space)
    return (await it.hand.next('members')).statements.map(hexOf)
  }
  assert.equal(await heard(), stored.map(hexOf))
  await it.store.commit({ space: it.state.id, statements: removal.map(statementRow) })
  assert.equal(await heard(), it.membership.statements().map(hexOf))
  await it.stop()
})

test.run()
