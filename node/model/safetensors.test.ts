import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Random } from '../../sync/random.fixtures.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { failsWith } from '../testing/throws.ts'
import { folderFiles } from './file-source.node.ts'
import { maxHeaderBytes } from './safetensors-header.ts'
import { type StoredTensor, f32Tensor, memoryFiles, memorySource, safetensorsBytes, writeSafetensors } from './safetensors.fixtures.ts'
import { type TensorFiles, openTensors, pieceBytes } from './safetensors.ts'
import { seededModelTest } from './seeded.fixtures.ts'

const open = (bytes: Uint8Array) => openTensors(memoryFiles({ 'model.safetensors': bytes }))
const refused = async (work: () => unknown, text: RegExp) => assert.match((await failsWith('BadModelFile', work)).message, text)
const zeros = (length: number) => new Uint8Array(length)
const bytesOf = (...units: number[]) => new Uint8Array(Uint16Array.from(units).buffer)
const small = writeSafetensors({ a: f32Tensor([2, 2], [1, 2, 3, 4]), b: { dtype: 'I64', shape: [1], bytes: zeros(8) } }, { format: 'pt' })

/** One value, read slowly out of its definition; f32 and everything it is compared with fit a double. */
function slowValue(dtype: string, view: DataView, index: number): number {
  if (dtype === 'F32') return view.getFloat32(index * 4, true)
  const bits = view.getUint16(index * 2, true)
  const [exponentBits, fractionBits, bias] = dtype === 'F16' ? [5, 10, 15] : [8, 7, 127]
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1)
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits
  if (exponent === 2 ** exponentBits - 1) return fraction ? NaN : sign * Infinity
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias))
}

const slowValues = ({ dtype, shape, bytes }: StoredTensor) => Array.from({ length: shape.reduce((product, length) => product * length, 1) }, (_, index) => slowValue(dtype, new DataView(bytes.buffer, bytes.byteOffset), index))

/** Equal bit by bit, the sign of zero included. */
function same(actual: Float32Array, expected: readonly number[], message?: string): void {
  assert.is(actual.length, expected.length, message)
  for (const [index, value] of actual.entries()) if (!Object.is(value, expected[index])) assert.unreachable(`${message ?? ''} ${index}: ${value}, not ${expected[index]}`)
}

test('all 65,536 values of both halves are read exactly, or refused for not being finite', async () => {
  for (const dtype of ['F16', 'BF16']) {
    const all = { dtype, shape: [0x10000, 1], bytes: bytesOf(...Array.from({ length: 0x10000 }, (_, bits) => bits)) }
    const tensors = await open(writeSafetensors({ all }))
    for (const [row, value] of slowValues(all).entries()) {
      if (Number.isFinite(value)) same(await tensors.readRows('all', row, 1), [value], dtype)
      else await rejects(() => tensors.readRows('all', row, 1), /all in model.safetensors holds a value that is infinite or not a number/)
    }
  }
})

test('infinite values and those that are no number are refused in f32, wherever they stand', async () => {
  const values = Array.from({ length: 100 }, (_, index) => index)
  for (const bad of [Infinity, -Infinity, NaN]) for (const place of [0, 57, 99]) await refused(async () => (await open(writeSafetensors({ 'w"x': f32Tensor([10, 10], values.with(place, bad)) }))).readRows('w"x', 0, 10), /^"w\\"x" in .* not a number/)
  same(await (await open(writeSafetensors({ w: f32Tensor([2], [3.4028234663852886e38, -1.401298464324817e-45]) }))).readRows('w', 0, 2), [3.4028234663852886e38, -1.401298464324817e-45])
})

test('what is told of a file, in the order of its bytes', async () => {
  const tensors = await open(small)
  assert.equal([tensors.names(), tensors.has('a'), tensors.has('c'), tensors.totalBytes], [['a', 'b'], true, false, 24])
  assert.equal(tensors.info('a'), { dtype: 'F32', shape: [2, 2] })
  const header = JSON.stringify({ z: { dtype: 'U8', shape: [2], data_offsets: [1, 3] }, toString: { dtype: 'U8', shape: [1], data_offsets: [0, 1] }, e: { dtype: 'F32', shape: [0, 3], data_offsets: [1, 1] } })
  assert.equal((await open(safetensorsBytes(header, [zeros(3)]))).names(), ['toString', 'e', 'z'])
  assert.equal((await open(safetensorsBytes('{}', []))).names(), [])
})

test('rows are rows: scalars, vectors, empty tensors, and none at all', async () => {
  const tensors = await open(writeSafetensors({ scalar: f32Tensor([], [7]), vector: f32Tensor([3], [1, 2, 3]), cube: f32Tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), empty: f32Tensor([2, 0], []), none: f32Tensor([0, 4], []) }))
  same(await tensors.readRows('scalar', 0, 1), [7])
  same(await tensors.readRows('vector', 1, 2), [2, 3])
  same(await tensors.readRows('cube', 1, 1), [5, 6, 7, 8])
  for (const [name, from, count] of [['empty', 1, 1], ['empty', 2, 0], ['none', 0, 0], ['cube', 2, 0]] as const) same(await tensors.readRows(name, from, count), [])
  for (const [from, count] of [[0, 3], [2, 1], [-1, 1], [0.5, 1], [0, -1], [NaN, 1]] as const) await rejects(() => tensors.readRows('cube', from, count), error => error instanceof RangeError)
})

