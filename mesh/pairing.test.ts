import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from './errors.ts'
import { MembershipLog } from './membership.ts'
import { identityNamed } from './membership.fixtures.ts'
import { addrOf, connected, Devices, memoryBook } from './mesh.fixtures.ts'
import { maxWrongTries } from './pairing-invite.ts'
import type { DeviceCard, Invite, InviteOptions, JoinOptions, JoinResult, Mesh } from './types.ts'

const devices = new Devices()
test.after.each(() => devices.stopAll())

/** A device that has a mesh of its own and invites into it. */
async function inviterNamed(name: string, options: { webrtc?: boolean } = {}): Promise<{ mesh: Mesh; log: MembershipLog; invite(options?: Partial<InviteOptions>): Promise<Invite>; asked: DeviceCard[] }> {
  const mesh = await devices.start(name, options)
  const log = await MembershipLog.create(mesh.identity, { name, place: 'test' }, 1)
  const asked: DeviceCard[] = []
  const defaults: InviteOptions = {
    async confirm(card) {
      asked.push(card)
      return true
    },
    async admit(card) {
      await log.add(mesh.identity, card, 2)
      mesh.setMembers(new Set(log.members().keys()))
      return log.statements()
    }
  }
  return { mesh, log, asked, invite: options => mesh.invite({ ...defaults, ...options }) }
}

const steps: string[] = []
function joining(mesh: Mesh, more: Partial<JoinOptions> = {}): JoinOptions {
  return { onProgress: step => void steps.push(step), store: async statements => mesh.setMembers(new Set((await MembershipLog.load(statements)).members().keys())), ...more }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.instance(error, KinmeshError)
    assert.ok(!(error as Error).message.includes('\n'))
    return (error as KinmeshError).code
  }
  return 'accepted'
}

for (const transport of ['tcp', 'ws', 'webrtc-direct'] as const) {
  test(`a newcomer joins by URI over ${transport}, and both stay connected`, async () => {
    steps.length = 0
    const { mesh: a, log, invite, asked } = await inviterNamed('a', { webrtc: transport === 'webrtc-direct' })
    const b = await devices.start('b', { webrtc: transport === 'webrtc-direct' })
    const { uri, admitted } = await invite()
    const url = new URL(uri)
    const kept = url.searchParams.getAll('a').filter(addr => (transport === 'tcp' ? /\/tcp\/\d+$/.test(addr) : addr.includes(`/${transport}`)))
    url.searchParams.delete('a')
    for (const addr of kept) url.searchParams.append('a', addr)
    const joined: JoinResult = await b.join(url.href, joining(b))
    assert.is((await admitted).name, 'b')
    assert.is(joined.inviter.id, a.identity.id)
    assert.is(joined.inviter.name, 'a')
    assert.equal(joined.statements, log.statements())
    assert.equal(asked, [b.card])
    assert.equal(steps, ['looking', 'connecting', 'proving', 'waiting-for-confirmation', 'admitted'])
    await Promise.all([connected(a, b.identity.id), connected(b, a.identity.id)])
  })
}

