import { KinmeshError } from '../../mesh/errors.ts'
import type { Weighted } from './contribution.ts'

/** The linear layer that a change is for: weights f32 [outputs, inputs]. */
export type Linear = { readonly name: string; readonly inputs: number; readonly outputs: number }

/** A change b·a of a layer's weights. `a`: f32 [rank, inputs]. `b`: f32 [outputs, rank], with the adapter's scale (alpha / rank) in it. Row-major. A rank of 0 changes nothing. */
export type LowRank = Linear & { readonly rank: number; readonly a: Float32Array; readonly b: Float32Array }

/** One participant's adapter after its training. */
export type LoraUpdate = Weighted & { readonly layers: readonly LowRank[] }

/** Which of the two matrices. */
export type Part = 'a' | 'b' | 'both'

/** @throws KinmeshError `WrongShape`: a matrix is not as large as it says */
export function checkLayers(layers: readonly LowRank[]): void {
  for (const { name, rank, inputs, outputs, a, b } of layers) {
    if (![rank, inputs, outputs].every(length => Number.isSafeInteger(length) && length >= 0) || a.length !== rank * inputs || b.length !== outputs * rank) {
      throw new KinmeshError('WrongShape', `${name}: ${a.length} and ${b.length} values are no adapter of rank ${rank} from ${inputs} to ${outputs}`)
    }
  }
}

/**
 * That all are for the same layers, and with `sameRank` of the same ranks.
 * @throws KinmeshError `WrongShape`
 */
export function checkAlike(updates: readonly LoraUpdate[], sameRank: boolean): void {
  const first = updates[0]
  for (const { participant, layers } of updates) {
    checkLayers(layers)
    const alike = layers.length === first?.layers.length && first.layers.every(({ name, inputs, outputs, rank }, at) => {
      const layer = layers[at]!
      return layer.name === name && layer.inputs === inputs && layer.outputs === outputs && (!sameRank || layer.rank === rank)
    })
    if (!alike) throw new KinmeshError('WrongShape', `the adapters of ${participant} and ${first?.participant} are for different layers or ranks: average those of one model, or choose stack or svd for different ranks`)
  }
}

/** f32: of each layer in order `a` and then `b`, or the one of them. What a participant sends, and what is summed through masks. */
export function flatten(layers: readonly LowRank[], part: Part): Float32Array {
  const pieces = layers.flatMap(layer => piecesOf(layer, part))
  const flat = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    flat.set(piece, at)
    at += piece.length
  }
  return flat
}

/**
 * `layers` with this part of them taken from `flat`, as flatten wrote it; the other part stays.
 * @throws KinmeshError `WrongShape`
 */
export function unflatten(layers: readonly LowRank[], flat: Float32Array, part: Part): LowRank[] {
  const expected = layers.reduce((sum, layer) => sum + piecesOf(layer, part).reduce((length, piece) => length + piece.length, 0), 0)
  if (flat.length !== expected) throw new KinmeshError('WrongShape', `${flat.length} values do not fit an adapter that takes ${expected}: take those of its model and rank`)
  let at = 0
  const take = (length: number) => flat.slice(at, (at += length))
  return layers.map(layer => {
    const a = part === 'b' ? layer.a : take(layer.a.length)
    return { ...layer, a, b: part === 'a' ? layer.b : take(layer.b.length) }
  })
}

function piecesOf({ a, b }: LowRank, part: Part): Float32Array[] {
  return part === 'both' ? [a, b] : [part === 'a' ? a : b]
}
