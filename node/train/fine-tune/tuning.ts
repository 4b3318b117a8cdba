import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { maxRank } from '../../model/adapter-config.ts'
import { type AdapterFiles, encodeAdapter, trainedAdapter } from '../adapter-files/adapter-file.ts'
import type { DecoderObjective } from '../decoder-objective.ts'
import type { ChatExamples } from '../examples/chat-examples.ts'
import { type MemoryPlan, planMemory } from '../memory-plan.ts'
import { parameterCount } from '../objective.ts'
import { initialParameters } from '../trainer/initial-parameters.ts'
import { adamW } from '../trainer/optimizer.ts'
import type { TrainingRecord } from '../trainer/record.ts'
import { type TrainingProgress, type TrainingReport, train } from '../trainer/train.ts'
import { type BaseModel, learnedOf, objectiveOf } from './base-model.ts'
import { type PlannedData, plannedData, shapesFor } from './fine-tune-data.ts'
import type { FineTuneSummary, TrainedReport, TuningOptions } from './fine-tune-report.ts'
import type { RunFile, RunFolder } from './run-file.ts'

const defaults = { rank: 8, rate: 2e-3 } as const
/** alpha / rank, by custom. */
const scale = 2
/** Without a word about it: so many times through the data, and as many steps at least. */
const [fewEpochs, fewSteps] = [3, 100]
/** Evaluations of the holdout in a whole training; it ends when so many in a row found nothing better. */
const [evaluations, patience] = [20, 4]
const seed = 1

/** What a training has where it happens. */
export type TuningPlace = {
  readonly model: BaseModel
  readonly folder: Omit<RunFolder, 'release'>
  /** Those that there were at a time, Unix ms. @throws KinmeshError `BadTrainingData` · `NoTrainingData` · `TooMuchTrainingData` and more */
  examples(startedAt: number): Promise<ChatExamples>
  /** What it may take. */
  readonly maxMemoryBytes: number
  /** `MemoryNeeds.runtimeBytes`. */
  readonly runtimeBytes?: number
  /** How a person begins anew: "with --restart". */
  readonly anew: string
}

export type TrainOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: TrainingProgress) => void) | undefined }
export type Trained = { readonly report: TrainedReport; readonly record: TrainingRecord; readonly files: AdapterFiles }

/** A fine-tuning that knows how it is to train: what is the same everywhere. To be closed before its model. */
export class Tuning {
  readonly summary: FineTuneSummary
  readonly #place: TuningPlace
  readonly #run: RunFile
  readonly #data: PlannedData
  readonly #objective: DecoderObjective
  readonly #parameters: Float32Array

  private constructor(place: TuningPlace, run: RunFile, data: PlannedData, objective: DecoderObjective, parameters: Float32Array, summary: FineTuneSummary) {
    this.#place = place
    this.#run = run
    this.#data = data
    this.#objective = objective
    this.#parameters = parameters
    this.summary = summary
  }

  /** @throws KinmeshError `InvalidOption` · `TooLittleMemory` · `CheckpointMismatch` · `ModelFailed`; those of the data and of the folder */
  static async prepare(place: TuningPlace, options: TuningOptions): Promise<Tuning> {
    const { model, folder } = place
    if (options.restart) await folder.clear()
    const known = await folder.read()
    const startedAt = known?.startedAt ?? Date.now()
    const { rank = defaults.rank, rate = defaults.rate, epochs } = options
    const examples = await place.examples(startedAt)
    const plan = planOf(place, options, known, examples, rank)
    const data = plannedData(examples, plan)
    const perEpoch = Math.ceil(data.training.batchesPerEpoch / plan.batchesPerStep)
    const steps = epochs === undefined ? Math.max(fewSteps, fewEpochs * perEpoch) : Math.max(1, Math.ceil(epochs * perEpoch))
    const objective = objectiveOf(model, learnedOf(model, rank, scale * rank), plan)
    const parameters = model.place(initialParameters(objective.parameters, seed))
    const { examples: taken, cut, leftOut, unlearned, labels } = data.report
    // A loss alone takes about a third of a loss with its gradient.
    const batches = plan.batchesPerStep * steps + ((data.holdout?.batchesPerEpoch ?? 0) * evaluations) / 3
    try {
      return new Tuning(place, { startedAt, plan }, data, objective, parameters, {
        model: { id: model.id, name: model.name }, rank, rate, steps, plan, continues: known ? startedAt : null, parameters: parameterCount(objective.parameters),
        data: { conversations: examples.conversations, examples: taken, heldOut: examples.holdout.count, cut, leftOut, unlearned, labels }, estimateMs: (await batchMs(objective, parameters, data)) * batches
      })
    } catch (error) {
      await objective.close()
      throw error
    }
  }

