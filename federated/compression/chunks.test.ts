import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CborValue, decodeCbor, encodeCbor } from '../../mesh/codec.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { addressOf, assemble, checkChunk, chunkBytes, chunksOf, encodeManifest, manifestOf, missing, readManifest } from './chunks.ts'

const code = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const payload = Uint8Array.from({ length: 3 * chunkBytes + 100 }, (_, at) => Math.imul(at, 2654435761) >>> 13)
const manifest = manifestOf(payload)

test('an upload that broke off goes on with what is missing, in any order', () => {
  const have = new Map<string, Uint8Array>()
  assert.equal(missing(have, manifest), manifest.chunks)
  for (const chunk of chunksOf(payload).reverse()) {
    assert.throws(() => assemble(manifest, have), code('ChunkMissing'))
    have.set(checkChunk(manifest, chunk), chunk)
    assert.is(missing(have, manifest).length, 4 - have.size)
  }
  assert.equal(assemble(manifest, have), payload)
})

test('equal chunks are asked for once; nothing needs none', () => {
  const zeros = new Uint8Array(3 * chunkBytes)
  const list = manifestOf(zeros)
  assert.is(missing(new Set(), list).length, 1)
  assert.equal(assemble(list, new Map([[list.chunks[0]!, zeros.subarray(0, chunkBytes)]])), zeros)
  assert.equal(assemble(manifestOf(new Uint8Array()), new Map()), new Uint8Array())
})

test('chunks that are damaged, of something else, or at the place of another', () => {
  const [first, second] = chunksOf(payload)
  const flipped = first!.slice()
  flipped[7]! ^= 1
  for (const wrong of [flipped, first!.subarray(1), new Uint8Array()]) assert.throws(() => checkChunk(manifest, wrong), code('ChunkUnknown'))
  const have = new Map(chunksOf(payload).map(chunk => [addressOf(chunk), chunk]))
  assert.throws(() => assemble(manifest, new Map([...have, [addressOf(first!), second!]])), code('ChunkUnknown'))
  assert.throws(() => assemble(manifest, new Map([...have, [addressOf(first!), flipped]])), code('ChunkUnknown'))
  assert.throws(() => assemble({ ...manifest, whole: addressOf(first!) }, have), code('ChunksDisagree'))
  const [a, b, ...rest] = manifest.chunks
  assert.throws(() => assemble({ ...manifest, chunks: [b!, a!, ...rest] }, have), code('ChunksDisagree'))
})

test('manifests read back, and every other form is refused', () => {
  const encoded = encodeManifest(manifest)
  assert.equal(readManifest(encoded), manifest)
  for (let length = 0; length < encoded.length; length++) assert.throws(() => readManifest(encoded.subarray(0, length)), code('MalformedBytes'))
  const made = (change: (fields: CborValue[]) => void) => {
    const fields = decodeCbor(encoded) as CborValue[]
    change(fields)
    return encodeCbor(fields)
  }
  const changes: ((fields: CborValue[]) => void)[] = [
    fields => { fields[1] = 5 }, fields => { fields[1] = 2 ** 40 }, fields => { fields[1] = -1 }, fields => { fields[2] = new Uint8Array(31) }, fields => { (fields[3] as CborValue[]).pop() }, fields => { (fields[3] as CborValue[])[0] = 'x' }, fields => { fields.push(0) }
  ]
  for (const change of changes) assert.throws(() => readManifest(made(change)), code('MalformedBytes'))
  assert.throws(() => readManifest(made(fields => { fields[0] = 2 })), code('NewerVersion'))
  assert.throws(() => manifestOf(new Uint8Array(1401 * chunkBytes)), code('ChunksTooLarge'))
})

test.run()
