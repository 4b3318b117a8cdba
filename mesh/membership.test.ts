import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fromString } from 'uint8arrays/from-string'
import { decodeCbor, encodeCbor, type CborValue } from './codec.ts'
import { randomBytes } from './crypto.ts'
import { keyCommitment, sealNewKey } from './epoch-keys.ts'
import { isKinmeshError } from './errors.ts'
import { maxStatements, MembershipLog } from './membership.ts'
import { cardNamed, identityNamed, noHead, StatementWriter } from './membership.fixtures.ts'
import { epochOf, makeStatement, maxMembers, maxParents, maxStatementBytes, parseStatement, type Statement } from './statement.ts'

const laptop = identityNamed('laptop')
const mini = identityNamed('mini')
const phone = identityNamed('phone')
const tablet = identityNamed('tablet')
const start = () => MembershipLog.create(laptop, { name: 'laptop', place: 'test' }, 1)
const copy = (log: MembershipLog) => MembershipLog.load(log.statements())
const namesOf = (log: MembershipLog) => [...log.members().values()].map(member => member.name).sort()

async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.ok(isKinmeshError(error, code), `${String(error)} instead of ${code}`)
    return
  }
  assert.unreachable(`accepted instead of ${code}`)
}

async function logOf(...statements: Statement[]): Promise<MembershipLog> {
  return MembershipLog.load(statements.map(({ bytes }) => bytes))
}

test('a new space has one member and a usable key', async () => {
  const log = await start()
  const member = log.members().get(laptop.id)!
  assert.is(member.name, 'laptop')
  assert.is(member.role, 'admin')
  assert.is(member.seniority, 0)
  assert.is((await log.keyring(laptop)).current()!.key.length, 32)
  assert.is(log.space.length, 32)
})

test('an added device opens every key, and adding it again writes nothing', async () => {
  const log = await start()
  const made = await log.add(laptop, cardNamed('mini'), 2)
  assert.is(made.length, 1)
  assert.equal(await log.add(laptop, cardNamed('mini'), 3), [])
  const other = await copy(log)
  assert.is(other.version(), log.version())
  assert.equal((await other.keyring(mini)).current(), (await log.keyring(laptop)).current())
  assert.is(other.members().get(mini.id)!.seniority, 1)
  assert.is(other.members().get(mini.id)!.addedAt, 2)
})

test('merge returns what is new, once, and version tells logs apart', async () => {
  const log = await start()
  const other = await copy(log)
  const before = other.version()
  const made = await log.add(laptop, cardNamed('mini'), 2)
  assert.is.not(log.version(), before)
  assert.equal(await other.merge(log.statements()), made)
  assert.equal(await other.merge(log.statements()), [])
  assert.is(other.version(), log.version())
})

test('a removed device opens none of 1,000 keys made after its removal', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('mini'), 2)
  await log.add(laptop, cardNamed('phone'), 3)
  const before = (await log.keyring(mini)).current()!
  await log.remove(laptop, mini.id, { lastSeq: 17, head: noHead }, 4)
  assert.is(log.removedDevices().get(mini.id)!.lastSeq, 17)
  const epochs = new Set([log.epochs()[0]!.id])
  const fresh: Statement[] = [parseStatement(log.statements().at(-1)!)]
  while (fresh.length < 1000) {
    const key = randomBytes(32)
    const members = [...log.members().values()]
    const recipients = await Promise.all(members.map(async to => ({ recipient: to.publicKey, sealed: await sealNewKey(log.space, laptop.signing.publicKey, to, key) })))
    const parents = [fromString(fresh.at(-1)!.hash, 'base16')]
    fresh.push(await makeStatement(laptop, log.space, parents, 5, { type: 'rekey', commitment: keyCommitment(key), recipients }))
    epochs.add(epochOf(fresh.at(-1)!))
  }
  await log.merge(fresh.slice(1).map(({ bytes }) => bytes))
  const left = await log.keyring(mini)
  const stayed = await log.keyring(phone)
  const bytes = (hex: string) => fromString(hex, 'base16')
  assert.is([...epochs].filter(id => left.get(bytes(id))).length, 0)
  assert.is([...epochs].filter(id => stayed.get(bytes(id))).length, 1000)
  assert.is(left.current(), undefined)
  assert.equal(left.get(before.epoch), before.key)
})

