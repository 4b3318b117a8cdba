import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import { type ArgumentWeights, argumentNames } from './arguments.ts'

/** As argument-weights.json and value-weights.json have them. */
export type ArgumentFile = { readonly known: readonly string[]; readonly features: PackedNumbers; readonly follows: PackedNumbers }

export function packArguments({ known, features, follows }: ArgumentWeights): ArgumentFile {
  return { known, features: packNumbers(Float32Array.from(features)), follows: packNumbers(Float32Array.from(follows)) }
}

/** `labels`: of the tagger; one where words are values or none. */
export function unpackArguments({ known, features, follows }: ArgumentFile, labels: number = argumentNames.length): ArgumentWeights {
  return { labels, known, features: unpackNumbers(features), follows: unpackNumbers(follows) }
}
