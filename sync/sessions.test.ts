import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createIdentity } from '../mesh/identity.ts'
import { MembershipLog } from '../mesh/membership.ts'
import type { Channel } from '../mesh/types.ts'
import { MemoryNet, type TestDevice, linkAll, startDevice, startMesh, until, untilSynced } from './devices.fixtures.ts'
import { type Frame, decodeFrame } from './frames.ts'
import { faultRepeatMs, haveIntervalMs, penaltyMs, rebuildPauseMs, sessionStartsBurst } from './limits.ts'
import { Author, startMs } from './receive.fixtures.ts'
import { Hand, type PipeEnd } from './session.fixtures.ts'
import { hub, type Hub } from './sessions.fixtures.ts'

const wants = (hand: Hand) => hand.all('want').map(({ from, credit }) => [from, credit])

/** Both peers tell of a third one's log, the phone first. */
async function bothHave(it: Hub, height: number): Promise<[Hand, Hand, Author]> {
  const author = it.laptop // after a restore from a backup, its own log is one that others hold
  const [phone, mini] = [await it.connect(it.phone.id), await it.connect(it.mini.id)]
  for (const hand of [phone, mini]) {
    await hand.have([author, height])
    await hand.barrier()
    await it.time.run(0)
  }
  await mini.barrier()
  await phone.barrier()
  return [phone, mini, author]
}

test('one session at a time asks for a log; when its peer leaves another takes over', async () => {
  const it = await hub()
  const [phone, mini] = await bothHave(it, 3)
  assert.equal([wants(phone), wants(mini)], [[[1, 3]], []])
  await phone.channel.close()
  await until('the mini PC is asked', () => mini.inbox.some(({ type }) => type === 'want'))
  assert.equal(wants(mini), [[1, 3]])
  await it.sessions.stop()
  assert.is(it.time.pending, 0)
})

test('when the peer that was asked stalls another is asked', async () => {
  const it = await hub()
  const [phone, mini] = await bothHave(it, 3)
  assert.equal([wants(phone), wants(mini)], [[[1, 3]], []])
  await it.time.run(haveIntervalMs)
  await until('the mini PC is asked', () => mini.inbox.some(({ type }) => type === 'want'))
  await phone.barrier()
  assert.equal([wants(phone), wants(mini)], [[], [[1, 3]]])
  await it.sessions.stop()
})

test('a peer that trickles loses the log to another, and gets it back only when that one has no more', async () => {
  const it = await hub()
  const [phone, mini, author] = await bothHave(it, 6)
  wants(phone)
  await phone.entries(await author.write({ 'a.0': 'a crumb' }))
  await phone.barrier()
  await it.time.run(haveIntervalMs)
  await until('the mini PC is asked', () => mini.inbox.some(({ type }) => type === 'want'))
  assert.equal(wants(mini), [[2, 5]])
  for (let n = 0; n < 5; n++) await mini.entries(await author.write({ [`b${n}.0`]: 'x' }))
  await mini.barrier()
  // Both say that there is more: the one that delivers is asked, though the other spoke first.
  for (const hand of [phone, mini]) await hand.have([author, 9])
  for (const hand of [phone, mini]) await hand.barrier()
  await it.time.run(0)
  for (const hand of [phone, mini]) await hand.barrier()
  assert.equal([wants(phone), wants(mini)], [[], [[7, 3]]])
  await mini.channel.close()
  await until('the phone is asked', () => phone.inbox.some(({ type }) => type === 'want'))
  assert.equal(wants(phone), [[7, 3]])
  await it.sessions.stop()
})

test('a log that came whole is free to be asked of anybody', async () => {
  const it = await hub()
  const [phone, mini, author] = await bothHave(it, 1)
  await phone.entries(await author.write({ 'a.0': 'x' }))
  await phone.barrier()
  await mini.have([author, 2])
  await mini.barrier()
  await it.time.run(0)
  await mini.barrier()
  assert.equal(wants(mini), [[2, 1]])
  await it.sessions.stop()
})

