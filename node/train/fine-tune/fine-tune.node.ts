import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { writeSynced } from '../../durable-file.node.ts'
import { defaultThreads, openModel } from '../../model/open-model.node.ts'
import { isMissing } from '../../model/store/files.node.ts'
import { newFolder } from '../adapter-files/new-folder.node.ts'
import { lossCurve } from '../trainer/loss-curve.ts'
import { openBaseModel } from './base-model.node.ts'
import { readData } from './fine-tune-data.node.ts'
import type { FineTuneOptions, FineTuneProgress, FineTuneReport, FineTuneSummary } from './fine-tune-report.ts'
import { type Probe, Questions, probe } from './probe.ts'
import { openRunFolder } from './run-file.node.ts'
import type { RunFolder } from './run-file.ts'
import { Tuning, checkOptions } from './tuning.ts'

/** Share of what memory there is. */
const memoryShare = 0.5
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
  const { threads = defaultThreads(), maxMemoryBytes = process.availableMemory() * memoryShare } = options
  const model = await openBaseModel(options.model, threads)
  const questions = new Questions()
  let folder: RunFolder | undefined
  try {
    folder = await openRunFolder(options.work)
    const tuning = await Tuning.prepare({ model, folder, examples: startedAt => readData(options.source, model.text, startedAt, questions, signal), maxMemoryBytes, anew: 'with --restart' }, options)
    return prepared(tuning, { options, threads, questions, clear: folder.clear, close: async () => {
      await tuning.close()
      await model.close()
      folder?.release()
    } })
  } catch (error) {
    folder?.release()
    await model.close()
    throw error
  }
}

type Rest = { readonly options: FineTuneOptions; readonly threads: number; readonly questions: Questions; clear(): Promise<void>; close(): Promise<void> }

function prepared(tuning: Tuning, { options, threads, questions, clear, close }: Rest): PreparedFineTune {
  const { summary } = tuning
  return {
    summary, close,
    async run({ signal, onProgress } = {}) {
      const { report: trained, record, files } = await tuning.train({ signal, onProgress: progress => onProgress?.({ phase: 'train', ...progress }) })
      const report = await newFolder(options.out, async making => {
        for (const [name, bytes] of Object.entries(files)) await writeSynced(join(making, name), bytes)
        const began = performance.now()
        const probed = await asked(options.model, summary.model.name, making, { threads, questions, signal, onProgress })
        const found: FineTuneReport = { ...trained, ...probed, seconds: trained.seconds + (performance.now() - began) / 1000, peakRssBytes: process.resourceUsage().maxRSS * 1024 }
        // An adapter is something that people pass on. What was said is no part of its folder.
        const { samples: _, ...inNumbers } = found
        await writeSynced(join(making, 'report.json'), `${JSON.stringify(inNumbers, null, 2)}\n`)
        await writeSynced(join(making, 'loss.svg'), lossCurve({ title: summary.model.name, training: record.steps(), holdout: record.evaluations }))
        return found
      })
      await clear()
      return report
    }
  }
}

/** What the model says without and with the adapter in a folder. */
async function asked(dir: string, name: string, adapter: string, { threads, questions, signal, onProgress }: RunOptions & Pick<Rest, 'threads' | 'questions'>): Promise<Probe> {
  const opened = await openModel(dir, name, { threads, slots: 1, positions: probePositions })
  try {
    const id = await opened.loadAdapter(adapter)
    return await probe((messages, options) => opened.model.generate(messages, options), id, questions, { signal, onAsked: (done, of) => onProgress?.({ phase: 'ask', done, of }) })
  } finally {
    await opened.close()
  }
}

function absent(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause
}
