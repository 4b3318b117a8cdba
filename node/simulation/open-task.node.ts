import { availableParallelism } from 'node:os'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Experiment } from '../../federated/simulation/experiment.ts'
import type { LocalTask } from '../../federated/simulation/local-task.ts'
import { split } from '../../federated/simulation/splits.ts'
import type { DataFile } from './data-file.ts'
import { shadesOf } from './image-set.ts'
import { readLayersData } from './layers-data.node.ts'
import { findTensorFlow, readLayersFolder } from './layers-model.node.ts'
import { openLearnerPool } from './learner-pool.node.ts'
import { readMnist } from './mnist.node.ts'
import { readPlaysFile } from './plays.node.ts'
import { readStarter, starterTerms } from './starter.node.ts'
import { SyntheticTask, syntheticData } from './synthetic.ts'

export type OpenTaskOptions = {
  /** The folder of data, in the place of the experiment's. */
  readonly data?: string | undefined
  /** The folder of the model, in the place of the experiment's. */
  readonly model?: string | undefined
  /** Default: the cores of this machine. */
  readonly threads?: number | undefined
}

/** To be closed. `files`: what was read. `library`: what it trains with and which version, where that is not onnxruntime. */
export type OpenedTask = { readonly task: LocalTask; readonly files: readonly DataFile[]; readonly library?: string }

/** The data of an experiment, divided among its clients, and what trains on them. @throws KinmeshError `DataMissing` · `BadTrainingData` · `BadSplit` · `ModelFailed`; those of reading a model */
export async function openTask(experiment: Experiment, options: OpenTaskOptions = {}): Promise<OpenedTask> {
  const { task, clients, seed, local } = experiment
  switch (task) {
    case 'synthetic': {
      const data = syntheticData(clients, seed)
      return { task: new SyntheticTask(data, split(experiment.split, data.training, clients, seed), local), files: [] }
    }
    case 'shakespeare': {
      const { plays: { training, heldOut, speakers, characters }, files } = await readPlaysFile(dataDir(experiment, options))
      const divided = split(experiment.split, { count: training.count, speakers }, clients, seed)
      return { task: await openLearnerPool({ kind: 'text', characters: characters.length, training, heldOut, local }, divided, { threads: threadsOf(options), seed }), files }
    }
    case 'layers-model': {
      const dir = options.model ?? experiment.model
      if (dir === undefined) throw new KinmeshError('NoModel', 'layers-model trains a model of TensorFlow.js: name the folder of its model.json, as "model" in experiment.json or by --model DIR')
      const { model, weightData, files } = await readLayersFolder(dir)
      const { training, heldOut, files: data } = await readLayersData(dataDir(experiment, options))
      const { name, version, path } = findTensorFlow([process.cwd(), dir, import.meta.dirname])
      const learning = { kind: 'layers', library: path, model, weightData, training, heldOut, local } as const
      return { task: await openLearnerPool(learning, split(experiment.split, training, clients, seed), { threads: threadsOf(options), seed }), files: [...files, ...data], library: `${name} ${version}` }
    }
    case 'starter': {
      const { dir, ...terms } = starterTerms(experiment, options.model)
      const { learning, combining, files } = await readStarter(dir, terms)
      return { task: await openLearnerPool(learning, split(experiment.split, learning.training, clients, seed), { threads: threadsOf(options), seed, combining }), files }
    }
    case 'mnist-2nn':
    case 'mnist-cnn': {
      const { training, heldOut, files } = await readMnist(dataDir(experiment, options))
      const divided = split(experiment.split, training, clients, seed)
      const learning = { kind: 'images', model: task === 'mnist-2nn' ? 'mlp' : 'cnn', training, heldOut, shades: shadesOf(training), local } as const
      return { task: await openLearnerPool(learning, divided, { threads: threadsOf(options), seed }), files }
    }
  }
}

function dataDir({ data, task }: Experiment, options: OpenTaskOptions): string {
  const dir = options.data ?? data
  if (dir === undefined) throw new KinmeshError('DataMissing', `${task} learns from files: name the folder that holds them, as "data" in experiment.json or by --data DIR`)
  return dir
}

function threadsOf({ threads = availableParallelism() }: OpenTaskOptions): number {
  if (!(Number.isInteger(threads) && threads > 0)) throw new KinmeshError('InvalidOption', 'threads: a whole number above 0')
  return threads
}
