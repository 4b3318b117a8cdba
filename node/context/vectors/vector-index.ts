/** A vector that was found. `similarity`: the cosine, −1 to 1. */
export type Near = { readonly key: number; readonly similarity: number }

/** Which vectors are near another one, in Node as in a page. All of them have length 1 and the same count of numbers. */
export type VectorIndex = {
  readonly count: number
  /** Takes a vector f32 [dimensions], in the place of the one that this key had. Keys are whole numbers from 0 to 2³² − 1. */
  put(key: number, vector: Float32Array): void
  /** Nothing of the vector stays in memory. */
  remove(key: number): void
  /** The nearest, best first. Of an index that is not exact some may be missing. */
  find(vector: Float32Array, limit: number): Near[]
  /** Some of the vectors, the same while nothing changes, and spread over all of them. */
  sample(limit: number): Float32Array[]
  close(): void
}

/** An index for many vectors: it takes long to make, so it can be kept in a file. */
export type LargeVectorIndex = VectorIndex & {
  keys(): number[]
  /** @throws what the disk does */
  save(path: string): Promise<void>
}

/** Makes an empty one, or reads one that was saved. @throws Error where the file is none of these */
export type OpenLargeIndex = (dimensions: number, path?: string) => Promise<LargeVectorIndex>

/** Brings a vector to length 1, in place; one of length 0 stays. */
export function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  if (length > 0) for (let index = 0; index < vector.length; index++) vector[index]! /= length
  return vector
}

/** The product of two vectors of the same size. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
