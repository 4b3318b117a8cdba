import { KinmeshError } from '../../../mesh/errors.ts'
import type { Adapter, LowRank } from '../../model/adapter.ts'
import { type WeightType, weightBytes, widen } from '../../model/float-bits.ts'
import { narrow } from '../../model/float-narrow.ts'
import { badModelFile, quoted } from '../../model/model-errors.ts'
import { type TensorFiles, pieceBytes } from '../../model/safetensors.ts'
import { type StoredShape, safetensorsBeginning, storedBytes } from '../../model/safetensors-writer.ts'

/**
 * What a merge did to the weights of the linear layers. `change`: the largest number that was added or taken off. `rounding`: the largest distance between what was stored and the
 * exact sum. `lost`: the root mean square of that rounding, as a share of that of the change: 0.5 means that half of what was learned is gone.
 */
export type MergeReport = { readonly change: number; readonly rounding: number; readonly lost: number }

export type MergePlan = {
  readonly bytes: number
  /** Gives the file piece by piece, in their order, a few MiB at a time. @throws KinmeshError `BadModelFile`; `AdapterMismatch`: a weight becomes too large for its type; the reason of the signal */
  write(append: (piece: Uint8Array) => Promise<void>, signal?: AbortSignal): Promise<MergeReport>
}

/**
 * Published weights with an adapter in them: W + scale · B · A for each layer that it changes, or W − scale · B · A where it is taken out again (`sign` −1). Sums are made in f64 and stored in
 * the type that the weights have, or in `type`. What goes in and comes out again differs from what there was by no more than both roundings.
 * @throws KinmeshError `BadModelFile` · `AdapterMismatch`
 */
export function planMerge(tensors: TensorFiles, { linears }: Adapter, sign: 1 | -1, type?: WeightType): MergePlan {
  for (const [name, { a, b, rank }] of linears) {
    const { shape } = tensors.info(`${name}.weight`)
    if (shape.length !== 2 || shape[0] !== b.length / rank || shape[1] !== a.length / rank) throw new KinmeshError('AdapterMismatch', `${name} has the shape [${shape.join(', ')}], and the adapter fits [${b.length / rank}, ${a.length / rank}]: use it with the model it was made for`)
  }
  const stored = tensors.names().map((name): StoredShape => {
    const { dtype, shape } = tensors.info(name)
    if (!Object.hasOwn(weightBytes, dtype)) throw badModelFile(`${quoted(name)} is of type ${dtype}, and weights are ${Object.keys(weightBytes).join(', ')}: choose the model with its original weights`)
    return { name, type: type ?? (dtype as WeightType), shape }
  })
  const beginning = safetensorsBeginning(stored, { format: 'pt' })
  return {
    bytes: stored.reduce((sum, each) => sum + storedBytes(each), beginning.length),
    async write(append, signal) {
      const sums = { change: 0, rounding: 0, changes: 0, roundings: 0 }
      await append(beginning)
      for (const { name, type, shape } of stored) {
        const lowRank = linears.get(name.replace(/\.weight$/, ''))
        const [rows = 1, ...rest] = shape
        const columns = rest.reduce((product, length) => product * length, 1)
        const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / 4 / Math.max(1, columns)))
        for (let from = 0; from < rows; from += rowsAtOnce) {
          signal?.throwIfAborted()
          const values = await tensors.readRows(name, from, Math.min(rowsAtOnce, rows - from))
          await append(lowRank && name.endsWith('.weight') ? added(name, type, values, lowRank, from, sign, sums) : narrow(type, values))
        }
      }
      return { change: sums.change, rounding: sums.rounding, lost: sums.changes === 0 ? 0 : Math.sqrt(sums.roundings / sums.changes) }
    }
  }
}

/** Rows of a matrix from `first` on, with the adapter's rows added. `a` f32 [columns, rank], `b` f32 [rank, rows], with the scale in it. */
function added(name: string, type: WeightType, values: Float32Array, { rank, a, b }: LowRank, first: number, sign: 1 | -1, sums: { change: number; rounding: number; changes: number; roundings: number }): Uint8Array {
  const [rows, columns] = [b.length / rank, a.length / rank]
  const exact = new Float64Array(values.length)
  const coefficients = new Float64Array(rank)
  for (let row = 0; row < values.length / columns; row++) {
    for (let k = 0; k < rank; k++) coefficients[k] = sign * b[k * rows + first + row]!
    for (let column = 0; column < columns; column++) {
      let change = 0
      for (let k = 0; k < rank; k++) change += coefficients[k]! * a[column * rank + k]!
      const at = row * columns + column
      exact[at] = values[at]! + change
      sums.change = Math.max(sums.change, Math.abs(change))
      sums.changes += change * change
    }
  }
  const bytes = narrow(type, new Float32Array(exact))
  if (!widen(type, bytes, values, 0)) throw new KinmeshError('AdapterMismatch', `${quoted(name)} with the adapter has a weight that ${type} does not hold: merge into F32, or choose another adapter`)
  for (let at = 0; at < values.length; at++) {
    const off = values[at]! - exact[at]!
    sums.rounding = Math.max(sums.rounding, Math.abs(off))
    sums.roundings += off * off
  }
  return bytes
}
