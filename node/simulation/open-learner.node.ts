import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { openBaseModel } from '../train/fine-tune/base-model.node.ts'
import type { BaseModel } from '../train/fine-tune/base-model.ts'
import { UnpackedBase } from '../train/unpacked-base.ts'
import { AdapterLearner, type AdapterLearning } from './adapter-learner.ts'
import { ImageLearner } from './image-learner.ts'
import { LayersLearner } from './layers-learner.ts'
import { loadTensorFlow } from './layers-model.node.ts'
import type { Learner } from './learner.ts'
import type { Learning } from './learning.ts'
import { TextLearner } from './text-learner.ts'

/** A thread for each core is what the pool is for. */
const threads = 1
/** Weights of few bits that each thread has unpacked, which halves the time of a step; of larger models they stay as they are. */
const maxUnpacked = 32 * 1024 ** 2

/** To be closed. @throws KinmeshError those of the model that it learns beside */
export async function openLearner(learning: Learning): Promise<Learner> {
  const open = (model: Uint8Array) => openOrtSession(model, { threads, asWritten: true })
  switch (learning.kind) {
    case 'images': return new ImageLearner(learning, open)
    case 'text': return new TextLearner(learning, open)
    case 'layers': return LayersLearner.open(learning, loadTensorFlow(learning.library))
    case 'adapter': return adapterLearner(learning, await openBaseModel(learning.dir, threads))
  }
}

async function adapterLearner(learning: AdapterLearning, packed: BaseModel): Promise<Learner> {
  try {
    const { format } = packed.base
    const numbers = adaptableLinears(packed.text.config).reduce((sum, { rows, columns }) => sum + rows * columns, 0)
    const unpacked = format.bits === 32 || numbers > maxUnpacked ? undefined : new UnpackedBase(packed.base, format, count => new Float32Array(count))
    const learner = new AdapterLearner(learning, { ...packed, unpacked })
    return {
      parameters: learner.parameters,
      beginning: learner.beginning,
      assessParts: learner.assessParts,
      train: (examples, seed, start, own) => learner.train(examples, seed, start, own),
      assess: (parameters, part, own) => learner.assess(parameters, part, own),
      async close() {
        await learner.close()
        await packed.close()
      }
    }
  } catch (error) {
    await packed.close()
    throw error
  }
}