test('a key that a removed device holds is not used again, and any member makes the next', async () => {
  const log = await start()
  await log.add(laptop, cardNamed('mini'), 2)
  await log.add(laptop, cardNamed('phone'), 3)
  const others = await copy(log)
  // Only the removal arrives: the device that made it was switched off before its rekey went out.
  const [removal] = await log.remove(laptop, mini.id, { lastSeq: 0, head: noHead }, 4)
  await others.merge([removal!])
  assert.is((await others.keyring(phone)).current(), undefined)
  assert.equal(await others.rekeyIfNeeded(mini, 5), [], 'the removed device cannot')
  assert.is((await others.rekeyIfNeeded(phone, 5)).length, 1)
  assert.equal(await others.rekeyIfNeeded(phone, 6), [])
  assert.ok((await others.keyring(phone)).current())
  await log.merge(others.statements())
  assert.equal((await log.keyring(laptop)).current(), (await log.keyring(phone)).current(), 'of two new keys both choose the same')
})

test('a device added while another made a new key is handed that key', async () => {
  const a = await start()
  await a.add(laptop, cardNamed('mini'), 2)
  await a.add(laptop, cardNamed('phone'), 3)
  const b = await copy(a)
  await a.remove(laptop, phone.id, { lastSeq: 0, head: noHead }, 4)
  await b.add(mini, cardNamed('tablet'), 4)
  await a.merge(b.statements())
  const newest = (await a.keyring(laptop)).current()!
  assert.is((await a.keyring(tablet)).current(), undefined)
  assert.is((await a.rekeyIfNeeded(laptop, 5)).length, 1)
  assert.equal((await a.keyring(tablet)).current(), newest)
  assert.equal(await a.rekeyIfNeeded(laptop, 6), [])
})

test('a key handed to a device that was removed meanwhile is not used again', async () => {
  const a = await start()
  await a.add(laptop, cardNamed('mini'), 2)
  await a.add(laptop, cardNamed('phone'), 3)
  const b = await copy(a)
  const c = await copy(a)
  await a.remove(laptop, phone.id, { lastSeq: 0, head: noHead }, 4)
  const fresh = a.epochs()[0]!.id
  // Mini saw the removal's key but not yet the removal itself counts for it: it hands the newest key to a guest whom laptop removes.
  await b.merge(a.statements())
  await b.add(mini, cardNamed('tablet'), 5)
  const d = await copy(b)
  await d.remove(laptop, tablet.id, { lastSeq: 0, head: noHead }, 6)
  assert.is(d.epochs().find(epoch => epoch.id === fresh)!.usable, false)
  assert.is(c.epochs().length, 1)
})

test('a key that is not the one its statement committed to is not used', async () => {
  const log = await start()
  const key = randomBytes(32)
  const self = log.members().get(laptop.id)!
  const recipients = [{ recipient: self.publicKey, sealed: await sealNewKey(log.space, laptop.signing.publicKey, self, key) }]
  const parents = [fromString(parseStatement(log.statements()[0]!).hash, 'base16')]
  const lie = await makeStatement(laptop, log.space, parents, 2, { type: 'rekey', commitment: keyCommitment(randomBytes(32)), recipients })
  const before = (await log.keyring(laptop)).current()
  await log.merge([lie.bytes])
  assert.is(log.epochs()[0]!.id, epochOf(lie))
  assert.equal((await log.keyring(laptop)).current(), before)
})

test('forged signatures, other spaces, missing parents and second beginnings are refused, and nothing is taken', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const good = await write.add('laptop', 'mini', [create])
  const log = await logOf(create)
  const before = log.version()

  const fields = decodeCbor(good.bytes) as CborValue[]
  const signature = (fields[7] as Uint8Array).slice()
  signature[0]! ^= 1
  await refuses(log.merge([good.bytes, encodeCbor([...fields.slice(0, 7), signature])]), 'BadSignature')
  await refuses(log.merge([encodeCbor([...fields.slice(0, 5), 999, ...fields.slice(6)])]), 'BadSignature')

  const elsewhere = await write.write('laptop', [create], { type: 'rekey', commitment: new Uint8Array(32), recipients: [] }, new Uint8Array(32).fill(7))
  await refuses(log.merge([good.bytes, elsewhere.bytes]), 'WrongSpace')
  const orphan = await write.add('laptop', 'phone', [await write.add('laptop', 'tablet', [good])])
  await refuses(log.merge([good.bytes, orphan.bytes]), 'MissingParent')
  await refuses(MembershipLog.load([good.bytes]), 'MissingParent')
  const another = await new StatementWriter().begin('mini')
  await refuses(log.merge([good.bytes, another.bytes]), 'WrongSpace')
  await refuses(MembershipLog.load([create.bytes, another.bytes]), 'WrongSpace')
  await refuses(MembershipLog.load([encodeCbor([...(decodeCbor(create.bytes) as CborValue[]).slice(0, 7), signature])]), 'BadSignature')
  assert.is(log.version(), before)
  assert.equal(namesOf(log), ['laptop'])
})

