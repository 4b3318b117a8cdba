import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { MembershipLog } from '../mesh/membership.ts'
import { cardNamed } from '../mesh/membership.fixtures.ts'
import { rejects } from '../tools/assert.ts'
import { MemoryNet, type TestDevice, linkAll, startDevice, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { readEntry } from './entry.ts'
import { type Frame, decodeFrame, encodeFrame } from './frames.ts'
import { wasRemoved } from './own-spaces.ts'
import { openSqliteStore } from './store.node.ts'
import type { Store } from './store.ts'

const dayMs = 24 * 3600 * 1000
const pace = { checkpointEvery: 512, housekeepingMs: 15 }
type Options = Parameters<typeof startDevice>[2]
const isCode = (code: string) => (error: unknown) => isKinmeshError(error, code)

type Home = { net: MemoryNet; laptop: TestDevice; phone: TestDevice; keeper: TestDevice; time: { ms: number } }

/** A laptop and a phone, and a keeper for when one of them is away. All share a clock that stands still unless a test moves it. */
async function home(options: { keeper?: Options; checkpointEvery?: number } = {}): Promise<Home> {
  const net = new MemoryNet()
  const time = { ms: Date.now() }
  const common = { clock: () => time.ms, pace: { ...pace, ...(options.checkpointEvery ? { checkpointEvery: options.checkpointEvery } : {}) } }
  const [laptop, phone, keeper] = [await startDevice(net, 'laptop', common), await startDevice(net, 'phone', common), await startDevice(net, 'keeper', { ...common, ...options.keeper })]
  await phone.sync.adopt(await laptop.sync.admit(phone.card))
  await keeper.sync.adopt(await laptop.sync.admit(keeper.card, 'keeper'))
  linkAll(net, [laptop, phone, keeper])
  return { net, laptop, phone, keeper, time }
}

/** The same device started again. */
const again = (net: MemoryNet, { name, identity, store }: TestDevice, time: Home['time'], options: Options = {}): Promise<TestDevice> =>
  startDevice(net, name, { identity, store: unclosed(store), clock: () => time.ms, pace, ...options })

const unclosed = (store: Store): Store => ({ ...store, close() {} })
const stateOf = (device: TestDevice, peer: TestDevice) => device.sync.peers().find(({ id }) => id === peer.identity.id)!
const synced = (device: TestDevice, peer: TestDevice): boolean => stateOf(device, peer).synced
const agree = (what: string, device: TestDevice, peer: TestDevice): Promise<void> => until(what, () => synced(device, peer) && synced(peer, device))
const heightOf = (keeper: TestDevice, space: string, author: TestDevice): number => keeper.store.logs(space).find(row => row.author === author.identity.id)?.height ?? 0
const seqsOf = (keeper: TestDevice, space: string, author: TestDevice): number[] => keeper.store.entries(space, author.identity.id, 1, 1e6).map(({ seq }) => seq)
const texts = (count: number, text: string) => Array.from({ length: count }, (_, index) => ({ text: `${text} ${String(index).padStart(3, '0')}` }))
const stopAll = (...devices: TestDevice[]) => Promise.all(devices.map(device => device.stop()))

test('a phone that slept a week catches up from the keeper alone, with a removal and a new key from meanwhile', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  const tablet = await startDevice(net, 'tablet', { clock: () => time.ms, pace })
  await tablet.sync.adopt(await laptop.sync.admit(tablet.card))
  linkAll(net, [laptop, phone, keeper, tablet])
  await laptop.personal.put({ text: 'before' })
  await tablet.personal.put({ text: 'by the tablet' })
  await untilSynced(laptop, phone, tablet)
  await phone.stop()

  await laptop.personal.putMany(texts(30, 'while the phone slept'))
  await laptop.sync.removeDevice(tablet.identity.id)
  await laptop.personal.putMany(texts(20, 'under the new key'))
  await laptop.personal.remove(laptop.personal.list({}).find(item => item.value['text'] === 'before')!.id)
  await agree('the keeper has all', laptop, keeper)
  const expected = textsOf(laptop)
  await laptop.stop()
  await tablet.stop()
  for (let day = 0; day < 7; day++) {
    time.ms += dayMs
    await until('the keeper kept house', () => keeper.sync.kept()!.entries > 0)
  }

  const awake = await again(net, phone, time)
  net.link(awake.identity.id, keeper.identity.id)
  await agree('the phone caught up', awake, keeper)
  assert.equal(textsOf(awake), expected)
  assert.equal(awake.sync.members().map(({ name, role }) => `${name} ${role}`).sort(), ['keeper keeper', 'laptop admin', 'phone admin'])
  assert.is(stateOf(awake, keeper).gap, false)

  // And the other way round: what the phone writes now waits for the laptop.
  await awake.personal.put({ text: 'by the phone' })
  await agree('the keeper has that too', awake, keeper)
  await awake.stop()
  const back = await again(net, laptop, time)
  net.link(back.identity.id, keeper.identity.id)
  await until('the laptop has it', () => textsOf(back).includes('by the phone'))
  await stopAll(back, keeper)
})

