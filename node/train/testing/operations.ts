// Operations of ONNX and of onnxruntime (com.microsoft), as their specifications say them, one number after the other.

/** Whatever its type in the graph is, all numbers are f64 here, and true is 1. */
export type Array64 = { readonly shape: readonly number[]; readonly data: Float64Array }
export type Attributes = { int(name: string, otherwise?: number): number; float(name: string, otherwise?: number): number; ints(name: string): number[] | undefined; text(name: string): string }
type Operation = (inputs: readonly (Array64 | undefined)[], attributes: Attributes, outputs: number) => Array64[]

function size(shape: readonly number[]): number {
  return shape.reduce((product, each) => product * each, 1)
}

function made(shape: readonly number[], at: (index: readonly number[]) => number): Array64 {
  const data = new Float64Array(size(shape))
  const index = shape.map(() => 0)
  for (let place = 0; place < data.length; place++) {
    data[place] = at(index)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
  return { shape, data }
}

/** With an index that is longer, or where a size is one, as broadcasting does it. */
function at({ shape, data }: Array64, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length)
  return data[shape.reduce((place, each, axis) => place * each + (each === 1 ? 0 : own[axis]!), 0)]!
}

function all<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an input is missing')
  return value
}

function elementwise(work: (...values: number[]) => number): Operation {
  return inputs => {
    const given = inputs.map(all)
    const rank = Math.max(...given.map(({ shape }) => shape.length))
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(...given.map(each => each.shape[axis - rank + each.shape.length] ?? 1)))
    return [made(shape, index => work(...given.map(each => at(each, index))))]
  }
}

function axesOf(rank: number, axes: Array64 | undefined): number[] {
  return axes ? Array.from(axes.data, axis => (axis + rank) % rank) : Array.from({ length: rank }, (_, axis) => axis)
}

function reducing(work: (values: number[]) => number): Operation {
  return ([x, axes], attributes) => {
    const { shape } = all(x)
    const gone = new Set(axesOf(shape.length, axes))
    const kept = shape.map((each, axis) => (gone.has(axis) ? 1 : each))
    const within = shape.map((each, axis) => (gone.has(axis) ? each : 1))
    const result = made(kept, index => work(Array.from(made(within, inner => at(all(x), index.map((each, axis) => each + inner[axis]!))).data)))
    return [attributes.int('keepdims', 1) ? result : { shape: shape.filter((_, axis) => !gone.has(axis)), data: result.data }]
  }
}

function turned(x: Array64): Array64 {
  const order = x.shape.map((_, axis) => axis)
  order.push(...order.splice(-2).reverse())
  return permuted(x, order)
}

function permuted(x: Array64, order: readonly number[]): Array64 {
  return made(order.map(axis => x.shape[axis]!), index => at(x, x.shape.map((_, axis) => index[order.indexOf(axis)]!)))
}

function product(a: Array64, b: Array64, scale: number): Array64 {
  const [rows, inner, columns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!]
  return made([...a.shape.slice(0, -2), rows, columns], index => {
    let sum = 0
    for (let k = 0; k < inner; k++) sum += at(a, [...index.slice(0, -1), k]) * at(b, [...index.slice(0, -2), k, index.at(-1)!])
    return scale * sum
  })
}

function alongLast(x: Array64, work: (row: number[]) => number[]): Array64 {
  const width = x.shape.at(-1)!
  return { shape: x.shape, data: Float64Array.from({ length: x.data.length / width }, (_, row) => row).reduce((data, row) => (data.set(work(Array.from(x.data.subarray(row * width, (row + 1) * width))), row * width), data), new Float64Array(x.data.length)) }
}