test('an unknown type or version asks for an update instead of being skipped', async () => {
  const log = await start()
  const fields = decodeCbor(log.statements()[0]!) as CborValue[]
  await refuses(log.merge([encodeCbor([2, ...fields.slice(1)])]), 'NewerVersion')
  for (const type of [0, 5, 6, 99]) await refuses(log.merge([encodeCbor([1, type, ...fields.slice(2)])]), 'NewerVersion')
})

test('malformed statements are refused', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const log = await logOf(create)
  const good = await write.add('laptop', 'mini', [create])
  const fields = decodeCbor(good.bytes) as CborValue[]
  const variants: Uint8Array[] = [
    new Uint8Array(), new Uint8Array([0xff]), new Uint8Array(maxStatementBytes + 1), good.bytes.subarray(1), encodeCbor(fields.slice(0, 7)), encodeCbor([...fields, 0])
  ]
  const two = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)]
  const replaced = (index: number, value: CborValue) => encodeCbor(fields.map((field, i) => (i === index ? value : field)))
  variants.push(replaced(2, new Uint8Array(31)), replaced(3, []), replaced(3, two), replaced(3, [two[1]!, two[1]!]), replaced(5, -1), replaced(6, []), replaced(7, new Uint8Array(63)))
  variants.push(replaced(3, Array.from({ length: maxParents + 1 }, (_, i) => new Uint8Array(32).fill(i))))
  const card = (name: string) => replaced(6, [new Uint8Array(16), [new Uint8Array(32), new Uint8Array(32), name, ''], 2, []])
  variants.push(card(''), card('a\u001b[2J'), card('\u202egnp'), card('x'.repeat(65)))
  for (const [index, bytes] of variants.entries()) {
    await refuses(log.merge([bytes]), 'MalformedBytes').catch(error => assert.unreachable(`variant ${index}: ${error}`))
  }
})

test('a device that may not act, an unknown device and a second encryption key are refused by name', async () => {
  const log = await start()
  await refuses(log.add(mini, cardNamed('phone'), 2), 'NotAMember')
  await refuses(log.remove(mini, laptop.id, { lastSeq: 0, head: noHead }, 2), 'NotAMember')
  await refuses(log.remove(laptop, laptop.id, { lastSeq: 0, head: noHead }, 2), 'CannotRemoveSelf')
  await refuses(log.remove(laptop, mini.id, { lastSeq: 0, head: noHead }, 2), 'NoSuchDevice')
  await log.add(laptop, cardNamed('mini'), 2)
  await log.add(laptop, cardNamed('phone'), 2)
  await log.remove(laptop, phone.id, { lastSeq: 0, head: noHead }, 3)
  await refuses(log.add(laptop, cardNamed('phone'), 4), 'DeviceRemoved')
  await refuses(log.add(laptop, { ...cardNamed('mini'), encryptionKey: phone.encryption.publicKey }, 3), 'CardMismatch')
  await refuses(MembershipLog.create(laptop, { name: ' ', place: '' }, 1), 'BadName')
})

test(`a mesh takes ${maxMembers} devices and no more, also from a log that says otherwise`, async () => {
  const write = new StatementWriter()
  const chain = [await write.begin('laptop')]
  for (let i = 1; i < maxMembers; i++) chain.push(await write.add('laptop', `d${i}`, [chain[chain.length - 1]!]))
  const log = await logOf(...chain)
  assert.is(log.members().size, maxMembers)
  await refuses(log.add(write.identity('laptop'), cardNamed('one more'), 2), 'TooManyDevices')
  const [rekey] = await log.rekeyIfNeeded(write.identity('laptop'), 3)
  assert.ok(rekey!.length <= maxStatementBytes)
  await log.merge([(await write.add('laptop', 'one more', [parseStatement(rekey!)])).bytes])
  assert.is(log.members().size, maxMembers)
})

test(`a log holds ${maxStatements} statements and no more`, async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const log = await logOf(create)
  await refuses(log.merge(Array.from({ length: maxStatements + 1 }, () => create.bytes)), 'TooManyStatements')
  const chain = [create]
  while (chain.length < maxStatements) chain.push(await write.rekey('laptop', [], [chain[chain.length - 1]!]))
  const full = await logOf(...chain)
  await refuses(full.add(laptop, cardNamed('mini'), 2), 'TooManyStatements')
  await refuses(full.merge([(await write.rekey('laptop', [], [chain[chain.length - 1]!])).bytes]), 'TooManyStatements')
})

test('more heads than one statement joins are joined by the next ones', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const heads = await Promise.all(Array.from({ length: maxParents + 4 }, (_, i) => write.add('laptop', `d${i}`, [create])))
  const log = await logOf(create, ...heads)
  await log.add(laptop, cardNamed('mini'), 2)
  await log.add(laptop, cardNamed('phone'), 3)
  const last = parseStatement(log.statements().at(-1)!)
  assert.is(last.parents.length, 5)
  assert.is((await copy(log)).version(), log.version())
})

test.run()
