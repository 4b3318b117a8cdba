import fc from 'fast-check'
import type { WeightedUpdate } from './contribution.ts'
import type { LoraUpdate, LowRank } from './low-rank.ts'

const finite = fc.float({ min: -8, max: 8, noNaN: true })

/** f32 of this length. */
export const floats = (length: number): fc.Arbitrary<Float32Array> => fc.array(finite, { minLength: length, maxLength: length }).map(values => Float32Array.from(values))

/** Contributions of one length, by p0, p1 …, and a permutation of them. */
export const shuffledUpdates = (atLeast = 1): fc.Arbitrary<{ updates: WeightedUpdate[]; shuffled: WeightedUpdate[] }> =>
  fc.nat(6).chain(length => fc.array(fc.record({ weight: fc.integer({ min: 1, max: 1000 }), values: floats(length + 1) }), { minLength: atLeast, maxLength: 9 }))
    .map(given => given.map((one, at) => ({ participant: `p${at}`, ...one })))
    .chain(updates => fc.shuffledSubarray(updates, { minLength: updates.length }).map(shuffled => ({ updates, shuffled })))

/** Adapters of two layers, one wide and one high; ranks all the same or not. */
export const loraUpdates = (sameRank: boolean): fc.Arbitrary<LoraUpdate[]> =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.record({ weight: fc.integer({ min: 1, max: 50 }), rank: fc.integer({ min: 1, max: 3 }), seed: fc.nat() }), { minLength: 1, maxLength: 5 }))
    .map(([common, given]) => given.map(({ weight, rank, seed }, at) => ({ participant: `p${at}`, weight, layers: layersOf(sameRank ? common : rank, seed) })))

/** Numbers without pattern; whether they are good ones does not matter here. */
function layersOf(rank: number, seed: number): LowRank[] {
  let state = seed + 1
  const next = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 0xffff_ffff) * 2 - 1
  const some = (length: number) => Float32Array.from({ length }, next)
  return [{ name: 'wide', inputs: 5, outputs: 3 }, { name: 'high', inputs: 2, outputs: 4 }].map(linear => ({ ...linear, rank, a: some(rank * linear.inputs), b: some(linear.outputs * rank) }))
}

/** b·a of one layer, [outputs][inputs], by the book in float64. */
export function multiplied({ rank, inputs, outputs, a, b }: LowRank): number[][] {
  return Array.from({ length: outputs }, (_, row) => Array.from({ length: inputs }, (_, column) => {
    let sum = 0
    for (let of = 0; of < rank; of++) sum += b[row * rank + of]! * a[of * inputs + column]!
    return sum
  }))
}

/** Mean of the products of one layer, multiplied out. */
export function meanProduct(updates: readonly LoraUpdate[], at: number): number[][] {
  const total = updates.reduce((sum, { weight }) => sum + weight, 0)
  return updates.map(({ weight, layers }) => multiplied(layers[at]!).map(row => row.map(value => (weight * value) / total))).reduce(added)
}

export function added(one: number[][], other: number[][]): number[][] {
  return one.map((row, at) => row.map((value, column) => value + other[at]![column]!))
}

/** Frobenius norm of one − other. */
export function distance(one: number[][], other: number[][]): number {
  return Math.sqrt(one.flat().reduce((sum, value, at) => sum + (value - other.flat()[at]!) ** 2, 0))
}