test('where a full member is always on it needs no keeper', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  const mini = await startDevice(net, 'mini', { clock: () => time.ms, pace })
  await mini.sync.adopt(await laptop.sync.admit(mini.card))
  await keeper.stop()
  linkAll(net, [laptop, phone, mini])
  await untilSynced(laptop, phone, mini)
  await phone.stop()
  await laptop.personal.putMany(texts(50, 'meanwhile'))
  await untilSynced(laptop, mini)
  await laptop.stop()
  time.ms += 7 * dayMs
  const awake = await again(net, phone, time)
  net.link(awake.identity.id, mini.identity.id)
  await untilSynced(awake, mini)
  assert.is(textsOf(awake).length, 50)
  await stopAll(awake, mini)
})

test('a keeper has no key, and neither its files nor what it is sent say anything of what is kept', async () => {
  const canary = 'aardvark-4711-canary'
  const dir = mkdtempSync(join(tmpdir(), 'keeper-'))
  const { net, laptop, phone, keeper } = await home({ keeper: { store: openSqliteStore(join(dir, 'sync.db')) }, checkpointEvery: 20 })
  const toKeeper: Frame[] = []
  net.intercept = (_from, to, frame) => {
    if (to === keeper.identity.id) toKeeper.push(decodeFrame(frame))
    return frame
  }
  for (let index = 0; index < 45; index++) await laptop.personal.put({ text: `${canary} ${index}` })
  await agree('the keeper has all', laptop, keeper)
  await untilSynced(laptop, phone)
  const { membership } = laptop.personal.state
  const ring = await (await MembershipLog.load(membership.statements())).keyring(keeper.identity)
  assert.is(ring.current(), undefined)
  for (const epoch of membership.epochs()) assert.not(epoch.holders.has(keeper.identity.id))

  const kinds = new Set(toKeeper.map(({ type }) => type))
  assert.ok(kinds.has('entry') && kinds.has('have'))
  assert.not(kinds.has('snapshot') || kinds.has('part'), 'bases are not sealed')
  assert.equal([...new Set(toKeeper.flatMap(frame => (frame.type === 'digest' ? [frame.digest] : [])))], [''], 'no hash of what the others read')
  const sent = Buffer.concat(toKeeper.map(frame => Buffer.from(encodeFrame(frame))))
  assert.is(sent.indexOf(canary), -1)
  const files = () => readdirSync(dir).map(name => readFileSync(join(dir, name)))
  assert.ok(files().some(bytes => bytes.includes(Buffer.from(laptop.identity.id))), 'it is the right file that is looked at')
  for (const bytes of files()) assert.is(bytes.indexOf(canary), -1)
  await stopAll(laptop, phone, keeper)
  for (const bytes of files()) assert.is(bytes.indexOf(canary), -1)
})

