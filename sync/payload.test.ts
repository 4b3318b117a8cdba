import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CborValue, decodeCbor, encodeCbor } from '../mesh/codec.ts'
import { isKinmeshError } from '../mesh/errors.ts'
import { listedHashBytes, listedHashes, maxEntryBytes, maxShards } from './limits.ts'
import { type Payload, decodePayload, encodePayload } from './payload.ts'

const filled = (length: number, value: number) => new Uint8Array(length).fill(value)
const malformed = (error: unknown) => isKinmeshError(error, 'MalformedBytes')
const payloads: Payload[] = [
  { kind: 'update', at: 1_767_225_600_000, shard: 0, boot: 0, update: new Uint8Array() },
  { kind: 'update', at: 0, shard: maxShards - 1, boot: 0xffff_ffff, update: filled(maxEntryBytes, 1) },
  { kind: 'checkpoint', at: 5, root: filled(32, 7), before: filled(32, 1) },
  { kind: 'checkpoint', at: 5, root: filled(32, 7), before: new Uint8Array() },
  { kind: 'settle', at: 5, ref: filled(32, 8) }
]

test('payloads read back as they were written', () => {
  for (const payload of payloads) assert.equal(decodePayload(encodePayload(payload)), payload)
})

test('the bytes are what PROTOCOL.md says', () => {
  assert.equal(payloads.map(payload => (decodeCbor(encodePayload(payload)) as CborValue[]).slice(0, -1)), [[0, 1_767_225_600_000, 0, 0], [0, 0, 4095, 0xffff_ffff], [1, 5, filled(32, 7)], [1, 5, filled(32, 7)], [2, 5]])
})

test('values out of bounds, fields of another type, and more or fewer fields', () => {
  const wrong: CborValue[] = [
    [0, -1, 0, 0, filled(1, 1)], [0, 1.5, 0, 0, filled(1, 1)], [0, 5, maxShards, 0, filled(1, 1)], [0, 5, -1, 0, filled(1, 1)], [0, 5, 0, 2 ** 32, filled(1, 1)], [0, 5, 0, 0, filled(maxEntryBytes + 1, 1)],
    [0, 5, 0, 0, 'text'], [0, 5, 0, 0], [0, 5, 0, 0, filled(1, 1), 0], [1, 5, filled(31, 1), filled(16, 1)], [1, 5, filled(33, 1), filled(16, 1)], [1, 5, filled(32, 1)], [1, 5], [1, 5, filled(32, 1), filled(16, 1), 0],
    [1, 5, filled(32, 1), filled(15, 1)], [1, 5, filled(32, 1), filled(17, 1)], [1, 5, filled(32, 1), filled((listedHashes + 1) * listedHashBytes, 1)], [1, 5, filled(32, 1), 0], [2, 5, filled(31, 1)], [2, 5, null], [],
    'text', null, 5
  ]
  for (const value of wrong) assert.throws(() => decodePayload(encodeCbor(value)), malformed, JSON.stringify(value))
})

test('a kind that is unknown says what to do', () => {
  assert.throws(() => decodePayload(encodeCbor([3, 5, filled(32, 1)])), (error: unknown) => malformed(error) && (error as Error).message.includes('update kinmesh'))
})

test('every beginning of a payload alone is refused', () => {
  const bytes = encodePayload({ kind: 'update', at: 5, shard: 1, boot: 2, update: filled(20, 1) })
  for (let length = 0; length < bytes.length; length++) assert.throws(() => decodePayload(bytes.subarray(0, length)), malformed)
})

test.run()
