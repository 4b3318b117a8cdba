import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import type { KeptWeights } from './kept.ts'

/** As kept-weights.json has them. */
export type KeptFile = { readonly known: readonly string[]; readonly features: PackedNumbers; readonly follows: PackedNumbers; readonly subjects: PackedNumbers; readonly replaced: readonly number[] }

export function packKept({ known, features, follows, subjects, replaced }: KeptWeights): KeptFile {
  return { known, features: packNumbers(Float32Array.from(features)), follows: packNumbers(Float32Array.from(follows)), subjects: packNumbers(subjects), replaced: Array.from(replaced, value => Math.round(1000 * value) / 1000) }
}

export function unpackKept({ known, features, follows, subjects, replaced }: KeptFile): KeptWeights {
  return { labels: 1, known, features: unpackNumbers(features), follows: unpackNumbers(follows), subjects: unpackNumbers(subjects), replaced: Float32Array.from(replaced) }
}
