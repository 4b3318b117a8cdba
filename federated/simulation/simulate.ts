import type { Contribution } from '../aggregation/admission.ts'
import type { WeightedUpdate } from '../aggregation/contribution.ts'
import { norm, robustRule } from '../aggregation/robust.ts'
import { serverOptimizer, type ServerOptimizer, type ServerState } from '../aggregation/server-optimizer.ts'
import { weightedMean } from '../aggregation/weighted-mean.ts'
import { compressUpdate } from '../compression/feedback.ts'
import { epsilonOfRounds } from '../privacy/accountant.ts'
import { clip } from '../privacy/clip.ts'
import { refuseDrowned } from '../privacy/drowning.ts'
import { addGaussianNoise } from '../privacy/gaussian-noise.ts'
import { noiseShare } from '../privacy/grid-noise.ts'
import { VirtualClock } from './clock.ts'
import { cohortSize, type Experiment, quorumOf } from './experiment.ts'
import { hashOfValues } from './hash.ts'
import type { Assessment, LocalTask } from './local-task.ts'
import { sample, seededRandom, seededSource } from './random.ts'
import type { RoundRecord } from './record.ts'
import { directRounds, type Invited, type RoundOutcome, type RoundRunner } from './round-runner.ts'

export type SimulateOptions = {
  readonly rounds?: RoundRunner
  /** Awaited, in the order of the rounds; round 0 is what was there before any. `parameters`: after it, f32; nobody writes to them. */
  readonly onRound?: (record: RoundRecord, parameters: Float32Array) => Promise<void> | void
  /** Ends the simulation at once, also within a round, of which nothing is left. What is being trained then ends by itself, and is to be waited for by closing the task. */
  readonly signal?: AbortSignal | undefined
}

/** `reached`: the first round of the target accuracy; null where there was none. */
export type Simulated = { readonly parameters: Float32Array; readonly records: readonly RoundRecord[]; readonly reached: number | null }

const bytesPerValue = 4

/**
 * Federated averaging over clients in memory: draws a cohort for each round, has each train from the shared parameters, averages what was admitted as a real round does, and takes a step of the server's optimiser.
 * The same experiment and task give the same numbers.
 * @throws KinmeshError `NoiseDrowns`; those of the task and of aggregation; the reason of the signal
 */
export function simulate(experiment: Experiment, task: LocalTask, options: SimulateOptions = {}): Promise<Simulated> {
  return new Simulation(experiment, task, options).run()
}

/** Names in whose order contributions are summed: that of the numbers. */
export function participantOf(client: number): string {
  return `client-${String(client).padStart(6, '0')}`
}

/** What the contributions of a round were, beside themselves, and how far what came of them is from what was wanted. */
type Told = { losses: { loss: number; examples: number }[]; bytesUp: number; errors: number[]; aggregationError: number | null }

class Simulation {
  readonly #experiment: Experiment
  readonly #task: LocalTask
  readonly #options: SimulateOptions
  readonly #clock: VirtualClock
  readonly #optimizer: ServerOptimizer
  readonly #quorum: number
  readonly #residuals = new Map<number, Float32Array>()
  /** What stays with each client of what it learned. */
  readonly #own = new Map<number, Float32Array>()
  /** Rounds that each client gave something to. */
  readonly #given = new Map<string, number>()
  #state: ServerState
  #parameters: Float32Array
  #seconds = 0

