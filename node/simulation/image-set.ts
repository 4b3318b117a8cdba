import type { ImageBatch } from '../train/image-objective.ts'
import { notLearned } from '../train/objective.ts'
import { badTrainingData } from '../train/training-errors.ts'
import { type Idx, readIdx } from './idx.ts'

/** Grey images of bytes, [count, height · width], and the class of each; in memory that threads share. */
export type ImageSet = { readonly count: number; readonly height: number; readonly width: number; readonly pixels: Uint8Array; readonly labels: Uint8Array }

export const digitClasses = 10

/** Of two idx files. `name` is for errors. @throws KinmeshError `BadTrainingData` */
export function imageSet(name: string, imageBytes: Uint8Array, labelBytes: Uint8Array): ImageSet {
  const [images, labels] = [readIdx(`${name} (images)`, imageBytes), readIdx(`${name} (labels)`, labelBytes)]
  const [count, height, width, ...rest] = images.sizes as [number, number, number, ...number[]]
  if (images.sizes.length !== 3 || rest.length > 0) throw badTrainingData(`${name}: images have three dimensions, not ${images.sizes.length}`)
  if (height > 256 || width > 256 || height % 4 !== 0 || width % 4 !== 0) throw badTrainingData(`${name}: images of ${height} × ${width} are none that these models take: sides are multiples of 4, up to 256`)
  if (labels.sizes.length !== 1 || labels.sizes[0] !== count) throw badTrainingData(`${name}: there are ${count} images and ${labels.sizes.join(' × ')} labels`)
  const strange = labels.data.findIndex(label => label >= digitClasses)
  if (strange >= 0) throw badTrainingData(`${name}: the label of image ${strange} is ${labels.data[strange]}, and classes are 0 to ${digitClasses - 1}`)
  return { count, height, width, pixels: shared(images), labels: shared(labels) }
}

function shared({ data }: Idx): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(data.length))
  copy.set(data)
  return copy
}

/** What each byte is to a model, f32 [256]: so many standard deviations from the mean of all pixels of a set. Sums of bytes are exact, and so the same everywhere. */
export function shadesOf({ pixels }: ImageSet): Float32Array {
  let [sum, squares] = [0, 0]
  for (let at = 0; at < pixels.length; at++) {
    sum += pixels[at]!
    squares += pixels[at]! ** 2
  }
  const mean = sum / pixels.length
  const deviation = Math.sqrt(squares / pixels.length - mean ** 2) || 1
  return Float32Array.from({ length: 256 }, (_, byte) => (byte - mean) / deviation)
}

/** Some of them as a batch of `rows`; what is over is all zeros, and not learned. */
export function imageBatch({ height, width, pixels, labels }: ImageSet, shades: Float32Array, chosen: Int32Array, rows = chosen.length): ImageBatch {
  const size = height * width
  const batch = { count: rows, images: new Float32Array(rows * size), labels: new Int32Array(rows).fill(notLearned) }
  for (let at = 0; at < chosen.length; at++) {
    const image = chosen[at]!
    batch.labels[at] = labels[image]!
    for (let pixel = 0; pixel < size; pixel++) batch.images[at * size + pixel] = shades[pixels[image * size + pixel]!]!
  }
  return batch
}
