import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { Graph } from '../graph/graph.ts'
import { afterFailure } from '../testing/page-suites.ts'
import type { GraphSession, SessionOptions, Tensor } from './session.ts'

const float32 = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({ type: 'float32', shape, data: Float32Array.from(values) })
const failed = (error: unknown) => isKinmeshError(error, 'ModelFailed')

/** y = a + b, of any length. */
function sum(): Uint8Array {
  const graph = new Graph('sum')
  const [a, b] = ['a', 'b'].map(name => graph.input(name, 'float32', ['length']))
  graph.output(graph.op('Add', [a!, b!], { name: 'y', type: 'float32', shape: ['length'] }))
  return graph.encode()
}

/** For tests: what every way to run a graph does. */
export function sessionContract(name: string, open: (model: Uint8Array, options: SessionOptions) => Promise<GraphSession>): void {
  const opened = (model: Uint8Array) => open(model, { threads: 1 })

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

  test(`${name}: an output may lie in the memory of an input`, async () => {
    const session = await opened(sum())
    const total = float32([1, 2, 3])
    for (let run = 0; run < 3; run++) await session.run({ a: total, b: float32([1, 1, 1]) }, { y: total })
    assert.equal([...total.data], [4, 5, 6])
    session.close()
  })

  test(`${name}: an output may lie beside an input in the memory that lasts`, async () => {
    const session = await opened(sum())
    const memory = session.numbers?.(6) ?? new Float32Array(6)
    memory.set([1, 2, 3, 4, 5, 6])
    const [first, second]: Tensor[] = [memory.subarray(0, 3), memory.subarray(3)].map(data => ({ type: 'float32', shape: [3], data }))
    for (let run = 0; run < 3; run++) await session.run({ a: first!, b: second! }, { y: second! })
    assert.equal([...memory], [1, 2, 3, 7, 11, 15])
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
    await rejects(opened(new TextEncoder().encode('no graph')), failed)
    const unknown = new Graph('unknown')
    unknown.output(unknown.op('NoSuchOperation', [unknown.input('a', 'float32', [1])], { name: 'y', type: 'float32', shape: [1] }))
    await rejects(opened(unknown.encode()), failed)
    const session = await opened(sum())
    await rejects(session.run({ a: float32([1]) }, { y: float32([0]) }), failed)
    session.close()
  })

  test(`${name}: ${afterFailure}`, async () => {
    const session = await opened(sum())
    await rejects(session.run({ a: float32([1, 2]), b: float32([1, 2, 3]) }, { y: float32([0]) }), failed)
    await session.run({ a: float32([1]), b: float32([1]) }, { y: float32([0]) })
    session.close()
  })
}
