import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { Graph } from '../graph/graph.ts'
import type { DescribedSession, SessionOptions, Tensor } from './session.ts'

const float32 = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({ type: 'float32', shape, data: Float32Array.from(values) })
const failed = (error: unknown) => isKinmeshError(error, 'ModelFailed')

function written(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'graph-')), 'model.onnx')
  writeFileSync(path, bytes)
  return path
}

/** y = a + b, of any length. */
function sum(): string {
  const graph = new Graph('sum')
  const [a, b] = ['a', 'b'].map(name => graph.input(name, 'float32', ['length']))
  graph.output(graph.op('Add', [a!, b!], { name: 'y', type: 'float32', shape: ['length'] }))
  return written(graph.encode())
}

/** For tests: what every way to run a graph does. */
export function sessionContract(name: string, open: (path: string, options: SessionOptions) => Promise<DescribedSession>): void {
  const opened = (path: string) => open(path, { threads: 1 })

  test(`${name}: fills the outputs, of whatever length, also where they lie inside of something larger`, async () => {
    const session = await opened(sum())
    for (const length of [1, 3, 1000]) {
      const y = float32(Array<number>(length).fill(0))
      await session.run({ a: float32(Array<number>(length).fill(1)), b: float32(Array<number>(length).fill(2)) }, { y })
      assert.equal(y.data, new Float32Array(length).fill(3))
    }
    const large = new Float32Array(6)
    await session.run({ a: float32([1, 2]), b: float32([10, 20]) }, { y: { type: 'float32', shape: [2], data: large.subarray(2, 4) } })
    assert.equal([...large], [0, 0, 11, 22, 0, 0])
    session.close()
  })

  test(`${name}: tells what the graph takes and gives`, async () => {
    const graph = new Graph('cast')
    const ids = graph.input('ids', 'int64', ['batch', 7])
    const scale = graph.input('scale', 'float32', [])
    const numbers = graph.op('Cast', [ids], { type: 'float32', shape: ['batch', 7] }, { attributes: { to: { int: 1 } } })
    graph.output(graph.op('Mul', [numbers, scale], { name: 'scaled', type: 'float32', shape: ['batch', 7] }))
    const session = await opened(written(graph.encode()))
    assert.equal(session.inputs, [{ name: 'ids', type: 'int64', shape: [null, 7] }, { name: 'scale', type: 'float32', shape: [] }])
    assert.equal(session.outputs, [{ name: 'scaled', type: 'float32', shape: [null, 7] }])
    session.close()
  })

  test(`${name}: weights lie in the folder of the graph, and nowhere else`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'graph-'))
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
      return opened(join(inside, 'model.onnx'))
    }
    for (const location of ['../outside.bin', outside, 'link.bin', 'x/../../outside.bin']) await rejects(reading(location), failed, location)
    const session = await reading('weights.bin')
    const y = float32(Array<number>(1000).fill(0))
    await session.run({ a: float32(Array<number>(1000).fill(1)) }, { y })
    assert.equal(y.data, new Float32Array(1000).fill(4))
    session.close()
  })

  test(`${name}: an output may lie in the memory of an input`, async () => {
    const session = await opened(sum())
    const total = float32([1, 2, 3])
    for (let run = 0; run < 3; run++) await session.run({ a: total, b: float32([1, 1, 1]) }, { y: total })
    assert.equal([...total.data], [4, 5, 6])
    session.close()
  })

  test(`${name}: memory that is used a thousand times stays where it is, whatever is collected meanwhile`, async () => {
    const session = await opened(sum())
    const total = float32([0])
    let garbage: Float32Array[] = []
    for (let run = 0; run < 1000; run++) {
      await session.run({ a: total, b: float32([1]) }, { y: total })
      garbage.push(new Float32Array(10_000))
      if (garbage.length > 100) garbage = []
    }
    assert.is(total.data[0], 1000)
    session.close()
  })

  test(`${name}: what cannot be loaded or run is a named error`, async () => {
    await rejects(opened(join(tmpdir(), 'nowhere.onnx')), failed)
    await rejects(opened(written(new TextEncoder().encode('no graph'))), failed)
    const unknown = new Graph('unknown')
    unknown.output(unknown.op('NoSuchOperation', [unknown.input('a', 'float32', [1])], { name: 'y', type: 'float32', shape: [1] }))
    await rejects(opened(written(unknown.encode())), failed)
    const session = await opened(sum())
    await rejects(session.run({ a: float32([1]) }, { y: float32([0]) }), failed)
    await rejects(session.run({ a: float32([1, 2]), b: float32([1, 2, 3]) }, { y: float32([0]) }), failed)
    await session.run({ a: float32([1]), b: float32([1]) }, { y: float32([0]) })
    session.close()
  })
}