test('entries of different content have the same size', async () => {
  const { laptop, phone, keeper } = await home()
  await phone.stop()
  await laptop.personal.put({ text: 'tea' })
  await laptop.personal.put({ text: 'a rather longer thing to remember, in quite a few words' })
  await laptop.personal.remove(laptop.personal.list({})[0]!.id)
  await agree('the keeper has them', laptop, keeper)
  const kept = keeper.store.entries(laptop.personal.id, laptop.identity.id, 1, 9)
  assert.equal(kept.map(({ bytes }) => readEntry(bytes).sealed.length), [272, 272, 272])
  assert.is(new Set(kept.map(({ bytes }) => bytes.length)).size, 1)
  await stopAll(laptop, keeper)
})

test('a keeper that starts again goes on where it was', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  await phone.stop()
  await laptop.personal.putMany(texts(1, 'first'))
  await agree('the keeper has it', laptop, keeper)
  const kept = keeper.sync.kept()
  await keeper.stop()
  await laptop.personal.putMany(texts(1, 'second'))
  const restarted = await again(net, keeper, time)
  assert.equal(restarted.sync.kept(), kept)
  net.link(laptop.identity.id, restarted.identity.id)
  await agree('it has the second too', laptop, restarted)
  assert.equal(seqsOf(restarted, laptop.personal.id, laptop), [1, 2])
  await stopAll(laptop, restarted)
})

test('a keeper lets go of what all have, and is not asked for it by a device that comes later', async () => {
  const { net, laptop, phone, keeper } = await home()
  await laptop.personal.putMany(texts(5, 'for all'))
  await untilSynced(laptop, phone)
  await until('the keeper let go', () => heightOf(keeper, laptop.personal.id, laptop) === 1 && keeper.sync.kept()!.entries === 0)
  assert.ok(synced(laptop, keeper), 'it had all there was')
  const tablet = await startDevice(net, 'tablet', { pace })
  await tablet.sync.adopt(await laptop.sync.admit(tablet.card))
  let wants = 0
  net.intercept = (from, to, frame) => {
    if (from === tablet.identity.id && to === keeper.identity.id && decodeFrame(frame).type === 'want') wants++
    return frame
  }
  net.link(tablet.identity.id, keeper.identity.id)
  await until('the tablet knows that the keeper cannot help', () => stateOf(tablet, keeper).gap)
  const asked = wants
  for (let have = 0; have < 5; have++) {
    await laptop.personal.put({ text: `more ${have}` })
    await until('the tablet heard of it', () => heightOf(keeper, laptop.personal.id, laptop) === 2 + have)
  }
  await until('the keeper keeps what the tablet lacks', () => keeper.sync.kept()!.entries === 5)
  assert.ok(asked >= 1 && wants <= asked + 1, `asked ${wants} times`)
  assert.not(synced(tablet, keeper))
  net.link(tablet.identity.id, laptop.identity.id)
  await untilSynced(tablet, laptop)
  assert.is(textsOf(tablet).length, 10)
  await until('the gap is closed', () => !stateOf(tablet, keeper).gap)
  await stopAll(laptop, phone, keeper, tablet)
})

test('authors do not wait for a keeper, which goes on after what they pruned', async () => {
  const { net, laptop, phone, keeper, time } = await home({ checkpointEvery: 10 })
  await keeper.stop()
  for (let index = 0; index < 25; index++) await laptop.personal.put({ text: `early ${index}` })
  await untilSynced(laptop, phone)
  const { personal } = laptop
  await until('the laptop pruned', () => personal.state.logRow(laptop.identity.id).lowest > 1)
  const { lowest } = personal.state.logRow(laptop.identity.id)
  await phone.stop()
  for (let index = 0; index < 3; index++) await personal.put({ text: `late ${index}` })
  const restarted = await again(net, keeper, time)
  net.link(laptop.identity.id, restarted.identity.id)
  await agree('the keeper has what is left', laptop, restarted)
  const kept = seqsOf(restarted, personal.id, laptop)
  assert.equal([kept[0], kept.at(-1)], [lowest, personal.state.logRow(laptop.identity.id).height])
  await laptop.stop()
  const awake = await again(net, phone, time)
  net.link(awake.identity.id, restarted.identity.id)
  await agree('the phone has all', awake, restarted)
  assert.is(textsOf(awake).length, 28)
  await stopAll(awake, restarted)
})

