import type { Memory } from './memory.ts'

/** A memory and how well it fits the question: higher is better, comparable within one answer only. */
export type Recalled = Memory & { readonly score: number }

/** Most memories one question may ask for. */
export const maxRecalled = 200

/** Finds memories by their words. Follows the spaces by itself; a write that was acknowledged is found by the next call. */
export type Recall = {
  /** The `k` best, best first. */
  recall(query: string, k: number): Promise<Recalled[]>
  /** Resolves when the index holds what the spaces hold now. */
  ready(): Promise<void>
  close(): Promise<void>
}