test('tensors that are not there, and types that hold no weights, are refused by name', async () => {
  const types = { BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, F8_E8M0: 1, I16: 2, U16: 2, I32: 4, U32: 4, I64: 8, U64: 8, F64: 8, C64: 8 }
  const tensors = await open(writeSafetensors(Object.fromEntries(Object.entries(types).map(([dtype, size]) => [`w.${dtype}`, { dtype, shape: [3], bytes: zeros(3 * size) }]))))
  for (const dtype of Object.keys(types)) {
    assert.is(tensors.info(`w.${dtype}`).dtype, dtype)
    await refused(() => tensors.readRows(`w.${dtype}`, 0, 1), new RegExp(`w\\.${dtype} .* of type ${dtype}.*original weights`))
  }
  for (const work of [() => tensors.info('w'), () => tensors.readRows('w', 0, 1), () => tensors.info('__metadata__'), () => tensors.info('constructor')]) await refused(work, /lacks the tensor/)
})

seededModelTest('random files are read as a slow reader reads them, in any rows', 'safetensors', 20, async random => {
  const stored = Object.fromEntries(Array.from({ length: random.below(8) }, (_, index) => [`t${index}`, randomTensor(random)]))
  const tensors = await open(writeSafetensors(stored, random.chance(0.5) ? { format: 'pt', text: '"}:{"\\' } : undefined))
  assert.is(tensors.totalBytes, Object.values(stored).reduce((sum, { bytes }) => sum + bytes.length, 0))
  for (const [name, tensor] of Object.entries(stored)) {
    const { shape } = tensor
    assert.equal(tensors.info(name), { dtype: tensor.dtype, shape })
    const rows = shape[0] ?? 1
    const from = random.below(rows + 1)
    const count = random.below(rows - from + 1)
    const rowValues = shape.slice(1).reduce((product, length) => product * length, 1)
    same(await tensors.readRows(name, from, count), slowValues(tensor).slice(from * rowValues, (from + count) * rowValues), name)
  }
})

function randomTensor(random: Random): StoredTensor {
  const dtype = random.pick(['F32', 'F16', 'BF16'])
  const shape = Array.from({ length: random.below(4) }, () => random.below(7))
  const count = shape.reduce((product, length) => product * length, 1)
  const size = dtype === 'F32' ? 4 : 2
  const bytes = random.bytes(count * size)
  // No exponent of ones: those are refused.
  for (let at = size - 1; at < bytes.length; at += size) bytes[at]! &= 0xbb
  return { dtype, shape, bytes }
}

test('a large tensor is read piece by piece, and only the rows that are asked for', async () => {
  const columns = 1000
  const rows = Math.ceil((2.5 * pieceBytes) / 2 / columns)
  const bytes = new Uint8Array(Uint16Array.from({ length: rows * columns }, (_, index) => index % 0x7000).buffer)
  const source = memorySource(writeSafetensors({ first: f32Tensor([1], [1]), w: { dtype: 'BF16', shape: [rows, columns], bytes } }))
  const tensors = await openTensors(async () => source)
  assert.ok(source.reads.every(({ length }) => length < 1000), 'only the header')
  source.reads.splice(0)
  const values = await tensors.readRows('w', 1, rows - 1)
  assert.equal(source.reads.map(({ length }) => length), [pieceBytes, pieceBytes, bytes.length - 2 * columns - 2 * pieceBytes])
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < values.length; index += 997) assert.is(values[index], slowValue('BF16', view, columns + index))
  assert.is(values.at(-1), slowValue('BF16', view, rows * columns - 1))
})

