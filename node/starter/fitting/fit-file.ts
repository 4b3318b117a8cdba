import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import type { FitWeights } from './fit.ts'

const arrays = ['asked', 'told', 'same', 'askedAlone', 'toldAlone'] as const
/** As weights.ts has them: a module, because pages and packages load those alike. */
export type FitFile = { readonly terms: readonly string[]; readonly width: number; readonly names: number; readonly least: number } & Readonly<Record<(typeof arrays)[number], PackedNumbers>>

export function packFit(weights: FitWeights): FitFile {
  const { terms, width, names, least } = weights
  const [asked, told, same, askedAlone, toldAlone] = arrays.map(name => packNumbers(weights[name])) as [PackedNumbers, PackedNumbers, PackedNumbers, PackedNumbers, PackedNumbers]
  return { terms, width, names, least, asked, told, same, askedAlone, toldAlone }
}

export function unpackFit(file: FitFile): FitWeights {
  const [asked, told, same, askedAlone, toldAlone] = arrays.map(name => unpackNumbers(file[name])) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
  return { terms: file.terms, width: file.width, names: file.names, least: file.least, asked, told, same, askedAlone, toldAlone }
}