function logSum(values: readonly number[]): number {
  const most = Math.max(...values)
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

function reshapeTo({ data }: Array64, to: Array64): Array64 {
  const rest = data.length / size(Array.from(to.data).filter(each => each !== -1))
  return { shape: Array.from(to.data, each => (each === -1 ? rest : each)), data }
}

function sliced(x: Array64, from: Array64, to: Array64, axes: Array64): Array64 {
  const places = axesOf(x.shape.length, axes)
  const begin = x.shape.map((_, axis) => (places.includes(axis) ? from.data[places.indexOf(axis)]! : 0))
  const end = x.shape.map((each, axis) => (places.includes(axis) ? Math.min(each, to.data[places.indexOf(axis)]!) : each))
  return made(end.map((each, axis) => each - begin[axis]!), index => at(x, index.map((each, axis) => each + begin[axis]!)))
}

function joined(parts: readonly Array64[], axis: number): Array64 {
  const [first] = parts
  const shape = all(first).shape.map((each, place) => (place === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : each))
  return made(shape, index => {
    let rest = index[axis]!
    for (const part of parts) {
      if (rest < part.shape[axis]!) return at(part, index.with(axis, rest))
      rest -= part.shape[axis]!
    }
    throw new Error('beyond the end')
  })
}

function scattered(x: Array64, indices: Array64, updates: Array64, attributes: Attributes): Array64 {
  const axis = attributes.int('axis', 0)
  const result = { shape: x.shape, data: x.data.slice() }
  made(indices.shape, index => {
    const place = index.with(axis, at(indices, index)).reduce((sum, each, dimension) => sum * x.shape[dimension]! + each, 0)
    result.data[place] = at(updates, index) + (attributes.text('reduction') === 'add' ? result.data[place]! : 0)
    return 0
  })
  return result
}

/** x [rows, length, heads · dim]: dimension i turns with i + dim/2. */
function rotated(x: Array64, positions: Array64, cos: Array64, sin: Array64): Array64 {
  const half = cos.shape[1]!
  return made(x.shape, ([row = 0, token = 0, column = 0]) => {
    const inHead = column % (2 * half)
    const angle = [at(positions, [row, token]), inHead % half]
    const other = at(x, [row, token, inHead < half ? column + half : column - half])
    return at(x, [row, token, column]) * at(cos, angle) + (inHead < half ? -1 : 1) * other * at(sin, angle)
  })
}

/** (values − zero points) · scales, `block` columns for each. */
function dequantized(values: Array64, scales: Array64, zeroPoints: Array64, block: number): Array64 {
  return made(values.shape, index => {
    const own = index.with(-1, Math.floor(index.at(-1)! / block))
    return (at(values, index) - at(zeroPoints, own)) * at(scales, own)
  })
}

function gathered(data: Array64, ids: Array64): Array64 {
  return made([...ids.shape, ...data.shape.slice(1)], index => at(data, [at(ids, index.slice(0, ids.shape.length)), ...index.slice(ids.shape.length)]))
}

/** Padded by `side` all around. */
function convolved(x: Array64, weight: Array64, bias: Array64 | undefined, side: number): Array64 {
  const [, channels = 0, height = 0, width = 0] = x.shape
  const [filters = 0, , kernel = 0] = weight.shape
  const [tall, wide] = [height + 2 * side - kernel + 1, width + 2 * side - weight.shape[3]! + 1]
  return made([x.shape[0]!, filters, tall, wide], ([image = 0, filter = 0, row = 0, column = 0]) => {
    let sum = bias ? bias.data[filter]! : 0
    for (let channel = 0; channel < channels; channel++) {
      for (let dy = 0; dy < kernel; dy++) {
        for (let dx = 0; dx < weight.shape[3]!; dx++) {
          const [y, z] = [row + dy - side, column + dx - side]
          if (y >= 0 && y < height && z >= 0 && z < width) sum += at(x, [image, channel, y, z]) * at(weight, [filter, channel, dy, dx])
        }
      }
    }
    return sum
  })
}

/** The convolution with the kernel turned about, from filters to channels. */
function convolvedBack(dy: Array64, weight: Array64, side: number): Array64 {
  const kernel = weight.shape[2]!
  const turnedAbout = made([weight.shape[1]!, weight.shape[0]!, kernel, kernel], ([channel = 0, filter = 0, y = 0, x = 0]) => at(weight, [filter, channel, kernel - 1 - y, kernel - 1 - x]))
  return convolved(dy, turnedAbout, undefined, kernel - 1 - side)
}

/** The greatest of each 2 × 2, and where it is in the whole of x. */
function pooled(x: Array64): [Array64, Array64] {
  const shape = [...x.shape.slice(0, 2), x.shape[2]! / 2, x.shape[3]! / 2]
  const best = (index: readonly number[]) => {
    const places = [0, 1, 2, 3].map(corner => [...index.slice(0, 2), 2 * index[2]! + (corner >> 1), 2 * index[3]! + (corner & 1)])
    return places.reduce((most, place) => (at(x, place) > at(x, most) ? place : most))
  }
  return [made(shape, index => at(x, best(index))), made(shape, index => best(index).reduce((sum, each, axis) => sum * x.shape[axis]! + each, 0))]
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

export const operations: Readonly<Record<string, Operation>> = {
  Add: elementwise((a, b = 0) => a + b),
  Sub: elementwise((a, b = 0) => a - b),
  Mul: elementwise((a, b = 0) => a * b),
  Div: elementwise((a, b = 0) => a / b),
  Max: elementwise((a, b = 0) => Math.max(a, b)),
  Neg: elementwise(a => -a),
  Exp: elementwise(Math.exp),
  Log: elementwise(Math.log),
  Relu: elementwise(a => Math.max(0, a)),
  Sigmoid: elementwise(sigmoid),
  QuickGelu: ([x], attributes) => elementwise(a => a * sigmoid(attributes.float('alpha') * a))([x], attributes, 1),
  Cast: elementwise(a => a),
  Greater: elementwise((a, b = 0) => Number(a > b)),
  GreaterOrEqual: elementwise((a, b = 0) => Number(a >= b)),
  Less: elementwise((a, b = 0) => Number(a < b)),
  LessOrEqual: elementwise((a, b = 0) => Number(a <= b)),
  Equal: elementwise((a, b = 0) => Number(a === b)),
  And: elementwise((a, b = 0) => Number(a !== 0 && b !== 0)),
  Where: elementwise((is, a = 0, b = 0) => (is ? a : b)),
  Clip: elementwise((a, low = 0, high = Infinity) => Math.min(high, Math.max(low, a))),
  ReduceSum: reducing(values => values.reduce((sum, value) => sum + value, 0)),
  ReduceMean: reducing(values => values.reduce((sum, value) => sum + value, 0) / values.length),
  ReduceMax: reducing(values => Math.max(...values)),
  LogSoftmax: ([x]) => [alongLast(all(x), row => row.map(value => value - logSum(row)))],
  Softmax: ([x]) => [alongLast(all(x), row => row.map(value => Math.exp(value - logSum(row))))],
  Reshape: ([x, to]) => [reshapeTo(all(x), all(to))],
  Transpose: ([x], attributes) => [permuted(all(x), all(attributes.ints('perm')))],
  Slice: ([x, from, to, axes]) => [sliced(all(x), all(from), all(to), axes ?? { shape: [1], data: Float64Array.of(0) })],
  Concat: (inputs, attributes) => [joined(inputs.map(all), attributes.int('axis'))],
  Expand: ([x, to]) => [made(Array.from(all(to).data), index => at(all(x), index))],
  Tile: ([x, times]) => [made(all(x).shape.map((each, axis) => each * all(times).data[axis]!), index => at(all(x), index.map((each, axis) => each % all(x).shape[axis]!)))],
  Gather: ([x, ids]) => [gathered(all(x), all(ids))],
  GatherElements: ([x, indices], attributes) => [made(all(indices).shape, index => at(all(x), index.with(attributes.int('axis', 0), at(all(indices), index))))],
  ScatterElements: ([x, indices, updates], attributes) => [scattered(all(x), all(indices), all(updates), attributes)],
  Gemm: ([a, b, plus], attributes) => {
    const turn = (x: Array64, name: string) => (attributes.int(name, 0) ? turned(x) : x)
    const result = product(turn(all(a), 'transA'), turn(all(b), 'transB'), attributes.float('alpha', 1))
    return [plus ? made(result.shape, index => at(result, index) + at(plus, index)) : result]
  },
  FusedMatMul: ([a, b], attributes) => {
    const turn = (x: Array64, name: string) => (attributes.int(name, 0) ? turned(x) : x)
    return [product(turn(all(a), 'transA'), turn(all(b), 'transB'), attributes.float('alpha', 1))]
  },
  SimplifiedLayerNormalization: ([x, gamma], attributes) => {
    const inverse = (row: readonly number[]) => 1 / Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / row.length + attributes.float('epsilon'))
    const { shape, data } = alongLast(all(x), row => row.map((value, column) => value * inverse(row) * all(gamma).data[column]!))
    const width = shape.at(-1)!
    return [{ shape, data }, made([...shape.slice(0, -1), 1], index => inverse(Array.from({ length: width }, (_, column) => at(all(x), index.with(-1, column)))))]
  },
  Conv: ([x, weight, bias], attributes) => [convolved(all(x), all(weight), bias, attributes.ints('pads')?.[0] ?? 0)],
  ConvTranspose: ([dy, weight], attributes) => [convolvedBack(all(dy), all(weight), attributes.ints('pads')?.[0] ?? 0)],
  MaxPool: ([x]) => pooled(all(x)),
  MaxUnpool: ([values, places, shape]) => {
    const data = new Float64Array(size(Array.from(all(shape).data)))
    for (const [index, place] of all(places).data.entries()) data[place] = all(values).data[index]!
    return [{ shape: Array.from(all(shape).data), data }]
  },
  RotaryEmbedding: ([x, positions, cos, sin]) => [rotated(all(x), all(positions), all(cos), all(sin))],
  DequantizeLinear: ([values, scales, zeroPoints], attributes) => [dequantized(all(values), all(scales), all(zeroPoints), attributes.int('block_size'))],
  GatherBlockQuantized: ([values, ids, scales, zeroPoints], attributes) => [gathered(dequantized(all(values), all(scales), all(zeroPoints), attributes.int('block_size')), all(ids))]
}
