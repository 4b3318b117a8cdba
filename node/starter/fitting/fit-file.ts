import { base64pad } from 'multiformats/bases/base64'
import type { FitWeights } from './fit.ts'

const arrays = ['asked', 'told', 'same', 'askedAlone', 'toldAlone'] as const
/** Numbers of an array: so many steps of `step`, from −127 to 127, one byte each, in base64. */
type Packed = { readonly step: number; readonly steps: string }
/** As weights.ts has them: a module, because pages and packages load those alike. */
export type FitFile = { readonly terms: readonly string[]; readonly width: number; readonly names: number; readonly least: number } & Readonly<Record<(typeof arrays)[number], Packed>>

export function packFit(weights: FitWeights): FitFile {
  const { terms, width, names, least } = weights
  const [asked, told, same, askedAlone, toldAlone] = arrays.map(name => packed(weights[name])) as [Packed, Packed, Packed, Packed, Packed]
  return { terms, width, names, least, asked, told, same, askedAlone, toldAlone }
}

export function unpackFit(file: FitFile): FitWeights {
  const [asked, told, same, askedAlone, toldAlone] = arrays.map(name => unpacked(file[name])) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
  return { terms: file.terms, width: file.width, names: file.names, least: file.least, asked, told, same, askedAlone, toldAlone }
}

function packed(values: Float32Array): Packed {
  const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || 1
  return { step, steps: base64pad.baseEncode(new Uint8Array(Int8Array.from(values, value => Math.round(value / step)).buffer)) }
}

function unpacked({ step, steps }: Packed): Float32Array {
  return Float32Array.from(new Int8Array(base64pad.baseDecode(steps).slice().buffer), each => each * step)
}
