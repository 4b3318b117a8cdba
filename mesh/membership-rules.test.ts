import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MembershipLog } from './membership.ts'
import { StatementWriter } from './membership.fixtures.ts'
import type { Statement } from './statement.ts'

const namesOf = (log: MembershipLog) => [...log.members().values()].map(member => member.name).sort()
const logOf = (...statements: Statement[]) => MembershipLog.load(statements.map(({ bytes }) => bytes))

test('removal beats what the removed device did meanwhile', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const removal = await write.remove('laptop', 'mini', [mini1])
  const meanwhile = await write.add('mini', 'thief', [mini1])
  const after = await write.add('mini', 'thief 2', [removal])
  const before = await logOf(create, mini1, meanwhile)
  assert.equal(namesOf(before), ['laptop', 'mini', 'thief'])
  assert.equal(namesOf(await logOf(create, mini1, meanwhile, removal, after)), ['laptop'])
})

test('what a removed device did before it was removed stays', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const phone1 = await write.add('mini', 'phone', [mini1])
  const removal = await write.remove('laptop', 'mini', [phone1])
  assert.equal(namesOf(await logOf(create, mini1, phone1, removal)), ['laptop', 'phone'])
})

test('mutual removal falls to seniority', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const phone1 = await write.add('laptop', 'phone', [mini1])
  const byPhone = await write.remove('phone', 'mini', [phone1])
  const byMini = await write.remove('mini', 'phone', [phone1])
  assert.equal(namesOf(await logOf(create, mini1, phone1, byPhone, byMini)), ['laptop', 'mini'])
})

test('seniority also cuts circles of three, and circles that hang on what their members did', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const base = [create]
  for (const name of ['a', 'b', 'c']) base.push(await write.add('laptop', name, [base[base.length - 1]!]))
  const tip = [base[base.length - 1]!]
  const circle = await Promise.all([write.remove('c', 'b', tip), write.remove('b', 'a', tip), write.remove('a', 'c', tip)])
  assert.equal(namesOf(await logOf(...base, ...circle)), ['a', 'b', 'laptop'], 'a outranks b, so c goes and its removal of b with it')

  const addsX = await write.add('a', 'x', tip)
  const addsY = await write.add('b', 'y', tip)
  const hanging = [addsX, addsY, await write.remove('x', 'b', [addsX]), await write.remove('y', 'a', [addsY])]
  assert.equal(namesOf(await logOf(...base, ...hanging)), ['a', 'c', 'laptop', 'x'], 'nothing but adds can be decided first: the senior one counts')
})

test('in a circle a removal counts before what the removed device did', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const old = await write.add('laptop', 'old', [create])
  const young = await write.add('laptop', 'young', [old])
  // Old is senior, yet has only its puppet remove young.
  const removesOld = await write.remove('young', 'old', [young])
  const puppet = await write.add('old', 'puppet', [young])
  const byPuppet = await write.remove('puppet', 'young', [puppet])
  assert.equal(namesOf(await logOf(create, old, young, removesOld, puppet, byPuppet)), ['laptop', 'young'])
})

test('what hangs on a statement that seniority decided early waits for the rest of its past', async () => {
  const write = new StatementWriter()
  const chain = [await write.begin('laptop')]
  for (const name of ['c', 'a', 'b']) chain.push(await write.add('laptop', name, [chain.at(-1)!]))
  const tip = chain.at(-1)!
  const addsY = await write.add('b', 'y', [tip])
  const addsX = await write.add('c', 'x', [addsY])
  const removesA = await write.remove('c', 'a', [addsX])
  const addsZ = await write.add('x', 'z', [removesA])
  // Deep enough to be looked at after what waits for it.
  const first = await write.rekey('a', ['a'], [tip])
  const second = await write.rekey('a', ['a'], [first])
  const removesB = await write.remove('a', 'b', [second])
  assert.equal(namesOf(await logOf(...chain, addsY, addsX, removesA, addsZ, first, second, removesB)), ['b', 'c', 'laptop', 'x', 'y', 'z'])
})

