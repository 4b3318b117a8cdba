import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fromString } from 'uint8arrays/from-string'
import { isKinmeshError } from './errors.ts'
import { MembershipLog } from './membership.ts'
import { cardNamed, identityNamed, noHead, noKey, person, StatementWriter } from './membership.fixtures.ts'
import { epochOf, parseStatement, type Statement } from './statement.ts'

const laptop = identityNamed('laptop')
const phone = identityNamed('phone')
const keeper = identityNamed('keeper')
const start = () => MembershipLog.create(laptop, { name: 'laptop', place: 'test' }, 1)
const copy = (log: MembershipLog) => MembershipLog.load(log.statements())
const logOf = (...statements: Statement[]) => MembershipLog.load(statements.map(({ bytes }) => bytes))
const roleOf = (log: MembershipLog, name: string) => log.members().get(identityNamed(name).id)?.role

async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason)
  assert.ok(isKinmeshError(error, code), `${String(error)} instead of ${code}`)
}

test('a keeper is a member without a key, and nobody needs a new key for it', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('phone'), 2)
  const before = (await log.keyring(laptop)).current()!
  const added = await log.add(laptop, cardNamed('keeper'), 3, 'keeper')
  assert.is(added.length, 1)
  const { body } = parseStatement(added[0]!)
  assert.equal(body.type === 'addDevice' && body.keys, [])
  assert.is(roleOf(log, 'keeper'), 'keeper')
  assert.equal((await log.keyring(laptop)).current(), before)
  assert.equal(await log.rekeyIfNeeded(laptop, 4), [], 'it is not handed what it lacks')
  assert.equal(await log.add(laptop, cardNamed('keeper'), 5, 'keeper'), [], 'adding it again changes nothing')
  const ring = await (await copy(log)).keyring(keeper)
  assert.is(ring.current(), undefined)
  assert.is(ring.get(before.epoch), undefined)
})

test('a new key is not sealed to a keeper', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('phone'), 2)
  await log.add(laptop, cardNamed('keeper'), 3, 'keeper')
  await log.add(laptop, cardNamed('tablet'), 4)
  const made = (await log.remove(laptop, identityNamed('tablet').id, { lastSeq: 0, head: noHead }, 5)).map(parseStatement)
  assert.equal(made.map(({ body }) => body.type), ['remove', 'rekey'])
  const rekey = made[1]!
  assert.equal([...log.epochs()[0]!.holders].sort(), [laptop.id, phone.id].sort())
  assert.is(log.epochs()[0]!.id, epochOf(rekey))
  assert.is((await (await copy(log)).keyring(keeper)).current(), undefined)
  assert.ok((await (await copy(log)).keyring(phone)).current())
})

test('a key that a keeper was given all the same is used no more', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const added = await write.add('laptop', 'keeper', [create], 'keeper')
  const before = await logOf(create, added)
  assert.is(before.epochs()[0]!.usable, true)
  const handed = await write.write('laptop', [added], {
    type: 'addDevice', person, card: cardNamed('keeper'), role: 'keeper', keys: [{ epoch: fromString(epochOf(create), 'base16'), sealed: noKey }]
  })
  const log = await logOf(create, added, handed)
  assert.is(log.epochs()[0]!.usable, false)
  const rekey = await write.rekey('laptop', ['laptop', 'keeper'], [added])
  assert.is((await logOf(create, added, rekey)).epochs()[0]!.usable, false)
})

test('a keeper changes nothing in the mesh', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const added = await write.add('laptop', 'keeper', [create], 'keeper')
  const phoneAdded = await write.add('laptop', 'phone', [added])
  const acts = await Promise.all([write.add('keeper', 'thief', [phoneAdded]), write.remove('keeper', 'phone', [phoneAdded]), write.rekey('keeper', ['keeper'], [phoneAdded])])
  const log = await logOf(create, added, phoneAdded, ...acts)
  assert.equal([...log.members().values()].map(({ name }) => name).sort(), ['keeper', 'laptop', 'phone'])
  assert.is(log.epochs().length, 1)
  const real = await start()
  await real.add(laptop, cardNamed('keeper'), 2, 'keeper')
  await refuses(real.add(keeper, cardNamed('thief'), 3), 'NotAMember')
  assert.equal(await real.rekeyIfNeeded(keeper, 3), [])
})

test('a keeper is removed like any device, and the key that it never had stays', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('keeper'), 2, 'keeper')
  const key = (await log.keyring(laptop)).current()!
  await log.remove(laptop, keeper.id, { lastSeq: 0, head: noHead }, 3)
  assert.is(log.members().has(keeper.id), false)
  assert.equal((await log.keyring(laptop)).current(), key)
  await refuses(log.add(laptop, cardNamed('keeper'), 4, 'keeper'), 'DeviceRemoved')
})

test('nobody is made a keeper afterwards; a keeper may become a reader', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('phone'), 2)
  await refuses(log.add(laptop, cardNamed('phone'), 3, 'keeper'), 'MemberReads')
  await log.add(laptop, cardNamed('keeper'), 4, 'keeper')
  await log.add(laptop, cardNamed('keeper'), 5)
  assert.is(roleOf(log, 'keeper'), 'admin')
  assert.ok((await (await copy(log)).keyring(keeper)).current())

  // Added at the same time on two devices, as one and as the other: it reads, whichever comes first in the order.
  for (const [first, second] of [['keeper', 'admin'], ['admin', 'keeper']] as const) {
    const write = new StatementWriter()
    const create = await write.begin('laptop')
    const mini = await write.add('laptop', 'mini', [create])
    const both = await Promise.all([write.add('laptop', 'phone', [mini], first), write.add('mini', 'phone', [mini], second)])
    assert.is(roleOf(await logOf(create, mini, ...both), 'phone'), 'admin')
  }
})

test.run()
