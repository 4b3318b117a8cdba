import { join } from 'node:path'
import { stat } from 'node:fs/promises'
import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { writeSynced } from '../../durable-file.node.ts'
import { maxRank } from '../../model/adapter-config.ts'
import { isMissing } from '../../model/store/files.node.ts'
import { defaultThreads, openModel } from '../../model/open-model.node.ts'
import { encodeAdapter, trainedAdapter } from '../adapter-files/adapter-file.ts'
import { newFolder } from '../adapter-files/new-folder.node.ts'
import { type MemoryPlan, planMemory } from '../memory-plan.ts'
import { parameterCount } from '../objective.ts'
import { checkpointsIn } from '../trainer/checkpoint.node.ts'
import { initialParameters } from '../trainer/initial-parameters.ts'
import { lossCurve } from '../trainer/loss-curve.ts'
import { adamW } from '../trainer/optimizer.ts'
import { type TrainingOptions, type TrainingReport, train } from '../trainer/train.ts'
import { type BaseModel, openBaseModel } from './base-model.node.ts'
import { type PlannedData, type ReadData, plannedData, readData, shapesFor } from './fine-tune-data.node.ts'
import type { FineTuneOptions, FineTuneProgress, FineTuneReport, FineTuneSummary } from './fine-tune-report.ts'
import { type Probe, probe } from './probe.ts'
import { type RunFile, type RunFolder, openRunFolder } from './run-file.node.ts'

export const defaults = { rank: 8, rate: 2e-3 } as const
/** alpha / rank, by custom. */
const scale = 2
/** Without a word about it: so many times through the data, and as many steps at least. */
const [fewEpochs, fewSteps] = [3, 100]
/** Evaluations of the holdout in a whole training; it ends when so many in a row found nothing better. */
const [evaluations, patience] = [20, 4]
/** Share of what memory there is. */
const memoryShare = 0.5
const seed = 1
/** What the probe needs of the context: a question and its answer. */
const probePositions = 2048

export type RunOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: FineTuneProgress) => void) | undefined }

/** A training that is ready to begin. To be closed. */
export type PreparedFineTune = {
  readonly summary: FineTuneSummary
  /**
   * Trains, and writes the adapter: its folder appears whole or not at all, with a report in numbers and the curve of the loss. Cancelled, or ended by a crash, the next one with the same options goes on.
   * @throws KinmeshError `NoBetter`: held-out answers were nowhere likelier than before; nothing is written then. `TrainingDiverged` · `CheckpointMismatch` · `FolderExists` · `DiskFull` · `StoreFailed` · `ModelFailed`; the reason of the signal
   */
  run(options?: RunOptions): Promise<FineTuneReport>
  close(): Promise<void>
}

/**
 * Reads model and data, and finds out how to train. Nothing leaves this process.
 * @throws KinmeshError `InvalidOption` · `TooLittleMemory` · `TrainingBusy` · `FolderExists`; those of the model and of the data; the reason of the signal
 */
export async function prepareFineTune(options: FineTuneOptions, signal?: AbortSignal): Promise<PreparedFineTune> {
  checkOptions(options)
  if (await stat(options.out).catch(absent)) throw new KinmeshError('FolderExists', `${options.out} is there already: remove it, or give this training another name`)
  const model = await openBaseModel(options.model)
  let folder: RunFolder | undefined
  try {
    folder = await openRunFolder(options.work)
    return await FineTune.prepare(options, model, folder, signal)
  } catch (error) {
    folder?.release()
    await model.close()
    throw error
  }
}

class FineTune implements PreparedFineTune {
  summary: FineTuneSummary
  readonly #options: FineTuneOptions
  readonly #model: BaseModel
  readonly #folder: RunFolder
  readonly #run: RunFile
  readonly #read: ReadData
  readonly #data: PlannedData
  readonly #objective: ReturnType<BaseModel['objective']>
  readonly #threads: number

