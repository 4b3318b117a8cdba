import { KinmeshError } from '../../../mesh/errors.ts'
import { negligible, portableExp } from './portable-exp.ts'
import { Sfc32 } from './sfc32.ts'
import { highest, lastOfMass } from './top-candidates.ts'

export type SamplerOptions = {
  /** 0: always the most likely token, of equal ones the one with the lowest id. */
  readonly temperature?: number
  /** Only so many of the most likely tokens; 0: all. */
  readonly topK?: number
  /** Only the most likely tokens that together have this probability; 1: all. */
  readonly topP?: number
  /** Only tokens at least this share as likely as the most likely one; 0: all. */
  readonly minP?: number
  /** Logits of recent tokens are divided by it where positive, multiplied where negative (Keskar et al. 2019, arXiv:1909.05858); 1: none. */
  readonly repetitionPenalty?: number
  /** Taken off the logit of every recent token, and off it once for each time (OpenAI's API); 0: none. */
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
  /** The same seed, options and logits give the same tokens on every platform. */
  readonly seed: number
}

export interface Sampler {
  /**
   * The next token. `recent`: ids that the penalties apply to. `allowed`: bit `id % 32` of word `id / 32` says whether a token may come, as grammar
   * libraries give it. Draws one random number, none at temperature 0.
   *
   * @throws KinmeshError `ModelFailed`: the logits are no numbers, or allow no token
   */
  sample(logits: Float32Array, recent: readonly number[], allowed?: Uint32Array | null): number
}

/** [default, lowest, highest, whole numbers only]; the highest temperature is where every choice is nearly even. */
const ranges = {
  temperature: [1, 0, 100, false],
  topK: [0, 0, 2 ** 20, true],
  topP: [1, 0, 1, false],
  minP: [0, 0, 1, false],
  repetitionPenalty: [1, 0.1, 10, false],
  presencePenalty: [0, -10, 10, false],
  frequencyPenalty: [0, -10, 10, false],
  seed: [0, 0, Number.MAX_SAFE_INTEGER, true]
} as const satisfies Record<keyof SamplerOptions, readonly [number, number, number, boolean]>

/**
 * In the order of Hugging Face's transformers, as the settings that models are published with are meant so: allowed tokens, penalties, temperature, top-k, top-p
 * of what is left, min-p. (llama.cpp applies the temperature last: there top-p and min-p do not depend on it.)
 *
 * @throws KinmeshError `InvalidOption`
 */
