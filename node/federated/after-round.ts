import { KinmeshError } from '../../mesh/errors.ts'

/** The flat vector that a round committed to: the step of its server optimizer, added to where it began. @throws KinmeshError `WrongShape` · `NotFinite` */
export function afterRound(flat: Float32Array, step: Float32Array): Float32Array {
  if (flat.length !== step.length) throw new KinmeshError('WrongShape', `a step of ${step.length} numbers does not fit an adapter of ${flat.length}: take that of its round`)
  const after = flat.map((value, at) => value + step[at]!)
  const strange = after.findIndex(value => !Number.isFinite(value))
  if (strange >= 0) throw new KinmeshError('NotFinite', `number ${strange} of the adapter would be ${after[strange]}: the round went wrong, and is not taken`)
  return after
}
