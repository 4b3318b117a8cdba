import { KinmeshError } from '../../mesh/errors.ts'
import { checkValues, decodeUpdate, encodeUpdate, type Scheme } from './payload.ts'

export type Compressed = {
  readonly payload: Uint8Array
  /** What whoever reads the payload gets. */
  readonly sent: Float32Array
  /** What it lacks: the caller keeps it, and gives it along with the next update. */
  readonly residual: Float32Array
  /** ‖wanted − sent‖ / ‖wanted‖ in L2, where wanted is the update and what was left from the one before; 0 when that is zero. */
  readonly relativeError: number
}

/**
 * Compresses an update with error feedback (Seide et al. 2014; Karimireddy et al. 2019): what is lost of one is added to the next. After T of them the
 * mean of what was sent is off by ‖residual‖ / T. `residual`: of the compression before, as long as `update`; none at first.
 * @throws KinmeshError `CompressionBadValue` (NaN, infinite, or so together with the residual), `CompressionBadScheme`, `CompressionWrongLength`
 */
export function compressUpdate(update: Float32Array, residual: Float32Array | undefined, scheme: Scheme): Compressed {
  if (residual && residual.length !== update.length) throw new KinmeshError('CompressionWrongLength', `the update has ${update.length} values and what was left before ${residual.length}: begin without it`)
  checkValues(update)
  const wanted = residual ? update.map((value, at) => value + residual[at]!) : update
  const payload = encodeUpdate(wanted, scheme)
  const sent = decodeUpdate(payload, update.length)
  const left = wanted.map((value, at) => value - sent[at]!)
  const norm = l2(wanted)
  return { payload, sent, residual: left, relativeError: norm === 0 ? 0 : l2(left) / norm }
}

function l2(values: Float32Array): number {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.sqrt(squares)
}
