import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import { argumentNames } from './arguments.ts'
import type { KnowingWeights } from './found.ts'

/** As argument-weights.json and value-weights.json have them. */
export type ArgumentFile = { readonly known: readonly string[]; readonly features: PackedNumbers; readonly follows: PackedNumbers }

export function packArguments({ known, features, follows }: KnowingWeights): ArgumentFile {
  return { known, features: packNumbers(Float32Array.from(features)), follows: packNumbers(Float32Array.from(follows)) }
}

/** `labels`: of the tagger; one where words are values or none. */
export function unpackArguments({ known, features, follows }: ArgumentFile, labels: number = argumentNames.length): KnowingWeights {
  return { labels, known, features: unpackNumbers(features), follows: unpackNumbers(follows) }
}
