import { KinmeshError } from '../../mesh/errors.ts'
import type { Adapter } from '../model/adapter.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import type { BaseModel } from '../train/fine-tune/base-model.ts'
import { learnedOf, objectiveOf } from '../train/fine-tune/base-model.ts'
import { shapesFor } from '../train/fine-tune/fine-tune-data.ts'
import type { ChatExamples } from '../train/examples/chat-examples.ts'
import { adapterNames } from '../train/graphs/decoder-loss.ts'
import { planMemory } from '../train/memory-plan.ts'
import { type Parameter, sizeOf } from '../train/objective.ts'
import { tokenData } from '../train/trainer/token-data.ts'

/** The mean loss of each label of the holdout, in nats, and how many labels and examples that are. */
export type HoldoutLoss = { readonly loss: number; readonly labels: number; readonly examples: number }

/**
 * How well the model writes what this device held back, through each of these adapters (undefined: as it is), on the same batches. The examples are read and go nowhere; nor does the loss, which says something about them.
 * @throws KinmeshError `NoTrainingData`: nothing is held back · `TooLittleMemory` · `ModelFailed`; the reason of the signal
 */
export async function holdoutLosses(model: BaseModel, examples: ChatExamples, adapters: readonly (Adapter | undefined)[], { maxMemoryBytes, signal }: { readonly maxMemoryBytes: number; readonly signal?: AbortSignal | undefined }): Promise<HoldoutLoss[]> {
  const { holdout } = examples
  if (holdout.count === 0) throw new KinmeshError('NoTrainingData', 'nothing is held back on this device to measure an adapter with: it measures once more was said')
  const losses: HoldoutLoss[] = []
  for (const adapter of adapters) {
    const rank = Math.max(1, ...(adapter ? [...adapter.linears.values()].map(each => each.rank) : []))
    const learned = learnedOf(model, rank, rank)
    const { lengths, stepTokens } = shapesFor({ ...examples, training: holdout }, model.text.config.maxPositions)
    const plan = planMemory({ config: model.text.config, learned, base: model.base.format, mayUnpack: model.unpacked !== undefined, lengths, stepTokens, hasHoldout: true, maxMemoryBytes })
    const { data, report } = tokenData(holdout, plan)
    const objective = objectiveOf(model, learned, plan)
    try {
      const parameters = model.place(flatAdapter(objective.parameters, adapter, rank, new Map(adaptableLinears(model.text.config).map(({ name, rows, columns }) => [name, { rows, columns }]))))
      let [loss, labels] = [0, 0]
      for (let index = 0; index < data.batchesPerEpoch; index++) {
        signal?.throwIfAborted()
        const found = await objective.loss(parameters, await data.batch(0, index))
        loss += found.loss
        labels += found.labels
      }
      if (!Number.isFinite(loss)) throw new KinmeshError('ModelFailed', 'the loss of what is held back is no number: the adapter or the model is damaged')
      losses.push({ loss: loss / labels, labels, examples: report.examples })
    } finally {
      await objective.close()
    }
  }
  return losses
}

/** An adapter as node/model has it (both factors turned, its scale in B), as parameters of a training with the scale 1; what it lacks of the rank is zero. */
function flatAdapter(parameters: readonly Parameter[], adapter: Adapter | undefined, rank: number, linears: ReadonlyMap<string, { readonly rows: number; readonly columns: number }>): Float32Array {
  const places = new Map<string, number>()
  let size = 0
  for (const { name, shape } of parameters) {
    places.set(name, size)
    size += sizeOf(shape)
  }
  const flat = new Float32Array(size)
  for (const [name, low] of adapter?.linears ?? []) {
    const { rows, columns } = linears.get(name)!
    const [a, b] = [places.get(adapterNames(name).a)!, places.get(adapterNames(name).b)!]
    for (let of = 0; of < low.rank; of++) {
      for (let column = 0; column < columns; column++) flat[a + of * columns + column] = low.a[column * low.rank + of]!
      for (let row = 0; row < rows; row++) flat[b + row * rank + of] = low.b[of * rows + row]!
    }
  }
  return flat
}
