import { type Onnx, decodeModel, encodeModel } from '../../node/model/graph/onnx-format.ts'
import { elementTypes } from '../../node/model/graph/graph.ts'
import { inputNames, logitsName, pastName, presentName } from '../../node/model/graph/decoder.ts'
import { ropeTables } from '../../node/model/graph/rope.ts'
import type { DecoderConfig } from '../../node/model/decoder-config.ts'

/** What our graph calls its logits once transformers.js has that name. */
const ourLogits = 'picked logits'
const int = (name: string, value: number): Onnx<'AttributeProto'> => ({ name, type: 2, i: BigInt(value) })

/**
 * Our graph of a decoder with the ends that transformers.js expects; in between every operation and every weight is the same one. What differs:
 * - It is given `input_ids` and `attention_mask`, int64 [batch, …]; lengths and the places of the last tokens are worked out from them.
 * - Keys and values are `past_key_values.L.key|value` and `present.L.key|value`, and grow: what comes out is new memory, longer by what was read.
 * - The tables of the rotation are in the file, for `positions`.
 * - Logits are those of the last token of each sequence, f32 [batch, 1, vocabSize], which is all that it samples from.
 */
export function graphForTransformers(model: Uint8Array, config: DecoderConfig, positions: number): Uint8Array {
  const { irVersion, opsetImport, graph } = decodeModel(model)
  const names = new Map([[logitsName, ourLogits]])
  for (const layer of config.layers.keys()) {
    for (const [ours, theirs] of [['keys', 'key'], ['values', 'value']] as const) {
      names.set(pastName(ours, layer), `past_key_values.${layer}.${theirs}`)
      names.set(presentName(ours, layer), `present.${layer}.${theirs}`)
    }
  }
  const renamed = (list: readonly string[] = []) => list.map(name => names.get(name) ?? name)
  const { headDim, kvHeads, vocabSize, layers, rope } = config
  const { cos, sin } = ropeTables(rope, headDim, positions)
  const table = (name: string, numbers: Float32Array) => ({ name, dataType: elementTypes.float32.number, dims: [positions, headDim / 2].map(BigInt), rawData: new Uint8Array(numbers.buffer) })
  const caches = (kind: 'past_key_values' | 'present', length: string) =>
    layers.flatMap((_, layer) => ['key', 'value'].map(which => info(`${kind}.${layer}.${which}`, 'float32', ['batch_size', kvHeads, length, headDim])))
  return encodeModel({
    irVersion: irVersion ?? 0n, opsetImport: opsetImport ?? [],
    graph: {
      name: graph?.name ?? '',
      node: [...beginning(), ...(graph?.node ?? []).map(node => ({ ...node, input: renamed(node.input), output: renamed(node.output) })), node('Unsqueeze', [ourLogits, 'one'], logitsName)],
      initializer: [...(graph?.initializer ?? []), table(inputNames.cos, cos), table(inputNames.sin, sin), number('one', 1), number('first', 0, []), number('second', 1, [])],
      input: [info('input_ids', 'int64', ['batch_size', 'sequence_length']), info('attention_mask', 'int64', ['batch_size', 'total_sequence_length']), ...caches('past_key_values', 'past_sequence_length')],
      output: [info(logitsName, 'float32', ['batch_size', 1, vocabSize]), ...caches('present', 'total_sequence_length')]
    }
  })
}

/** Our inputs out of theirs. */
function beginning(): Onnx<'NodeProto'>[] {
  return [
    toInt32('input_ids', inputNames.ids),
    node('ReduceSum', ['attention_mask', 'one'], 'read', [int('keepdims', 0)]), node('Sub', ['read', 'second'], 'read but one'), toInt32('read but one', inputNames.lengths),
    node('Shape', ['attention_mask'], 'shape of mask'), node('Gather', ['shape of mask', 'second'], 'longest'), toInt32('longest', inputNames.total),
    node('Shape', ['input_ids'], 'shape of ids'), node('Gather', ['shape of ids', 'first'], 'batch'), node('Gather', ['shape of ids', 'second'], 'tokens'),
    node('Sub', ['tokens', 'second'], 'last'), node('Mul', ['batch', 'tokens'], 'all'), node('Range', ['last', 'all', 'tokens'], 'last rows'), toInt32('last rows', inputNames.rows)
  ]
}

function node(opType: string, input: readonly string[], output: string, attribute: Onnx<'AttributeProto'>[] = []): Onnx<'NodeProto'> {
  return { opType, name: `${opType} ${output}`, input, output: [output], attribute }
}

function toInt32(from: string, to: string): Onnx<'NodeProto'> {
  return node('Cast', [from], to, [int('to', elementTypes.int32.number)])
}

function number(name: string, value: number, dims: readonly bigint[] = [1n]): Onnx<'TensorProto'> {
  return { name, dataType: elementTypes.int64.number, dims, rawData: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) }
}

function info(name: string, type: 'float32' | 'int64', shape: readonly (number | string)[]): Onnx<'ValueInfoProto'> {
  const dim = shape.map(size => (typeof size === 'number' ? { dimValue: BigInt(size) } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: elementTypes[type].number, shape: { dim } } } }
}
