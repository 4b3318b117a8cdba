import { type Objective, parameterCount } from '../../objective.ts'
import type { Checkpoints } from '../checkpoint.ts'
import { adamW } from '../optimizer.ts'
import type { ImageBatch } from '../../image-objective.ts'
import { type TrainingOptions, type TrainingReport, train } from '../train.ts'
import { pointData, softmaxObjective } from './softmax-objective.ts'

const plain = softmaxObjective(4, 3)
const points = pointData(50, { batchImages: 8 })
const holdout = pointData(20, { batchImages: 10, seed: 2 })

/** For tests: a training of 30 steps with everything that a checkpoint has to keep, and what came of it, in text, to the last bit. `hold` is asked before each gradient of this run. */
export async function smallTraining(store: Checkpoints, everySteps: number, { hold, ...other }: { hold?: (count: number) => Promise<void> } & Partial<TrainingOptions<ImageBatch>> = {}): Promise<{ report: TrainingReport; trace: string }> {
  let count = 0
  const objective: Objective<ImageBatch> = {
    ...plain,
    gradient: async (...given) => {
      await hold?.(++count)
      return plain.gradient(...given)
    }
  }
  const parameters = new Float32Array(parameterCount(plain.parameters))
  const report = await train(objective, points.data, {
    parameters, optimizer: adamW(plain.parameters), schedule: { rate: 0.3, warmUp: 3, shape: 'cosine' }, length: { steps: 30 }, batchesPerStep: 2,
    holdout: { data: holdout.data, everySteps: 4, patience: 20 }, checkpoints: { store, everySteps }, ...other
  })
  return { report, trace: JSON.stringify([[...report.record.steps()], report.record.evaluations, report.best, [...new Uint32Array(parameters.buffer)]]) }
}
