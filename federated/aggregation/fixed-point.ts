import { KinmeshError } from '../../mesh/errors.ts'
import { commonLength, inOrder, maxTotalWeight, type WeightedUpdate } from './contribution.ts'

// A weighted mean in whole numbers modulo 2^32. Sums there are exact and have no order, so that masks that cancel leave nothing behind (Bonawitz et al. 2017, "Practical Secure Aggregation", §4).
// 32 bits and not 64: half of the bytes that cross the wire, and the error below is far under that of the f32 which the values are.

/** What a sum has to hold. A round fixes it before anybody encodes: the code of every participant follows from it. */
export type SumRange = {
  readonly maxParticipants: number
  /** Largest weight of one participant. */
  readonly maxWeight: number
  /** Largest magnitude of one value, noise of differential privacy included. */
  readonly maxAbs: number
}

/** A value v of weight w is the whole number round(w · v · unitsPerOne), of at most `maxUnits`; negative ones count down from 2^32. */
export type FixedPoint = SumRange & {
  /** A power of two, so that multiplying by it rounds nothing. */
  readonly unitsPerOne: number
  /** As many as one participant may have, so that the sum of all stays within −2^31 … 2^31 − 1. */
  readonly maxUnits: number
}

const maxSum = 0x7fff_ffff
/** Finer units would round nothing that an f32 could tell, and coarser ones keep nothing of it. */
const unitBounds = { finest: 0x1_0000_0000 * 0x1_0000_0000, coarsest: 1 / 0x1_0000_0000 }

/** @throws KinmeshError `RangeTooLarge`: no unit is coarse enough, or the weights do not fit one word */
export function fixedPoint(range: SumRange): FixedPoint {
  const { maxParticipants, maxWeight, maxAbs } = range
  const whole = (value: number) => Number.isInteger(value) && value >= 1
  if (!whole(maxParticipants) || !whole(maxWeight) || !(maxAbs > 0) || !Number.isFinite(maxAbs)) {
    throw new KinmeshError('RangeTooLarge', `a sum of ${maxParticipants} participants, weights to ${maxWeight} and values to ${maxAbs} is none: give whole numbers from 1 and a size above 0`)
  }
  const maxUnits = Math.floor(maxSum / maxParticipants)
  let unitsPerOne = unitBounds.finest
  while (unitsPerOne >= unitBounds.coarsest && maxAbs * maxWeight * unitsPerOne > maxUnits) unitsPerOne /= 2
  if (maxParticipants * maxWeight > maxTotalWeight || unitsPerOne < unitBounds.coarsest) {
    throw new KinmeshError('RangeTooLarge', `32 bits do not hold a sum of ${maxParticipants} participants, weights to ${maxWeight} and values to ${maxAbs}: cap the weights or clip the values lower`)
  }
  return { maxParticipants, maxWeight, maxAbs, unitsPerOne, maxUnits }
}

/**
 * Furthest that a mean of `participants` is from the true one in any value, before it is rounded to f32 (at most 2^−24 of itself): each rounds by half a unit at most.
 * It is 0.5 · participants / (unitsPerOne · totalWeight).
 */
export function meanErrorBound({ unitsPerOne }: FixedPoint, participants: number, totalWeight: number): number {
  return (0.5 * participants) / (unitsPerOne * totalWeight)
}

/**
 * Words of the ring, u32 [values + 1]: the weighted values, then the weight. Everything that the mean needs is in the sum of these, so that nobody has to see a weight either.
 * @throws KinmeshError `FixedPointOverflow`: a value beyond `maxAbs`, or none; `BadWeight`
 */
export function encodeFixedPoint(code: FixedPoint, { participant, weight, values }: WeightedUpdate): Uint32Array {
  if (!Number.isInteger(weight) || weight < 1 || weight > code.maxWeight) throw new KinmeshError('BadWeight', `${participant} has the weight ${weight}: this sum takes whole numbers from 1 to ${code.maxWeight}`)
  const words = new Uint32Array(values.length + 1)
  // A whole number times a power of two: exact, and so the product with a value is rounded as weight · value is.
  const unitsOfWeight = weight * code.unitsPerOne
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    // Written so that NaN fails as well.
    if (!(Math.abs(value) <= code.maxAbs)) throw new KinmeshError('FixedPointOverflow', `value ${at} of ${participant} is ${value}, and this sum holds values to ${code.maxAbs}: clip the delta before it is encoded`)
    words[at] = Math.round(value * unitsOfWeight)
  }
  words[values.length] = weight
  return words
}

/** Adds modulo 2^32, into `sum`. */
export function addWords(sum: Uint32Array, words: Uint32Array): void {
  if (sum.length !== words.length) throw new KinmeshError('WrongShape', `${words.length} words cannot be added to ${sum.length}: add those of one model`)
  for (let at = 0; at < sum.length; at++) sum[at]! += words[at]!
}

/**
 * The mean out of the sum of what `participants` encoded, masks gone. `mean`: f32.
 * @throws KinmeshError `FixedPointOverflow`: more participants than the code is for; `BadFixedPointSum`: no such sum can come of so many contributions, as when a mask is left in it
 */
export function decodeFixedPoint(code: FixedPoint, sum: Uint32Array, participants: number): { mean: Float32Array; totalWeight: number } {
  if (participants > code.maxParticipants) throw new KinmeshError('FixedPointOverflow', `${participants} contributions may overflow a sum that is for ${code.maxParticipants}: plan the round for more participants`)
  const totalWeight = sum.at(-1) ?? 0
  if (totalWeight < participants || totalWeight > participants * code.maxWeight) throw badSum(participants)
  const mean = new Float32Array(sum.length - 1)
  for (let at = 0; at < mean.length; at++) {
    const units = sum[at]! | 0
    if (Math.abs(units) > participants * code.maxUnits) throw badSum(participants)
    mean[at] = units / code.unitsPerOne / totalWeight
  }
  return { mean, totalWeight }
}

/** As weightedMean, through the ring: the same bits whatever the order, and the same as through masks. */
export function fixedPointMean(code: FixedPoint, updates: readonly WeightedUpdate[]): Float32Array {
  const ordered = inOrder(updates)
  const sum = new Uint32Array(commonLength(ordered) + 1)
  for (const update of ordered) addWords(sum, encodeFixedPoint(code, update))
  return decodeFixedPoint(code, sum, ordered.length).mean
}

function badSum(participants: number): KinmeshError {
  return new KinmeshError('BadFixedPointSum', `this is not the sum of ${participants} contributions: a mask is left in it, or somebody gave other words than the rules make; repeat the round`)
}
