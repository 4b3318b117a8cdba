import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CborValue, decodeCbor, encodeCbor } from '../mesh/codec.ts'
import { open, seal, sha256, verify } from '../mesh/crypto.ts'
import { isKinmeshError } from '../mesh/errors.ts'
import { identityNamed } from '../mesh/membership.fixtures.ts'
import { type Entry, noHash, openEntry, readEntry, verifyEntry, writeEntry } from './entry.ts'
import { maxEntryBytes } from './limits.ts'

const phone = identityNamed('phone')
const filled = (length: number, value: number) => new Uint8Array(length).fill(value)
const key = { epoch: filled(16, 3), key: filled(32, 4) }
const write = (payload = new TextEncoder().encode('milk'), seq = 1) => writeEntry(phone, { space: filled(32, 1), seq, prevHash: noHash }, key, payload)
const malformed = (error: unknown) => isKinmeshError(error, 'MalformedBytes')

/** What a receiver makes of the bytes: their payload, or why there is none. */
async function outcome(bytes: Uint8Array): Promise<string> {
  let entry: Entry
  try {
    entry = readEntry(bytes)
  } catch (error) {
    return isKinmeshError(error) ? error.code : String(error)
  }
  if (!(await verifyEntry(entry))) return 'BadSignature'
  return new TextDecoder().decode(openEntry(entry, key.key))
}

test('an entry reads back as it was written', async () => {
  const entry = await write()
  assert.equal(readEntry(entry.bytes), entry)
  assert.ok(await verifyEntry(readEntry(entry.bytes)))
  assert.equal(new TextDecoder().decode(openEntry(entry, key.key)), 'milk')
})

test('the bytes are what PROTOCOL.md says', async () => {
  const entry = await write()
  const fields = decodeCbor(entry.bytes) as CborValue[]
  const [version, space, author, seq, prevHash, epoch, nonce, sealed, signature] = fields
  assert.equal([version, space, author, seq, prevHash, epoch], [1, filled(32, 1), phone.signing.publicKey, 1, filled(32, 0), key.epoch])
  const signed = sha256(new Uint8Array([...new TextEncoder().encode('kinmesh entry 1\n'), ...encodeCbor(fields.slice(0, 8))]))
  assert.equal(entry.hash, signed)
  assert.ok(await verify(phone.signing.publicKey, signature as Uint8Array, signed))
  assert.equal(open(key.key, nonce as Uint8Array, sealed as Uint8Array, encodeCbor(fields.slice(0, 7))), new Uint8Array([...new TextEncoder().encode('milk'), 0x80, ...filled(251, 0)]))
})

test('the size of an entry tells little of what it holds', async () => {
  const sizes = await Promise.all([1, 100, 255, 256, 265, 300, 1000, 1020].map(async length => (await write(filled(length, 7))).sealed.length - 16))
  assert.equal(sizes, [256, 256, 256, 272, 272, 304, 1024, 1024])
})

test('a payload that is not padded as it should be is refused', async () => {
  const { sealed: _, ...entry } = await write()
  const header = [1, entry.space, entry.author, entry.seq, entry.prevHash, entry.epoch, entry.nonce]
  for (const plain of [new TextEncoder().encode('milk'), filled(256, 0)]) {
    const forged = { ...entry, sealed: seal(key.key, entry.nonce, plain, encodeCbor(header)) }
    assert.throws(() => openEntry(forged, key.key), malformed)
  }
})

test('the same payload is sealed differently each time', async () => {
  const [one, two] = [await write(), await write()]
  assert.not.equal(one.nonce, two.nonce)
  assert.not.equal(one.sealed, two.sealed)
})

test('a flipped bit in any byte is refused', async () => {
  const { bytes } = await write()
  assert.is(await outcome(bytes), 'milk')
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 128]) {
      const flipped = bytes.slice()
      flipped[at]! ^= bit
      assert.match(await outcome(flipped), /^(MalformedBytes|BadSignature)$/, `bit ${bit} of byte ${at}`)
    }
  }
})

test('a byte more, a byte less, or any beginning alone is refused', async () => {
  const { bytes } = await write()
  assert.is(await outcome(new Uint8Array([...bytes, 0])), 'MalformedBytes')
  for (let length = 0; length < bytes.length; length++) assert.is(await outcome(bytes.subarray(0, length)), 'MalformedBytes', `${length} bytes`)
})

test('size is looked at first, and holds for a whole entry', async () => {
  const fields = decodeCbor((await write()).bytes) as CborValue[]
  const sealing = (length: number) => encodeCbor([...fields.slice(0, 7), filled(length, 1), fields[8]!])
  const overhead = sealing(maxEntryBytes).length - maxEntryBytes
  assert.throws(() => readEntry(sealing(maxEntryBytes - overhead + 1)), (error: unknown) => malformed(error) && (error as Error).message.includes(`over ${maxEntryBytes}`))
  const largest = sealing(maxEntryBytes - overhead)
  assert.is(largest.length, maxEntryBytes)
  assert.is(readEntry(largest).sealed.length, maxEntryBytes - overhead)
})

test('another version is told apart and says what to do', async () => {
  const fields = decodeCbor((await write()).bytes) as CborValue[]
  assert.throws(() => readEntry(encodeCbor([2, ...fields.slice(1)])), (error: unknown) => malformed(error) && (error as Error).message.includes('update kinmesh'))
})

test('fields of another type or length, and fields that nobody reads', async () => {
  const fields = decodeCbor((await write()).bytes) as CborValue[]
  for (let at = 0; at < fields.length; at++) {
    for (const wrong of [null, 'text', -1, filled(33, 1), filled(0, 1), []] as CborValue[]) {
      if (at === 7 && wrong instanceof Uint8Array) continue // the sealed payload may have any length
      const changed = [...fields]
      changed[at] = wrong
      assert.throws(() => readEntry(encodeCbor(changed)), malformed, `field ${at}`)
    }
  }
  assert.throws(() => readEntry(encodeCbor([...fields, 0])), malformed)
  assert.throws(() => readEntry(encodeCbor(fields.slice(0, -1))), malformed)
})

test('a wrong key, and a header that was changed and signed anew, do not open', async () => {
  const entry = await write()
  const cannot = (error: unknown) => isKinmeshError(error, 'CannotDecrypt')
  assert.throws(() => openEntry(entry, filled(32, 5)), cannot)
  for (const change of [{ seq: 2 }, { space: filled(32, 2) }, { author: filled(32, 2) }, { prevHash: filled(32, 2) }, { epoch: filled(16, 2) }, { nonce: filled(24, 2) }]) assert.throws(() => openEntry({ ...entry, ...change }, key.key), cannot)
})

test.run()
