import { KinmeshError } from '../../mesh/errors.ts'
import type { WeightedUpdate } from './contribution.ts'

/** Of one tensor, in its order within a flat vector. */
export type TensorShape = { readonly name: string; readonly shape: readonly number[] }

/** What a participant gives to a round, as it came. Nothing of it was checked. */
export type Contribution = {
  readonly participant: string
  /** Of the model and adapter that the delta starts from. */
  readonly baseHash: string
  /** That it says it learned from. */
  readonly numExamples: number
  readonly shapes: readonly TensorShape[]
  /** f32, the tensors one behind the other, row-major. */
  readonly delta: Float32Array
}

/** What a round takes; from its manifest. */
export type Terms = {
  readonly baseHash: string
  readonly shapes: readonly TensorShape[]
  /** More examples than these weigh no more: a count is a claim, and this bounds what a false one gains. */
  readonly maxExamples: number
  /** Largest magnitude of one value. */
  readonly maxAbs: number
}

/** Why contributions are refused, in the order in which it is looked at. These are the codes of the errors. */
export const refusals = ['OversizeContribution', 'WrongBase', 'WrongShape', 'BadExampleCount', 'NotFinite', 'ValueTooLarge'] as const
export type Refusal = (typeof refusals)[number]

/** Looks at each contribution before it may be averaged, and counts. A refused one leaves the round as it was. */
export class Admission {
  readonly #terms: Terms
  readonly #values: number
  readonly #refused = new Map<Refusal, number>(refusals.map(refusal => [refusal, 0]))
  #admitted = 0
  #capped = 0

  constructor(terms: Terms) {
    this.#terms = terms
    this.#values = terms.shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  }

  /**
   * `capped`: of those admitted, how many said that they learned from more than `maxExamples`.
   * `refused`: how many for which reason.
   */
  counts(): { admitted: number; capped: number; refused: Readonly<Record<Refusal, number>> } {
    return { admitted: this.#admitted, capped: this.#capped, refused: Object.fromEntries(this.#refused) as Record<Refusal, number> }
  }

  /** @throws KinmeshError with one of `refusals` as its code */
  admit(contribution: Contribution): WeightedUpdate {
    const found = this.#problem(contribution)
    if (found) {
      const [refusal, problem] = found
      this.#refused.set(refusal, this.#refused.get(refusal)! + 1)
      throw new KinmeshError(refusal, `the contribution of ${contribution.participant} is left out: ${problem}`)
    }
    const { participant, numExamples, delta } = contribution
    this.#admitted++
    if (numExamples > this.#terms.maxExamples) this.#capped++
    return { participant, weight: Math.min(numExamples, this.#terms.maxExamples), values: delta }
  }

  #problem({ baseHash, numExamples, shapes, delta }: Contribution): [Refusal, string] | undefined {
    const { maxAbs } = this.#terms
    if (delta.length > this.#values || shapes.length > this.#terms.shapes.length) return ['OversizeContribution', `it has ${delta.length} values in ${shapes.length} tensors, and this round takes ${this.#values} in ${this.#terms.shapes.length}`]
    if (baseHash !== this.#terms.baseHash) return ['WrongBase', 'it starts from another model or adapter than this round']
    if (delta.length !== this.#values || !this.#terms.shapes.every((expected, at) => sameShape(expected, shapes[at]))) return ['WrongShape', 'its tensors are not those of this round']
    if (!Number.isSafeInteger(numExamples) || numExamples < 1) return ['BadExampleCount', 'it does not say from how many examples it learned, a whole number from 1']
    let strange = 0
    while (strange < delta.length && Math.abs(delta[strange]!) <= maxAbs) strange++
    if (strange === delta.length) return undefined
    const value = delta[strange]!
    return Number.isFinite(value) ? ['ValueTooLarge', `value ${strange} is ${value}, and this round takes values to ${maxAbs}`] : ['NotFinite', `value ${strange} is ${value}`]
  }
}

function sameShape(expected: TensorShape, given: TensorShape | undefined): boolean {
  return given !== undefined && given.name === expected.name && given.shape.length === expected.shape.length && given.shape.every((length, at) => length === expected.shape[at])
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