test('of several sessions with one peer the newest is left, however many come at once', async () => {
  const it = await hub()
  const hands = await Promise.all(Array.from({ length: 4 }, () => it.connect(it.phone.id, false)))
  await until('one is left', () => hands.filter(hand => !hand.ended).length === 1)
  const last = hands.find(hand => !hand.ended)!
  await last.greet(it.state.spaceId, it.membership.version())
  await last.barrier()
  assert.equal([it.sessions.all().length, it.sessions.get(it.phone.id)?.of(it.space) !== undefined], [1, true])
  const newer = await it.connect(it.phone.id)
  await until('the old one ended', () => last.ended)
  assert.equal(last.all('bye').map(({ code }) => code), ['Replaced'])
  assert.not(newer.ended)
  await it.sessions.stop()
  await until('the newest ended', () => newer.ended)
  assert.equal(newer.all('bye').map(({ code }) => code), ['Stopping'])
  assert.is(it.time.pending, 0)
})

test('on a new connection a session begins at once, and only then the old one ends', async () => {
  const it = await hub()
  const peer = [it.phone.id, it.mini.id].find(id => id > it.state.self)
  if (peer === undefined) throw new Error('no peer with a larger id')
  const old = await it.connect(peer)
  it.reconnect(peer)
  await until('it is called', () => it.opened.length === 1)
  await until('the old one ended', () => old.ended)
  assert.equal(old.all('bye').map(({ code }) => code), ['Replaced'])
  await until('the new one is there', () => it.sessions.all().length === 1)
  assert.not(it.opened[0]!.ended)
  await it.sessions.stop()
})

test('a stranger gets no session, and a stop ends one whose peer does not read', async () => {
  const it = await hub()
  const stranger = await it.connect((await createIdentity()).id, false)
  await until('it is closed', () => stranger.ended)
  assert.equal(stranger.inbox, [])
  const deaf = await it.connect(it.phone.id)
  ;(deaf.channel as PipeEnd).deaf = true
  await it.sessions.stop()
  assert.equal([it.sessions.all(), it.time.pending], [[], 0])
})

test('a peer that broke the protocol is not listened to for a while, twice as long the next time', async () => {
  const it = await hub()
  for (const penalty of [penaltyMs, 2 * penaltyMs]) {
    const bad = await it.connect(it.phone.id)
    await bad.channel.send(new Uint8Array([255]))
    await until('its session ended', () => bad.ended)
    const again = await it.connect(it.phone.id, false)
    await until('it is refused', () => again.ended)
    assert.equal(again.inbox, [])
    await it.time.run(penalty - 1)
    const tooSoon = await it.connect(it.phone.id, false)
    await until('it is refused', () => tooSoon.ended)
    await it.time.run(1)
  }
  const later = await it.connect(it.phone.id)
  await later.barrier()
  assert.not(later.ended)
  await it.sessions.stop()
})

test('the device itself calls a peer that broke the protocol no sooner, also when it connects anew', async () => {
  const it = await hub()
  const peer = [it.phone.id, it.mini.id].find(id => id > it.state.self)
  if (peer === undefined) throw new Error('no peer with a larger id')
  const bad = await it.connect(peer)
  await bad.channel.send(new Uint8Array([255]))
  await until('its session ended', () => bad.ended)
  it.reconnect(peer)
  await it.time.run(penaltyMs - 1)
  assert.is(it.opened.length, 0)
  await it.time.run(1)
  await until('it is called', () => it.opened.length === 1)
  await it.sessions.stop()
})

test('sessions that a peer begins without end are refused after a few', async () => {
  const it = await hub()
  for (let begun = 0; begun < sessionStartsBurst; begun++) await it.connect(it.phone.id)
  const [last] = it.sessions.all()
  const surplus = await it.connect(it.phone.id, false)
  await until('it is refused', () => surplus.ended)
  assert.is(it.sessions.all()[0], last)
  await it.sessions.stop()
})

