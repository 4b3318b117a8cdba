import { softmax } from '../softmax.ts'

/** What was learned of which kind of fact texts ask for, or tell. `weights`: f32 [features, kinds], what each feature speaks for each kind. */
export type KindWeights = { readonly kinds: readonly string[]; readonly features: readonly string[]; readonly weights: Float32Array }

/** What is asked for all of somebody, for nothing that a memory tells, and for the same as before ("and my brother?"). */
export const [allKinds, noKind, goesOn] = ['<all>', '<none>', '<goes on>'] as const

/** Of which several may be so at once, and are told together (`tastes` of tasks/grounded.ts). */
export const severalKinds = ['likes food/', 'dislikes food/', 'hobbies/'] as const

/** Of a text: its terms, what else is seen of it, and pairs of neighbours. */
export function pairsIn(terms: readonly string[]): string[] {
  return ['<', ...terms].map((term, at) => `${term} ${terms[at] ?? '>'}`)
}

/** Which kind of fact a text asks for, or tells, by a sum over its features. */
export class Kinds {
  readonly weights: KindWeights
  readonly #rows: ReadonlyMap<string, number>

  constructor(weights: KindWeights) {
    this.weights = weights
    this.#rows = new Map(weights.features.map((feature, row) => [feature, row]))
  }

  rowsOf(features: readonly string[]): number[] {
    return [...new Set(features)].flatMap(feature => this.#rows.get(feature) ?? [])
  }

  /** A share for each kind; together 1. */
  shares(rows: readonly number[]): Float64Array {
    const { kinds: { length }, weights } = this.weights
    const sums = new Float64Array(length)
    for (const row of rows) for (let kind = 0; kind < length; kind++) sums[kind]! += weights[row * length + kind]!
    return softmax(sums)
  }
}
