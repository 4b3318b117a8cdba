import type { Objective, Parameter } from '../../objective.ts'
import type { ImageBatch } from '../../image-objective.ts'
import { imageData } from '../image-data.ts'
import { seededNumbers } from '../../../model/testing/tiny-models.ts'

/** For tests: logistic regression of several classes, written out in f64. Weights [classes, inputs] and biases [classes]. */
export function softmaxObjective(inputs: number, classes: number): Objective<ImageBatch> {
  const parameters: Parameter[] = [{ name: 'weights', shape: [classes, inputs], decays: true }, { name: 'biases', shape: [classes], decays: false }]

  async function pass(values: Float32Array, { count, images, labels }: ImageBatch, into: Float32Array | undefined): Promise<{ loss: number; labels: number }> {
    const sum = { loss: 0, labels: 0 }
    for (let row = 0; row < count; row++) {
      const label = labels[row]!
      const x = images.subarray(row * inputs, (row + 1) * inputs)
      const logits = Array.from({ length: classes }, (_, each) => x.reduce((dot, value, at) => dot + value * values[each * inputs + at]!, values[classes * inputs + each]!))
      const most = Math.max(...logits)
      const total = logits.reduce((all, logit) => all + Math.exp(logit - most), 0)
      sum.loss += most + Math.log(total) - logits[label]!
      sum.labels++
      for (const [each, logit] of into ? logits.entries() : []) {
        const slope = Math.exp(logit - most) / total - Number(each === label)
        for (let at = 0; at < inputs; at++) into![each * inputs + at]! += slope * x[at]!
        into![classes * inputs + each]! += slope
      }
    }
    return sum
  }

  return { parameters, gradient: pass, loss: (values, batch) => pass(values, batch, undefined) }
}

/** For tests: points around one centre for each class, some of them mixed up. */
export function pointData(count: number, { batchImages, seed = 1 }: { batchImages: number; seed?: number }): { data: ReturnType<typeof imageData>; inputs: Float32Array; labels: Int32Array } {
  const number = seededNumbers(seed)
  const labels = Int32Array.from({ length: count }, (_, row) => row % 3)
  const inputs = Float32Array.from({ length: count * 4 }, (_, at) => (labels[Math.floor(at / 4)] === at % 4 ? 1 : 0) + 0.9 * number())
  return { data: imageData(inputs, labels, { batchImages, seed }), inputs, labels }
}
