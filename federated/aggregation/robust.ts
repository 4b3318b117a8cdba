import { KinmeshError } from '../../mesh/errors.ts'
import { commonLength, inOrder, type WeightedUpdate } from './contribution.ts'
import { byName, withDefaults, type Bound, type Options } from './options.ts'
import { weightedMean } from './weighted-mean.ts'

// Means that a few hostile contributions cannot pull anywhere. They look at each contribution, so none of them works through masks.
// Example counts are claims: only `norm-clip`, which bounds what a contribution can do and trusts none more for it, weighs by them.

export type RobustMean = {
  /** f32 */
  readonly mean: Float32Array
  /** Whose values went into it, in order. */
  readonly used: readonly string[]
}

export type RobustRule = {
  readonly source: string
  /** What must hold for its promise, in words. */
  readonly needs: string
  readonly defaults: Options
  /** @throws KinmeshError `TooFewContributions`: `needs` does not hold; `BadAggregationOption`, and those of weightedMean */
  apply(updates: readonly WeightedUpdate[], options?: Options): RobustMean
}

type Plan<T extends Options> = {
  readonly source: string
  readonly needs: string
  readonly defaults: T
  readonly bounds: Readonly<Record<keyof T, Bound>>
  /** Fewest contributions. */
  least(options: T): number
  /** `updates`: in order and of one length. */
  mean(updates: readonly WeightedUpdate[], options: T): RobustMean
}

const count: Bound = { from: 0, whole: true }
const blanchard = 'Blanchard et al. 2017, "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent", NeurIPS'
const yin = 'Yin et al. 2018, "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", arXiv 1803.01498'

/** By name. Options: `byzantine`, hostile participants to withstand (f); `trim`, contributions dropped at each end of each value; `keep`, contributions averaged (0: as many as may be); `maxNorm`, L2. */
const rules: Readonly<Record<string, RobustRule>> = {
  /** Of each value the middle one, or half way between the middle two. */
  'median': rule('median', {
    source: yin,
    needs: 'n ≥ 2f + 1 for f hostile participants',
    defaults: { byzantine: 0 },
    bounds: { byzantine: count },
    least: ({ byzantine }) => 2 * byzantine + 1,
    mean: updates => everyone(updates, middle)
  }),
  /** Of each value the mean of what is left without the `trim` largest and smallest. */
  'trimmed-mean': rule('trimmed-mean', {
    source: yin,
    needs: 'n ≥ 2·trim + 1, and trim ≥ f for f hostile participants',
    defaults: { trim: 1 },
    bounds: { trim: count },
    least: ({ trim }) => 2 * trim + 1,
    mean: (updates, { trim }) => everyone(updates, sorted => sum(sorted.subarray(trim, sorted.length - trim)) / (sorted.length - 2 * trim))
  }),
  /** The contribution that is nearest to its n − f − 2 nearest others. */
  'krum': rule('krum', {
    source: blanchard,
    needs: 'n ≥ 2f + 3 for f hostile participants',
    defaults: { byzantine: 1 },
    bounds: { byzantine: count },
    least: ({ byzantine }) => 2 * byzantine + 3,
    mean: (updates, { byzantine }) => plainMean(byKrumScore(updates, byzantine).slice(0, 1))
  }),
  /** The plain mean of the `keep` contributions that Krum likes best; up to n − f − 2 of them it withstands f (Damaskinos et al. 2019, "AggregaThor", MLSys). */
  'multi-krum': rule('multi-krum', {
    source: blanchard,
    needs: 'n ≥ 2f + 3 for f hostile participants, and n ≥ keep + f + 2',
    defaults: { byzantine: 1, keep: 0 },
    bounds: { byzantine: count, keep: count },
    least: ({ byzantine, keep }) => Math.max(2 * byzantine + 3, keep + byzantine + 2),
    mean: (updates, { byzantine, keep }) => plainMean(byKrumScore(updates, byzantine).slice(0, keep || updates.length - byzantine - 2))
  }),
  /** The weighted mean, of contributions made no longer than `maxNorm`. */
  'norm-clip': rule('norm-clip', {
    source: 'Sun et al. 2019, "Can You Really Backdoor Federated Learning?", arXiv 1911.07963',
    needs: 'n ≥ 1; it bounds what a hostile participant does, and does not undo it',
    defaults: { maxNorm: 1 },
    bounds: { maxNorm: { above: 0 } },
    least: () => 1,
    mean: (updates, { maxNorm }) => ({ mean: weightedMean(updates.map(update => ({ ...update, values: clipped(update.values, maxNorm) }))), used: namesOf(updates) })
  })
}

