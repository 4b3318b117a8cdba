import type { Experiment } from '../../federated/simulation/experiment.ts'
import { hashOfBytes, hashOfValues } from '../../federated/simulation/hash.ts'
import type { LocalTask } from '../../federated/simulation/local-task.ts'
import { recordLine, recordsCsv, type RoundRecord } from '../../federated/simulation/record.ts'
import type { Simulated } from '../../federated/simulation/simulate.ts'
import { curve, type Point } from '../train/trainer/curve.ts'
import type { DataFile } from './data-file.ts'

/** What numbers depend on beside the experiment and its data: other versions and processors may round otherwise. */
export type Surroundings = { readonly kinmesh: string; readonly onnxruntime: string | null; readonly library?: string; readonly node: string; readonly platform: string; readonly processor: string }

export type SimulationOutput = {
  readonly experiment: Experiment
  readonly files: readonly DataFile[]
  readonly task: Pick<LocalTask, 'shapes' | 'examples'>
  readonly surroundings: Surroundings
  /** `complete`: not cut short by whoever runs it. */
  readonly simulated: Simulated & { readonly complete: boolean }
}

/** Of the layout of these files. */
const format = 1

/** The files of a simulation by their names. They say nothing of when and how fast it ran: the same experiment gives the same bytes. */
export function outputFiles(output: SimulationOutput): ReadonlyMap<string, string> {
  const { records } = output.simulated
  const lines = records.map(recordLine).join('')
  return new Map<string, string>([
    ['results.jsonl', lines],
    ['results.csv', recordsCsv(records)],
    ['manifest.json', `${JSON.stringify(manifestOf(output, lines), undefined, 2)}\n`],
    ...(records.some(({ accuracy }) => accuracy !== null) ? [['accuracy.svg', accuracyCurve(output)] as const] : []),
    ['loss.svg', lossCurve(output)]
  ])
}

/** Everything that it takes to do it again, and what came of it. Where the data and the model lay is left out: their hashes say which they are. */
function manifestOf({ experiment: { data: _, model: __, ...experiment }, files, task, surroundings, simulated }: SimulationOutput, lines: string) {
  const { parameters, records, reached, complete } = simulated
  const accuracies = records.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]))
  return {
    format, experiment, data: files,
    split: { clients: task.examples.length, examples: task.examples.reduce((a, b) => a + b, 0), fewest: task.examples.reduce((a, b) => Math.min(a, b)), most: task.examples.reduce((a, b) => Math.max(a, b)) },
    model: { parameters: parameters.length, tensors: task.shapes },
    surroundings,
    result: {
      complete, rounds: records.length - 1, reachedTargetInRound: reached, bestAccuracy: accuracies.reduce<number | null>((best, each) => (best === null || each > best ? each : best), null), lastAccuracy: accuracies.at(-1) ?? null,
      parameters: hashOfValues(parameters), results: hashOfBytes(new TextEncoder().encode(lines))
    }
  }
}

function accuracyCurve({ experiment, simulated: { records } }: SimulationOutput): string {
  return curve({ title: titleOf(experiment), over: 'rounds', of: 'accuracy', best: 'highest', training: [], holdout: points(records, 'accuracy') })
}

function lossCurve({ experiment, simulated: { records } }: SimulationOutput): string {
  return curve({ title: titleOf(experiment), over: 'rounds', of: 'loss', best: 'lowest', training: points(records, 'trainLoss'), holdout: points(records, 'loss') })
}

function points(records: readonly RoundRecord[], of: 'accuracy' | 'loss' | 'trainLoss'): Point[] {
  return records.flatMap(record => (record[of] === null ? [] : [{ step: record.round, value: record[of] }]))
}

/** "mnist-2nn iid, C 0.1 E 1 B 10": as long as there is room for beside the key. The manifest has the rest. */
function titleOf({ task, split, fraction, local }: Experiment): string {
  return `${task} ${split.kind}, C ${fraction} E ${local.epochs} B ${local.batch ?? '∞'}`
}
