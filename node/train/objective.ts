/** A tensor that is learned. `decays`: weight decay pulls it towards zero, as it does with matrices and not with norms and biases. */
export type Parameter = { readonly name: string; readonly shape: readonly number[]; readonly decays: boolean }

/** Of one batch. `loss`: the sum of the losses of its `labels`, so that batches of different size can be added up. */
export type BatchLoss = { readonly loss: number; readonly labels: number }

/** What is learned: the loss of examples under flat parameters, and its gradient. */
export interface Objective<Batch> {
  /** In their order in the flat vectors, one behind the other, row-major. */
  readonly parameters: readonly Parameter[]
  /** The loss of a batch, and the gradient of that sum, f32 [parameterCount], added to `into`. */
  gradient(parameters: Float32Array, batch: Batch, into: Float32Array): Promise<BatchLoss>
  loss(parameters: Float32Array, batch: Batch): Promise<BatchLoss>
}

/** The label of a position that is not learned. */
export const notLearned = -100

/**
 * Sequences of one length, int32 [rows, length] each. A row holds one example or several, one behind the other, and then filling.
 * A position sees those before it of the same row and the same segment.
 */
export type TokenBatch = {
  readonly rows: number
  readonly length: number
  readonly ids: Int32Array
  /** The id that shall follow the position, or `notLearned`. It is shifted already: the graph compares logits and label of the same position. */
  readonly labels: Int32Array
  /** From 0 on in each example. */
  readonly positions: Int32Array
  /** From 0 on in each row. The filling behind the last example is a segment of its own. */
  readonly segments: Int32Array
  /** Positions that are no filling. */
  readonly tokens: number
}

/** Numbers in all parameters together: the length of the flat vectors. */
export function parameterCount(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Numbers in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
