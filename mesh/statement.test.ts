import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor } from './codec.ts'
import { isKinmeshError } from './errors.ts'
import { MembershipLog } from './membership.ts'
import { StatementWriter } from './membership.fixtures.ts'
import { epochOf, maxStatementBytes, parseStatement, verifyStatement } from './statement.ts'

test('the bytes of version 1 do not change', async () => {
  // Written by the first version: devices out there hold such bytes, and their hashes name spaces and epochs.
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const add = await write.add('laptop', 'mini', [create])
  const rekey = await write.rekey('mini', ['laptop', 'mini'], [add])
  const remove = await write.remove('laptop', 'mini', [add], 7)
  assert.equal([create, add, rekey, remove].map(({ hash }) => hash), [
    '51ff9b3ca2b49ceec07696e71fb16c030bdd4f2cc39e81065f0bfb5013291a21',
    'e210d31701c5cc42de21a54ae82339bd9788adf1ce22e9a9b751872089487b22',
    '21f822b4efefa240b28af691d7d731fdc4bfee1a977851f7755623643a21a0da',
    '1abc3bbf8c554f49c1f703d38d3822ffb5efbccffe841d86fd60a025df004a97'
  ])
})

test('parsing gives back what was written', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  for (const statement of [create, await write.add('laptop', 'mini', [create], 'writer'), await write.remove('laptop', 'mini', [create], 7), await write.rekey('laptop', ['mini'], [create])]) {
    assert.equal(parseStatement(statement.bytes), statement)
    assert.ok(await verifyStatement(statement))
    assert.is(statement.hash.slice(0, 32), epochOf(statement))
  }
})

test('a statement over its bound is refused before it is read', () => {
  assert.throws(() => parseStatement(new Uint8Array(maxStatementBytes + 1)), (error: unknown) => isKinmeshError(error, 'MalformedBytes') && error.message.includes(`more than ${maxStatementBytes}`))
})

test('a create that names a space, admits another than its author, or has too long a name is refused', async () => {
  const create = await new StatementWriter().begin('laptop')
  const fields = decodeCbor(create.bytes) as CborValue[]
  const body = fields[6] as CborValue[]
  const refused = (changed: CborValue[]) => assert.throws(() => parseStatement(encodeCbor(changed)), (error: unknown) => isKinmeshError(error, 'MalformedBytes'))
  const withAt = (list: CborValue[], at: number, value: CborValue) => list.map((each, index) => (index === at ? value : each))
  assert.is(parseStatement(encodeCbor(fields)).hash, create.hash)
  refused(withAt(fields, 2, new Uint8Array(32).fill(1)))
  refused(withAt(fields, 4, new StatementWriter().identity('mini').signing.publicKey))
  refused(withAt(fields, 6, withAt(body, 1, 'x'.repeat(65))))
})

test('a space is named by its create statement', async () => {
  const create = await new StatementWriter().begin('laptop')
  const log = await MembershipLog.load([create.bytes])
  assert.is(toString(log.space, 'base16'), create.hash)
})

test.run()
