import { sha256, sha256Hex } from '#mesh/sha256'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { ImageBatch } from '../image-objective.ts'
import { badTrainingData } from '../training-errors.ts'
import { type TrainingData, ascending, shuffle } from './training-data.ts'

/**
 * Batches of `batchImages` of the images, f32 [labels.length, height · width], with their classes, in another order in each epoch. The last batch has what is left.
 * @throws KinmeshError `NoTrainingData` · `BadTrainingData` · `InvalidOption`
 */
export function imageData(images: Float32Array, labels: Int32Array, { batchImages, seed = 0 }: { readonly batchImages: number; readonly seed?: number }): TrainingData<ImageBatch> {
  const count = labels.length
  if (count === 0) throw new KinmeshError('NoTrainingData', 'there is nothing to train on: there are no images')
  if (images.length % count !== 0) throw badTrainingData(`${images.length} numbers are not as many for each of ${count} images`)
  if (!(Number.isInteger(batchImages) && batchImages > 0)) throw new KinmeshError('InvalidOption', 'batchImages: a whole number above 0')
  const width = images.length / count
  const batchesPerEpoch = Math.ceil(count / batchImages)
  let order: { epoch: number; images: Int32Array } = { epoch: -1, images: new Int32Array() }
  return {
    key: sha256Hex([batchImages, seed, ...[images, labels].map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength)).join())].join(' ')),
    batchesPerEpoch,
    batch(epoch, index) {
      if (!(Number.isInteger(index) && index >= 0 && index < batchesPerEpoch)) throw new RangeError(`batch ${index} of ${batchesPerEpoch}`)
      if (order.epoch !== epoch) order = { epoch, images: shuffle(ascending(count), seed, epoch) }
      const own = order.images.subarray(index * batchImages, (index + 1) * batchImages)
      const batch = { count: own.length, images: new Float32Array(own.length * width), labels: new Int32Array(own.length) }
      for (const [at, image] of own.entries()) {
        batch.images.set(images.subarray(image * width, (image + 1) * width), at * width)
        batch.labels[at] = labels[image]!
      }
      return batch
    },
    size: ({ count }) => count
  }
}
