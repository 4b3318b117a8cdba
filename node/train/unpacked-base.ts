import type { BlockFormat } from '../model/graph/weight-layout.ts'
import type { Tensor } from '../model/runtime/session.ts'
import type { Base } from './decoder-objective.ts'
import { type BaseInput, packedParts } from './graphs/base-weights.ts'
import { sizeOf } from './objective.ts'

/** The weights of a model of few bits as f32, each unpacked when it is first asked for: more memory for less time, where the kernel that unpacks them in each step runs on one thread only. */
export class UnpackedBase implements Base {
  readonly format = { bits: 32 } as const
  readonly #packed: Base
  readonly #packing: BlockFormat
  readonly #numbers: (count: number) => Float32Array
  readonly #tensors = new Map<string, Promise<Tensor>>()

  /** `numbers`: memory for so many of them, of whatever content. */
  constructor(packed: Base, packing: BlockFormat, numbers: (count: number) => Float32Array) {
    this.#packed = packed
    this.#packing = packing
    this.#numbers = numbers
  }

  /** @throws KinmeshError those of the packed one */
  tensor(input: BaseInput): Promise<Tensor> {
    const known = this.#tensors.get(input.name) ?? this.#unpacked(input)
    this.#tensors.set(input.name, known)
    return known
  }

  async #unpacked({ shape, ...input }: BaseInput): Promise<Tensor> {
    const data = this.#numbers(sizeOf(shape))
    if (shape.length === 1) data.set((await this.#packed.tensor({ ...input, shape })).data as Float32Array)
    else await this.#unpack(input.source, input.from, shape, data)
    return { type: 'float32', shape, data }
  }

  /** (value − zero point) · scale. */
  async #unpack(source: string, from: number, [rows, columns]: readonly [number, number], into: Float32Array): Promise<void> {
    const { bits, block } = this.#packing
    const parts = packedParts(this.#packing, source, from, [rows, columns])
    const [values, scales, zeroPoints] = (await Promise.all([parts.values, parts.scales, parts.zeroPoints].map(part => this.#packed.tensor(part)))).map(({ data }) => data) as [Uint8Array, Float32Array, Uint8Array]
    const numberIn = bits === 8 ? (bytes: Uint8Array, at: number) => bytes[at]! : (bytes: Uint8Array, at: number) => (bytes[at >> 1]! >> (4 * (at & 1))) & 15
    const blocks = Math.ceil(columns / block)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const own = row * blocks + Math.floor(column / block)
        into[row * columns + column] = (numberIn(values, row * blocks * block + column) - numberIn(zeroPoints, own)) * scales[own]!
      }
    }
  }
}