const pace = { checkpointEvery: 12, housekeepingMs: 20 }

/** Everything that two devices say to each other when one was away: members, a long log, a snapshot, both ways. */
async function loseOne(lost: Frame['type']): Promise<void> {
  const net = new MemoryNet()
  const [a, b] = [await startDevice(net, 'a', { pace }), await startDevice(net, 'b', { pace })]
  await b.sync.adopt(await a.sync.admit(b.card))
  for (let round = 0; round < 40; round++) await a.personal.put({ text: `a ${round}` })
  const third = await startDevice(net, 'c', { pace })
  await a.sync.admit(third.card)
  let dropped = 0
  net.intercept = (_from, _to, frame) => (decodeFrame(frame).type === lost && dropped++ === 0 ? undefined : frame)
  linkAll(net, [a, b])
  const edits = Promise.all(Array.from({ length: 5 }, (_, round) => b.personal.put({ text: `b ${round}` })))
  await until(`a ${lost} was lost`, () => dropped > 0)
  await edits
  net.unlink(a.identity.id, b.identity.id)
  linkAll(net, [a, b])
  await untilSynced(a, b)
  assert.equal([a.personal.count, b.personal.count, a.sync.faults(), b.sync.faults()], [45, 45, [], []])
  for (const device of [a, b, third]) await device.stop()
}

for (const type of ['hello', 'members', 'have', 'want', 'entry', 'ack', 'digest', 'ping', 'pong', 'snapshot', 'fetch', 'part'] as const) {
  test(`a lost ${type} does no lasting harm`, () => loseOne(type))
}

/** A member whose device says what the test lets it say. */
async function intruder(net: MemoryNet, devices: readonly TestDevice[]): Promise<{ author: Author; membership: MembershipLog; connect(to: TestDevice): Promise<Hand> }> {
  const identity = await createIdentity()
  const [first] = devices as [TestDevice]
  const card = { id: identity.id, publicKey: identity.signing.publicKey, encryptionKey: identity.encryption.publicKey, name: 'intruder', place: 'test' }
  const membership = await MembershipLog.load(await first.sync.admit(card))
  const streams = net.node(identity.id)
  let incoming = Promise.withResolvers<Channel>()
  streams.handle('/kinmesh/sync/1', async channel => incoming.resolve(channel))
  const connect = async (to: TestDevice) => {
    incoming = Promise.withResolvers()
    net.unlink(identity.id, to.identity.id)
    net.link(identity.id, to.identity.id)
    const hand = new Hand(identity.id < to.identity.id ? await streams.open(to.identity.id, '/kinmesh/sync/1') : await incoming.promise)
    await hand.greet(membership.space, membership.version())
    await hand.barrier()
    return hand
  }
  const author = new Author(identity, membership.space, (await membership.keyring(identity)).current()!)
  return { author, membership, connect }
}

test('whatever a hostile member sends, its own session ends, and those of the others go on', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  await untilSynced(a, b)
  const session = a.sync.peers().find(peer => peer.id === b.identity.id)
  assert.ok(session?.connected)
  const attacks: ((hand: Hand, author: Author) => Promise<void>)[] = [
    hand => hand.channel.send(new Uint8Array([255, 255])),
    async (hand, author) => hand.send({ type: 'entry', space: 0, entries: [(await author.write({ 'x.0': 'forged' })).bytes.map((byte, at, all) => (at === all.length - 1 ? byte ^ 1 : byte))] }),
    hand => hand.send({ type: 'members', space: 0, statements: [new Uint8Array(5)] }),
    hand => hand.send({ type: 'hello', spaces: [] })
  ]
  const warnings = () => a.logged.filter(line => line.startsWith('session ended')).length
  for (const [index, attack] of attacks.entries()) {
    const { author, connect } = await intruder(net, [a, b])
    await until('both know it', () => [a, b].every(device => device.sync.members().length === 3 + index))
    const hand = await connect(a)
    await attack(hand, author)
    await until('its session ended', () => hand.ended)
    assert.is(warnings(), index + 1)
    await b.personal.put({ text: `b ${index}` })
    await until('a has what b wrote', () => a.personal.count === index + 1)
    await a.personal.put({ text: `a ${index}` }, a.personal.list()[0]!.id)
    await until('they agree', () => a.personal.digest() === b.personal.digest())
  }
  assert.not(b.logged.some(line => line.startsWith('session ended')))
  assert.is(a.logged.filter(line => line.includes(b.identity.id) && line.includes('ended')).length, 0)
  await a.stop()
  await b.stop()
})