test('a member cannot make a keeper give up what another wrote, and is not asked for ever', async () => {
  const { net, laptop, phone, keeper } = await home()
  await phone.stop()
  // A tablet that is away lacks everything, so that nothing is let go because all have it.
  await laptop.sync.admit(cardNamed('tablet'))
  for (let index = 0; index < 6; index++) await laptop.personal.put({ text: `mine ${index}` })
  await agree('the keeper has them', laptop, keeper)
  const space = laptop.personal.id
  const before = seqsOf(keeper, space, laptop)
  // A phone that says that it has much more of the laptop's log, and nothing of it below 100.
  const author = laptop.identity.signing.publicKey
  const thief = net.node(phone.identity.id)
  net.unlink(laptop.identity.id, keeper.identity.id)
  const heard: Frame[] = []
  const members = laptop.personal.state.membership.version()
  let phoneSays: (frame: Frame) => void = () => assert.unreachable()
  const serve = async (channel: Awaited<ReturnType<typeof thief.open>>) => {
    const say = (frame: Frame) => channel.send(encodeFrame(frame))
    phoneSays = frame => void say(frame)
    await say({ type: 'hello', spaces: [{ id: laptop.personal.state.spaceId, members }] })
    await say({ type: 'have', space: 0, logs: [{ author, height: 1000, head: new Uint8Array(32) }], more: false })
    try {
      for await (const bytes of channel.frames) {
        const frame = decodeFrame(bytes)
        heard.push(frame)
        if (frame.type === 'want') await say({ type: 'nack', space: 0, author, seq: 100, code: 'NotKept' })
        if (frame.type === 'nack' || frame.type === 'bye') return
      }
    } catch {
      return // the keeper ended it
    }
  }
  thief.handle('/kinmesh/sync/1', serve)
  net.link(phone.identity.id, keeper.identity.id)
  if (phone.identity.id < keeper.identity.id) void serve(await thief.open(keeper.identity.id, '/kinmesh/sync/1'))
  await until('the keeper was told', () => heard.some(({ type }) => type === 'want'))
  await until('it believes none of it', () => stateOf(keeper, phone).gap)
  phoneSays({ type: 'have', space: 0, logs: [{ author, height: 1001, head: new Uint8Array(32) }], more: false })
  phoneSays({ type: 'ping', sentAt: 5 })
  await until('the keeper dealt with it', () => heard.some(({ type }) => type === 'pong'))
  assert.equal([seqsOf(keeper, space, laptop), heard.filter(({ type }) => type === 'want').length], [before, 1])
  await stopAll(laptop, keeper)
})

