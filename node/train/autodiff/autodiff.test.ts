import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { Graph, type Value } from '../../model/graph/graph.ts'
import { decodeModel } from '../../model/graph/onnx-format.ts'
import { openOrtSession } from '../../model/runtime/ort-session.node.ts'
import type { Tensor } from '../../model/runtime/session.ts'
import { array64, interpret, known } from '../testing/interpreter.ts'
import type { Array64 } from '../testing/operations.ts'
import { attention, attentionMask, rotate } from './attention.ts'
import { convolve, maxPool } from './convolution.ts'
import { type Head, crossEntropy, headCrossEntropy } from './cross-entropy.ts'
import { add, relu, swiGlu } from './elementwise.ts'
import { frozenLinear, linear } from './linear.ts'
import { rmsNorm } from './norm.ts'
import { pick, reshape, sizes, transpose } from './shape.ts'
import { Tape, after } from './tape.ts'

// Each gradient is compared with finite differences in f64 (of the graph as an interpreter runs it), and with what onnxruntime makes of it.

type Inputs = Readonly<Record<string, number[]>>
type Case = {
  /** Variables, by their shapes. */
  readonly variables: Inputs
  /** Numbers that stay as they are; what is not said of int32 inputs. */
  readonly given?: Readonly<Record<string, Array64>>
  readonly whole?: readonly string[]
  /** The result, of any shape; or a loss. */
  readonly build: (tape: Tape, inputs: Readonly<Record<string, Value>>) => Value
  readonly isLoss?: boolean
}

const batch = { rows: 2, length: 5 }
const heads = { heads: 4, kvHeads: 2, headDim: 6 }
const segments = array64([2, 5], [0, 0, 0, 1, 1, 0, 0, 0, 0, 1])
const labels = array64([7], [3, -100, 0, 8, 2, -100, 5])
const angles = Array.from({ length: 15 }, (_, place) => place * 0.37)
const rotation = { cos: array64([5, 3], angles.map(Math.cos)), sin: array64([5, 3], angles.map(Math.sin)), back: array64([5, 3], angles.map(angle => -Math.sin(angle))), positions: array64([2, 5], [0, 1, 2, 0, 1, 0, 1, 2, 3, 0]) }

/** A head w of 4 columns, and its parts of so many rows. */
function headIn(parts: readonly number[], size: number): Record<string, Array64> {
  const named = (name: string, from: number, rows: number) => [name, array64([rows, 4], Array.from({ length: rows * 4 }, (_, at) => 3 * size * Math.sin(from * 4 + at)))] as const
  const startOf = (part: number) => parts.slice(0, part).reduce((sum, rows) => sum + rows, 0)
  return Object.fromEntries([named('w', 0, startOf(parts.length)), ...parts.map((rows, part) => named(`w${part + 1}`, startOf(part), rows))])
}
const learnedHead = (weight: Value): Head => ({ kind: 'whole', weight, learned: true })

