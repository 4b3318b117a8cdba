import { sha256, sha256Hex } from '#mesh/sha256'
import { KinmeshError } from '../../../mesh/errors.ts'
import { type BatchLoss, type Objective, parameterCount } from '../objective.ts'
import { badTrainingData } from '../training-errors.ts'
import type { Checkpoints, TrainingRecipe, TrainingState } from './checkpoint.ts'
import { type Optimizer, clipScale, norm } from './optimizer.ts'
import { TrainingRecord } from './record.ts'
import { type Schedule, learningRate } from './schedule.ts'
import type { TrainingData } from './training-data.ts'

export type TrainingOptions<Batch> = {
  /** f32 [parameterCount]: what the training begins with. They change in place. */
  readonly parameters: Float32Array
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  /** How long: so many steps, or so many times through the data. */
  readonly length: { readonly steps: number } | { readonly epochs: number }
  /** Batches whose gradients make one step; each label counts alike, in whichever batch it is. Default 1. */
  readonly batchesPerStep?: number
  /** The gradient of a step is shortened to this norm. Default 1; Infinity: never. */
  readonly clipNorm?: number
  /** Examples that are not trained on. Their loss is measured before the first step, every so many steps, and after the last. */
  readonly holdout?: {
    readonly data: TrainingData<Batch>
    readonly everySteps: number
    /** The training ends when the loss has not fallen for so many evaluations in a row. Default: it goes on to its end. */
    readonly patience?: number
  }
  /** Where the training is kept, and how much of it may be lost: so many steps or seconds, whichever comes first. Default 60 seconds. It goes on from what is there. */
  readonly checkpoints?: { readonly store: Checkpoints; readonly everySteps?: number; readonly everySeconds?: number }
  /** What else makes this training another one, such as the base model: kept in checkpoints and compared. */
  readonly about?: Readonly<Record<string, string | number>>
  /** Ends the training within a step. It is no error. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Milliseconds that only grow. */
  readonly now?: () => number
}

/** `loss`: smoothed. `leftMs`: until the last step, at the pace of this run; `perSecond`: of what the data counts, tokens or images. */
export type TrainingProgress = {
  readonly step: number
  readonly of: number
  readonly loss: number
  readonly rate: number
  readonly perSecond: number
  readonly leftMs: number
  readonly holdoutLoss: number | undefined
}

export type TrainingReport = {
  /** Made in all, those before a checkpoint included. */
  readonly steps: number
  /** `early`: the holdout got no better. `cancelled`: by the signal. */
  readonly end: 'done' | 'early' | 'cancelled'
  readonly record: TrainingRecord
  /** With a holdout: the lowest loss, and after how many steps. */
  readonly best: { readonly step: number; readonly loss: number } | null
  /** Sentences for a person, of checkpoints that were damaged. */
  readonly notes: readonly string[]
}

/** A thread hears messages, and a page stays alive, in this time at the latest. */
const turnMs = 20
/** What a power cut may cost, where nothing is said: a checkpoint of 90 MB takes a third of a second. */
const defaultSaveSeconds = 60

/**
 * Trains: the same objective, data and options give the same numbers, wherever it was interrupted. Afterwards `parameters` are the best ones on the holdout; the last
 * ones where there is none, or where the training was cancelled.
 * @throws KinmeshError `TrainingDiverged`: a loss, gradient or parameter is not finite; the last checkpoint stays as it is. `InvalidOption` · `BadTrainingData`; those of the checkpoints and of the objective
 */
export async function train<Batch>(objective: Objective<Batch>, data: TrainingData<Batch>, options: TrainingOptions<Batch>): Promise<TrainingReport> {
  return new Training(objective, data, options).run()
}

class Training<Batch> {
  readonly #objective: Objective<Batch>
  readonly #data: TrainingData<Batch>
  readonly #options: TrainingOptions<Batch>
  readonly #now: () => number
  readonly #steps: number
  readonly #rateAt: (step: number) => number
  readonly #recipe: TrainingRecipe
  readonly #state: TrainingState
  readonly #gradient: Float32Array
  #saved = { step: 0, at: 0 }
  #began = { step: 0, at: 0 }
  #heardAt = 0
  /** Tokens or images of this run. */
  #size = 0