test('seniority does not help who acts after it saw its own removal', async () => {
  const write = new StatementWriter()
  const chain = [await write.begin('laptop')]
  for (const name of ['c', 'a', 'b']) chain.push(await write.add('laptop', name, [chain.at(-1)!]))
  const tip = chain.at(-1)!
  const removesC = await write.remove('b', 'c', [tip])
  const removesB = await write.remove('a', 'b', [tip])
  const removesA = await write.remove('c', 'a', [removesC])
  assert.equal(namesOf(await logOf(...chain, removesC, removesB, removesA)), ['a', 'c', 'laptop'])
})

test('of several removals of a device the smallest last entry counts', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const phone1 = await write.add('laptop', 'phone', [mini1])
  const log = await logOf(create, mini1, phone1, await write.remove('laptop', 'phone', [phone1], 9), await write.remove('mini', 'phone', [phone1], 4))
  const removal = log.removedDevices().get(write.identity('phone').id)!
  assert.is(removal.lastSeq, 4)
  assert.is(removal.by, write.identity('mini').id)
})

test('of removals that name branches of equal length every device takes the same', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const phone1 = await write.add('laptop', 'phone', [mini1])
  const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const removals = [await write.remove('laptop', 'phone', [phone1], 9, high), await write.remove('mini', 'phone', [phone1], 9, low)]
  for (const order of [removals, removals.toReversed()]) {
    const { lastSeq, head } = (await logOf(create, mini1, phone1, ...order)).removedDevices().get(write.identity('phone').id)!
    assert.equal([lastSeq, head], [9, low])
  }
})

test('a later removal of a removed device changes nothing', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const first = await write.remove('laptop', 'mini', [mini1], 9)
  const log = await logOf(create, mini1, first, await write.remove('laptop', 'mini', [first], 1))
  assert.is(log.removedDevices().get(write.identity('mini').id)!.lastSeq, 9)
})

test('a removed key is not admitted again, before, beside or after its removal', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const phone1 = await write.add('laptop', 'phone', [mini1])
  const removal = await write.remove('laptop', 'phone', [phone1])
  const beside = await write.add('mini', 'phone', [phone1])
  const after = await write.add('laptop', 'phone', [removal])
  assert.equal(namesOf(await logOf(create, mini1, phone1, removal, beside, after)), ['laptop', 'mini'])
})

test('statements of non-members, readers and writers count for nothing', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const byStranger = await write.add('stranger', 'friend', [create])
  const reader = await write.add('laptop', 'reader', [create], 'reader')
  const writer = await write.add('laptop', 'writer', [reader], 'writer')
  const byReader = await write.add('reader', 'x', [writer])
  const byWriter = await write.remove('writer', 'laptop', [writer])
  const log = await logOf(create, byStranger, reader, writer, byReader, byWriter)
  assert.equal(namesOf(log), ['laptop', 'reader', 'writer'])
  assert.is(log.epochs().length, 1)
})

test('a device of a person whom nobody introduced is not admitted', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const other = await write.add('laptop', 'mini', [create], 'admin', new Uint8Array(16).fill(1))
  assert.equal(namesOf(await logOf(create, other)), ['laptop'])
})

test('a key whose recipients are not all members is not usable', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const mini1 = await write.add('laptop', 'mini', [create])
  const good = await write.rekey('laptop', ['laptop', 'mini'], [mini1])
  const leaky = await write.rekey('mini', ['laptop', 'mini', 'stranger'], [good])
  const log = await logOf(create, mini1, good, leaky)
  assert.equal(log.epochs().map(epoch => epoch.usable), [false, true, true])
})

test('of several removals of one device the lowest end counts, whichever comes first among their hashes', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const phone1 = await write.add('laptop', 'phone', [create])
  for (let lowest = 1; lowest < 8; lowest++) {
    const removals = await Promise.all([lowest + 2, lowest, lowest + 1].map(lastSeq => write.remove('laptop', 'phone', [phone1], lastSeq)))
    assert.is((await logOf(create, phone1, ...removals)).removedDevices().get(write.identity('phone').id)?.lastSeq, lowest)
  }
})

test.run()
