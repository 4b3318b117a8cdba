import { type Onnx, decodeModel } from '../../model/graph/onnx-format.ts'
import { type Array64, type Attributes, operations } from './operations.ts'

/** For tests: an ONNX graph, node by node in f64, slow and as the specification says it. The values of all its edges, by name. */
export function interpret(model: Uint8Array, inputs: Readonly<Record<string, Array64>>): Map<string, Array64> {
  const { graph } = decodeModel(model)
  const values = new Map(Object.entries(inputs))
  for (const tensor of graph?.initializer ?? []) values.set(tensor.name ?? '', initializerOf(tensor))
  for (const { opType = '', input = [], output = [], attribute = [] } of graph?.node ?? []) {
    const operation = operations[opType]
    if (!operation) throw new Error(`there is no ${opType} here`)
    const given = input.map(name => (name === '' ? undefined : known(values, name)))
    for (const [place, result] of operation(given, attributesOf(attribute), output.length).entries()) values.set(output[place] ?? '', result)
  }
  return values
}

export function known(values: ReadonlyMap<string, Array64>, name: string): Array64 {
  const value = values.get(name)
  if (!value) throw new Error(`${name} is not there`)
  return value
}

export function array64(shape: readonly number[], data: Iterable<number>): Array64 {
  return { shape, data: Float64Array.from(data) }
}

function initializerOf({ dims = [], dataType, rawData = new Uint8Array() }: Onnx<'TensorProto'>): Array64 {
  const { buffer } = rawData.slice()
  const data = dataType === 1 ? new Float32Array(buffer) : dataType === 6 ? new Int32Array(buffer) : dataType === 7 ? Array.from(new BigInt64Array(buffer), Number) : rawData
  return array64(dims.map(Number), data)
}

function attributesOf(attributes: readonly Onnx<'AttributeProto'>[]): Attributes {
  const found = new Map(attributes.map(attribute => [attribute.name, attribute]))
  const needed = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw new Error(`the attribute ${name} is missing`)
    return value
  }
  return {
    int: (name, otherwise) => (found.has(name) ? Number(found.get(name)?.i ?? 0n) : needed(name, otherwise)),
    float: (name, otherwise) => (found.has(name) ? (found.get(name)?.f ?? 0) : needed(name, otherwise)),
    ints: name => found.get(name)?.ints?.map(Number),
    text: name => new TextDecoder().decode(needed(name, found.get(name)?.s))
  }
}
