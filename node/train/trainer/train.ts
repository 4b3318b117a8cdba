import { sha256, sha256Hex } from '#mesh/sha256'
import { KinmeshError } from '../../../mesh/errors.ts'
import { type Objective, parameterCount } from '../objective.ts'
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

/**
 * Trains: the same objective, data and options give the same numbers, wherever it was interrupted. Afterwards `parameters` are the best ones on the holdout; the last
 * ones where there is none, or where the training was cancelled.
 * @throws KinmeshError `TrainingDiverged`: a loss, gradient or parameter is not finite; the last checkpoint stays as it is. `InvalidOption` · `BadTrainingData`; those of the checkpoints and of the objective
 */
export async function train<Batch>(objective: Objective<Batch>, data: TrainingData<Batch>, options: TrainingOptions<Batch>): Promise<TrainingReport> {
  const { parameters, optimizer, batchesPerStep = 1, clipNorm = 1, holdout, checkpoints, signal, onProgress, now = () => performance.now() } = options
  const steps = stepsOf(data, options)
  const rateAt = learningRate(options.schedule, steps)
  const state: TrainingState = {
    step: 0, parameters, optimizer, worse: 0, record: new TrainingRecord(),
    best: holdout ? { step: 0, loss: Infinity, parameters: parameters.slice() } : null
  }
  const recipe = recipeOf(objective, data, options, steps)
  const notes = (await checkpoints?.store.load(recipe, state))?.notes ?? []
  const gradient = new Float32Array(parameters.length)
  let saved = { step: state.step, at: now() }
  let heardAt = now()
  const began = { at: now(), step: state.step }
  let size = 0

  /** The sum over all batches of a step; undefined: cancelled meanwhile. */
  async function sumGradient(): Promise<{ loss: number; labels: number } | undefined> {
    gradient.fill(0)
    const sum = { loss: 0, labels: 0 }
    for (let at = state.step * batchesPerStep; at < (state.step + 1) * batchesPerStep; at++) {
      if (signal?.aborted) return undefined
      const batch = await data.batch(Math.floor(at / data.batchesPerEpoch), at % data.batchesPerEpoch)
      const { loss, labels } = await objective.gradient(parameters, batch, gradient)
      sum.loss += loss
      sum.labels += labels
      size += data.size(batch)
    }
    return sum
  }

  /** False: cancelled meanwhile. */
  async function step(): Promise<boolean> {
    const sum = await sumGradient()
    if (!sum) return false
    if (sum.labels === 0) throw badTrainingData('a step has no labels: its batches hold nothing that is learned')
    const [loss, length, rate] = [sum.loss / sum.labels, norm(gradient) / sum.labels, rateAt(state.step)]
    if (!Number.isFinite(loss) || !Number.isFinite(length)) throw diverged(`its loss was ${loss}, the norm of its gradient ${length}`)
    optimizer.update(parameters, gradient, rate, clipScale(length, clipNorm) / sum.labels)
    state.step++
    state.record.add({ loss, rate, norm: length, labels: sum.labels })
    return true
  }

  /** The loss of the holdout; undefined: cancelled meanwhile. */
  async function evaluate(of: TrainingData<Batch>): Promise<number | undefined> {
    const sum = { loss: 0, labels: 0 }
    for (let index = 0; index < of.batchesPerEpoch; index++) {
      if (signal?.aborted) return undefined
      const { loss, labels } = await objective.loss(parameters, await of.batch(0, index))
      sum.loss += loss
      sum.labels += labels
      await turn()
    }
    return sum.loss / sum.labels
  }

  function judge(loss: number): void {
    if (!Number.isFinite(loss)) throw diverged(`the loss of the holdout was ${loss}`)
    state.record.addEvaluation({ step: state.step, loss })
    if (!state.best || loss >= state.best.loss) {
      state.worse++
      return
    }
    state.worse = 0
    state.best.step = state.step
    state.best.loss = loss
    state.best.parameters.set(parameters)
  }

  async function save(): Promise<void> {
    if (!checkpoints || saved.step === state.step) return
    // An update may overflow, which its own step does not see. Such a checkpoint would take the place of a good one.
    if (!Number.isFinite(norm(parameters))) throw diverged('its parameters are not finite any more')
    await checkpoints.store.save(recipe, state)
    saved = { step: state.step, at: now() }
  }

  function isSaveDue(): boolean {
    const { everySteps = Infinity, everySeconds = everySteps === Infinity ? 60 : Infinity } = checkpoints ?? {}
    return state.step - saved.step >= everySteps || now() - saved.at >= everySeconds * 1000
  }

  function diverged(what: string): KinmeshError {
    const rest = saved.step > 0 ? `; the checkpoint of step ${saved.step} is kept` : ''
    return new KinmeshError('TrainingDiverged', `the training diverged at step ${state.step + 1} (${what})${rest}: train with a lower rate or a longer warm-up`)
  }

  function tell(): void {
    const seconds = (now() - began.at) / 1000
    onProgress?.({
      step: state.step, of: steps, loss: state.record.smoothedLoss, rate: rateAt(state.step - 1), perSecond: size / Math.max(seconds, 1e-3),
      leftMs: ((seconds * 1000) / Math.max(1, state.step - began.step)) * (steps - state.step), holdoutLoss: state.record.evaluations.at(-1)?.loss
    })
  }

  async function turn(): Promise<void> {
    if (now() - heardAt < turnMs) return
    await new Promise<void>(resolve => { setTimeout(resolve) })
    heardAt = now()
  }

  let end: TrainingReport['end'] | undefined
  while (!end) {
    const isLast = state.step >= steps
    const isEvaluated = state.record.evaluations.at(-1)?.step === state.step
    if (holdout && !isEvaluated && (isLast || state.step % holdout.everySteps === 0)) {
      const loss = await evaluate(holdout.data)
      if (loss === undefined) end = 'cancelled'
      else judge(loss)
    } else if (isLast) end = 'done'
    else if (state.worse >= (holdout?.patience ?? Infinity)) end = 'early'
    else if (!(await step())) end = 'cancelled'
    else {
      if (isSaveDue()) await save()
      tell()
      await turn()
    }
  }
  await save()
  if (state.best && end !== 'cancelled') parameters.set(state.best.parameters)
  return { steps: state.step, end, record: state.record, best: state.best && { step: state.best.step, loss: state.best.loss }, notes }
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
