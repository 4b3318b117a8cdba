import { KinmeshError } from '../../mesh/errors.ts'

/** What a model shall be trained on cannot be. The message says where and what to do. */
export function badTrainingData(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadTrainingData', problem, { cause })
}
