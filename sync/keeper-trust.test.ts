import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MembershipLog } from '../mesh/membership.ts'
import { cardNamed } from '../mesh/membership.fixtures.ts'
import { startDevice, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { type Frame, decodeFrame, encodeFrame } from './frames.ts'
import { again, agree, heightOf, home, seqsOf, stateOf, stopAll, synced, unclosed } from './keeper.fixtures.ts'
import { wasRemoved } from './own-spaces.ts'
import { openSqliteStore } from './store.node.ts'

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

test.run()
