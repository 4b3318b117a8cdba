import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addressOf } from '../../federated/compression/chunks.ts'
import { memoryRoundStore, type RoundStore } from '../../federated/round/store.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { openRoundStore } from './round-store.node.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
/** The file of pieces; there is one. */
const fileIn = (dir: string) => join(dir, 'pieces', readdirSync(join(dir, 'pieces'))[0]!)
const read = (dir: string) => new Uint8Array(readFileSync(fileIn(dir)))
const change = (dir: string, how: (held: Uint8Array) => Uint8Array) => writeFileSync(fileIn(dir), how(read(dir)))
const stores: readonly [string, (dir: string) => Promise<RoundStore>][] = [['in memory', async () => memoryRoundStore()], ['in files', openRoundStore]]

for (const [where, open] of stores) {
  test(`rounds ${where}: the last state of each, and its pieces, until it is dropped`, () => withTempDir(async dir => {
    const store = await open(dir)
    const piece = bytes(1, 2, 3)
    for (const [round, state] of [['a', bytes(1)], ['b', bytes(2)], ['a', bytes(3)]] as const) await store.save(round, state)
    await Promise.all([store.blobs('a').put(addressOf(piece), piece), store.blobs('a').put(addressOf(piece), piece)])
    assert.equal((await store.load()).sort((one, other) => one[0]! - other[0]!), [bytes(2), bytes(3)])
    assert.equal([await store.blobs('a').get(addressOf(piece)), await store.blobs('b').get(addressOf(piece))], [piece, undefined])
    await store.drop('a')
    assert.equal([await store.load(), await store.blobs('a').get(addressOf(piece))], [[bytes(2)], undefined])
    await store.drop('a')
  }))
}

test('the next process finds states and pieces, and pieces of a round that is not there go', () => withTempDir(async dir => {
  const [store, pieces] = [await openRoundStore(dir), [bytes(1, 2, 3), bytes(), bytes(4)]]
  await store.save('a', bytes(1))
  for (const round of ['a', 'never saved']) for (const piece of pieces) await store.blobs(round).put(addressOf(piece), piece)
  const next = await openRoundStore(dir)
  assert.equal(await next.load(), [bytes(1)])
  for (const piece of pieces) assert.equal([await next.blobs('a').get(addressOf(piece)), await next.blobs('never saved').get(addressOf(piece))], [piece, undefined])
}))

test('a piece that the disk changed is as good as lost, and may be kept again; the others stay', () => withTempDir(async dir => {
  const [store, one, other] = [await openRoundStore(dir), bytes(11, 12, 13), bytes(14, 15)]
  await store.save('a', bytes(1))
  const blobs = store.blobs('a')
  for (const piece of [one, other]) await blobs.put(addressOf(piece), piece)
  change(dir, held => held.map(byte => (byte === 12 ? 99 : byte)))
  for (const found of [blobs, (await openRoundStore(dir)).blobs('a')]) assert.equal([await found.get(addressOf(one)), await found.get(addressOf(other))], [undefined, other])
  await blobs.put(addressOf(one), one)
  for (const found of [blobs, (await openRoundStore(dir)).blobs('a')]) assert.equal(await found.get(addressOf(one)), one)
}))

test('of pieces that a crash cut off anywhere, whole ones are found, and more can be kept', () => withTempDir(async dir => {
  const pieces = [bytes(1, 2, 3), bytes(4, 5), bytes(6, 7, 8, 9)]
  const store = await openRoundStore(dir)
  await store.save('a', bytes(1))
  for (const piece of pieces) await store.blobs('a').put(addressOf(piece), piece)
  const whole = read(dir)
  const ends = pieces.map((_, at) => pieces.slice(0, at + 1).reduce((sum, piece) => sum + 4 + piece.length, 0))
  const cut = Array.from({ length: whole.length + 1 }, (_, length) => whole.subarray(0, length))
  // A length that was never written whole may be any number.
  const garbled = ends.map(end => Uint8Array.from([...whole.subarray(0, end), 255, 255, 255, 255, 1]))
  for (const torn of [...cut, ...garbled]) {
    change(dir, () => torn)
    const blobs = (await openRoundStore(dir)).blobs('a')
    for (const [at, piece] of pieces.entries()) assert.equal(await blobs.get(addressOf(piece)), ends[at]! <= torn.length ? piece : undefined, `piece ${at} of ${torn.length} bytes`)
    for (const piece of pieces) await blobs.put(addressOf(piece), piece)
    const next = (await openRoundStore(dir)).blobs('a')
    for (const piece of pieces) assert.equal(await next.get(addressOf(piece)), piece)
  }
}))

test('a piece that fits no frame is refused', () => withTempDir(async dir => {
  const large = new Uint8Array(64 * 1024 + 1)
  await rejects((await openRoundStore(dir)).blobs('a').put(addressOf(large), large), error => isKinmeshError(error, 'PieceTooLarge'))
}))

test('a piece has the name of a hash and no other', () => withTempDir(async dir => {
  const blobs = (await openRoundStore(dir)).blobs('a')
  for (const name of ['', '../a', 'A'.repeat(64), '0'.repeat(63)]) await rejects(blobs.get(name), error => isKinmeshError(error, 'BadAddress'))
}))

test.run()
