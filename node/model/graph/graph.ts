import { type Onnx, encodeModel } from './onnx-format.ts'

/** Element types, with their numbers in ONNX (onnx.proto3, TensorProto.DataType) and their size in bits. */
export const elementTypes = {
  float32: { number: 1, bits: 32 }, uint8: { number: 2, bits: 8 }, int8: { number: 3, bits: 8 }, int32: { number: 6, bits: 32 }, int64: { number: 7, bits: 64 }, bool: { number: 9, bits: 8 }, uint4: { number: 21, bits: 4 }
} as const
export type ElementType = keyof typeof elementTypes

/** A number, or the name of a dimension that is known when the graph runs. */
export type Dim = number | string

/** What flows along an edge: named, typed, with as much of its shape as is known. */
export type Value = { readonly name: string; readonly type: ElementType; readonly shape: readonly Dim[] }

export type Attribute = number | { readonly int: number } | readonly number[] | { readonly floats: readonly number[] } | string

/** A value as an operation declares it; named when the graph gives it out. */
export type Result = Omit<Value, 'name'> & { readonly name?: string }

/** Where the bytes of a weight lie: a file beside the model, in bytes from its start. */
export type Placement = { readonly location: string; readonly offset: number; readonly length: number }

export type NodeOptions = {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Empty: of ONNX itself. */
  readonly domain?: 'com.microsoft' | ''
}

/** ONNX 1.17; onnxruntime 1.20 and later read it. */
const irVersion = 10n
const opset = 21n
const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const
const inExternalFile = 1

/** A graph in the making: values are added in the order in which they are computed. */
export class Graph {
  readonly #name: string
  readonly #nodes: Onnx<'NodeProto'>[] = []
  readonly #initializers: Onnx<'TensorProto'>[] = []
  readonly #inputs: Value[] = []
  readonly #outputs: Value[] = []
  readonly #constants = new Map<string, Value>()
  readonly #weights = new Map<string, Value>()
  /** Of what operations give, bytes; 0 where a size is known only when the graph runs. */
  readonly #bytes = new Map<string, number>()
  #next = 0

  constructor(name: string) {
    this.#name = name
  }

  get inputs(): readonly Value[] {
    return this.#inputs
  }

  get outputs(): readonly Value[] {
    return this.#outputs
  }

  input(name: string, type: ElementType, shape: readonly Dim[]): Value {
    const value = { name, type, shape }
    this.#inputs.push(value)
    return value
  }

  /** A value that is in the model file itself: for small ones. onnxruntime infers shapes from those only. The same one twice is kept once. */
  constant(data: Float32Array | Int32Array | BigInt64Array | Uint8Array, shape: readonly number[]): Value {
    const type = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : data instanceof Uint8Array ? 'uint8' : 'int64'
    const key = `${type} ${shape.join()} ${data.join()}`
    const known = this.#constants.get(key)
    if (known) return known
    const value = this.#initializer({ name: this.#fresh('c'), type, shape }, { rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() })
    this.#constants.set(key, value)
    return value
  }

  /** A value whose bytes lie in a file beside the model. Asked for twice it is the same one. */
  weight(name: string, type: ElementType, shape: readonly number[], { location, offset, length }: Placement): Value {
    const known = this.#weights.get(name)
    if (known) return known
    const entries = { location, offset, length }
    const value = { name, type, shape }
    this.#weights.set(name, value)
    return this.#initializer(value, { dataLocation: inExternalFile, externalData: Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })) })
  }