export const robustRuleNames = Object.keys(rules)

/** @throws KinmeshError `UnknownAggregation` */
export function robustRule(name: string): RobustRule {
  return byName('robust rule', rules, name)
}

function rule<T extends Options>(name: string, { source, needs, defaults, bounds, least, mean }: Plan<T>): RobustRule {
  return {
    source, needs, defaults,
    apply: (given, givenOptions = {}) => {
      const options = withDefaults(name, defaults, bounds, givenOptions)
      const updates = inOrder(given)
      commonLength(updates)
      if (updates.length < least(options)) {
        throw new KinmeshError('TooFewContributions', `${name} needs ${least(options)} contributions with these options and there are ${updates.length} (${needs}): wait for more participants, or expect fewer hostile ones`)
      }
      return mean(updates, options)
    }
  }
}

/** L2, in float64. */
export function norm(values: Float32Array): number {
  let squared = 0
  for (let at = 0; at < values.length; at++) squared += values[at]! * values[at]!
  return Math.sqrt(squared)
}

/** f32; the same direction, and no longer than `maxNorm` (but for the rounding of f32). */
export function clipped(values: Float32Array, maxNorm: number): Float32Array {
  const length = norm(values)
  return length <= maxNorm ? values.slice() : values.map(value => value * (maxNorm / length))
}

/** `reduce` gets all participants' values of one place, from the smallest to the largest. */
function everyone(updates: readonly WeightedUpdate[], reduce: (sorted: Float32Array) => number): RobustMean {
  const mean = new Float32Array(commonLength(updates))
  const column = new Float32Array(updates.length)
  for (let at = 0; at < mean.length; at++) {
    for (let of = 0; of < column.length; of++) column[of] = updates[of]!.values[at]!
    mean[at] = reduce(column.sort())
  }
  return { mean, used: namesOf(updates) }
}

function middle(sorted: Float32Array): number {
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Each counts as much as the others. */
function plainMean(updates: readonly WeightedUpdate[]): RobustMean {
  return { mean: weightedMean(updates.map(update => ({ ...update, weight: 1 }))), used: namesOf(inOrder(updates)) }
}

function namesOf(updates: readonly WeightedUpdate[]): string[] {
  return updates.map(({ participant }) => participant)
}

/** The best first; of equal ones the first by participant. Takes n²/2 distances. */
function byKrumScore(updates: readonly WeightedUpdate[], byzantine: number): WeightedUpdate[] {
  const squared = updates.map(() => new Float64Array(updates.length))
  for (let one = 0; one < updates.length; one++) for (let other = one + 1; other < updates.length; other++) squared[one]![other] = squared[other]![one] = squaredDistance(updates[one]!.values, updates[other]!.values)
  return updates
    .map((update, one) => ({ update, score: sum(squared[one]!.filter((_, other) => other !== one).sort().subarray(0, updates.length - byzantine - 2)) }))
    .sort((one, other) => one.score - other.score)
    .map(({ update }) => update)
}

function squaredDistance(one: Float32Array, other: Float32Array): number {
  let squared = 0
  for (let at = 0; at < one.length; at++) squared += (one[at]! - other[at]!) * (one[at]! - other[at]!)
  return squared
}

function sum(values: Float32Array | Float64Array): number {
  let total = 0
  for (let at = 0; at < values.length; at++) total += values[at]!
  return total
}
