import type { Graph, Value } from '../../model/graph/graph.ts'
import type { BlockFormat } from '../../model/graph/weight-layout.ts'
import type { Head } from '../autodiff/cross-entropy.ts'
import { frozenLinear, linear } from '../autodiff/linear.ts'
import { float, numbers } from '../autodiff/shape.ts'
import { type Tape, after } from '../autodiff/tape.ts'

/** How the matrices of a model rest that stay as they are. */
export type BaseFormat = { readonly bits: 32 } | BlockFormat

/** A tensor that the graph takes of the model as it is. `part` of the matrix or vector `source`, from its row `from` on. */
export type BaseInput = { readonly name: string; readonly source: string; readonly part: 'values' | 'scales' | 'zeroPoints'; readonly from: number; readonly shape: readonly [number, number] | readonly [number]; readonly type: 'float32' | 'uint4' | 'uint8' }

/** What rows of a matrix are made of that rests in few bits. */
export function packedParts({ bits, block }: BlockFormat, source: string, from: number, [rows, columns]: readonly [number, number]): Readonly<Record<BaseInput['part'], BaseInput>> {
  const blocks = Math.ceil(columns / block)
  const type = bits === 4 ? 'uint4' : 'uint8'
  const part = (which: BaseInput['part'], width: number, partType: BaseInput['type']): BaseInput => ({ name: `${source} ${which} ${from} ${rows}`, source, part: which, from, shape: [rows, width], type: partType })
  return { values: part('values', blocks * block, type), scales: part('scales', blocks, 'float32'), zeroPoints: part('zeroPoints', blocks, type) }
}

/** 8 MB of f32. */
export const headPieceNumbers = 2 * 1024 * 1024

/** Weights that are not learned, as inputs of a graph: in memory that others may use as well, and nothing of it is copied. */
export class BaseWeights {
  readonly inputs: BaseInput[] = []
  readonly #graph: Graph
  readonly #format: BaseFormat
  readonly #headPiece: number
  readonly #values = new Map<string, Value>()

  /** `headPiece`: numbers of the head that are unpacked at once. */
  constructor(graph: Graph, format: BaseFormat, headPiece: number) {
    this.#graph = graph
    this.#headPiece = headPiece
    this.#format = format
  }

  vector(source: string, length: number): Value {
    return this.#input({ name: source, source, part: 'values', from: 0, shape: [length], type: 'float32' })
  }

  /** x · Wᵀ. */
  linear(tape: Tape, source: string, [rows, columns]: readonly [number, number], x: Value): Value {
    const format = this.#format
    if (format.bits === 32) return linear(tape, x, this.#plain(source, [rows, columns]))
    return frozenLinear(tape, x, waitsFor => this.#unpacked(format, source, 0, [rows, columns], waitsFor))
  }

  /** Rows that `ids` name: f32 [...ids, columns]. */
  lookUp(source: string, [rows, columns]: readonly [number, number], ids: Value): Value {
    const graph = this.#graph
    const format = this.#format
    const shape = float(...ids.shape, columns)
    if (format.bits === 32) return graph.op('Gather', [this.#plain(source, [rows, columns]), ids], shape)
    const { values, scales, zeroPoints } = this.#packed(format, source, 0, [rows, columns])
    const filled = values.shape[1] as number
    const attributes = { gather_axis: { int: 0 }, quantize_axis: { int: 1 }, block_size: { int: format.block }, bits: { int: format.bits } }
    return this.#cut(graph.op('GatherBlockQuantized', [values, ids, scales, zeroPoints], float(...ids.shape, filled), { domain: 'com.microsoft', attributes }), columns)
  }

  /** The matrix that makes scores, unpacked piece by piece. */
  head(source: string, [rows, columns]: readonly [number, number]): Head {
    const format = this.#format
    if (format.bits === 32) return { kind: 'whole', weight: this.#plain(source, [rows, columns]), learned: false }
    const most = Math.max(1, Math.floor(this.#headPiece / columns))
    const parts = Array.from({ length: Math.ceil(rows / most) }, (_, part) => {
      const from = part * most
      const count = Math.min(most, rows - from)
      return { rows: count, add: (waitsFor: Value) => this.#unpacked(format, source, from, [count, columns], waitsFor) }
    })
    return { kind: 'parted', parts, rowsAt: ids => this.lookUp(source, [rows, columns], ids) }
  }

  #plain(source: string, shape: readonly [number, number]): Value {
    return this.#input({ name: source, source, part: 'values', from: 0, shape, type: 'float32' })
  }

  #unpacked(format: BlockFormat, source: string, from: number, [rows, columns]: readonly [number, number], waitsFor: Value): Value {
    const { values, scales, zeroPoints } = this.#packed(format, source, from, [rows, columns])
    return this.#dequantized(format, values, after(this.#graph, scales, waitsFor), zeroPoints, columns)
  }

  #packed(format: BlockFormat, source: string, from: number, shape: readonly [number, number]): { values: Value; scales: Value; zeroPoints: Value } {
    const { values, scales, zeroPoints } = packedParts(format, source, from, shape)
    return { values: this.#input(values), scales: this.#input(scales), zeroPoints: this.#input(zeroPoints) }
  }

  /** (values − zero point) · scale, block by block. */
  #dequantized({ block }: BlockFormat, values: Value, scales: Value, zeroPoints: Value, columns: number): Value {
    const attributes = { axis: { int: 1 }, block_size: { int: block } }
    return this.#cut(this.#graph.op('DequantizeLinear', [values, scales, zeroPoints], float(...values.shape), { attributes }), columns)
  }

  /** Without what fills up the last block. */
  #cut(x: Value, columns: number): Value {
    if (x.shape.at(-1) === columns) return x
    const at = (place: number) => numbers(this.#graph, place)
    return this.#graph.op('Slice', [x, at(0), at(columns), at(-1)], float(...x.shape.slice(0, -1), columns))
  }

  #input(input: BaseInput): Value {
    const known = this.#values.get(input.name)
    if (known) return known
    const value = this.#graph.input(input.name, input.type, input.shape)
    this.#values.set(input.name, value)
    this.inputs.push(input)
    return value
  }
}
