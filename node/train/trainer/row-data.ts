import { sha256Hex, sha256 } from '#mesh/sha256'
import { KinmeshError } from '../../../mesh/errors.ts'
import { notLearned } from '../objective.ts'
import { badTrainingData } from '../training-errors.ts'
import { type TrainingData, ascending, shuffle } from './training-data.ts'

/** Examples of one shape, such as images. `inputs`: f32 [rows, …]; `labels`: int32 [rows], the class of each, or `notLearned` where a row holds nothing. */
export type RowBatch = { readonly rows: number; readonly inputs: Float32Array; readonly labels: Int32Array }

/**
 * Batches of `batchRows` of the rows of `inputs`, f32 [labels.length, …], in another order in each epoch. The last batch is filled up with empty rows.
 * @throws KinmeshError `NoTrainingData` · `BadTrainingData` · `InvalidOption`
 */
export function rowData(inputs: Float32Array, labels: Int32Array, { batchRows, seed = 0 }: { readonly batchRows: number; readonly seed?: number }): TrainingData<RowBatch> {
  const count = labels.length
  if (count === 0) throw new KinmeshError('NoTrainingData', 'there is nothing to train on: no row has a label')
  if (inputs.length % count !== 0) throw badTrainingData(`${inputs.length} numbers are not as many for each of ${count} rows`)
  if (!(Number.isInteger(batchRows) && batchRows > 0)) throw new KinmeshError('InvalidOption', 'batchRows: a whole number above 0')
  const width = inputs.length / count
  const batchesPerEpoch = Math.ceil(count / batchRows)
  let order: { epoch: number; rows: Int32Array } = { epoch: -1, rows: new Int32Array() }
  return {
    key: sha256Hex([batchRows, seed, ...[inputs, labels].map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength)).join())].join(' ')),
    batchesPerEpoch,
    batch(epoch, index) {
      if (!(Number.isInteger(index) && index >= 0 && index < batchesPerEpoch)) throw new RangeError(`batch ${index} of ${batchesPerEpoch}`)
      if (order.epoch !== epoch) order = { epoch, rows: shuffle(ascending(count), seed, epoch) }
      const batch = { rows: batchRows, inputs: new Float32Array(batchRows * width), labels: new Int32Array(batchRows).fill(notLearned) }
      for (const [at, row] of order.rows.subarray(index * batchRows, (index + 1) * batchRows).entries()) {
        batch.inputs.set(inputs.subarray(row * width, (row + 1) * width), at * width)
        batch.labels[at] = labels[row]!
      }
      return batch
    },
    size: ({ labels }) => labels.reduce((sum, label) => sum + Number(label !== notLearned), 0)
  }
}
