import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import type { ChatExamples } from '../examples/chat-examples.ts'
import type { MemoryPlan } from '../memory-plan.ts'
import type { TokenBatch } from '../objective.ts'
import { type TokenDataReport, tokenData } from '../trainer/token-data.ts'
import type { TokenExamples } from '../trainer/token-examples.ts'
import type { TrainingData } from '../trainer/training-data.ts'

/** Lengths that rows may have; a few, as each is a graph of its own. */
const rowLengths = [64, 128, 256, 512, 1024]
/** Steps that are to be made in one time through the data, where it has enough; and what one takes in, in positions. */
const [stepsPerEpoch, leastStep, mostStep] = [16, 256, 2048]

/** Lengths of rows that these examples need of a model, and positions of a step. */
export function shapesFor({ training, holdout }: ChatExamples, maxPositions: number): { readonly lengths: readonly number[]; readonly stepTokens: number } {
  let longest = 1
  for (const part of [training, holdout]) for (let example = 0; example < part.count; example++) longest = Math.max(longest, part.length(example) - 1)
  const possible = rowLengths.filter(length => length <= maxPositions)
  const enough = possible.findIndex(length => length >= longest)
  const lengths = possible.length === 0 ? [maxPositions] : possible.slice(0, enough < 0 ? possible.length : enough + 1)
  return { lengths, stepTokens: Math.min(mostStep, Math.max(leastStep, lengths.at(-1)!, Math.ceil(training.tokens / stepsPerEpoch))) }
}

export type PlannedData = { readonly training: TrainingData<TokenBatch>; readonly report: TokenDataReport; readonly holdout: TrainingData<TokenBatch> | undefined }

/** Batches as planned. Nothing is held out where nothing of it would count. @throws KinmeshError `NoTrainingData` */
export function plannedData({ training, holdout }: ChatExamples, { lengths, batchTokens }: MemoryPlan): PlannedData {
  if (training.count === 0) throw new KinmeshError('NoTrainingData', 'all conversations are held back to measure with: train on more of them')
  const { data, report } = tokenData(training, { lengths, batchTokens })
  return { training: data, report, holdout: holdoutData(holdout, lengths, batchTokens) }
}

function holdoutData(holdout: TokenExamples, lengths: readonly number[], batchTokens: number): TrainingData<TokenBatch> | undefined {
  if (holdout.count === 0) return undefined
  try {
    return tokenData(holdout, { lengths, batchTokens }).data
  } catch (error) {
    if (isKinmeshError(error, 'NoTrainingData')) return undefined
    throw error
  }
}
