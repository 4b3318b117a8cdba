import { Admission, type Contribution, refusals, type Terms } from '../aggregation/admission.ts'
import type { WeightedUpdate } from '../aggregation/contribution.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Fate } from './clock.ts'

/** A client that was drawn for a round. `contribute` trains, and gives what would be sent; who drops out or is late is not asked. */
export type Invited = { readonly participant: string; readonly fate: Fate; readonly contribute: () => Promise<Contribution> }

export type RoundPlan = {
  readonly round: number
  readonly terms: Terms
  readonly cohort: readonly Invited[]
  readonly deadlineSeconds: number | null
  /** Contributions without which there is no result. */
  readonly quorum: number
  /** The mean of what was admitted, f32. Pure. */
  readonly aggregate: (updates: readonly WeightedUpdate[]) => Float32Array
}

export type RoundOutcome = {
  /** f32; null without a quorum. */
  readonly mean: Float32Array | null
  /** Whose contributions were admitted, in their order. */
  readonly contributors: readonly string[]
  readonly dropped: number
  readonly late: number
  /** By the code of why. */
  readonly refused: Readonly<Record<string, number>>
  /** From the invitation to the result, on the virtual clock. */
  readonly seconds: number
}

/** Where contributions become a mean. The one below has nobody in between; one that sends messages over an in-memory mesh takes its place. */
export interface RoundRunner {
  run(plan: RoundPlan): Promise<RoundOutcome>
}

/** Each contribution goes through the admission of a real round, and all of them into one mean; no messages, no coordinator. */
export const directRounds: RoundRunner = {
  async run({ terms, cohort, deadlineSeconds, quorum, aggregate }) {
    const deadline = deadlineSeconds ?? Infinity
    const arriving = cohort.filter(({ fate }) => !fate.drops && fate.seconds <= deadline)
    const dropped = cohort.filter(({ fate }) => fate.drops).length
    const admission = new Admission(terms)
    const given = await Promise.all(arriving.map(({ contribute }) => contribute()))
    const admitted: WeightedUpdate[] = []
    for (const contribution of given) {
      try {
        admitted.push(admission.admit(contribution))
      } catch (error) {
        if (!isKinmeshError(error, ...refusals)) throw error
      }
    }
    // Somebody is missing: it is waited for until the deadline; without one, until it is known that it drops out.
    const answered = (arriving.length < cohort.length && deadlineSeconds !== null ? [deadlineSeconds] : cohort.map(({ fate }) => fate.seconds))
    return {
      mean: admitted.length >= quorum ? aggregate(admitted) : null,
      contributors: admitted.map(({ participant }) => participant),
      dropped, late: cohort.length - arriving.length - dropped,
      refused: Object.fromEntries(Object.entries(admission.counts().refused).filter(([, count]) => count > 0)),
      seconds: answered.reduce((a, b) => Math.max(a, b), 0)
    }
  }
}
