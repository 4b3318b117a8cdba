import { arch, cpus, platform } from 'node:os'
import { join } from 'node:path'
import { open } from 'node:fs/promises'
import { KinmeshError } from '../../mesh/errors.ts'
import { type Experiment, maxExperimentBytes, readExperiment } from '../../federated/simulation/experiment.ts'
import type { LocalTask } from '../../federated/simulation/local-task.ts'
import type { RoundRecord } from '../../federated/simulation/record.ts'
import { simulate, type Simulated } from '../../federated/simulation/simulate.ts'
import { writeSynced } from '../durable-file.node.ts'
import { ortVersion } from '../model/runtime/ort-session.node.ts'
import { diskError, isMissing } from '../model/store/files.node.ts'
import { newFolder } from '../train/adapter-files/new-folder.node.ts'
import { version } from '../version.node.ts'
import { openTask, type OpenTaskOptions } from './open-task.node.ts'
import { outputFiles, type Surroundings } from './output.ts'

export type RunOptions = OpenTaskOptions & {
  /** The folder of what comes of it, which is not there yet. */
  readonly out: string
  readonly onRound?: ((record: RoundRecord) => void) | undefined
  /** Ends it at once; the rounds that are whole are written. */
  readonly signal?: AbortSignal | undefined
}

/** `complete`: not cut short by the signal. */
export type Ran = Simulated & { readonly complete: boolean }

/**
 * Runs an experiment, and writes its files into a folder that appears whole: results.jsonl, results.csv, manifest.json, loss.svg, and accuracy.svg of a task that has one. One that is cancelled leaves the rounds that were
 * whole by then, and its manifest says so; before the first round it leaves no folder.
 * @throws KinmeshError those of `openTask` and `simulate`; `FolderExists` · `DiskFull` · `StoreFailed`; the reason of the signal before the first round
 */
export async function runExperiment(experiment: Experiment, { out, onRound, signal, ...options }: RunOptions): Promise<Ran> {
  return newFolder(out, async making => {
    const { task, files, library } = await openTask(experiment, options)
    try {
      const ran = await rounds(experiment, task, onRound, signal)
      for (const [name, text] of outputFiles({ experiment, files, task, surroundings: await surroundings(experiment, library), simulated: ran })) await writeSynced(join(making, name), text)
      return ran
    } finally {
      await task.close()
    }
  })
}

async function rounds(experiment: Experiment, task: LocalTask, onRound: RunOptions['onRound'], signal: AbortSignal | undefined): Promise<Ran> {
  const records: RoundRecord[] = []
  let last: Float32Array | undefined
  try {
    const simulated = await simulate(experiment, task, { signal, onRound: (record, parameters) => {
      records.push(record)
      last = parameters
      onRound?.(record)
    } })
    return { ...simulated, complete: true }
  } catch (error) {
    if (!last || records.length < 2 || !signal?.aborted || error !== signal.reason) throw error
    return { parameters: last, records, reached: null, complete: false }
  }
}

/** @throws KinmeshError `ExperimentMissing`; those of `readExperiment` */
export async function readExperimentFile(path: string): Promise<Experiment> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > maxExperimentBytes) throw new KinmeshError('BadExperiment', `${path} has ${size} bytes, and ${maxExperimentBytes} is the most`)
      return readExperiment(await file.readFile('utf8'))
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (isMissing(cause)) throw new KinmeshError('ExperimentMissing', `there is no ${path}: name the file that says what to simulate`, { cause })
    throw diskError(path, cause)
  }
}

async function surroundings({ task }: Experiment, library: string | undefined): Promise<Surroundings> {
  return { kinmesh: version, onnxruntime: task === 'synthetic' || task === 'layers-model' ? null : await ortVersion(), ...(library === undefined ? {} : { library }), node: process.version, platform: `${platform()} ${arch()}`, processor: cpus()[0]?.model.trim() ?? 'unknown' }
}
