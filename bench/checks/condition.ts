import type { Removal } from './removal.ts'

/** A check that is a condition alone, or a text and what stands in its place without it. */
export type Listed = string | readonly [text: string, without: string]

/** The checks of one file, and the tests that hold them. */
export function checksOf(file: string, tests: readonly string[], list: readonly Listed[]): Removal[] {
  return list.map(each => (typeof each === 'string' ? { file, tests, text: `if (${each})`, without: 'if (false)' } : { file, tests, text: each[0], without: each[1] }))
}
