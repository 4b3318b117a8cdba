import { sha256, sha256Hex } from '#mesh/sha256'
import { KinmeshError } from '../../../mesh/errors.ts'
import { type TokenBatch, notLearned } from '../objective.ts'
import { pack } from './packing.ts'
import type { TokenExamples } from './token-examples.ts'
import { type TrainingData, ascending, shuffle } from './training-data.ts'

export type TokenDataOptions = {
  /** Lengths that rows may have, in tokens: each is a graph of its own. Default 64, 128, 256 and 512. */
  readonly lengths?: readonly number[]
  /** Positions of one batch, filling included; a row at least. */
  readonly batchTokens: number
  /** Several short examples in one row. */
  readonly pack?: boolean
  /** Examples longer than the greatest length: their beginning is taken, or they are left out. */
  readonly tooLong?: 'cut' | 'leave out'
  readonly seed?: number
}

/** What became of the examples. `filling`: the share of positions that hold nothing. `shapes`: all that batches have. */
export type TokenDataReport = {
  readonly examples: number
  readonly cut: number
  readonly leftOut: number
  /** In which nothing would be learned. */
  readonly unlearned: number
  readonly rows: number
  readonly labels: number
  readonly filling: number
  readonly shapes: readonly { readonly rows: number; readonly length: number }[]
}

/** Rows of one length. `batchRows`: the same in each of its batches; in the last one some may be empty. */
type Bucket = { readonly length: number; readonly batchRows: number; readonly rows: readonly (readonly number[])[] }

/** Of how examples become batches. Where that changes, a checkpoint of before would go on with other batches. */
const orderVersion = 1
/** Longer rows than any model here is trained with. */
const maxLength = 65_536

/**
 * Examples as batches of few shapes. What stands in a row together is chosen once; rows and batches come in another order in each epoch. The last token of an
 * example is only ever a label, so an example takes one position less than it has tokens.
 * @throws KinmeshError `InvalidOption`; `NoTrainingData`: no example is left, or there was none
 */
export function tokenData(examples: TokenExamples, { lengths = [64, 128, 256, 512], batchTokens, pack: packs = true, tooLong = 'cut', seed = 0 }: TokenDataOptions): { data: TrainingData<TokenBatch>; report: TokenDataReport } {
  const sorted = [...new Set(lengths)].sort((a, b) => a - b)
  const greatest = sorted.at(-1)
  if (greatest === undefined || !sorted.every(length => Number.isInteger(length) && length > 0 && length <= maxLength)) throw new KinmeshError('InvalidOption', `lengths: whole numbers from 1 to ${maxLength}`)
  if (!(batchTokens > 0)) throw new KinmeshError('InvalidOption', 'batchTokens: a number above 0')
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) throw new KinmeshError('InvalidOption', 'seed: a whole number below 2^32')
  const { taken, positions, ...counts } = chosen(examples, greatest, tooLong)
  if (taken.length === 0) throw new KinmeshError('NoTrainingData', `there is nothing to train on: of ${examples.count} examples ${counts.leftOut} are longer than ${greatest} tokens, and in ${counts.unlearned} nothing would be learned`)
  const rows = (packs ? pack(positions, greatest) : Array.from(positions, (_, item) => [item])).map(items => items.map(item => taken[item]!))
  const buckets = bucketsOf(rows, row => row.reduce((sum, example) => sum + positionsOf(examples, example, greatest), 0), sorted, batchTokens)
  const cells = buckets.reduce((sum, { length, rows }) => sum + rows.length * length, 0)
  const key = sha256Hex(JSON.stringify([orderVersion, sorted, batchTokens, packs, tooLong, seed, ...examples.bytes().map(bytes => sha256(bytes).join())]))
  return {
    data: new BucketedData(key, examples, buckets, greatest, seed),
    report: { examples: taken.length, ...counts, rows: rows.length, filling: 1 - positions.reduce((sum, each) => sum + each, 0) / cells, shapes: buckets.map(({ length, batchRows }) => ({ rows: batchRows, length })) }
  }
}

/** What can be trained on, and how many positions each takes. */
function chosen(examples: TokenExamples, greatest: number, tooLong: 'cut' | 'leave out') {
  const [taken, positions]: [number[], number[]] = [[], []]
  const counts = { cut: 0, leftOut: 0, unlearned: 0, labels: 0 }
  for (let example = 0; example < examples.count; example++) {
    const isLong = examples.length(example) - 1 > greatest
    if (isLong && tooLong === 'leave out') {
      counts.leftOut++
      continue
    }
    const its = positionsOf(examples, example, greatest)
    let labels = 0
    for (let at = 1; at <= its; at++) labels += Number(examples.isLearned(example, at))
    if (labels === 0) {
      counts.unlearned++
      continue
    }
    counts.cut += Number(isLong)
    counts.labels += labels
    taken.push(example)
    positions.push(its)
  }
  return { taken, positions, ...counts }
}

