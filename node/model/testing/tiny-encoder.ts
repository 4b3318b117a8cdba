import { type Dim, Graph, type Result, type Value } from '../graph/graph.ts'
import type { EncoderSizes, EncoderWeights } from './encoder-oracle.ts'
import { seededNumbers } from './tiny-models.ts'

export const tinySizes: EncoderSizes = { vocabSize: 120, hidden: 24, inner: 40, heads: 3, layers: 2, positions: 40 }

/** For tests: weights that follow from their name and a seed, of a size that keeps every layer alive. */
export function encoderWeights({ vocabSize, hidden, inner, positions }: EncoderSizes, seed = 1): EncoderWeights {
  const known = new Map<string, Float32Array>()
  const rows: Readonly<Record<string, number>> = { 'embeddings.word': vocabSize, 'embeddings.position': positions, 'embeddings.type': 2 }
  const countOf = (name: string) => {
    const isWide = name.includes('intermediate')
    if (name.endsWith('.bias')) return isWide ? inner : hidden
    if (name.includes('LayerNorm')) return hidden
    return rows[name] === undefined ? hidden * (isWide || /layer\.\d+\.output/.test(name) ? inner : hidden) : rows[name] * hidden
  }
  return name => {
    const found = known.get(name)
    if (found) return found
    const number = seededNumbers(Array.from(name).reduce((sum, char) => Math.imul(sum, 31) + (char.codePointAt(0) ?? 0), seed))
    const [around, spread] = name.includes('LayerNorm.weight') ? [1, 0.5] : [0, name.startsWith('embeddings') ? 1 : 2 / Math.sqrt(hidden)]
    const data = Float32Array.from({ length: countOf(name) }, () => around + number() * spread)
    known.set(name, data)
    return data
  }
}

export type GraphOptions = {
  /** Linear layers rounded as in model_quantized.onnx: weights once, activations of everything that is read at once together. */
  readonly quantized?: boolean
  readonly output?: string
  /** Where the large weights are to lie, if not in the graph. */
  readonly place?: (graph: Graph, name: string, data: Float32Array, shape: readonly number[]) => Value
  readonly inputs?: readonly string[]
}

