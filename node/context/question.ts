import { relatedTerms } from './text/thesaurus.ts'
import { contentTerms } from './text/terms.ts'

/** A term that is looked for. `weight`: how much it tells, by how few memories have it, which `count` says. */
type Weighed = { readonly term: string; readonly weight: number; readonly count: number }

/** A term of a question. */
export type Asked = Weighed & { readonly related: readonly Weighed[] }

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
  const countsOf = new Map(all.map((term, index) => [term, found[index] ?? 0]))
  const weighed = (term: string): Weighed => {
    const count = countsOf.get(term) ?? 0
    return { term, count, weight: inverseFrequency(count, size) }
  }
  return {
    size,
    terms: own.map((term, index) => {
      const asked = weighed(term)
      return { ...asked, related: related[index]!.map(weighed).map(other => ({ ...other, weight: Math.min(other.weight, asked.weight + rarerRelated) })) }
    })
  }
}

/**
 * The rarest of the terms. Once `enough` memories have them, those that would make it more than `most` are left out: what only has these, which are common, would not be among the best. They still order what is
 * found, and looking for them takes most of the time among many memories. Once any memory has them, one that more than `telling` have is left out: which of those come first is chance.
 */
export function rarest(terms: readonly Pick<Weighed, 'term' | 'count'>[], { enough, most, telling }: { readonly enough: number; readonly most: number; readonly telling: number }): string[] {
  const chosen = new Set<string>()
  let having = 0
  for (const { term, count } of terms.toSorted((a, b) => a.count - b.count)) {
    if ((having >= enough && having + count > most) || (having > 0 && count > telling)) break
    if (!chosen.has(term)) having += count
    chosen.add(term)
  }
  return [...chosen]
}

/** Inverse document frequency, never below 0 (Lucene's form of Robertson and Zaragoza 2009). */
export function inverseFrequency(count: number, size: number): number {
  return Math.log(1 + (Math.max(size, count) - count + 0.5) / (count + 0.5))
}
