import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import { type ArgumentWeights, argumentNames } from './arguments.ts'

/** As argument-weights.ts has them: a module, because pages and packages load those alike. */
export type ArgumentFile = { readonly known: readonly string[]; readonly features: PackedNumbers; readonly follows: PackedNumbers }

export function packArguments({ known, features, follows }: ArgumentWeights): ArgumentFile {
  return { known, features: packNumbers(Float32Array.from(features)), follows: packNumbers(Float32Array.from(follows)) }
}

export function unpackArguments({ known, features, follows }: ArgumentFile): ArgumentWeights {
  return { labels: argumentNames.length, known, features: unpackNumbers(features), follows: unpackNumbers(follows) }
}