test('a peer that says again and again that it has less is asked no more', async () => {
  const { net, laptop, phone, keeper } = await home()
  await Promise.all([phone.stop(), laptop.stop()])
  const author = laptop.identity.signing.publicKey
  const thief = net.node(phone.identity.id)
  let wants = 0
  let pongs = 0
  const serve = async (channel: Awaited<ReturnType<typeof thief.open>>) => {
    const say = (frame: Frame) => channel.send(encodeFrame(frame))
    await say({ type: 'hello', spaces: [{ id: laptop.personal.state.spaceId, members: laptop.personal.state.membership.version() }] })
    await say({ type: 'have', space: 0, logs: [{ author, height: 1000, head: new Uint8Array(32) }], more: false })
    for await (const bytes of channel.frames) {
      const frame = decodeFrame(bytes)
      if (frame.type === 'pong') pongs++
      if (frame.type === 'want') {
        wants++
        await say({ type: 'nack', space: 0, author, seq: frame.from + 1, code: 'NotKept' })
        await say({ type: 'ping', sentAt: 1 })
      }
    }
  }
  thief.handle('/kinmesh/sync/1', channel => serve(channel).catch(() => undefined))
  net.link(phone.identity.id, keeper.identity.id)
  if (phone.identity.id < keeper.identity.id) void serve(await thief.open(keeper.identity.id, '/kinmesh/sync/1')).catch(() => undefined)
  await until('it was asked', () => wants > 0)
  await until('the keeper dealt with what it said', () => pongs >= wants)
  assert.ok(wants <= 2, `asked ${wants} times`)
  await keeper.stop()
})

test('a keeper that asks for bases is cut off', async () => {
  const { net, laptop, phone, keeper } = await home()
  await Promise.all([phone.stop(), keeper.stop()])
  const fake = net.node(keeper.identity.id)
  const ends: string[] = []
  const { spaceId, membership } = laptop.personal.state
  const serve = async (channel: Awaited<ReturnType<typeof fake.open>>) => {
    await channel.send(encodeFrame({ type: 'hello', spaces: [{ id: spaceId, members: membership.version() }] }))
    await channel.send(encodeFrame({ type: 'fetch', space: 0, author: laptop.identity.signing.publicKey, seq: 1, shard: 0 }))
    try {
      for await (const bytes of channel.frames) ends.push(decodeFrame(bytes).type)
    } catch {
      ends.push('broken')
    }
  }
  fake.handle('/kinmesh/sync/1', serve)
  net.link(laptop.identity.id, keeper.identity.id)
  if (keeper.identity.id < laptop.identity.id) void serve(await fake.open(laptop.identity.id, '/kinmesh/sync/1'))
  await until('it was cut off', () => ends.includes('broken'))
  assert.not(ends.includes('part') || ends.includes('snapshot'))
  assert.ok(laptop.logged.some(line => line.includes('NotAReader')))
  await laptop.stop()
})

test('a keeper that withholds or mixes up entries delays, and changes nothing', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  await untilSynced(laptop, phone)
  await phone.stop()
  for (let index = 0; index < 12; index++) await laptop.personal.put({ text: `entry ${index}` })
  await agree('the keeper has them', laptop, keeper)
  const expected = textsOf(laptop)
  const awake = await again(net, phone, time)
  let tampered = 0
  net.intercept = (from, _to, bytes) => {
    const frame = decodeFrame(bytes)
    if (from !== keeper.identity.id || frame.type !== 'entry' || tampered >= 3) return bytes
    // First the other way round, then without the beginning, then nothing at all.
    tampered++
    return tampered === 3 ? undefined : encodeFrame({ ...frame, entries: tampered === 1 ? [...frame.entries].reverse() : frame.entries.slice(1) })
  }
  await laptop.stop()
  net.link(awake.identity.id, keeper.identity.id)
  await until('it was tampered with', () => tampered === 3)
  assert.not(synced(awake, keeper), 'what is missing is not said to be there')
  const back = await again(net, laptop, time)
  net.link(back.identity.id, awake.identity.id)
  net.unlink(awake.identity.id, keeper.identity.id)
  await untilSynced(awake, back)
  assert.equal(textsOf(awake), expected)
  assert.equal(awake.sync.faults(), [])
  await stopAll(awake, back, keeper)
})