  private constructor(options: FineTuneOptions, model: BaseModel, folder: RunFolder, run: RunFile, read: ReadData, data: PlannedData, summary: Omit<FineTuneSummary, 'parameters' | 'estimateMs'>) {
    this.#options = options
    this.#model = model
    this.#folder = folder
    this.#run = run
    this.#read = read
    this.#data = data
    this.#threads = options.threads ?? defaultThreads()
    this.#objective = model.objective(model.learned(summary.rank, scale * summary.rank), { checkpoint: summary.plan.checkpoint, threads: this.#threads })
    this.summary = { ...summary, parameters: parameterCount(this.#objective.parameters), estimateMs: 0 }
  }

  static async prepare(options: FineTuneOptions, model: BaseModel, folder: RunFolder, signal: AbortSignal | undefined): Promise<FineTune> {
    if (options.restart) await folder.clear()
    const known = await folder.read()
    const startedAt = known?.startedAt ?? Date.now()
    const { rank = defaults.rank, rate = defaults.rate, epochs } = options
    const read = await readData(options.source, model.text, startedAt, signal)
    const plan = planOf(options, known, model, read, rank)
    const data = plannedData(read, plan)
    const perEpoch = Math.ceil(data.training.batchesPerEpoch / plan.batchesPerStep)
    const steps = epochs === undefined ? Math.max(fewSteps, fewEpochs * perEpoch) : Math.max(1, Math.ceil(epochs * perEpoch))
    const { examples, cut, leftOut, unlearned, labels } = data.report
    const tuning = new FineTune(options, model, folder, { startedAt, plan }, read, data, {
      model: { id: model.id, name: model.manifest.name }, rank, rate, steps, plan, continues: known ? startedAt : null,
      data: { conversations: read.conversations, examples, heldOut: read.holdout.count, cut, leftOut, unlearned, labels }
    })
    // A loss alone takes about a third of a loss with its gradient.
    const batches = plan.batchesPerStep * steps + ((data.holdout?.batchesPerEpoch ?? 0) * evaluations) / 3
    tuning.summary = { ...tuning.summary, estimateMs: await tuning.#batchMs() * batches }
    return tuning
  }

  /** One batch for the loading, one for the time. */
  async #batchMs(): Promise<number> {
    const parameters = initialParameters(this.#objective.parameters, seed)
    const [gradient, batch] = [new Float32Array(parameters.length), await this.#data.training.batch(0, 0)]
    await this.#objective.gradient(parameters, batch, gradient)
    const began = performance.now()
    await this.#objective.gradient(parameters, batch, gradient)
    return performance.now() - began
  }

  async run({ signal, onProgress }: RunOptions = {}): Promise<FineTuneReport> {
    const began = performance.now()
    await this.#folder.write(this.#run)
    const parameters = initialParameters(this.#objective.parameters, seed)
    const trained = await this.#train(parameters, { signal, onProgress: progress => onProgress?.({ phase: 'train', ...progress }) })
    if (trained.end === 'cancelled') throw signal?.reason
    await this.#objective.close()
    const evaluated = trained.record.evaluations
    if (trained.best?.step === 0) {
      await this.#folder.clear()
      throw new KinmeshError('NoBetter', `the model answers held-out questions no better after training than before (loss ${evaluated[0]?.loss.toFixed(3)} before, ${evaluated.at(-1)?.loss.toFixed(3)} after ${trained.steps} steps): no adapter was written; train on more conversations, or with a lower --rate`)
    }
    const { rank } = this.summary
    const files = encodeAdapter(this.#model.text.config, trainedAdapter(this.#objective.parameters, parameters, { rank, alpha: scale * rank }), this.#model.manifest.name)
    const report = await newFolder(this.#options.out, async making => {
      for (const [name, bytes] of Object.entries(files)) await writeSynced(join(making, name), bytes)
      const found = this.#reportOf(trained, trained.end === 'early' ? 'early' : 'done', await this.#probe(making, signal, onProgress), (performance.now() - began) / 1000)
      // An adapter is something that people pass on. What was said is no part of its folder.
      const { samples: _, ...inNumbers } = found
      await writeSynced(join(making, 'report.json'), `${JSON.stringify(inNumbers, null, 2)}\n`)
      await writeSynced(join(making, 'loss.svg'), lossCurve({ title: this.#model.manifest.name, training: trained.record.steps(), holdout: evaluated }))
      return found
    })
    await this.#folder.clear()
    return report
  }

  async #train(parameters: Float32Array, { signal, onProgress }: Pick<TrainingOptions<never>, 'signal' | 'onProgress'>): Promise<TrainingReport> {
    const { steps, rate, rank, plan, model } = this.summary
    const { training, holdout } = this.#data
    try {
      return await train(this.#objective, training, {
        parameters, optimizer: adamW(this.#objective.parameters), schedule: { rate, warmUp: Math.min(10, Math.ceil(steps / 10)), shape: 'cosine', floor: 0.1 }, length: { steps }, batchesPerStep: plan.batchesPerStep,
        ...(holdout ? { holdout: { data: holdout, everySteps: Math.ceil(steps / evaluations), patience } } : {}),
        checkpoints: { store: checkpointsIn(this.#folder.checkpoints), everySteps: 100, everySeconds: 10 }, about: { model: model.id, rank, recomputed: String(plan.checkpoint) }, signal, onProgress
      })
    } catch (error) {
      throw isKinmeshError(error, 'CheckpointMismatch') ? new KinmeshError('CheckpointMismatch', `${error.message}; or begin anew with --restart`, { cause: error }) : error
    }
  }

  async #probe(adapter: string, signal: AbortSignal | undefined, onProgress: RunOptions['onProgress']): Promise<Probe> {
    const opened = await openModel(this.#options.model, this.summary.model.name, { threads: this.#threads, slots: 1, positions: probePositions })
    try {
      const id = await opened.loadAdapter(adapter)
      return await probe((messages, options) => opened.model.generate(messages, options), id, this.#read.questions, { signal, onAsked: (done, of) => onProgress?.({ phase: 'ask', done, of }) })
    } finally {
      await opened.close()
    }
  }

  #reportOf({ steps, best, record, notes }: TrainingReport, end: FineTuneReport['end'], probed: Probe, seconds: number): FineTuneReport {
    const { estimateMs: _, continues: __, ...summary } = this.summary
    return {
      ...summary, alpha: scale * summary.rank, end, made: steps, best: best?.step ?? null, holdoutLoss: best ? { before: record.evaluations[0]!.loss, after: best.loss } : null,
      seconds, peakRssBytes: process.resourceUsage().maxRSS * 1024, notes, ...probed
    }
  }

  async close(): Promise<void> {
    await this.#objective.close()
    await this.#model.close()
    this.#folder.release()
  }
}

/** That of before where there is one: another one would make other batches. */
function planOf({ maxMemoryBytes }: FineTuneOptions, known: RunFile | undefined, { base, learned, text: { config } }: BaseModel, read: ReadData, rank: number): MemoryPlan {
  if (known && maxMemoryBytes !== undefined && known.plan.bytes > maxMemoryBytes) throw new KinmeshError('CheckpointMismatch', `this training began with a plan that takes ${Math.ceil(known.plan.bytes / 1024 ** 2)} MiB: allow it as much, or begin anew with --restart`)
  return known?.plan ?? planMemory({
    config, learned: learned(rank, scale * rank), base: base.format, ...shapesFor(read, config.maxPositions), hasHoldout: read.holdout.count > 0, maxMemoryBytes: maxMemoryBytes ?? process.availableMemory() * memoryShare
  })
}

function checkOptions({ rank = defaults.rank, rate = defaults.rate, epochs = 1 }: FineTuneOptions): void {
  const check = (name: string, isFine: boolean, what: string) => {
    if (!isFine) throw new KinmeshError('InvalidOption', `${name}: ${what}`)
  }
  check('rank', Number.isInteger(rank) && rank > 0 && rank <= maxRank, `a whole number from 1 to ${maxRank}`)
  check('rate', rate > 0 && rate <= 1, 'a number above 0, and 1 at most')
  check('epochs', epochs > 0 && epochs <= 10_000, 'a number above 0, and 10000 at most')
}

function absent(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause
}
