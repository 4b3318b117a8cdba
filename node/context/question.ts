import { relatedTerms } from './text/thesaurus.ts'
import { contentTerms } from './text/terms.ts'

/** A term of a question. `weight`: how much it tells, by how few memories have it. */
export type Asked = { readonly term: string; readonly weight: number; readonly related: readonly { readonly term: string; readonly weight: number }[] }

/** `terms`: what it is about. `size`: memories among which it is asked. */
export type Question = { readonly terms: readonly Asked[]; readonly size: number }

/** A related term is a guess: one that is rarer than what was asked for tells no more than this much more. */
const rarerRelated = 2

/** Reads a question. `counts`: how many of the `size` memories have each of some terms. */
export function readQuestion(text: string, size: number, counts: (terms: readonly string[]) => readonly number[]): Question {
  const own = contentTerms(text)
  const related = own.map(term => [...relatedTerms(term)])
  const all = [...new Set([...own, ...related.flat()])]
  const found = counts(all)
  const weights = new Map(all.map((term, index) => [term, inverseFrequency(found[index] ?? 0, size)]))
  return {
    size,
    terms: own.map((term, index) => {
      const weight = weights.get(term) ?? 0
      return { term, weight, related: related[index]!.map(other => ({ term: other, weight: Math.min(weights.get(other) ?? 0, weight + rarerRelated) })) }
    })
  }
}

/** Inverse document frequency, never below 0 (Lucene's form of Robertson and Zaragoza 2009). */
export function inverseFrequency(count: number, size: number): number {
  return Math.log(1 + (Math.max(size, count) - count + 0.5) / (count + 0.5))
}