test('a newcomer joins by a code typed badly, at an address', async () => {
  const { mesh: a, invite } = await inviterNamed('a')
  const b = await devices.start('b')
  const { code } = await invite()
  const [, port] = /\/tcp\/(\d+)\/p2p/.exec(addrOf(a, 'tcp'))!
  const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`
  const { inviter } = await b.join(typed, joining(b, { addresses: [`127.0.0.1:${port}`] }))
  assert.is(inviter.id, a.identity.id)
})

test('a typed code finds nobody where nobody is', async () => {
  const b = await devices.start('b')
  const { code } = await (await inviterNamed('a')).invite()
  assert.is(await codeOf(b.join(code, joining(b, { addresses: ['nonsense'] }))), 'BadAddress')
  const clockAhead = await devices.start('c', { clock: (() => { let now = 0; return () => (now += 10_000) })() })
  assert.is(await codeOf(clockAhead.join(code, joining(clockAhead))), 'NoInviterFound')
  assert.is(await codeOf(clockAhead.join(code, joining(clockAhead, { addresses: ['127.0.0.1:1'] }))), 'InviterUnreachable')
})

test('an invite whose device is off', async () => {
  const { mesh, invite } = await inviterNamed('a')
  const { uri } = await invite()
  await devices.stop(mesh)
  const b = await devices.start('b', { clock: (() => { let now = 0; return () => (now += 10_000) })() })
  assert.is(await codeOf(b.join(uri, joining(b))), 'InviterUnreachable')
})

test('broken invites and codes are refused before anything is dialled', async () => {
  const b = await devices.start('b')
  for (const broken of ['kinmesh:join', 'kinmesh:other?id=1', 'kinmesh:join?id=x&code=0000-0000-0000-0000', `kinmesh:join?${'x'.repeat(3000)}`]) {
    assert.is(await codeOf(b.join(broken, joining(b))), 'BadInvite', broken)
  }
  for (const broken of ['', 'ABCD', 'UUUU-UUUU-UUUU-UUUU', '0000-0000-0000-00000', `kinmesh:join?id=${identityNamed('a').id}&code=1234`]) {
    assert.is(await codeOf(b.join(broken, joining(b))), 'BadCode', broken)
  }
})

const wrong = (uri: string) => uri.replace(/code=[^&]+/, 'code=0000-0000-0000-0000')

test(`after ${maxWrongTries} wrong codes an invite is spent, for the right one too`, async () => {
  const { asked, invite } = await inviterNamed('a')
  const b = await devices.start('b')
  const { uri, admitted } = await invite()
  for (let i = 1; i < maxWrongTries; i++) assert.is(await codeOf(b.join(wrong(uri), joining(b))), 'WrongCode')
  assert.is(await codeOf(b.join(wrong(uri), joining(b))), 'InviteSpent')
  assert.is(await codeOf(admitted), 'InviteSpent')
  assert.is(await codeOf(b.join(uri, joining(b))), 'InviteSpent')
  assert.equal(asked, [])
})

test('an expired invite says so at both ends', async () => {
  const { invite, log } = await inviterNamed('a')
  const b = await devices.start('b')
  const { uri, admitted } = await invite({ ttlMs: 1 })
  assert.is(await codeOf(admitted), 'InviteExpired')
  assert.is(await codeOf(b.join(uri, joining(b))), 'InviteExpired')
  assert.is(log.members().size, 1)
})

test('an invite serves one device', async () => {
  const { invite, log } = await inviterNamed('a')
  const [b, c] = [await devices.start('b'), await devices.start('c')]
  const { uri } = await invite()
  await b.join(uri, joining(b))
  assert.is(await codeOf(c.join(uri, joining(c))), 'InviteUsed')
  assert.is(log.members().size, 2)
})

test('while one newcomer waits for confirmation, another is told that the invite is taken', async () => {
  const { invite } = await inviterNamed('a')
  const [b, c] = [await devices.start('b'), await devices.start('c')]
  const asked = Promise.withResolvers<void>()
  const decision = Promise.withResolvers<boolean>()
  const { uri } = await invite({
    confirm() {
      asked.resolve()
      return decision.promise
    }
  })
  const joined = b.join(uri, joining(b))
  await asked.promise
  assert.is(await codeOf(c.join(uri, joining(c))), 'InviteUsed')
  decision.resolve(true)
  await joined
})

test('a person who says no is heard at both ends', async () => {
  const { invite, log } = await inviterNamed('a')
  const b = await devices.start('b')
  const { uri, admitted } = await invite({ confirm: async () => false })
  const join = codeOf(b.join(uri, joining(b)))
  assert.is(await codeOf(admitted), 'InviteRefused')
  assert.is(await join, 'InviteRefused')
  assert.is(log.members().size, 1)
})

test('a withdrawn invite and one that cannot be admitted say so at both ends', async () => {
  const { invite } = await inviterNamed('a')
  const b = await devices.start('b')
  const first = await invite()
  first.cancel()
  assert.is(await codeOf(first.admitted), 'InviteCancelled')
  assert.is(await codeOf(b.join(first.uri, joining(b))), 'InviteCancelled')
  const second = await invite({
    async admit() {
      throw new KinmeshError('TooManyDevices', 'a mesh takes at most 64 devices')
    }
  })
  assert.is(await codeOf(b.join(second.uri, joining(b))), 'InviteFailed')
  assert.is(await codeOf(second.admitted), 'TooManyDevices')
})

test('a new invite withdraws the one before', async () => {
  const { invite } = await inviterNamed('a')
  const first = await invite()
  const second = await invite()
  assert.is(await codeOf(first.admitted), 'InviteCancelled')
  const b = await devices.start('b')
  assert.is(await codeOf(b.join(first.uri, joining(b))), 'WrongCode')
  await b.join(second.uri, joining(b))
})

test('a newcomer that could not store the log comes back with the same invite, and is not asked about again', async () => {
  const { invite, asked, log } = await inviterNamed('a')
  const b = await devices.start('b')
  const { uri, admitted } = await invite()
  const full = joining(b, {
    store() {
      return Promise.reject(new KinmeshError('StoreFailed', 'the disk is full: free some space'))
    }
  })
  assert.is(await codeOf(b.join(uri, full)), 'StoreFailed')
  await b.join(uri, joining(b))
  assert.is((await admitted).id, b.identity.id)
  assert.is(asked.length, 1)
  assert.is(log.members().size, 2)
})

test('pairing a member again changes nothing', async () => {
  const { mesh: a, invite, log } = await inviterNamed('a')
  const b = await devices.start('b')
  await b.join((await invite()).uri, joining(b))
  await Promise.all([connected(a, b.identity.id), connected(b, a.identity.id)])
  const before = log.version()
  const { statements } = await b.join((await invite()).uri, joining(b))
  assert.is(log.version(), before)
  assert.equal(statements, log.statements())
})

test('a log that does not name both devices is not trusted', async () => {
  const { mesh: a, invite } = await inviterNamed('a')
  const b = await devices.start('b')
  const stored: unknown[] = []
  const options = joining(b, { store: async statements => void stored.push(statements) })
  const alone = await MembershipLog.create(a.identity, { name: 'a', place: 'test' }, 1)
  assert.is(await codeOf(b.join((await invite({ admit: async () => alone.statements() })).uri, options)), 'PairingTampered')
  const foreign = await MembershipLog.create(identityNamed('x'), { name: 'x', place: 'test' }, 1)
  await foreign.add(identityNamed('x'), b.card, 2)
  assert.is(await codeOf(b.join((await invite({ admit: async () => foreign.statements() })).uri, options)), 'PairingTampered')
  assert.equal(stored, [])
})

test('joining can be cancelled while it waits for a person', async () => {
  const { invite } = await inviterNamed('a')
  const b = await devices.start('b')
  const cancel = new AbortController()
  const { uri, cancel: withdraw, admitted } = await invite({ confirm: () => new Promise(() => cancel.abort()) })
  assert.is(await codeOf(b.join(uri, joining(b, { signal: cancel.signal }))), 'JoinCancelled')
  withdraw()
  assert.is(await codeOf(admitted), 'InviteCancelled')
})

test('without an invite nobody gets as far as a pairing message', async () => {
  const { uri } = await (await inviterNamed('a')).invite()
  const c = await devices.start('c')
  const b = await devices.start('b', { clock: (() => { let now = 0; return () => (now += 10_000) })() })
  const elsewhere = `kinmesh:join?id=${c.identity.id}&code=${new URL(uri).searchParams.get('code')}&a=${addrOf(c, 'tcp').replace(/\/p2p\/.*/, '')}`
  assert.is(await codeOf(b.join(elsewhere, joining(b))), 'InviterUnreachable')
})

test('where the inviter is was stored before the newcomer is in its mesh', async () => {
  const { mesh: a, invite } = await inviterNamed('a')
  const { uri } = await invite()
  const book = memoryBook()
  const saving = Promise.withResolvers<void>()
  const b = await devices.start('b', { addressBook: { ...book, save: known => saving.promise.then(() => book.save(known)) } })
  let known: string[] = []
  const joined = b.join(uri, joining(b, {
    onProgress: step => {
      if (step === 'admitted') setImmediate(() => saving.resolve())
    },
    store: async () => {
      known = Object.keys(book.saved)
    }
  }))
  await joined
  assert.equal(known, [a.identity.id])
})

test.run()