  /** One operation. `results`: what it gives; null for an output that nobody needs, as for an input that is left out. */
  node(opType: string, inputs: readonly (Value | null)[], results: readonly (Result | null)[], { attributes = {}, domain = '' }: NodeOptions = {}): Value[] {
    const values = results.map(result => result && { ...result, name: result.name ?? this.#fresh(opType) })
    this.#nodes.push({
      opType, domain, name: this.#fresh('n'), input: inputs.map(input => input?.name ?? ''), output: values.map(value => value?.name ?? ''),
      attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) }))
    })
    for (const value of values) if (value) this.#bytes.set(value.name, bytesOf(value))
    return values.filter(value => value !== null)
  }

  /** As `node`, for the usual case of one result. */
  op(opType: string, inputs: readonly (Value | null)[], result: Result, options: NodeOptions = {}): Value {
    return this.node(opType, inputs, [result], options)[0] as Value
  }

  /** Gives a value out, under the name that it has. */
  output(value: Value): void {
    this.#outputs.push(value)
  }

  /**
   * The model file, without what nothing that is given out needs. Results that nobody reads come last, the latest first: the runtime asks for those at the end first, each with all that it needs
   * (onnxruntime: Graph::ReverseDFSFrom), and so comes upon every one in the order in which it was added. Else the first gradients would be made last, and what they are made of be kept until then.
   */
  encode(): Uint8Array {
    const { node: nodes, needed } = this.#needed()
    const read = new Set(nodes.flatMap(({ input = [] }) => input))
    const [inner = [], last = []] = [true, false].map(isRead => nodes.filter(({ output = [] }) => output.some(name => read.has(name)) === isRead))
    const node = [...inner, ...last.reverse()]
    return encodeModel({
      irVersion, producerName: 'kinmesh', opsetImport: [{ domain: '', version: opset }, { domain: 'com.microsoft', version: 1n }],
      graph: { name: this.#name, node, initializer: this.#initializers.filter(({ name = '' }) => needed.has(name)), input: this.#inputs.map(infoOf), output: this.#outputs.map(infoOf) }
    })
  }

  /**
   * The most memory that results of operations take at one time, bytes, when they are run in the order in which they were added and each is given back after its last use. Inputs, weights and what
   * the kernels need for themselves come on top; that some of them write over their input is not counted on.
   */
  peakBytes(): number {
    const { node } = this.#needed()
    const lastUse = new Map<string, number>()
    for (const [place, { input = [], output = [] }] of node.entries()) for (const name of [...input, ...output]) lastUse.set(name, place)
    const ending = Map.groupBy(lastUse, ([, place]) => place)
    const given = new Set(this.#outputs.map(({ name }) => name))
    let [live, most] = [0, 0]
    for (const [place, { output = [] }] of node.entries()) {
      live += output.reduce((sum, name) => sum + (this.#bytes.get(name) ?? 0), 0)
      most = Math.max(most, live)
      for (const [name] of ending.get(place) ?? []) if (!given.has(name)) live -= this.#bytes.get(name) ?? 0
    }
    return most
  }

  /** Nodes that something given out needs, in their order, and the names of all values that these need. */
  #needed(): { node: Onnx<'NodeProto'>[]; needed: ReadonlySet<string> } {
    const needed = new Set(this.#outputs.map(({ name }) => name))
    const node = this.#nodes.toReversed().filter(({ input, output }) => {
      const isNeeded = output?.some(name => needed.has(name)) ?? false
      if (isNeeded) for (const name of input ?? []) needed.add(name)
      return isNeeded
    }).reverse()
    return { node, needed }
  }

  #initializer(value: Value & { shape: readonly number[] }, tensor: Onnx<'TensorProto'>): Value {
    this.#initializers.push({ name: value.name, dataType: elementTypes[value.type].number, dims: value.shape.map(BigInt), ...tensor })
    return value
  }

  #fresh(stem: string): string {
    return `${stem}_${this.#next++}`
  }
}

/** A result of the same type and shape. */
export function like({ type, shape }: Value): Result {
  return { type, shape }
}

function bytesOf({ type, shape }: Value): number {
  return shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 0), elementTypes[type].bits / 8)
}

function attributeOf(value: Attribute): Onnx<'AttributeProto'> {
  if (typeof value === 'string') return { type: attributeTypes.string, s: new TextEncoder().encode(value) }
  if (typeof value === 'number') return { type: attributeTypes.float, f: value }
  if ('int' in value) return { type: attributeTypes.int, i: BigInt(value.int) }
  if ('floats' in value) return { type: attributeTypes.floats, floats: value.floats }
  return { type: attributeTypes.ints, ints: value.map(BigInt) }
}

function infoOf({ name, type, shape }: Value): Onnx<'ValueInfoProto'> {
  const dim = shape.map(size => (typeof size === 'number' ? { dimValue: BigInt(size) } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: elementTypes[type].number, shape: { dim } } } }
}
