import { toString } from 'uint8arrays/to-string'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as browser from './sha256.browser.ts'
import * as node from './sha256.node.ts'

const encode = (text: string) => new TextEncoder().encode(text)
// FIPS 180-4 examples, and text that UTF-8 changes.
const known: [string, string][] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad']
]

for (const [platform, { sha256, sha256Hex }] of Object.entries({ node, browser })) {
  test(`${platform}: gives the published values`, () => {
    for (const [text, hex] of known) {
      assert.is(sha256Hex(text), hex)
      assert.is(toString(sha256(encode(text)), 'base16'), hex)
    }
  })

  test(`${platform}: gives plain bytes`, () => {
    assert.is(Object.getPrototypeOf(sha256(encode('abc'))), Uint8Array.prototype)
  })
}

test('both platforms give the same for any text and any length', () => {
  for (const text of ['grün', '東京', '😀', 'a\ud800b', 'x'.repeat(1000)]) assert.is(node.sha256Hex(text), browser.sha256Hex(text))
  const bytes = encode('y'.repeat(300))
  for (let length = 0; length < bytes.length; length++) assert.equal(node.sha256(bytes.subarray(1, length)), browser.sha256(bytes.subarray(1, length)))
})

test.run()