export function createSampler(options: SamplerOptions): Sampler {
  const { temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, seed } = checked(options)
  const random = new Sfc32(seed)
  // Kept from token to token: a vocabulary of 150,000 takes 3 MB.
  let scores = new Float64Array()
  let ids = new Int32Array()
  let weights = new Float64Array()
  /** Whole parts of the negative logarithms of the weights. */
  let groups = new Uint8Array()

  function prepare(logits: Float32Array, recent: readonly number[], allowed: Uint32Array | null): void {
    const size = logits.length
    if (allowed && allowed.length * 32 < size) throw new RangeError(`allowed: ${allowed.length} words for ${size} tokens`)
    if (scores.length !== size) {
      scores = new Float64Array(size)
      ids = new Int32Array(size)
      weights = new Float64Array(size)
      groups = new Uint8Array(size)
    }
    let sound = true
    for (let id = 0; id < size; id++) {
      const logit = logits[id] ?? 0
      // NaN is not below anything.
      if (!(logit < Infinity)) sound = false
      scores[id] = allowed && !(((allowed[id >>> 5] ?? 0) >>> (id & 31)) & 1) ? -Infinity : logit
    }
    if (!sound) throw new KinmeshError('ModelFailed', 'the model gave logits that are not numbers: its files are damaged, or do not belong together')
    if (repetitionPenalty === 1 && presencePenalty === 0 && frequencyPenalty === 0) return
    const counts = new Map<number, number>()
    for (const id of recent) if (id >= 0 && id < size) counts.set(id, (counts.get(id) ?? 0) + 1)
    for (const [id, count] of counts) {
      const score = scores[id] ?? 0
      scores[id] = (score > 0 ? score / repetitionPenalty : score * repetitionPenalty) - presencePenalty - count * frequencyPenalty
    }
  }

  /** Fills `ids` and `weights` with what may be drawn before top-p and min-p, by ascending id; the most likely has the weight 1. */
  function weigh(best: number): number {
    const chosen = topK > 0 && topK < scores.length ? highest(scores, topK) : undefined
    const top = scores[best] ?? 0
    // What min-p takes away needs no weight, unless top-p is a share of all. The logarithm may be a little off, so the exact look comes later.
    const least = topP === 1 && minP > 0 ? Math.max(negligible, Math.log(minP) - 1e-6) : negligible
    let count = 0
    for (let index = 0; index < (chosen ?? scores).length; index++) {
      const id = chosen ? (chosen[index] ?? 0) : index
      const x = ((scores[id] ?? 0) - top) / temperature
      if (!(x >= least)) continue
      ids[count] = id
      groups[count] = -x
      weights[count++] = portableExp(x)
    }
    return count
  }

  /** Where the heaviest of the first `count` candidates end that have the share `topP` of the weight. */
  function lastOfTopP(count: number): number {
    // Only the last of the groups has to be looked into.
    const masses = new Float64Array(-negligible + 1)
    for (let at = 0; at < count; at++) masses[groups[at] ?? 0]! += weights[at] ?? 0
    let left = topP * masses.reduce((sum, mass) => sum + mass, 0)
    let group = 0
    while (group < masses.length - 1 && left > (masses[group] ?? 0)) left -= masses[group++] ?? 0
    const members = new Int32Array(count)
    let size = 0
    for (let at = 0; at < count; at++) if (groups[at] === group) members[size++] = at
    return lastOfMass(members.subarray(0, size), weights, weights, left)
  }

  /** Leaves only candidates that top-p and min-p let through. */
  function narrowed(count: number): number {
    if (topP === 1 && minP === 0) return count
    const last = topP < 1 ? lastOfTopP(count) : count
    const lightest = topP < 1 ? (weights[last] ?? 0) : 0
    let kept = 0
    for (let at = 0; at < count; at++) {
      const weight = weights[at] ?? 0
      if (weight < minP || weight < lightest || (weight === lightest && at > last)) continue
      ids[kept] = ids[at] ?? 0
      weights[kept++] = weight
    }
    return kept
  }

  function draw(count: number): number {
    let total = 0
    for (let at = 0; at < count; at++) total += weights[at] ?? 0
    let left = random.uniform() * total
    let at = 0
    while (at < count - 1 && left >= (weights[at] ?? 0)) left -= weights[at++] ?? 0
    return ids[at] ?? 0
  }

  return {
    sample(logits, recent, allowed = null) {
      prepare(logits, recent, allowed)
      let best = -1
      let top = -Infinity
      for (let id = 0; id < scores.length; id++) {
        const score = scores[id] ?? 0
        if (score <= top) continue
        best = id
        top = score
      }
      if (best < 0) throw new KinmeshError('ModelFailed', 'no token may come next: the grammar and the model leave none')
      return temperature === 0 ? best : draw(narrowed(weigh(best)))
    }
  }
}

type Checked = { readonly [Name in keyof typeof ranges]: number }

function checked(options: SamplerOptions): Checked {
  const entries = Object.entries(ranges).map(([name, [standard, low, high, whole]]) => {
    const value = options[name as keyof SamplerOptions] ?? standard
    if (typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value))) return [name, value]
    throw new KinmeshError('InvalidOption', `${name}: a ${whole ? 'whole ' : ''}number from ${low} to ${high}`)
  })
  return Object.fromEntries(entries) as Checked
}
