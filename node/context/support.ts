import { contentTerms, termsOf } from './text/terms.ts'

/**
 * Whether somebody said this: it stands there, marks and case aside, or each of its words of meaning does. What a model would keep that nobody said is refused by it.
 */
export function isSupported(text: string, said: readonly string[]): boolean {
  const wanted = ` ${termsOf(text).join(' ')} `
  if (wanted.trim() === '') return false
  if (said.some(each => ` ${termsOf(each).join(' ')} `.includes(wanted))) return true
  const heard = new Set(said.flatMap(termsOf))
  return contentTerms(text).every(term => heard.has(term))
}
