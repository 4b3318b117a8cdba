import { addProximalGradient, proximalLoss } from '../../federated/aggregation/proximal.ts'
import { clip, type Clipped } from '../../federated/privacy/clip.ts'
import { type BaseModel, learnedOf, objectiveOf } from '../train/fine-tune/base-model.ts'
import { plannedData, shapesFor } from '../train/fine-tune/fine-tune-data.ts'
import type { ChatExamples } from '../train/examples/chat-examples.ts'
import type { Learned } from '../train/graphs/decoder-loss.ts'
import { planMemory } from '../train/memory-plan.ts'
import { type Objective, parameterCount, type TokenBatch } from '../train/objective.ts'
import { adamW } from '../train/trainer/optimizer.ts'
import { train, type TrainingProgress } from '../train/trainer/train.ts'
import type { SharedAdapter } from './shared-adapter.ts'

/** How a device trains in one round; the same for all, from the manifest. `steps` or `epochs`: how long. `proximal`: FedProx's mu, 0 for none. */
export type LocalTraining = { readonly length: { readonly steps: number } | { readonly epochs: number }; readonly rate: number; readonly proximal?: number }

export type LocalPlace = {
  readonly model: BaseModel
  readonly examples: ChatExamples
  readonly maxMemoryBytes: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}

/** What this device would give to a round. `delta`: after less before, flat, at most as long as the clip norm. `examples`: that it learned from, the weight before it is capped. */
export type LocalUpdate = { readonly delta: Clipped; readonly examples: number; readonly steps: number; readonly parameters: number }

/**
 * Trains B from where the shared model is (`flat`) on this device's examples, and gives the difference, shortened to `clipNorm`. What is held back is neither trained on nor looked at, so that adoption can measure with it, and each
 * round begins with a new optimizer: nothing but the delta goes from one to the next. It is the same for the same examples; noise, masks and compression are the round's, and come after.
 * @throws KinmeshError `NoTrainingData` · `TooLittleMemory` · `TrainingDiverged` · `WrongShape` · `NotFinite` · `BadPrivacyTerms` · `ModelFailed`; the reason of the signal
 */
export async function localUpdate(shared: SharedAdapter, flat: Float32Array, training: LocalTraining, clipNorm: number, place: LocalPlace): Promise<LocalUpdate> {
  const { model, examples, maxMemoryBytes, signal, onProgress } = place
  signal?.throwIfAborted()
  const { rank, alpha } = shared.shape
  const frozenA = shared.frozenA()
  const learned: Learned = { ...learnedOf(model, rank, alpha), ...(frozenA && { frozenA }) }
  const plan = planMemory({ config: model.text.config, learned, base: model.base.format, mayUnpack: model.unpacked !== undefined, ...shapesFor(examples, model.text.config.maxPositions), hasHoldout: false, maxMemoryBytes })
  const { training: data, report } = plannedData(examples, plan)
  const objective = objectiveOf(model, learned, plan)
  try {
    const start = shared.toTraining(objective.parameters, flat)
    const parameters = model.place(start.slice())
    const trained = await train(proximal(objective, start, training.proximal ?? 0), data, {
      parameters, optimizer: adamW(objective.parameters, { decay: 0 }), schedule: { rate: training.rate }, length: training.length, batchesPerStep: plan.batchesPerStep, signal, onProgress
    })
    if (trained.end === 'cancelled') throw signal?.reason
    const after = shared.fromTraining(objective.parameters, parameters)
    return { delta: clip(after.map((value, at) => value - flat[at]!), clipNorm), examples: report.examples, steps: trained.steps, parameters: parameterCount(objective.parameters) }
  } finally {
    await objective.close()
  }
}

/** With FedProx's term for each label, as the trainer divides by their number. */
function proximal(objective: Objective<TokenBatch>, start: Float32Array, mu: number): Objective<TokenBatch> {
  if (mu === 0) return objective
  const { parameters } = objective
  return {
    parameters,
    async gradient(values, batch, into) {
      const found = await objective.gradient(values, batch, into)
      addProximalGradient(into, values, start, mu * found.labels)
      return { ...found, loss: found.loss + found.labels * proximalLoss(values, start, mu) }
    },
    async loss(values, batch) {
      const found = await objective.loss(values, batch)
      return { ...found, loss: found.loss + found.labels * proximalLoss(values, start, mu) }
    }
  }
}