const cases: Readonly<Record<string, Case>> = {
  'a linear layer': { variables: { x: [5, 7], w: [3, 7] }, build: (tape, { x, w }) => linear(tape, x!, w!, 1.5) },
  'a linear layer that stays as it is': { variables: { x: [5, 7] }, given: { w: array64([3, 7], Array.from({ length: 21 }, (_, at) => Math.sin(at))) }, build: (tape, { x, w }) => frozenLinear(tape, x!, waitsFor => after(tape.graph, w!, waitsFor)) },
  'a sum': { variables: { x: [5, 7], y: [5, 7] }, build: (tape, { x, y }) => add(tape, x!, y!) },
  'a bias': { variables: { x: [5, 7], b: [7] }, build: (tape, { x, b }) => add(tape, x!, b!) },
  'what is used twice': { variables: { x: [5, 7], w: [7, 7] }, build: (tape, { x, w }) => add(tape, linear(tape, linear(tape, x!, w!), w!), x!) },
  relu: { variables: { x: [5, 7] }, build: (tape, { x }) => relu(tape, x!) },
  SwiGLU: { variables: { gate: [5, 7], up: [5, 7] }, build: (tape, { gate, up }) => swiGlu(tape, gate!, up!) },
  RMSNorm: { variables: { x: [5, 7], gamma: [7] }, build: (tape, { x, gamma }) => rmsNorm(tape, x!, gamma!, 1e-2) },
  'other shapes': { variables: { x: [4, 6] }, build: (tape, { x }) => transpose(tape, reshape(tape, x!, [2, 3, 4]), [2, 0, 1]) },
  'some rows': { variables: { x: [5, 3] }, given: { picked: array64([2], [3, 1]), places: array64([5], [2, 1, 2, 0, 2]) }, whole: ['picked', 'places'], build: (tape, { x, picked, places }) => pick(tape, x!, picked!, places!) },
  rotation: { variables: { x: [2, 5, 12] }, given: rotation, whole: ['positions'], build: (tape, { x, cos, sin, back, positions }) => rotate(tape, x!, { cos: cos!, sin: sin!, back: back!, positions: positions! }) },
  ...Object.fromEntries([null, 2].map(window => [`attention within examples, window ${window}`, {
    variables: { q: [2, 5, 24], k: [2, 5, 12], v: [2, 5, 12] }, given: { segments }, whole: ['segments'],
    build: (tape, { q, k, v, segments: given }) => attention(tape, q!, k!, v!, attentionMask(tape.graph, given!, batch, 2, window), batch, heads)
  } satisfies Case])),
  'cross-entropy': { variables: { scores: [7, 9] }, given: { labels }, whole: ['labels'], isLoss: true, build: (tape, inputs) => crossEntropy(tape, inputs['scores']!, inputs['labels']!) },
  'cross-entropy of a head': { variables: { x: [7, 4], w: [9, 4] }, given: { labels }, whole: ['labels'], isLoss: true, build: (tape, inputs) => headCrossEntropy(tape, inputs['x']!, learnedHead(inputs['w']!), inputs['labels']!, { gradients: true }) },
  ...Object.fromEntries(([[undefined, 1], [12, 1], [undefined, 100]] as const).map(([atOnce, size]) => [`cross-entropy of a head in parts, ${atOnce ?? 'all'} scores at once, of size ${size}`, {
    variables: { x: [7, 4] }, given: { labels, ...headIn([5, 3, 1], size) }, whole: ['labels'], isLoss: true,
    build: (tape, inputs) => headCrossEntropy(tape, inputs['x']!, {
      kind: 'parted', parts: [5, 3, 1].map((rows, part) => ({ rows, add: () => inputs[`w${part + 1}`]! })), rowsAt: ids => tape.graph.op('Gather', [inputs['w']!, ids], { type: 'float32', shape: [...ids.shape, 4] })
    }, inputs['labels']!, { gradients: true, atOnce })
  } satisfies Case])),
  'cross-entropy in pieces': { variables: { x: [7, 4], w: [9, 4] }, given: { labels }, whole: ['labels'], isLoss: true, build: (tape, inputs) => headCrossEntropy(tape, inputs['x']!, learnedHead(inputs['w']!), inputs['labels']!, { gradients: true, atOnce: 18 }) },
  convolution: { variables: { x: [2, 3, 6, 4], w: [5, 3, 3, 3], b: [5] }, build: (tape, { x, w, b }) => convolve(tape, x!, w!, b!) },
  'max-pooling': { variables: { x: [2, 3, 6, 4] }, build: (tape, { x }) => maxPool(tape, x!) },
  'a block that is computed once more': {
    variables: { x: [5, 7], w: [7, 7], gamma: [7] },
    build: (tape, { x, w, gamma }) => tape.checkpoint([linear(tape, x!, w!)], (inner, [late]) => add(inner, swiGlu(inner, late!, linear(inner, late!, inner.variable(w!))), rmsNorm(inner, late!, inner.variable(gamma!), 1e-2)))
  }
}

