import type { TensorShape } from '../aggregation/admission.ts'
import { checkExperiment, type Experiment, type ExperimentInput } from './experiment.ts'
import type { LocalTask, LocalWork } from './local-task.ts'

const shapes: readonly TensorShape[] = [{ name: 'place', shape: [4] }]

/** For tests: each client pulls the shared place half way to its own, and half way from there to where its seed says. */
export function placesTask(clients: number, spoil: (client: number, delta: Float32Array) => Float32Array = (_, delta) => delta): LocalTask & { readonly asked: number[] } {
  const asked: number[] = []
  return {
    asked, shapes,
    examples: Array.from({ length: clients }, (_, client) => 1 + (client % 7)),
    start: () => new Float32Array(4),
    async train(work) {
      asked.push(work.client)
      // They end in another order than they began.
      for (let turn = 0; turn < (work.client * 5) % 7; turn++) await Promise.resolve()
      return { delta: spoil(work.client, pulled(work)), loss: 1 / (1 + work.client) }
    },
    async assess(parameters) {
      return { loss: parameters[0]!, accuracy: Math.min(1, Math.max(0, parameters[1]! / 10)) }
    },
    async close() {}
  }
}

export function pulled({ client, seed, parameters }: LocalWork): Float32Array {
  return parameters.map((value, at) => 0.5 * (client + at - value) + (seed % 100) / 1000)
}

/** For tests: what has to be said in an experiment, and nothing else. */
export function experiment(more: Partial<ExperimentInput> = {}): Experiment {
  return checkExperiment({ task: 'synthetic', rounds: 5, clients: 12, fraction: 0.5, local: { batch: 10, rate: 0.1 }, ...more })
}
