import { base64pad } from 'multiformats/bases/base64'

/** Numbers of an array: so many steps of `step`, from −127 to 127, one byte each, in base64. */
export type PackedNumbers = { readonly step: number; readonly steps: string }

export function packNumbers(values: Float32Array): PackedNumbers {
  const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || 1
  return { step, steps: base64pad.baseEncode(new Uint8Array(Int8Array.from(values, value => Math.round(value / step)).buffer)) }
}

export function unpackNumbers({ step, steps }: PackedNumbers): Float32Array {
  return Float32Array.from(new Int8Array(base64pad.baseDecode(steps).slice().buffer), each => each * step)
}
