import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { narrow } from './float-narrow.ts'
import { openTensorFile } from './safetensors.ts'
import { memorySource } from './safetensors.fixtures.ts'
import { type StoredShape, safetensorsBeginning, storedBytes } from './safetensors-writer.ts'

const tensors: StoredShape[] = [{ name: 'b', type: 'BF16', shape: [3, 2] }, { name: 'é"手', type: 'F32', shape: [] }, { name: 'a', type: 'F16', shape: [5] }, { name: 'none', type: 'F32', shape: [0, 7] }]
const valuesOf = ({ shape }: StoredShape) => Float32Array.from({ length: shape.reduce((product, each) => product * each, 1) }, (_, at) => at * 0.5 - 1)

test('what is written is read: names, types, shapes and values, in their order', async () => {
  for (const metadata of [undefined, { format: 'pt', note: '手' }]) {
    const beginning = safetensorsBeginning(tensors, metadata)
    assert.is(beginning.length % 8, 0)
    const file = await openTensorFile('x', memorySource(Uint8Array.from([beginning, ...tensors.map(tensor => narrow(tensor.type, valuesOf(tensor)))].flatMap(part => [...part]))))
    assert.equal([...file.names()].sort(), tensors.map(({ name }) => name).sort())
    for (const tensor of tensors) {
      assert.equal(file.info(tensor.name), { dtype: tensor.type, shape: tensor.shape })
      assert.equal(await file.readRows(tensor.name, 0, tensor.shape[0] ?? 1), valuesOf(tensor))
    }
    assert.is(file.totalBytes, tensors.reduce((sum, tensor) => sum + storedBytes(tensor), 0))
  }
})

test('two tensors of one name, or one named as what is said about the file, are refused', () => {
  assert.throws(() => safetensorsBeginning([...tensors, tensors[0]!]), RangeError)
  assert.throws(() => safetensorsBeginning([{ name: '__metadata__', type: 'F32', shape: [] }], { format: 'pt' }), RangeError)
})

test.run()
