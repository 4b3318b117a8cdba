import { isKinmeshError, type KinmeshError } from '../../mesh/errors.ts'
import * as assert from 'uvu/assert'

/** Runs `work`, sync or async, and returns the KinmeshError it must fail with. */
export async function failsWith(code: string, work: () => unknown): Promise<KinmeshError> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    assert.ok(isKinmeshError(error), `expected ${code}, got ${String(error)}`)
    assert.is(error.code, code, error.message)
    assert.not.match(error.message, '\n')
    return error
  }
  throw new Error(`expected ${code}, got ${JSON.stringify(result)}`)
}
