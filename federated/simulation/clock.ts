import { normal, seededRandom } from './random.ts'

/** What happens to clients on the way, on a clock that nobody waits for. */
export type ClockTerms = {
  /** Seconds from the invitation until the contribution is there, in the middle of all. */
  readonly medianSeconds: number
  /** Standard deviation of the logarithm of a client's pace: some devices are slower than others. */
  readonly spread: number
  /** The same from round to round, of each client. */
  readonly jitter: number
  /** Chance that a client which was invited never answers. */
  readonly dropout: number
  /** What comes later is left out. null: everybody is waited for. */
  readonly deadlineSeconds: number | null
  /** Share of the cohort without whose contributions a round has no result. One contribution is needed in any case. */
  readonly quorum: number
  /** What happens to a client in a round, in the place of what is drawn. */
  readonly trace: readonly TraceEntry[]
}

/** `round` counts from 1, `client` from 0. */
export type TraceEntry = { readonly round: number; readonly client: number; readonly drops?: boolean | undefined; readonly seconds?: number | undefined }

/** Of one client in one round. */
export type Fate = { readonly drops: boolean; readonly seconds: number }

/** The fates of all experiment long, each drawn for itself: whoever else is invited changes nothing. */
export class VirtualClock {
  readonly #terms: ClockTerms
  readonly #seed: number
  readonly #paces = new Map<number, number>()
  readonly #trace: ReadonlyMap<string, TraceEntry>

  constructor(terms: ClockTerms, seed: number) {
    this.#terms = terms
    this.#seed = seed
    this.#trace = new Map(terms.trace.map(entry => [`${entry.round} ${entry.client}`, entry]))
  }

  fate(round: number, client: number): Fate {
    const { dropout, jitter } = this.#terms
    const entry = this.#trace.get(`${round} ${client}`)
    const random = dropout > 0 || jitter > 0 ? seededRandom(this.#seed, 'fate', round, client) : undefined
    const drops = dropout > 0 && random!.uniform() <= dropout
    const seconds = this.#pace(client) * (jitter > 0 ? Math.exp(jitter * normal(random!)) : 1)
    return { drops: entry?.drops ?? drops, seconds: entry?.seconds ?? seconds }
  }

  #pace(client: number): number {
    const { medianSeconds, spread } = this.#terms
    if (spread === 0) return medianSeconds
    const known = this.#paces.get(client) ?? medianSeconds * Math.exp(spread * normal(seededRandom(this.#seed, 'pace', client)))
    this.#paces.set(client, known)
    return known
  }
}
