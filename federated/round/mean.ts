import { KinmeshError } from '../../mesh/errors.ts'
import type { WeightedUpdate } from '../aggregation/contribution.ts'
import { type FixedPoint, fixedPoint } from '../aggregation/fixed-point.ts'
import { robustRule, robustRuleNames } from '../aggregation/robust.ts'
import { weightedMean } from '../aggregation/weighted-mean.ts'
import type { RoundManifest } from './manifest.ts'

/** Methods whose result is the weighted mean of flat values: of ffa's B, or, with a warning that is the caller's to show, of A and B apart. */
const means = ['mean', 'ffa', 'fedit'] as const

/** @throws KinmeshError `UnknownAggregation`, `BadAggregationOption`, `RangeTooLarge` */
export function checkAggregation(manifest: RoundManifest): void {
  const { secure, aggregation: { name, options } } = manifest
  if (secure) fixedPointOf(manifest)
  if (isMean(name)) {
    const [option] = Object.keys(options)
    if (option !== undefined) throw new KinmeshError('BadAggregationOption', `${name} has no option ${option}`)
    return
  }
  if (secure || !robustRuleNames.includes(name)) {
    throw new KinmeshError('UnknownAggregation', `a round cannot aggregate by ${name}: choose ${means.join(', ')}${secure ? ', since a rule that looks at contributions does not go with masks' : ` or ${robustRuleNames.join(', ')}`}`)
  }
}

/** The mean of a round: the same bits on every device, whatever the order of `updates`. @throws KinmeshError of aggregation/ */
export function meanOf({ aggregation: { name, options } }: RoundManifest, updates: readonly WeightedUpdate[]): Float32Array {
  return isMean(name) ? weightedMean(updates) : robustRule(name).apply(updates, options).mean
}

/** How values become words of a secret sum; it follows from the manifest, so that all use the same. */
export function fixedPointOf({ cohort, maxExamples, maxAbs }: RoundManifest): FixedPoint {
  return fixedPoint({ maxParticipants: cohort.length, maxWeight: maxExamples, maxAbs })
}

function isMean(name: string): boolean {
  return (means as readonly string[]).includes(name)
}

/** f32 as little-endian bytes: a view of the same memory. Whatever runs JavaScript with typed arrays today is little-endian itself. */
export function bytesOfFloats(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Back; a copy, as bytes may lie anywhere (`slice` of Node's Buffer is none). */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer)
}
