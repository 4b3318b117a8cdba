import { KinmeshError } from '../../mesh/errors.ts'
import { checkValues, encodeSent, type Scheme } from './payload.ts'

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
  const wanted = update.slice()
  if (residual) for (let at = 0; at < wanted.length; at++) wanted[at]! += residual[at]!
  const { payload, sent } = encodeSent(wanted, scheme)
  let [lost, all] = [0, 0]
  for (let at = 0; at < wanted.length; at++) {
    const value = wanted[at]!
    const left = value - sent[at]!
    wanted[at] = left
    lost += left * left
    all += value * value
  }
  return { payload, sent, residual: wanted, relativeError: all === 0 ? 0 : Math.sqrt(lost) / Math.sqrt(all) }
}
