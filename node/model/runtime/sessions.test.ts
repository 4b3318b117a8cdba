import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { Graph } from '../graph/graph.ts'
import { openOrtSession } from './ort-session.node.ts'
import { sessionContract } from './session.contract.ts'
import { openStockSession } from './stock-session.node.ts'

const ways = { 'the C API': openOrtSession, 'the binding': openStockSession }
const failed = (error: unknown) => isKinmeshError(error, 'ModelFailed')

function written(model: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'graph-')), 'model.onnx')
  writeFileSync(path, model)
  return path
}

for (const [name, open] of Object.entries(ways)) {
  sessionContract(name, (model, options) => open(written(model), options))

  test(`${name}: a file that is not there is a named error`, async () => {
    await rejects(open(join(tmpdir(), 'nowhere.onnx'), { threads: 1 }), failed)
  })

  test(`${name}: tells what the graph takes and gives`, async () => {
    const graph = new Graph('cast')
    const ids = graph.input('ids', 'int64', ['batch', 7])
    const scale = graph.input('scale', 'float32', [])
    const numbers = graph.op('Cast', [ids], { type: 'float32', shape: ['batch', 7] }, { attributes: { to: { int: 1 } } })
    graph.output(graph.op('Mul', [numbers, scale], { name: 'scaled', type: 'float32', shape: ['batch', 7] }))
    const session = await open(written(graph.encode()), { threads: 1 })
    assert.equal(session.inputs, [{ name: 'ids', type: 'int64', shape: [null, 7] }, { name: 'scale', type: 'float32', shape: [] }])
    assert.equal(session.outputs, [{ name: 'scaled', type: 'float32', shape: [null, 7] }])
    session.close()
  })

  test(`${name}: weights lie in the folder of the graph, and nowhere else`, () => withTempDir(async dir => {
    const bytes = new Uint8Array(new Float32Array(1000).fill(3).buffer)
    const [inside, outside] = [join(dir, 'model'), join(dir, 'outside.bin')]
    mkdirSync(inside)
    writeFileSync(outside, bytes)
    writeFileSync(join(inside, 'weights.bin'), bytes)
    symlinkSync(outside, join(inside, 'link.bin'))
    const reading = (location: string) => {
      const graph = new Graph('weights')
      graph.output(graph.op('Add', [graph.input('a', 'float32', [1000]), graph.weight('w', 'float32', [1000], { location, offset: 0, length: bytes.length })], { name: 'y', type: 'float32', shape: [1000] }))
      writeFileSync(join(inside, 'model.onnx'), graph.encode())
      return open(join(inside, 'model.onnx'), { threads: 1 })
    }
    for (const location of ['../outside.bin', outside, 'link.bin', 'x/../../outside.bin']) await rejects(reading(location), failed, location)
    const session = await reading('weights.bin')
    const y = { type: 'float32', shape: [1000], data: new Float32Array(1000) } as const
    await session.run({ a: { type: 'float32', shape: [1000], data: new Float32Array(1000).fill(1) } }, { y })
    assert.equal(y.data, new Float32Array(1000).fill(4))
    session.close()
  }))
}

test.run()
