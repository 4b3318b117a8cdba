import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { linkAll, startDevice, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { readEntry } from './entry.ts'
import { decodeFrame } from './frames.ts'
import { again, agree, dayMs, heightOf, home, pace, seqsOf, stateOf, stopAll, synced, texts } from './keeper.fixtures.ts'

const isCode = (code: string) => (error: unknown) => isKinmeshError(error, code)

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

test.run()