test('a source may give bytes at any place of a buffer', async () => {
  const file = writeSafetensors({ w: f32Tensor([3], [1, 2, 3]), h: { dtype: 'BF16', shape: [2], bytes: bytesOf(0x3f80, 0xc000) } })
  for (const copy of [(bytes: number[]) => Uint8Array.from(bytes), (bytes: number[]): Uint8Array => Buffer.from(bytes)]) {
    for (const shift of [1, 2, 3]) {
      const tensors = await openTensors(async () => ({ size: file.length, read: async (offset, length) => copy([9, 9, 9, ...file.subarray(offset, offset + length)].slice(3 - shift)).subarray(shift) }))
      same(await tensors.readRows('w', 0, 3), [1, 2, 3])
      same(await tensors.readRows('h', 0, 2), [1, -2])
    }
  }
})

test('a file cut off anywhere is refused, and so is one with a byte more', async () => {
  for (let length = 0; length < small.length; length++) await refused(() => open(small.slice(0, length)), /model\.safetensors is damaged/)
  await refused(() => open(Uint8Array.from([...small, 0])), /end at/)
})

test('a file that shrinks while it is read is refused', async () => {
  const cut = small.slice(0, -20)
  const tensors = await openTensors(async () => ({ ...memorySource(cut), size: small.length }))
  await refused(() => tensors.readRows('a', 0, 2), /ended at/)
})

