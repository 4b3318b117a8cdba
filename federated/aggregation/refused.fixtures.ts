import * as assert from 'uvu/assert'
import { isKinmeshError, type KinmeshError } from '../../mesh/errors.ts'

/** Runs `work` and returns the KinmeshError of this code that it must throw. */
export function refused(code: string, work: () => unknown): KinmeshError {
  try {
    work()
  } catch (error) {
    assert.ok(isKinmeshError(error), `expected ${code}, got ${String(error)}`)
    assert.is(error.code, code, error.message)
    assert.not.match(error.message, '\n')
    return error
  }
  throw new Error(`expected ${code}, and nothing was refused`)
}
