import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { addMask, maskKeysOf, pairMaskKey, portableStream, selfMaskKey } from './masks.ts'
import { wordsOf } from './ring.ts'
import { combineShares, dealSecret, isShare, randomSecret } from './sharing.ts'

const roster = new Uint8Array(32).fill(1)
const code = (name: string) => (error: unknown) => isKinmeshError(error, name)

test('masks are AES-256-CTR (NIST SP 800-38A F.5.5 with a counter of zero is the key stream), alike with and without WebCrypto, beyond a chunk too', async () => {
  const key = selfMaskKey(randomSecret(), roster)
  const words = new Uint32Array(2 ** 20 + 5)
  await addMask(words, key, 1)
  const stream = portableStream(key)
  assert.equal(words.slice(0, 100), wordsOf(await stream(0, 400)))
  assert.equal(words.slice(2 ** 20), wordsOf(await stream(2 ** 18, 20)))
  await addMask(words, key, -1)
  assert.ok(words.every(word => word === 0))
})

test('both sides of a pair have one key, another roster another, and a key of small order is refused', () => {
  const [a, b] = [maskKeysOf(randomSecret()), maskKeysOf(randomSecret())]
  assert.equal(pairMaskKey(a.privateKey, b.publicKey, roster), pairMaskKey(b.privateKey, a.publicKey, roster))
  assert.not.equal(pairMaskKey(a.privateKey, b.publicKey, roster), pairMaskKey(a.privateKey, b.publicKey, new Uint8Array(32)))
  assert.not.equal(selfMaskKey(a.privateKey, roster), selfMaskKey(a.privateKey, new Uint8Array(32)))
  assert.throws(() => pairMaskKey(a.privateKey, new Uint8Array(32), roster), code('SecureBadKey'))
})

test('any threshold of shares gives the secret, fewer do not, wrong ones are known', () => {
  const secret = randomSecret()
  const { commitments, shares } = dealSecret(secret, 5, 3)
  const held = shares.map((share, place) => ({ place, share }))
  for (let bits = 0; bits < 32; bits++) {
    const some = held.filter(({ place }) => (bits >> place) % 2 === 1)
    const { secret: found, wrong } = combineShares(commitments, some)
    assert.equal(found, some.length >= 3 ? secret : undefined)
    assert.equal(wrong, [])
  }
  assert.ok(shares.every((share, place) => isShare(commitments, place, share) && !isShare(commitments, (place + 1) % 5, share)))
  const swapped = [{ place: 0, share: shares[1]! }, ...held.slice(1)]
  assert.equal(combineShares(commitments, swapped), { secret, wrong: [0] })
  assert.equal(combineShares(commitments, swapped.slice(0, 3)), { secret: undefined, wrong: [0] })
  assert.not.ok(isShare(commitments, 0, new Uint8Array(32).fill(255)))
})

test.run()
