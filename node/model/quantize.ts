import type { BlockFormat } from './graph/weight-layout.ts'

/** Rows of a matrix with few bits, as MatMulNBits reads them; `error` and `norm`: sums of squares of what was lost, and of what was there. */
export type Quantized = {
  /** uint8 [rows, blocks, block · bits / 8], the lower half of a byte first. */
  readonly values: Uint8Array
  /** f32 [rows, blocks] */
  readonly scales: Float32Array
  /** uint8 [rows, ⌈blocks · bits / 8⌉]; null: the middle of the range. */
  readonly zeroPoints: Uint8Array | null
  readonly error: number
  readonly norm: number
}

/** As a format says, or to seven bits, which take a byte each. */
export type Rounding = Omit<BlockFormat, 'bits'> & { readonly bits: 4 | 7 | 8 }

/**
 * Rounds rows to integers with one scale for each block of columns. Of each block's candidates for a scale, that one is taken which
 * loses least: around the one at which the greatest value just fits, and for each the least-squares scale of its rounded values.
 */
export function quantizeRows(rows: Float32Array, columns: number, { bits, block, zeroPoints }: Rounding): Quantized {
  const count = rows.length / columns
  const blocks = Math.ceil(columns / block)
  const storedBits = bits === 4 ? 4 : 8
  const zeroBytes = Math.ceil((blocks * storedBits) / 8)
  const rounder = new BlockRounder(bits, block)
  const result = { values: new Uint8Array((count * blocks * block * storedBits) / 8), scales: new Float32Array(count * blocks), zeroPoints: zeroPoints ? new Uint8Array(count * zeroBytes) : null, error: 0, norm: 0 }
  for (let row = 0; row < count; row++) {
    for (let index = 0; index < blocks; index++) {
      const from = row * columns + index * block
      rounder.load(rows, from, Math.min(block, columns - index * block))
      if (zeroPoints) rounder.roundAffine()
      else rounder.roundSymmetric()
      result.error += rounder.error
      result.norm += rounder.norm
      result.scales[row * blocks + index] = rounder.scale
      pack(result.values, (row * blocks + index) * block, rounder.best, storedBits)
      if (result.zeroPoints) pack(result.zeroPoints, row * zeroBytes * (8 / storedBits) + index, [rounder.zeroPoint], storedBits)
    }
  }
  return result
}

/** How far candidates for a scale go to either side of the one that just fits, and in which steps, as shares of it. */
const reach = 0.15
const step = 0.0125

/** Rounds one block at a time, in memory that is used again. */
class BlockRounder {
  /** The rounded values, within 0…2^bits − 1. */
  readonly best: Uint8Array
  scale = 0
  zeroPoint: number
  error = 0
  norm = 0
  readonly #values: Float64Array
  readonly #tried: Uint8Array
  readonly #middle: number
  readonly #last: number
  #length = 0

  constructor(bits: number, block: number) {
    this.best = new Uint8Array(block)
    this.#values = new Float64Array(block)
    this.#tried = new Uint8Array(block)
    this.#middle = 2 ** (bits - 1)
    this.#last = 2 ** bits - 1
    this.zeroPoint = this.#middle
  }

  load(rows: Float32Array, from: number, length: number): void {
    this.#length = length
    this.#values.fill(0)
    this.norm = 0
    for (let i = 0; i < length; i++) {
      const value = rows[from + i] as number
      this.#values[i] = value
      this.norm += value * value
    }
  }

  /** Around the middle of the range. The value of greatest size gets the lowest integer, of which there is one more on that side. */
  roundSymmetric(): void {
    let extreme = 0
    for (const value of this.#values) if (Math.abs(value) > Math.abs(extreme)) extreme = value
    this.#start(this.#middle)
    if (extreme === 0) return
    for (let share = 1 - reach; share <= 1 + reach; share += step) this.#try((extreme / -this.#middle) * share, this.#middle)
  }

  /** Between the least and the greatest value, zero included, so that zero stays zero. */
  roundAffine(): void {
    let [low, high] = [0, 0]
    for (const value of this.#values) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    this.#start(this.#middle)
    if (low === high) return
    const zeroPoint = (-low / (high - low)) * this.#last
    for (let share = 1 - 2 * reach; share <= 1 + step; share += step) {
      const scale = ((high - low) / this.#last) * share
      this.#try(scale, Math.floor(zeroPoint))
      this.#try(scale, Math.ceil(zeroPoint))
    }
  }

  /** All zeros. */
  #start(zeroPoint: number): void {
    this.scale = 0
    this.zeroPoint = zeroPoint
    this.error = this.norm
    this.best.fill(zeroPoint)
  }

  #try(scale: number, zeroPoint: number): void {
    // Integer arithmetic on what lies within the range: this loop is most of the time that converting takes.
    const [values, tried, last, length, inverse] = [this.#values, this.#tried, this.#last, this.#length, 1 / scale]
    let [products, squares] = [0, 0]
    for (let i = 0; i < length; i++) {
      const value = values[i] as number
      const place = value * inverse + zeroPoint + 0.5
      const rounded = place <= 0 ? 0 : place >= last ? last : place | 0
      const integer = rounded - zeroPoint
      tried[i] = rounded
      products += value * integer
      squares += integer * integer
    }
    if (squares === 0) return
    // Σ(v − s·q)² is least at s = Σvq / Σq², where it is Σv² − (Σvq)² / Σq².
    const error = Math.max(0, this.norm - products ** 2 / squares)
    if (error >= this.error) return
    this.error = error
    this.scale = products / squares
    this.zeroPoint = zeroPoint
    this.best.set(tried)
    this.best.fill(zeroPoint, this.#length)
  }
}

/** Writes integers of `bits` bits at place `at`, counted in integers. */
function pack(into: Uint8Array, at: number, integers: ArrayLike<number>, bits: number): void {
  if (bits === 8) return into.set(integers, at)
  for (let i = 0; i < integers.length; i++) {
    const place = at + i
    into[place >> 1] = (into[place >> 1] as number) | ((integers[i] as number) << ((place & 1) * 4))
  }
}
