import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addHash, digestOfShards, digestToHex, subtractHash, versionHash } from './digest.ts'
import { seededTest } from './random.fixtures.ts'

test('a version\'s hash is the SHA-256 of its JSON, read as a number', () => {
  const hex = createHash('sha256').update('["a.0",5,"phone","{\\"text\\":\\"x\\"}"]').digest('hex')
  assert.is(digestToHex(versionHash('a.0', 5, 'phone', '{"text":"x"}')), hex)
})

test('id, clock, device and body each tell versions apart, and a removal from every body', () => {
  const hashes = [versionHash('a.0', 5, 'p', 'x'), versionHash('b.0', 5, 'p', 'x'), versionHash('a.0', 6, 'p', 'x'), versionHash('a.0', 5, 'q', 'x'), versionHash('a.0', 5, 'p', 'y'), versionHash('a.0', 5, 'p', null), versionHash('a.0', 5, 'p', 'null')]
  assert.is(new Set(hashes).size, hashes.length)
})

test('sums wrap at 2^256 and come back to zero', () => {
  const all = (1n << 256n) - 1n
  assert.is(addHash(all, 1n), 0n)
  assert.is(subtractHash(0n, 1n), all)
  assert.is(digestToHex(0n), '0'.repeat(64))
  assert.is(digestToHex(all), 'f'.repeat(64))
})

seededTest('a sum does not depend on order, and what was added can be taken out', 'digest', 20, random => {
  const hashes = Array.from({ length: 50 }, (_, index) => versionHash(`i${index}.0`, index, 'p', String(random.next())))
  const sum = (values: readonly bigint[]) => values.reduce(addHash, 0n)
  const kept = random.some(hashes, 0.5)
  const dropped = hashes.filter(hash => !kept.includes(hash))
  assert.is(sum(random.shuffle(hashes)), sum(hashes))
  assert.is(random.shuffle(dropped).reduce(subtractHash, sum(hashes)), sum(kept))
})

test('the digest of a space knows which shard holds what, not in which order they are listed, and skips empty ones', () => {
  const digest = digestOfShards([[0, 5n], [7, 9n]])
  assert.match(digest, /^[0-9a-f]{64}$/)
  assert.is(digestOfShards([[7, 9n], [3, 0n], [0, 5n]]), digest)
  assert.is.not(digestOfShards([[0, 9n], [7, 5n]]), digest)
  assert.is.not(digestOfShards([[0, 5n]]), digest)
  assert.is(digestOfShards([]), digestOfShards([[1, 0n]]))
})

test.run()
