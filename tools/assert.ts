import { Assertion } from 'uvu/assert'

/** What uvu/assert lacks: `await rejects(() => open(path), /no such file/)`. Returns the error for further checks. */
export async function rejects(run: Promise<unknown> | (() => Promise<unknown>), expects?: RegExp | ((error: unknown) => boolean), message?: string): Promise<unknown> {
  let value: unknown
  try {
    value = await (typeof run === 'function' ? run() : run)
  } catch (error) {
    const matches = expects instanceof RegExp ? expects.test(error instanceof Error ? error.message : String(error)) : (expects?.(error) ?? true)
    if (matches) return error
    throw failure(message ?? `Expected a rejection matching ${String(expects)}`, expects, error)
  }
  throw failure(message ?? 'Expected the promise to reject', 'a rejection', value)
}

function failure(message: string, expects: unknown, actual: unknown): Assertion {
  return new Assertion({ message, operator: 'rejects', expects: String(expects), actual: String(actual) })
}
