import { Sfc32 } from '../../model/text/sfc32.ts'

/** What is trained on, batch by batch. The same epoch and index give the same batch, so a training goes on anywhere. */
export interface TrainingData<Batch> {
  /** Of the content and the order: a checkpoint is taken up with the same data only. */
  readonly key: string
  /** The same in each epoch. */
  readonly batchesPerEpoch: number
  /** `index`: 0 … batchesPerEpoch − 1. */
  batch(epoch: number, index: number): Batch | Promise<Batch>
  /** What is counted when speed is told: tokens, or images; filling is none of it. */
  size(batch: Batch): number
}

/** Puts the numbers of `order` in an order that follows from seed and epoch (Durstenfeld 1964). `seed`: below 2^32, `epoch`: below 2^21. */
export function shuffle(order: Int32Array, seed: number, epoch: number): Int32Array {
  const random = new Sfc32(seed + epoch * 2 ** 32)
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(random.uniform() * (last + 1))
    const taken = order[at]!
    order[at] = order[last]!
    order[last] = taken
  }
  return order
}

/** 0 … count − 1. */
export function ascending(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}