  constructor(objective: Objective<Batch>, data: TrainingData<Batch>, options: TrainingOptions<Batch>) {
    const { parameters, optimizer, schedule, holdout, now = () => performance.now() } = options
    this.#objective = objective
    this.#data = data
    this.#options = options
    this.#now = now
    this.#steps = stepsOf(data, options)
    this.#rateAt = learningRate(schedule, this.#steps)
    this.#recipe = recipeOf(objective, data, options, this.#steps)
    this.#gradient = new Float32Array(parameters.length)
    this.#state = { step: 0, parameters, optimizer, worse: 0, record: new TrainingRecord(), best: holdout ? { step: 0, loss: Infinity, parameters: parameters.slice() } : null }
  }

  async run(): Promise<TrainingReport> {
    const state = this.#state
    const notes = (await this.#options.checkpoints?.store.load(this.#recipe, state))?.notes ?? []
    this.#began = this.#saved = { step: state.step, at: this.#now() }
    this.#heardAt = this.#now()
    const end = await this.#toTheEnd()
    await this.#save()
    if (state.best && end !== 'cancelled') state.parameters.set(state.best.parameters)
    return { steps: state.step, end, record: state.record, best: state.best && { step: state.best.step, loss: state.best.loss }, notes }
  }

  async #toTheEnd(): Promise<TrainingReport['end']> {
    const { holdout } = this.#options
    const state = this.#state
    for (;;) {
      const isLast = state.step >= this.#steps
      const isEvaluated = state.record.evaluations.at(-1)?.step === state.step
      if (holdout && !isEvaluated && (isLast || state.step % holdout.everySteps === 0)) {
        const loss = await this.#evaluate(holdout.data)
        if (loss === undefined) return 'cancelled'
        this.#judge(loss)
      }
      if (isLast) return 'done'
      if (state.worse >= (holdout?.patience ?? Infinity)) return 'early'
      if (!(await this.#step())) return 'cancelled'
      if (this.#isSaveDue()) await this.#save()
      this.#tell()
      await this.#turn()
    }
  }

  /** False: cancelled meanwhile. */
  async #step(): Promise<boolean> {
    const { parameters, optimizer, clipNorm = 1 } = this.#options
    const sum = await this.#sumGradient()
    if (!sum) return false
    if (sum.labels === 0) throw badTrainingData('a step has no labels: its batches hold nothing that is learned')
    const [loss, length, rate] = [sum.loss / sum.labels, norm(this.#gradient) / sum.labels, this.#rateAt(this.#state.step)]
    if (!Number.isFinite(loss) || !Number.isFinite(length)) throw this.#diverged(`its loss was ${loss}, the norm of its gradient ${length}`)
    optimizer.update(parameters, this.#gradient, rate, clipScale(length, clipNorm) / sum.labels)
    this.#state.step++
    this.#state.record.add({ loss, rate, norm: length, labels: sum.labels })
    return true
  }

  /** Over all batches of a step; undefined: cancelled meanwhile. */
  async #sumGradient(): Promise<BatchLoss | undefined> {
    const { parameters, batchesPerStep = 1, signal } = this.#options
    const { batchesPerEpoch } = this.#data
    this.#gradient.fill(0)
    let sum: BatchLoss = { loss: 0, labels: 0 }
    for (let at = this.#state.step * batchesPerStep; at < (this.#state.step + 1) * batchesPerStep; at++) {
      if (signal?.aborted) return undefined
      const batch = await this.#data.batch(Math.floor(at / batchesPerEpoch), at % batchesPerEpoch)
      sum = added(sum, await this.#objective.gradient(parameters, batch, this.#gradient))
      this.#size += this.#data.size(batch)
      await this.#turn()
    }
    return sum
  }

  /** The loss of the holdout; undefined: cancelled meanwhile. */
  async #evaluate(holdout: TrainingData<Batch>): Promise<number | undefined> {
    let sum: BatchLoss = { loss: 0, labels: 0 }
    for (let index = 0; index < holdout.batchesPerEpoch; index++) {
      if (this.#options.signal?.aborted) return undefined
      sum = added(sum, await this.#objective.loss(this.#options.parameters, await holdout.batch(0, index)))
      await this.#turn()
    }
    return sum.loss / sum.labels
  }

  #judge(loss: number): void {
    const { best, step, record, parameters } = this.#state
    if (!Number.isFinite(loss)) throw this.#diverged(`the loss of the holdout was ${loss}`)
    record.addEvaluation({ step, loss })
    if (!best || loss >= best.loss) {
      this.#state.worse++
      return
    }
    this.#state.worse = 0
    best.step = step
    best.loss = loss
    best.parameters.set(parameters)
  }

  #isSaveDue(): boolean {
    const { everySteps = Infinity, everySeconds = everySteps === Infinity ? defaultSaveSeconds : Infinity } = this.#options.checkpoints ?? {}
    return this.#state.step - this.#saved.step >= everySteps || this.#now() - this.#saved.at >= everySeconds * 1000
  }

  async #save(): Promise<void> {
    const { checkpoints, parameters } = this.#options
    const { step } = this.#state
    if (!checkpoints || this.#saved.step === step) return
    // An update may overflow, which its own step does not see. Such a checkpoint would take the place of a good one.
    if (!Number.isFinite(norm(parameters))) throw this.#diverged('its parameters are not finite any more')
    await checkpoints.store.save(this.#recipe, this.#state)
    this.#saved = { step, at: this.#now() }
  }

  #diverged(what: string): KinmeshError {
    const rest = this.#saved.step > 0 ? `; the checkpoint of step ${this.#saved.step} is kept` : ''
    return new KinmeshError('TrainingDiverged', `the training diverged at step ${this.#state.step + 1} (${what})${rest}: train with a lower rate or a longer warm-up`)
  }

  #tell(): void {
    const { step, record } = this.#state
    const elapsedMs = this.#now() - this.#began.at
    this.#options.onProgress?.({
      step, of: this.#steps, loss: record.smoothedLoss, rate: this.#rateAt(step - 1), perSecond: (1000 * this.#size) / Math.max(elapsedMs, 1),
      leftMs: (elapsedMs / (step - this.#began.step)) * (this.#steps - step), holdoutLoss: record.evaluations.at(-1)?.loss
    })
  }

  async #turn(): Promise<void> {
    if (this.#now() - this.#heardAt < turnMs) return
    await new Promise<void>(resolve => { setTimeout(resolve) })
    this.#heardAt = this.#now()
  }
}

function added(a: BatchLoss, b: BatchLoss): BatchLoss {
  return { loss: a.loss + b.loss, labels: a.labels + b.labels }
}

/** @throws KinmeshError `InvalidOption` */
function stepsOf<Batch>(data: TrainingData<Batch>, { length, batchesPerStep = 1, clipNorm = 1, holdout }: TrainingOptions<Batch>): number {
  const isCount = (value: number) => Number.isInteger(value) && value > 0
  const check = (name: string, isFine: boolean, what: string) => {
    if (!isFine) throw new KinmeshError('InvalidOption', `${name}: ${what}`)
  }
  check('batchesPerStep', isCount(batchesPerStep), 'a whole number above 0')
  check('clipNorm', clipNorm > 0, 'a number above 0')
  check('holdout.everySteps', isCount(holdout?.everySteps ?? 1), 'a whole number above 0')
  check('holdout.patience', isCount(holdout?.patience ?? 1), 'a whole number above 0')
  const steps = 'steps' in length ? length.steps : Math.ceil((length.epochs * data.batchesPerEpoch) / batchesPerStep)
  check('length', isCount(steps), 'a number of steps or epochs above 0')
  return steps
}

function recipeOf<Batch>(objective: Objective<Batch>, data: TrainingData<Batch>, { parameters, optimizer, schedule, batchesPerStep = 1, clipNorm = 1, holdout, about = {} }: TrainingOptions<Batch>, steps: number): TrainingRecipe {
  const { rate, warmUp = 0, shape = 'constant', floor = 0 } = schedule
  if (parameters.length !== parameterCount(objective.parameters)) throw new RangeError(`${parameters.length} numbers for ${parameterCount(objective.parameters)} parameters`)
  return {
    shape: sha256Hex(JSON.stringify(objective.parameters.map(({ name, shape, decays }) => [name, shape, decays]))),
    start: sha256Hex(sha256(new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength)).join()),
    data: data.key, optimizer: optimizer.recipe, schedule: { rate, warmUp, shape, floor }, steps, batchesPerStep, clipNorm: String(clipNorm),
    holdout: holdout ? { data: holdout.data.key, everySteps: holdout.everySteps, patience: holdout.patience ?? null } : null,
    about
  }
}