for (const [name, { variables, given = {}, whole = [], build, isLoss = false }] of Object.entries(cases)) {
  test(`the gradient of ${name} is that of finite differences, in onnxruntime as well`, async () => {
    const random = new Random(7)
    const graph = new Graph('test')
    const tape = new Tape(graph)
    const inputs: Record<string, Value> = {}
    for (const [input, shape] of Object.entries(variables)) inputs[input] = tape.variable(graph.input(input, 'float32', shape))
    for (const [input, { shape }] of Object.entries(given)) inputs[input] = graph.input(input, input === 'positions' ? 'int64' : whole.includes(input) ? 'int32' : 'float32', shape)
    const y = build(tape, inputs)
    const weights = graph.input('weights', 'float32', y.shape)
    graph.output(y)
    // Not the input itself: onnxruntime gives none out.
    const found = tape.backward(y, isLoss ? y : after(graph, weights, y))
    const gradients = Object.keys(variables).map(variable => {
      const gradient = found.get(inputs[variable]!)
      if (!gradient) throw new Error(`${variable} has no gradient`)
      graph.output(gradient)
      return [variable, gradient] as const
    })
    const model = graph.encode()
    // Numbers that f32 holds exactly, so that both see the same.
    const drawn = (shape: readonly number[]) => array64(shape, Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(random.next() * 2 - 1)))
    const values: Record<string, Array64> = { ...Object.fromEntries(Object.entries(given).map(([input, { shape, data }]) => [input, array64(shape, whole.includes(input) ? data : Float32Array.from(data))])), weights: isLoss ? array64([], [1]) : drawn(sizes(y)) }
    for (const [variable, shape] of Object.entries(variables)) values[variable] = drawn(shape)
    const exact = interpret(model, values)
    const actual = await run(model, values, graph, whole)
    for (const [variable, gradient] of gradients) {
      const expected = known(exact, gradient.name)
      assert.equal(expected.shape, variables[variable])
      const greatest = Math.max(...expected.data.map(Math.abs))
      for (let probe = 0; probe < 12; probe++) {
        const at = random.below(expected.data.length)
        const slope = finiteDifference(changed => total(interpret(model, changed), y, values['weights']!), values, variable, at)
        assert.ok(Math.abs(slope - expected.data[at]!) < 1e-6 * Math.max(1, greatest), `${variable}[${at}]: ${slope} by differences, ${expected.data[at]}`)
      }
      const got = actual[gradient.name]!
      for (const [at, value] of expected.data.entries()) if (!(Math.abs(value - got[at]!) < 2e-6 * Math.max(1, greatest))) assert.unreachable(`${variable}[${at}]: ${got[at]} in onnxruntime, ${value}`)
    }
  })
}

/** Sum of a result times fixed weights: one number to be differentiated. */
function total(values: Map<string, Array64>, y: Value, { data: weights }: Array64): number {
  return known(values, y.name).data.reduce((sum, value, at) => sum + value * weights[at]!, 0)
}

function finiteDifference(work: (values: Record<string, Array64>) => number, values: Record<string, Array64>, variable: string, at: number): number {
  const step = 1e-5
  const moved = (by: number) => {
    const { shape, data } = values[variable]!
    return work({ ...values, [variable]: { shape, data: data.with(at, data[at]! + by) } })
  }
  return (moved(step) - moved(-step)) / (2 * step)
}

async function run(model: Uint8Array, values: Readonly<Record<string, Array64>>, graph: Graph, whole: readonly string[]): Promise<Record<string, Float32Array>> {
  const tensor = (name: string, { shape, data }: Array64): Tensor =>
    name === 'positions' ? { type: 'int64', shape, data: BigInt64Array.from(data, BigInt) } : whole.includes(name) ? { type: 'int32', shape, data: Int32Array.from(data) } : { type: 'float32', shape, data: Float32Array.from(data) }
  const session = await openOrtSession(model, { threads: 1, asWritten: true })
  const outputs = Object.fromEntries(graph.outputs.map(value => [value.name, { type: 'float32' as const, shape: sizes(value), data: new Float32Array(sizes(value).reduce((a, b) => a * b, 1)) }]))
  await session.run(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tensor(name, value)])), outputs)
  session.close()
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]))
}

test('what nobody needs is not in the graph', () => {
  const graph = new Graph('test')
  const tape = new Tape(graph)
  const y = linear(tape, tape.variable(graph.input('x', 'float32', [2, 3])), graph.input('w', 'float32', [4, 3]))
  const found = tape.backward(add(tape, y, graph.constant(Float32Array.of(1, 2, 3, 4), [4])), graph.input('dy', 'float32', [2, 4]))
  assert.is(found.size, 3)
  graph.output(y)
  const { graph: encoded } = decodeModel(graph.encode())
  assert.equal([encoded?.node?.map(({ opType }) => opType), encoded?.initializer], [['Gemm'], []])
})

test.run()