/** For tests: an encoder as PyTorch exports it, with the names that transformers gives. */
export function encoderGraph(sizes: EncoderSizes, weights: EncoderWeights, { quantized = false, output = 'last_hidden_state', place = constant, inputs = ['input_ids', 'attention_mask', 'token_type_ids'] }: GraphOptions = {}): Uint8Array {
  const { vocabSize, hidden, inner, heads, layers, positions } = sizes
  const graph = new Graph('bert')
  const [batch, tokens] = ['batch_size', 'sequence_length']
  const ports = new Map(inputs.map(name => [name, graph.input(name, 'int64', [batch, tokens])]))
  const f32 = (...shape: Dim[]): Result => ({ type: 'float32', shape })
  const int64 = (...shape: Dim[]): Result => ({ type: 'int64', shape })
  const ints = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt), [values.length])
  const number = (value: number) => graph.constant(new Float32Array([value]), [])
  const vector = (name: string) => graph.constant(weights(name), [weights(name).length])
  const matrix = (name: string, shape: readonly number[]) => place(graph, name, weights(name), shape)
  const state = f32(batch, tokens, hidden)
  const add = (a: Value, b: Value, result: Result) => graph.op('Add', [a, b], result)
  const norm = (name: string, x: Value) => graph.op('LayerNormalization', [x, vector(`${name}.weight`), vector(`${name}.bias`)], { ...state }, { attributes: { axis: { int: -1 }, epsilon: 1e-12 } })
  const linear = (name: string, x: Value, from: number, to: number) => {
    const result = f32(batch, tokens, to)
    const product = quantized ? roundedProduct(graph, x, weights(`${name}.weight`), [from, to], result) : graph.op('MatMul', [x, matrix(`${name}.weight`, [from, to])], result)
    return add(product, vector(`${name}.bias`), result)
  }
  const ids = ports.get('input_ids') ?? graph.input('tokens', 'int64', [batch, tokens])
  const length = graph.op('Squeeze', [graph.op('Slice', [graph.op('Shape', [ids], int64(2)), ints(1), ints(2)], int64(1))], int64())
  const range = graph.op('Range', [graph.constant(new BigInt64Array([0n]), []), length, graph.constant(new BigInt64Array([1n]), [])], int64(tokens))
  const word = graph.op('Gather', [matrix('embeddings.word', [vocabSize, hidden]), ids], state)
  const position = graph.op('Gather', [matrix('embeddings.position', [positions, hidden]), range], f32(tokens, hidden))
  const types = ports.get('token_type_ids') ?? graph.op('Sub', [ids, ids], int64(batch, tokens))
  let x = norm('embeddings.LayerNorm', add(add(word, position, state), graph.op('Gather', [matrix('embeddings.type', [2, hidden]), types], state), state))
  const mask = ports.get('attention_mask')
  const bias = mask && graph.op('Mul', [
    graph.op('Sub', [number(1), graph.op('Cast', [graph.op('Unsqueeze', [mask, ints(1, 2)], int64(batch, 1, 1, tokens))], f32(batch, 1, 1, tokens), { attributes: { to: { int: 1 } } })], f32(batch, 1, 1, tokens)),
    number(-3.4028234663852886e38)
  ], f32(batch, 1, 1, tokens))
  const size = hidden / heads
  for (let layer = 0; layer < layers; layer++) {
    const at = `layer.${layer}`
    const part = (name: string, order: readonly number[], shape: Result) =>
      graph.op('Transpose', [graph.op('Reshape', [linear(`${at}.${name}`, x, hidden, hidden), ints(0, 0, heads, size)], f32(batch, tokens, heads, size))], shape, { attributes: { perm: order } })
    const [query, key, value] = [part('query', [0, 2, 1, 3], f32(batch, heads, tokens, size)), part('key', [0, 2, 3, 1], f32(batch, heads, size, tokens)), part('value', [0, 2, 1, 3], f32(batch, heads, tokens, size))]
    const all = f32(batch, heads, tokens, tokens)
    const scores = graph.op('Mul', [graph.op('MatMul', [query, key], all), number(1 / Math.sqrt(size))], all)
    const shares = graph.op('Softmax', [bias ? add(scores, bias, all) : scores], all, { attributes: { axis: { int: -1 } } })
    const context = graph.op('Transpose', [graph.op('MatMul', [shares, value], f32(batch, heads, tokens, size))], f32(batch, tokens, heads, size), { attributes: { perm: [0, 2, 1, 3] } })
    const attended = norm(`${at}.attention.LayerNorm`, add(x, linear(`${at}.attention`, graph.op('Reshape', [context, ints(0, 0, hidden)], state), hidden, hidden), state))
    const wide = linear(`${at}.intermediate`, attended, hidden, inner)
    const shape = f32(batch, tokens, inner)
    const erf = graph.op('Erf', [graph.op('Div', [wide, number(Math.SQRT2)], shape)], shape)
    const inside = graph.op('Mul', [graph.op('Mul', [wide, add(erf, number(1), shape)], shape), number(0.5)], shape)
    x = norm(`${at}.output.LayerNorm`, add(attended, linear(`${at}.output`, inside, inner, hidden), state))
  }
  if (output === 'sentence_embedding') graph.output(graph.op('ReduceMax', [x, ints(1)], { ...f32(batch, hidden), name: output }, { attributes: { keepdims: { int: 0 } } }))
  else graph.output(graph.op('Identity', [x], { ...state, name: output }))
  return graph.encode()
}

function constant(graph: Graph, _name: string, data: Float32Array, shape: readonly number[]): Value {
  return graph.constant(data, shape)
}

/** x · W with 8 bits each: DynamicQuantizeLinear, MatMulInteger, as `quantize_dynamic` of onnxruntime writes them. */
function roundedProduct(graph: Graph, x: Value, weight: Float32Array, shape: readonly number[], result: Result): Value {
  const scale = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
  const rounded = graph.constant(Uint8Array.from(weight, value => 128 + Math.round(value / scale)), shape)
  const [values, factor, zero] = graph.node('DynamicQuantizeLinear', [x], [{ type: 'uint8', shape: x.shape }, { type: 'float32', shape: [] }, { type: 'uint8', shape: [] }]) as [Value, Value, Value]
  const product = graph.op('MatMulInteger', [values, rounded, zero, graph.constant(new Uint8Array([128]), [])], { type: 'int32', shape: result.shape })
  const scales = graph.op('Mul', [factor, graph.constant(new Float32Array([scale]), [])], { type: 'float32', shape: [] })
  return graph.op('Mul', [graph.op('Cast', [product], result, { attributes: { to: { int: 1 } } }), scales], result)
}