test('digests that differ over equal logs lead to exactly one rebuild, however often they are told', async () => {
  const net = new MemoryNet()
  const a = await startDevice(net, 'a')
  const { connect } = await intruder(net, [a])
  await a.personal.put({ text: 'right' })
  const digest = a.personal.digest()
  const hand = await connect(a)
  const ours = await hand.next('digest')
  for (let round = 0; round < 5; round++) await hand.send({ ...ours, digest: 'f'.repeat(64) })
  await until('the rebuild is told of', () => a.sync.faults().length > 0)
  await hand.send({ ...ours, digest: 'e'.repeat(64) })
  await hand.barrier()
  assert.equal(a.sync.faults().map(({ kind }) => kind), ['Diverged'])
  assert.is(a.personal.digest(), digest)
  await a.stop()
})

/** A device whose logs a peer has as well, and about whose digest it lies; `rebuilds` counts what that cost. */
async function lied() {
  const clock = { now: startMs }
  const net = new MemoryNet()
  const a = await startDevice(net, 'a', { clock: () => clock.now })
  const { connect } = await intruder(net, [a])
  await a.personal.put({ text: 'right' })
  const hand = await connect(a)
  const ours = await hand.next('digest')
  const it = { a, clock, rebuilds: 0, lie }
  a.personal.subscribe(() => void it.rebuilds++)
  async function lie(): Promise<void> {
    await hand.send({ ...ours, digest: 'f'.repeat(64) })
    await hand.barrier()
    await a.personal.state.exclusive(async () => undefined)
  }
  return it
}

test('a peer that lies about its digest costs fewer and fewer rebuilds, and one word for the person', async () => {
  const it = await lied()
  for (let minute = 0; minute < 16; minute++) {
    it.clock.now += rebuildPauseMs
    await it.lie()
  }
  assert.ok(it.rebuilds >= 2 && it.rebuilds <= 5, `${it.rebuilds} rebuilds in 16 minutes`)
  assert.equal(it.a.sync.faults().map(({ kind }) => kind), ['Diverged'])
  await it.a.stop()
})

test('a clock that is set back does not put rebuilds off', async () => {
  const it = await lied()
  await it.lie()
  await it.lie()
  assert.is(it.rebuilds, 1, 'twice in a minute would find the same')
  it.clock.now -= 366 * 24 * 3600 * 1000
  await it.lie()
  await it.lie()
  assert.is(it.rebuilds, 2)
  await it.a.stop()
})

test('what a device does again and again is told of once an hour, whatever session it comes in', async () => {
  const net = new MemoryNet()
  let now = startMs
  const a = await startDevice(net, 'a', { clock: () => now })
  const { author, connect } = await intruder(net, [a])
  const bad = await author.entry(new Uint8Array([1]), { aside: true })
  const kinds = () => a.sync.faults().map(({ kind }) => kind)
  for (const [afterMs, expected] of [[0, 1], [1000, 1], [faultRepeatMs, 2]] as const) {
    now += afterMs
    const hand = await connect(a)
    await hand.entries(bad)
    await hand.barrier()
    await until('the refusal was dealt with', () => hand.all('nack').length > 0)
    await a.personal.state.exclusive(async () => undefined)
    await until('it is told of', () => kinds().length === expected)
  }
  assert.equal(kinds(), ['MalformedBytes', 'MalformedBytes'])
  await a.stop()
})

test.run()
