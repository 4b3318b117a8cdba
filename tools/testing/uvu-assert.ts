import { isDeepStrictEqual } from 'node:util'
import * as real from 'uvu/assert'

// Stands in for 'uvu/assert' in a test process: the same functions, without the ways in which they pass and should not, or the reverse.

export const { Assertion, fixture, instance, is, match, snapshot, type, unreachable } = real

export function ok(actual: unknown, message?: real.Message): void {
  refusePromise('ok', actual)
  real.ok(actual, message)
}

export function equal(actual: unknown, expects: unknown, message?: real.Message): void {
  refusePromise('equal', actual)
  // uvu finds typed arrays that hold a NaN unequal to themselves.
  if (!isDeepStrictEqual(actual, expects)) real.equal(actual, expects, message)
}

export function throws(run: () => unknown, expects?: real.Message | RegExp | ((error: unknown) => boolean), message?: real.Message): void {
  real.throws(() => refusePromise('throws', run()), expects, message)
}

export const not = Object.assign((actual: unknown, message?: real.Message) => real.not(actual, message), real.not, {
  equal(actual: unknown, expects: unknown, message?: real.Message): void {
    refusePromise('not.equal', actual)
    if (isDeepStrictEqual(actual, expects)) real.ok(false, message ?? 'Expected values not to be deeply equal')
    real.not.equal(actual, expects, message)
  },
  throws(run: () => unknown, expects?: real.Message | RegExp | ((error: unknown) => boolean), message?: real.Message): void {
    let result: unknown
    real.not.throws(() => { result = run() }, expects, message)
    refusePromise('not.throws', result)
  }
})

/** A promise is truthy, equal to any other and never thrown: an assertion on one says nothing. */
function refusePromise(operator: string, value: unknown): void {
  if (!(value instanceof Promise)) return
  value.catch(() => {}) // its outcome is not what is reported
  const rejects = operator.endsWith('throws') ? '; for a promise that rejects, use `rejects` of tools/assert.ts' : ''
  throw new real.Assertion({ message: `${operator}() was given a promise: await it first${rejects}`, operator, expects: 'a value', actual: 'a promise' })
}