  /**
   * Trains, and leaves in the folder what was kept. Cancelled, or ended by a crash, the next one with the same options goes on.
   * @throws KinmeshError `NoBetter`: held-out answers were nowhere likelier than before; the folder is empty then. `TrainingDiverged` · `CheckpointMismatch` · `DiskFull` · `StoreFailed` · `ModelFailed`; the reason of the signal
   */
  async train({ signal, onProgress }: TrainOptions = {}): Promise<Trained> {
    const began = performance.now()
    const { model, folder } = this.#place
    const { rank } = this.summary
    await folder.write(this.#run)
    this.#parameters.set(initialParameters(this.#objective.parameters, seed))
    const trained = await this.#train({ signal, onProgress })
    if (trained.end === 'cancelled') throw signal?.reason
    await this.#objective.close()
    const { evaluations } = trained.record
    if (trained.best?.step === 0) {
      await folder.clear()
      throw new KinmeshError('NoBetter', `the model answers held-out questions no better after training than before (loss ${evaluations[0]?.loss.toFixed(3)} before, ${evaluations.at(-1)?.loss.toFixed(3)} after ${trained.steps} steps): there is no adapter; train on more conversations, or with a lower rate`)
    }
    const files = encodeAdapter(model.text.config, trainedAdapter(this.#objective.parameters, this.#parameters, { rank, alpha: scale * rank }), model.name)
    return { report: this.#reportOf(trained, (performance.now() - began) / 1000), record: trained.record, files }
  }

  close(): Promise<void> {
    return this.#objective.close()
  }

  async #train({ signal, onProgress }: TrainOptions): Promise<TrainingReport> {
    const { steps, rate, rank, plan, model } = this.summary
    const { training, holdout } = this.#data
    const { checkpoints: store } = this.#place.folder
    try {
      return await train(this.#objective, training, {
        parameters: this.#parameters, optimizer: adamW(this.#objective.parameters), schedule: { rate, warmUp: Math.min(10, Math.ceil(steps / 10)), shape: 'cosine', floor: 0.1 }, length: { steps }, batchesPerStep: plan.batchesPerStep,
        ...(holdout && { holdout: { data: holdout, everySteps: Math.ceil(steps / evaluations), patience } }),
        ...(store && { checkpoints: { store, everySteps: 100, everySeconds: 10 } }), about: { model: model.id, rank, recomputed: String(plan.checkpoint) }, signal, onProgress
      })
    } catch (error) {
      throw isKinmeshError(error, 'CheckpointMismatch') ? new KinmeshError('CheckpointMismatch', `${error.message}; or begin anew ${this.#place.anew}`, { cause: error }) : error
    }
  }

  #reportOf({ steps, end, best, record, notes }: TrainingReport, seconds: number): TrainedReport {
    const { estimateMs: _, continues: __, ...summary } = this.summary
    return {
      ...summary, alpha: scale * summary.rank, end: end === 'early' ? 'early' : 'done', made: steps, best: best?.step ?? null, holdoutLoss: best ? { before: record.evaluations[0]!.loss, after: best.loss } : null, seconds, notes
    }
  }
}

/** @throws KinmeshError `InvalidOption` */
export function checkOptions({ rank = defaults.rank, rate = defaults.rate, epochs = 1 }: TuningOptions): void {
  const check = (name: string, isFine: boolean, what: string) => {
    if (!isFine) throw new KinmeshError('InvalidOption', `${name}: ${what}`)
  }
  check('rank', Number.isInteger(rank) && rank > 0 && rank <= maxRank, `a whole number from 1 to ${maxRank}`)
  check('rate', rate > 0 && rate <= 1, 'a number above 0, and 1 at most')
  check('epochs', epochs > 0 && epochs <= 10_000, 'a number above 0, and 10000 at most')
}

/** That of before where there is one: another one would make other batches. */
function planOf({ model, maxMemoryBytes, runtimeBytes, anew }: TuningPlace, options: TuningOptions, known: RunFile | undefined, examples: ChatExamples, rank: number): MemoryPlan {
  if (known && options.maxMemoryBytes !== undefined && known.plan.bytes > maxMemoryBytes) throw new KinmeshError('CheckpointMismatch', `this training began with a plan that takes ${Math.ceil(known.plan.bytes / 1024 ** 2)} MiB: allow it as much, or begin anew ${anew}`)
  const { config } = model.text
  return known?.plan ?? planMemory({ config, learned: learnedOf(model, rank, scale * rank), base: model.base.format, mayUnpack: model.unpacked !== undefined, ...shapesFor(examples, config.maxPositions), hasHoldout: examples.holdout.count > 0, maxMemoryBytes, runtimeBytes })
}

/** One batch for the loading, one for the time. */
async function batchMs(objective: DecoderObjective, parameters: Float32Array, { training }: PlannedData): Promise<number> {
  const [gradient, batch] = [new Float32Array(parameters.length), await training.batch(0, 0)]
  await objective.gradient(parameters, batch, gradient)
  const began = performance.now()
  await objective.gradient(parameters, batch, gradient)
  return performance.now() - began
}
