import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeCbor, encodeCbor, type CborValue } from './codec.ts'
import { verify } from './crypto.ts'
import { isKinmeshError } from './errors.ts'
import { createIdentity, deviceIdOf, parseIdentity, publicKeyOf, serializeIdentity } from './identity.ts'

test('an identity survives serialising, and signs what its device id verifies', async () => {
  const identity = await createIdentity()
  const again = parseIdentity(serializeIdentity(identity))
  assert.is(again.id, identity.id)
  assert.equal(again.encryption, identity.encryption)
  const bytes = new TextEncoder().encode('hello')
  assert.ok(await verify(publicKeyOf(identity.id), await again.sign(bytes), bytes))
})

test('a device id is a PeerId and gives its key back', async () => {
  const { id, signing } = await createIdentity()
  assert.match(id, /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
  assert.equal(publicKeyOf(id), signing.publicKey)
  assert.is(deviceIdOf(signing.publicKey), id)
  for (const wrong of ['', 'x', id.slice(1), `${id}1`, 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N', ` ${id}`]) {
    assert.throws(() => publicKeyOf(wrong), (error: unknown) => isKinmeshError(error, 'BadDeviceId'), wrong)
  }
  assert.throws(() => deviceIdOf(new Uint8Array(31)), (error: unknown) => isKinmeshError(error, 'BadDeviceId'))
})

test('every damaged identity is refused', async () => {
  const bytes = serializeIdentity(await createIdentity())
  const refused = (damaged: Uint8Array, what: string) =>
    assert.throws(() => parseIdentity(damaged), (error: unknown) => isKinmeshError(error, 'BadIdentity'), what)
  refused(new Uint8Array(), 'empty')
  refused(bytes.subarray(0, -1), 'cut short')
  refused(new Uint8Array([...bytes, 0]), 'too long')
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice()
    damaged[i]! ^= 1
    // The version byte alone may be read as a later version.
    assert.throws(() => parseIdentity(damaged), (error: unknown) => isKinmeshError(error, 'BadIdentity', 'NewerVersion'), `byte ${i}`)
  }
})

test('the id of a key, and the key of an id, are the same however often and after however many others they are asked for', async () => {
  const { id, signing } = await createIdentity()
  for (let others = 0; others < 1100; others++) {
    const key = crypto.getRandomValues(new Uint8Array(32))
    assert.equal(publicKeyOf(deviceIdOf(key)), key)
    publicKeyOf(deviceIdOf(key)).fill(0)
    assert.equal(publicKeyOf(deviceIdOf(key)), key, 'a copy is given')
  }
  assert.is(deviceIdOf(signing.publicKey), id)
  assert.equal(publicKeyOf(id), signing.publicKey)
  for (const wrong of [new Uint8Array(), signing.publicKey.subarray(1), new Uint8Array([...signing.publicKey, 0])]) {
    for (let times = 0; times < 2; times++) assert.throws(() => deviceIdOf(wrong), (error: unknown) => isKinmeshError(error, 'BadDeviceId'))
  }
})

test('an identity of a later version asks for an update', async () => {
  const fields = decodeCbor(serializeIdentity(await createIdentity())) as CborValue[]
  fields[1] = 2
  assert.throws(() => parseIdentity(encodeCbor(fields)), (error: unknown) => isKinmeshError(error, 'NewerVersion'))
})

test.run()