  constructor(experiment: Experiment, task: LocalTask, options: SimulateOptions) {
    this.#experiment = experiment
    this.#task = task
    this.#options = options
    this.#clock = new VirtualClock(experiment.clock, experiment.seed)
    this.#optimizer = serverOptimizer(experiment.server.name, experiment.server.options)
    this.#quorum = quorumOf(experiment)
    this.#parameters = task.start()
    this.#state = this.#optimizer.start(this.#parameters.length)
    const { privacy } = experiment
    if (privacy && !privacy.evenIfDrowned) refuseDrowned({ participants: this.#quorum, parameters: this.#parameters.length, noiseMultiplier: privacy.noiseMultiplier, noiseIn: privacy.noiseIn })
  }

  async run(): Promise<Simulated> {
    const { rounds, target, assessEvery } = this.#experiment
    const records: RoundRecord[] = []
    const tell = async (record: RoundRecord) => {
      records.push(record)
      await this.#options.onRound?.(record, this.#parameters)
      return target !== null && record.accuracy !== null && record.accuracy >= target
    }
    let isReached = await tell({ ...this.#recordOf(0, [], nothing, freshTold(), 0), ...(await this.#orAborted(() => this.#task.assess(this.#parameters, this.#own))) })
    let round = 0
    while (!isReached && round < rounds) {
      const record = await this.#orAborted(() => this.#round(++round))
      const assessed: Assessment | undefined = round % assessEvery === 0 || round === rounds ? await this.#orAborted(() => this.#task.assess(this.#parameters, this.#own)) : undefined
      isReached = await tell({ ...record, ...assessed })
    }
    return { parameters: this.#parameters, records, reached: isReached ? round : null }
  }

  /** What it gives, or the reason of the signal if that comes first: a round may take minutes. */
  async #orAborted<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#options
    if (!signal) return work()
    signal.throwIfAborted()
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work(), aborted.promise])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #round(round: number): Promise<RoundRecord> {
    const { clients, seed, clock, maxExamples, maxAbs } = this.#experiment
    const drawn = sample(seededRandom(seed, 'cohort', round), cohortSize(this.#experiment), clients)
    const baseHash = hashOfValues(this.#parameters)
    const told = freshTold()
    const cohort = drawn.map((client): Invited => ({ participant: participantOf(client), fate: this.#clock.fate(round, client), contribute: () => this.#contribute(round, client, baseHash, told) }))
    const terms = { baseHash, shapes: this.#task.shapes, maxExamples, maxAbs }
    const outcome = await (this.#options.rounds ?? directRounds).run({ round, terms, cohort, deadlineSeconds: clock.deadlineSeconds, quorum: this.#quorum, aggregate: updates => this.#aggregate(updates, told) })
    this.#seconds += outcome.seconds
    for (const participant of outcome.contributors) this.#given.set(participant, (this.#given.get(participant) ?? 0) + 1)
    let stepNorm = 0
    if (outcome.mean) {
      const { state, step } = this.#optimizer.step(this.#state, outcome.mean)
      this.#state = state
      this.#parameters = this.#parameters.map((value, at) => value + step[at]!)
      stepNorm = norm(step)
    }
    return this.#recordOf(round, cohort, outcome, told, stepNorm)
  }

  /** Trains, and makes of it what would be sent. */
  async #contribute(round: number, client: number, baseHash: string, told: Told): Promise<Contribution> {
    const { seed, compression, privacy } = this.#experiment
    const participant = participantOf(client)
    const { delta, loss, own } = await this.#task.train({ client, seed: seededRandom(seed, 'local', round, client).word(), parameters: this.#parameters, own: this.#own.get(client) })
    const examples = this.#task.examples[client]!
    const contribution = { participant, baseHash, numExamples: examples, shapes: this.#task.shapes, delta }
    // A training that diverged is refused by name where it arrives, as that of a participant that does not look would be.
    if (!Number.isFinite(norm(delta))) return contribution
    told.losses.push({ loss, examples })
    if (own && Number.isFinite(norm(own))) this.#own.set(client, own)
    if (privacy) {
      const noiseMultiplier = privacy.noiseIn === 'sum' ? noiseShare(privacy.noiseMultiplier, this.#quorum) : privacy.noiseMultiplier
      told.bytesUp += delta.length * bytesPerValue
      // An example count is private itself, and would multiply what was clipped.
      return { ...contribution, numExamples: 1, delta: addGaussianNoise(clip(delta, privacy.clipNorm), noiseMultiplier, seededSource(seed, 'noise', round, client)) }
    }
    if (!compression) {
      told.bytesUp += delta.length * bytesPerValue
      return contribution
    }
    const { payload, sent, residual, relativeError } = compressUpdate(delta, this.#residuals.get(client), compression)
    this.#residuals.set(client, residual)
    told.bytesUp += payload.length
    told.errors.push(relativeError)
    return { ...contribution, delta: sent }
  }

  #aggregate(updates: readonly WeightedUpdate[], told: Told): Float32Array {
    const { robust } = this.#experiment
    const { combining } = this.#task
    if (combining) {
      const { step, relativeError } = combining.combine(this.#parameters, updates)
      told.aggregationError = relativeError
      return step
    }
    return robust ? robustRule(robust.name).apply(updates, robust.options).mean : weightedMean(updates)
  }

  #recordOf(round: number, cohort: readonly Invited[], outcome: RoundOutcome, told: Told, stepNorm: number): RoundRecord {
    const { privacy } = this.#experiment
    const examples = told.losses.reduce((sum, each) => sum + each.examples, 0)
    // They end in any order, which a sum of floats would show.
    const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0)
    const most = [...this.#given.values()].reduce((a, b) => Math.max(a, b), 0)
    return {
      round, invited: cohort.length, contributors: outcome.contributors.length, dropped: outcome.dropped, late: outcome.late, refused: outcome.refused, quorum: outcome.mean !== null,
      seconds: outcome.seconds, clock: this.#seconds, bytesUp: told.bytesUp, bytesDown: cohort.length * (this.#task.combining?.valuesDown(outcome.contributors.length) ?? this.#parameters.length) * bytesPerValue,
      trainLoss: examples === 0 ? null : sorted(told.losses.map(({ loss, examples }) => loss * examples)) / examples,
      compressionError: told.errors.length === 0 ? null : sorted(told.errors) / told.errors.length, aggregationError: told.aggregationError,
      stepNorm, epsilon: privacy ? epsilonOf(privacy, most) : null, loss: null, accuracy: null
    }
  }
}

function freshTold(): Told {
  return { losses: [], bytesUp: 0, errors: [], aggregationError: null }
}

const nothing: RoundOutcome = { mean: null, contributors: [], dropped: 0, late: 0, refused: {}, seconds: 0 }

/** Of the client that took part most often. The draw of a cohort is known to who sees the result, so nothing is gained by it. */
function epsilonOf({ noiseMultiplier, delta }: NonNullable<Experiment['privacy']>, rounds: number): number {
  return rounds === 0 ? 0 : epsilonOfRounds([{ noiseMultiplier, sampleRate: 1, rounds }], delta)
}