test('a removed keeper is cut off, and starts again under a new key without what it kept', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  await phone.stop()
  await laptop.personal.put({ text: 'sealed' })
  await agree('the keeper has it', laptop, keeper)
  const key = laptop.personal.state.keyring.current()!.epoch
  await laptop.sync.removeDevice(keeper.identity.id)
  assert.equal(laptop.personal.state.keyring.current()!.epoch, key, 'it never had a key')
  await until('the keeper knows', () => keeper.sync.removed)
  const height = heightOf(keeper, laptop.personal.id, laptop)
  await laptop.personal.put({ text: 'not for the keeper' })
  assert.equal(laptop.sync.peers().map(({ name }) => name), ['phone'])
  net.unlink(laptop.identity.id, keeper.identity.id)
  net.link(laptop.identity.id, keeper.identity.id)
  await until('it is not served', () => heightOf(keeper, laptop.personal.id, laptop) === height && !laptop.sync.peers().some(peer => peer.connected && peer.name === 'keeper'))
  await keeper.stop()
  assert.ok(await wasRemoved(keeper.store, keeper.identity))
  const fresh = await startDevice(net, 'keeper', { store: unclosed(keeper.store), clock: () => time.ms })
  assert.equal([fresh.sync.kept(), fresh.personal.count, fresh.store.entries(laptop.personal.id, laptop.identity.id, 1, 9)], [undefined, 0, []])
  await stopAll(laptop, fresh)
})

test('what a keeper cannot do it says', async () => {
  const { net, laptop, phone, keeper } = await home()
  await rejects(async () => keeper.sync.space('personal'), isCode('KeeperCannotRead'))
  assert.equal(keeper.sync.spaces().map(({ name }) => name), ['device'])
  await keeper.sync.space('device').put({ text: 'its own' })
  await rejects(() => keeper.sync.admit(phone.card), isCode('NotAMember'))
  await rejects(() => keeper.sync.removeDevice(phone.identity.id), isCode('NotAMember'))
  assert.equal([keeper.sync.held(), keeper.sync.removed], [[], false])

  const full = await startDevice(net, 'full')
  await full.personal.put({ text: 'a memory of its own' })
  assert.throws(() => full.sync.mayJoin('keeper'), isCode('HasMemories'))
  await rejects(async () => full.sync.adopt(await laptop.sync.admit(full.card, 'keeper')), isCode('HasMemories'))
  assert.equal(textsOf(full), ['a memory of its own'])
  await full.personal.put({ text: 'and it still writes' })
  assert.throws(() => keeper.sync.mayJoin('admin'), isCode('AlreadyInMesh'))
  await stopAll(laptop, phone, keeper, full)
})

test('a keeper that is made a reader checks and reads everything anew', async () => {
  const { laptop, phone, keeper } = await home()
  await laptop.personal.put({ text: 'sealed until now' })
  await agree('the keeper has it', laptop, keeper)
  await laptop.sync.admit(keeper.card)
  await until('it reads', () => keeper.sync.kept() === undefined)
  await untilSynced(laptop, phone, keeper)
  assert.equal(textsOf(keeper), ['sealed until now'])
  await keeper.personal.put({ text: 'it writes' })
  await untilSynced(laptop, phone, keeper)
  assert.equal(textsOf(phone), ['it writes', 'sealed until now'])
  assert.equal([keeper.sync.faults(), laptop.sync.faults()], [[], []], 'nothing had to be repaired')
  await stopAll(laptop, phone, keeper)
})

test('two keepers fill each other up', async () => {
  const { net, laptop, phone, keeper, time } = await home()
  const second = await startDevice(net, 'second', { clock: () => time.ms, pace })
  await second.sync.adopt(await laptop.sync.admit(second.card, 'keeper'))
  await phone.stop()
  for (let index = 0; index < 5; index++) await laptop.personal.put({ text: `entry ${index}` })
  await agree('the first keeper has them', laptop, keeper)
  const space = laptop.personal.id
  await laptop.stop()
  net.link(keeper.identity.id, second.identity.id)
  await agree('the second has them from the first', keeper, second)
  assert.equal(seqsOf(second, space, laptop), [1, 2, 3, 4, 5])
  await stopAll(keeper, second)
})

test.run()
