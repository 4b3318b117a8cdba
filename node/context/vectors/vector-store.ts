import type { FollowedIndex } from '../term-index.ts'

/** A memory whose vector is to be made. `key` is its own for as long as it stays as it is, and never another one's. */
export type Pending = { readonly key: number; readonly space: string; readonly id: string }

export type KeyedVector = { readonly key: number; readonly vector: Float32Array }

/** The vectors of memories, kept on this device and nowhere else. A cache, like every followed index. */
export type VectorStore = Omit<FollowedIndex, 'write'> & {
  /** Gives the keys of what is gone or has changed: of their vectors nothing is left in the store. */
  write(...change: Parameters<FollowedIndex['write']>): number[]
  /** Hash of the encoder that the vectors are of; empty before there was one. */
  model(): string
  /** Drops all vectors: they will be those of another encoder. */
  reset(model: string): void
  /** Memories without a vector whose keys follow `after`. */
  pending(after: number, limit: number): Pending[]
  /** Keeps vectors, f32 [dimensions], and gives those whose memories are still there. An empty one says that there will be none. */
  keep(vectors: readonly KeyedVector[]): KeyedVector[]
  /** Those whose keys follow `after`, in the order of keys. */
  vectors(after: number, limit: number): KeyedVector[]
  /** Of those that have one. */
  vectorKeys(): number[]
  places(keys: readonly number[]): Map<number, { readonly space: string; readonly id: string }>
  /** SHA-256 of the file with the large index that was made of these vectors; undefined: there is none, or it holds what is gone. */
  largeIndex(): string | undefined
  setLargeIndex(sha256: string | undefined): void
}