function positionsOf(examples: TokenExamples, example: number, greatest: number): number {
  return Math.min(Math.max(0, examples.length(example) - 1), greatest)
}

/** Rows by the least length that they fit in. Fewer than fill a batch go along with longer ones, where there are any: a graph of their own would cost more. */
function bucketsOf(rows: readonly (readonly number[])[], lengthOf: (row: readonly number[]) => number, lengths: readonly number[], batchTokens: number): Bucket[] {
  const buckets: Bucket[] = []
  let few: (readonly number[])[] = []
  for (const [index, length] of lengths.entries()) {
    const shorter = lengths[index - 1] ?? 0
    const own = rows.filter(row => lengthOf(row) > shorter && lengthOf(row) <= length)
    if (own.length === 0) continue
    const [all, batchRows] = [[...few, ...own], Math.max(1, Math.floor(batchTokens / length))]
    few = all.length < batchRows ? all : []
    if (few.length === 0) buckets.push({ length, rows: all, batchRows })
  }
  if (few.length === 0) return buckets
  // The longest of all have nothing to go along with.
  const longest = Math.max(...few.map(lengthOf))
  return [...buckets, { length: lengths.find(length => length >= longest)!, rows: few, batchRows: few.length }]
}

class BucketedData implements TrainingData<TokenBatch> {
  readonly key: string
  readonly batchesPerEpoch: number
  readonly #examples: TokenExamples
  readonly #buckets: readonly Bucket[]
  readonly #greatest: number
  readonly #seed: number
  /** Of the epoch that was asked for last. */
  #order: { readonly epoch: number; readonly rows: readonly Int32Array[]; readonly batches: Int32Array } | undefined

  constructor(key: string, examples: TokenExamples, buckets: readonly Bucket[], greatest: number, seed: number) {
    this.key = key
    this.#examples = examples
    this.#buckets = buckets
    this.#greatest = greatest
    this.#seed = seed
    this.batchesPerEpoch = buckets.reduce((sum, { rows, batchRows }) => sum + Math.ceil(rows.length / batchRows), 0)
  }

  size({ tokens }: TokenBatch): number {
    return tokens
  }

  batch(epoch: number, index: number): TokenBatch {
    if (!(Number.isInteger(index) && index >= 0 && index < this.batchesPerEpoch)) throw new RangeError(`batch ${index} of ${this.batchesPerEpoch}`)
    if (this.#order?.epoch !== epoch) this.#order = this.#orderOf(epoch)
    let at = this.#order.batches[index]!
    let bucket = 0
    for (;;) {
      const { rows, batchRows } = this.#buckets[bucket]!
      const its = Math.ceil(rows.length / batchRows)
      if (at < its) break
      at -= its
      bucket++
    }
    const { rows, batchRows, length } = this.#buckets[bucket]!
    const order = this.#order.rows[bucket]!.subarray(at * batchRows, (at + 1) * batchRows)
    return this.#fill(Array.from(order, row => rows[row]!), batchRows, length)
  }

  #orderOf(epoch: number) {
    const first = epoch * (this.#buckets.length + 1)
    return {
      epoch,
      rows: this.#buckets.map(({ rows }, at) => shuffle(ascending(rows.length), this.#seed, first + at)),
      batches: shuffle(ascending(this.batchesPerEpoch), this.#seed, first + this.#buckets.length)
    }
  }

  #fill(chosen: readonly (readonly number[])[], rows: number, length: number): TokenBatch {
    const [ids, labels, positions, segments] = [new Int32Array(rows * length), new Int32Array(rows * length).fill(notLearned), new Int32Array(rows * length), new Int32Array(rows * length)]
    let tokens = 0
    for (let row = 0; row < rows; row++) {
      let at = row * length
      const examples = chosen[row] ?? []
      for (const [segment, example] of examples.entries()) {
        const count = positionsOf(this.#examples, example, this.#greatest)
        for (let position = 0; position < count; position++, at++) {
          ids[at] = this.#examples.id(example, position)
          if (this.#examples.isLearned(example, position + 1)) labels[at] = this.#examples.id(example, position + 1)
          positions[at] = position
          segments[at] = segment
        }
        tokens += count
      }
      for (let position = 0; at < (row + 1) * length; position++, at++) {
        positions[at] = position
        segments[at] = examples.length
      }
    }
    return { rows, length, ids, labels, positions, segments, tokens }
  }
}
