import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import type { FinderWeights } from './finder.ts'
import type { KindWeights } from './kinds.ts'
import type { NetWeights } from './net.ts'
import type { KnowingWeights } from '../tagging/found.ts'
import { partNames } from './parts.ts'

type KindFile = { readonly kinds: readonly string[]; readonly features: readonly string[]; readonly weights: PackedNumbers }
type PartFile = { readonly known: readonly string[]; readonly features: PackedNumbers; readonly follows: PackedNumbers }
/** As the modules of weights have them, because pages and packages load those alike: one each for what is seen of questions, of memories, and of both. */
export type AskedFile = { readonly kinds: KindFile; readonly times: KindFile; readonly parts: PartFile }
export type ToldFile = { readonly kinds: KindFile; readonly parts: PartFile }
export type BothFile = { readonly terms: readonly string[]; readonly rarities: readonly number[]; readonly net: { readonly hidden: number; readonly first: readonly number[]; readonly second: readonly number[]; readonly least: number } }
export type FinderFiles = { readonly asked: AskedFile; readonly told: ToldFile; readonly both: BothFile }

export function packFinder({ terms, askedKinds, toldKinds, times, askedParts, toldParts, net }: FinderWeights): FinderFiles {
  return {
    asked: { kinds: packKinds(askedKinds), times: packKinds(times), parts: packParts(askedParts) }, told: { kinds: packKinds(toldKinds), parts: packParts(toldParts) },
    both: { terms: [...terms.keys()], rarities: [...terms.values()], net: { hidden: net.hidden, first: rounded(net.first), second: rounded(net.second), least: rounded([net.least])[0]! } }
  }
}

export function unpackFinder({ asked, told, both: { terms, rarities, net } }: FinderFiles): FinderWeights {
  const unpacked: NetWeights = { hidden: net.hidden, first: Float32Array.from(net.first), second: Float32Array.from(net.second), least: net.least }
  return {
    terms: new Map(terms.map((term, at) => [term, rarities[at]!])), askedKinds: unpackKinds(asked.kinds), toldKinds: unpackKinds(told.kinds), times: unpackKinds(asked.times), askedParts: unpackParts(asked.parts), toldParts: unpackParts(told.parts),
    net: unpacked
  }
}

function packKinds({ kinds, features, weights }: KindWeights): KindFile {
  return { kinds, features, weights: packNumbers(weights) }
}

function unpackKinds({ kinds, features, weights }: KindFile): KindWeights {
  return { kinds, features, weights: unpackNumbers(weights) }
}

function packParts({ known, features, follows }: KnowingWeights): PartFile {
  return { known, features: packNumbers(Float32Array.from(features)), follows: packNumbers(Float32Array.from(follows)) }
}

function unpackParts({ known, features, follows }: PartFile): KnowingWeights {
  return { labels: partNames.length, known, features: unpackNumbers(features), follows: unpackNumbers(follows) }
}

function rounded(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers, number => Math.round(number * 1e4) / 1e4)
}