test('headers that the specification forbids', async () => {
  const entry = (changes: object = {}) => ({ dtype: 'F32', shape: [2], data_offsets: [0, 8], ...changes })
  const json = (header: unknown, bytes = 8) => safetensorsBytes(JSON.stringify(header), [zeros(bytes)])
  const prefix = (length: bigint) => new Uint8Array(BigUint64Array.from([length, 0n]).buffer)
  const twice = (text: string) => safetensorsBytes(text, [zeros(8)])
  const cases: [Uint8Array, RegExp][] = [
    [prefix(BigInt(maxHeaderBytes) + 1n), /would have 100000001 bytes/], [prefix(2n ** 64n - 1n), /would have 18446744073709551615/], [prefix(2n ** 63n), /would have/], [prefix(9n), /has 9 bytes, and the file 16/], [prefix(0n), /does not begin with \{/],
    [twice(' {}'), /does not begin/], [twice('\ufeff{}'), /does not begin/], [twice('[]'), /does not begin/], [twice('{'), /not JSON/], [twice('{} x'), /not JSON/], [safetensorsBytes('{"é":1}', []).map(byte => (byte === 0xa9 ? 0x22 : byte)), /not JSON/], [twice('{"a":'.repeat(100_000)), /not JSON/],
    ...[null, 5, 'F32', [], {}, entry({ extra: 1 }), { dtype: 'F32', shape: [2] }, entry({ dtype: 32 }), entry({ shape: 2 }), entry({ shape: ['2'] }), entry({ shape: [-2] }), entry({ shape: [2.5] }), entry({ shape: [2 ** 53] }), entry({ data_offsets: [0] }), entry({ data_offsets: [0, 8, 8] }), entry({ data_offsets: [-8, 0] }), entry({ data_offsets: [0, 8.5] }), entry({ data_offsets: ['0', '8'] })].map(value => [json({ a: value }), /a is not described as a tensor is/] as [Uint8Array, RegExp]),
    ...['f32', 'FLOAT', '', 'constructor', '__proto__'].map(dtype => [json({ a: entry({ dtype }) }), /unknown type/] as [Uint8Array, RegExp]),
    [json({ a: entry({ shape: [3] }) }), /takes 8 bytes, and its shape 12/], [json({ a: entry({ dtype: 'F16' }) }), /takes 8 bytes, and its shape 4/], [json({ a: entry({ dtype: 'F4', shape: [15] }) }), /its shape 7.5/], [json({ a: entry({ data_offsets: [8, 0] }) }), /takes -8 bytes/],
    [json({ a: entry({ shape: [2 ** 30, 2 ** 30] }) }), /larger than any file/], [json({ a: entry({ shape: [2 ** 52, 2 ** 52, 0] }) }), /larger than any file/],
    [json({ a: entry({ data_offsets: [4, 12] }) }, 12), /a starts after a hole/], [json({ a: entry(), b: entry({ data_offsets: [9, 17] }) }, 17), /b starts after a hole/], [json({ a: entry(), b: entry({ data_offsets: [4, 12] }) }, 12), /b starts before the end/], [json({ a: entry(), b: entry() }), /b starts before the end/],
    [json({ a: entry() }, 9), /tensors end at .* and the file at/], [json({ a: entry() }, 7), /tensors end at/], [json({}, 1), /tensors end at/],
    ...[5, 'text', [], { a: 1 }, { a: null }, { a: { b: 'c' } }].map(value => [json({ __metadata__: value, a: entry() }), /__metadata__ is not a map of texts/] as [Uint8Array, RegExp]),
    [twice('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}'), /twice/],
    [twice('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), /twice/],
    [twice('{"a":{"dtype":"I32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), /twice/],
    [twice('{"__metadata__":{"x":"1","x":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), /twice/]
  ]
  for (const [bytes, text] of cases) await refused(() => open(bytes), text)
  assert.equal((await open(safetensorsBytes(JSON.stringify({ '"a":\\': entry(), __metadata__: { '::"': '{":' } }), [zeros(8)]))).names(), ['"a":\\'], 'colons in texts are no keys')
  assert.equal((await open(json({ a: entry({ dtype: 'F4', shape: [4, 4] }) }))).totalBytes, 8)
})

test('a header costs no more than its file', async () => {
  const source = memorySource(Uint8Array.from([255, 255, 255, 5, 0, 0, 0, 0, 123]))
  await refused(() => openTensors(async () => source), /model\.safetensors is damaged/)
  assert.equal(source.reads, [{ offset: 0, length: 8 }])
})

seededModelTest('5,000 headers with flipped bits are refused, or are of files as large', 'safetensors', 1, async random => {
  let others = 0
  for (let count = 0; count < 5000; count++) {
    const bytes = small.slice()
    const headerEnd = small.length - 24
    for (let flips = 1 + random.below(3); flips > 0; flips--) bytes[random.chance(0.1) ? random.below(8) : random.below(headerEnd)]! ^= 1 << random.below(8)
    const tensors = await readAll(bytes)
    if (tensors) others++
    if (tensors) assert.is(tensors.totalBytes, 24, 'every byte belongs to one tensor')
  }
  assert.ok(others > 50, `only ${others} were headers: the flips say little`)
})

seededModelTest('2,000 headers out of random pieces are refused, or are of files as large', 'safetensors', 1, async random => {
  const pieces = ['{', '}', '"a":', '"b":', '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}', '{"dtype":"F16","shape":[4],"data_offsets":[8,16]}', '"__metadata__":', ',', '[', ']', '"x"', '0', '1e9', 'null', ' ', '"__proto__":']
  for (let count = 0; count < 2000; count++) {
    const data = zeros(random.pick([0, 8, 16]))
    const tensors = await readAll(safetensorsBytes(`{${Array.from({ length: random.below(9) }, () => random.pick(pieces)).join('')}}`, [data]))
    if (tensors) assert.is(tensors.totalBytes, data.length)
  }
})

/** The tensors, read to the end, or undefined for a file that is refused; any other failure is one of the reader. */
async function readAll(bytes: Uint8Array): Promise<TensorFiles | undefined> {
  try {
    const tensors = await open(bytes)
    for (const name of tensors.names()) if (['F32', 'F16', 'BF16'].includes(tensors.info(name).dtype)) await tensors.readRows(name, 0, tensors.info(name).shape[0] ?? 1)
    return tensors
  } catch (error) {
    assert.ok(isKinmeshError(error, 'BadModelFile'), `${String(error)} for ${new TextDecoder().decode(bytes)}`)
    return undefined
  }
}

test('shards beside their index are one model', async () => {
  const files = shardedFiles()
  const tensors = await openTensors(memoryFiles(files))
  assert.equal([[...tensors.names()].sort(), tensors.totalBytes], [['a', 'b', 'c'], 16])
  same(await tensors.readRows('a', 0, 1), [1])
  same(await tensors.readRows('b', 0, 2), [2, 3])
  assert.equal((await openTensors(memoryFiles({ ...files, 'model.safetensors': small }))).names(), ['a', 'b'], 'one file goes before many')
})

test('an index and its shards that do not agree', async () => {
  const [first, second] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  const files = shardedFiles()
  const map = { a: first, b: second, c: second }
  const index = (weights: unknown) => ({ ...files, 'model.safetensors.index.json': JSON.stringify({ weight_map: weights }) })
  const outside = ['../x.safetensors', '/x.safetensors', 'x/y.safetensors', 'x\\y.safetensors', 'C:x.safetensors', '..', '', '.x.safetensors', 'x.bin', 'x.safetensors/', 'x\0.safetensors', 'x\n.safetensors', `${'x'.repeat(300)}.safetensors`, 5, null, [first], {}]
  const cases: [Record<string, Uint8Array | string>, RegExp][] = [
    ...outside.map(name => [index({ ...map, a: name }), /a is in .* no safetensors file beside it/] as [ReturnType<typeof index>, RegExp]),
    [index({ ...map, d: first }), /00001-of-00002.safetensors lacks d/], [index({ a: first, b: first, c: second }), /lacks b/], [index({ a: first, b: second }), /00002.safetensors holds c, which .* does not say/],
    [{ ...index(map), [first]: writeSafetensors({ a: f32Tensor([1], [1]), b: f32Tensor([1], [1]) }) }, /00001-of-00002.safetensors holds b/],
    [index({ ...map, a: 'other.safetensors' }), /lists other.safetensors, which is not there/], [{ ...files, [second]: zeros(3) }, /00002-of-00002.safetensors is damaged/],
    [index(Object.fromEntries(Array.from({ length: 513 }, (_, number) => [`t${number}`, `m${number}.safetensors`]))), /lists more than 512 files/],
    ...[null, [], 'text', undefined].map(weights => [index(weights), /has no weight_map/] as [ReturnType<typeof index>, RegExp]),
    ...['', '{', '[]', '5', 'null'].map(text => [{ ...files, 'model.safetensors.index.json': text }, /is not JSON|has no weight_map/] as [Record<string, Uint8Array | string>, RegExp]),
    [{}, /there is no model.safetensors and no model.safetensors.index.json: .*no .bin/], [{ 'pytorch_model.bin': zeros(9) }, /there is no model.safetensors/]
  ]
  for (const [folder, text] of cases) await refused(() => openTensors(memoryFiles(folder)), text)
  await refused(() => openTensors(async name => (name === 'model.safetensors' ? undefined : { ...memorySource(zeros(0)), size: 2 * maxHeaderBytes })), /at most 100000000 are read/)
})

function shardedFiles(): Record<string, Uint8Array | string> {
  const [first, second] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  return {
    [first]: writeSafetensors({ a: f32Tensor([1], [1]) }),
    [second]: writeSafetensors({ b: f32Tensor([2, 1], [2, 3]), c: { dtype: 'U8', shape: [4], bytes: zeros(4) } }),
    'model.safetensors.index.json': JSON.stringify({ metadata: { total_size: 12 }, weight_map: { a: first, b: second, c: second } })
  }
}

test('a folder on disk', () =>
  withTempDir(async dir => {
    const model = join(dir, 'model')
    mkdirSync(model)
    const folder = folderFiles(model)
    await refused(() => openTensors(folder.open), /there is no model.safetensors/)
    for (const [name, content] of Object.entries(shardedFiles())) writeFileSync(join(model, name), content)
    const tensors = await openTensors(folder.open)
    same(await tensors.readRows('b', 1, 1), [3])
    truncateSync(join(model, 'model-00002-of-00002.safetensors'), 100)
    await refused(() => tensors.readRows('b', 1, 1), /ended at/)
    await folder.close()
    await folder.close()
    await refused(() => tensors.readRows('b', 1, 1), /cannot read .*00002.safetensors/)
    assert.is(await folder.open('other'), undefined)
    for (const name of ['', '.', '..', '../model', 'a/b', 'a\\b', '/etc/passwd']) await refused(() => folder.open(name), /not the name of a file/)
  }))

test('links are followed as the cache of the hub has them; pipes, folders and locked files are refused', () =>
  withTempDir(async dir => {
    mkdirSync(join(dir, 'blobs'))
    mkdirSync(join(dir, 'snapshot'))
    writeFileSync(join(dir, 'blobs', 'abc'), small)
    symlinkSync(join('..', 'blobs', 'abc'), join(dir, 'snapshot', 'model.safetensors'))
    symlinkSync('nowhere', join(dir, 'snapshot', 'dangling'))
    mkdirSync(join(dir, 'snapshot', 'folder'))
    execFileSync('mkfifo', [join(dir, 'snapshot', 'pipe')])
    const folder = folderFiles(join(dir, 'snapshot'))
    same(await (await openTensors(folder.open)).readRows('a', 0, 2), [1, 2, 3, 4])
    assert.is(await folder.open('dangling'), undefined)
    for (const name of ['folder', 'pipe']) await refused(() => folder.open(name), new RegExp(`${name} is not a file`))
    await folder.close()
    await refused(() => folderFiles(join(dir, 'blobs', 'abc')).open('x'), /cannot read .* \(ENOTDIR\)/)
    chmodSync(join(dir, 'blobs', 'abc'), 0)
    // Root may read everything.
    if (process.getuid?.() !== 0) await refused(() => folder.open('model.safetensors'), /cannot read .* \(EACCES\)/)
    await folder.close()
  }))

test.run()
