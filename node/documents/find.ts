import { inverseFrequency, readQuestion, type Question } from '../context/question.ts'
import { type Passage, placeText } from './documents.ts'
import { passageTerms } from './passages.ts'

/** A passage as it is kept. */
export type StoredPassage = Omit<Passage, 'place' | 'score'>

/** An index of passages. */
export type PassageIndex = {
  passages(): number
  /** How many passages have each of the terms. */
  counts(terms: readonly string[]): number[]
  /** Passages with any of the terms, the best by bm25 first. */
  find(terms: readonly string[], limit: number): StoredPassage[]
}

/** Passages by the terms of the question that are looked at, and by related ones. */
const foundByTerms = 50
const foundByRelated = 20
/** bm25 (context/rank.ts), for passages: they have some 150 terms. */
const saturation = 1
const lengthShare = 0.4
const usualLength = 150
/** A term that is only related to the one that was asked for. */
const relatedShare = 0.6
/** Passages that are ranked in a moment; a term that more of them have is looked up only where a question has no other. */
const manyPassages = 2000
/** Of what a question asks for, by weight: a passage with less of it is about something else. */
const leastShare = 1 / 3

/** The `k` best passages for a question, best first, each text once. */
export function findPassages(index: PassageIndex, query: string, k: number): Passage[] {
  const size = index.passages()
  if (size === 0) return []
  const question = readQuestion(query, size, terms => index.counts(terms))
  const related = question.terms.flatMap(each => each.related)
  const found = new Map([...index.find(telling(question.terms, size), foundByTerms), ...index.find(telling(related, size), foundByRelated)].map(passage => [passage.id, passage]))
  const ranked = [...found.values()]
    .map(passage => ({ ...passage, place: placeText(passage), ...fit(question, passage) }))
    .filter(({ share }) => share >= leastShare)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const texts = new Set<string>()
  return ranked.flatMap(({ share: _, ...passage }) => (texts.has(passage.text) ? [] : (texts.add(passage.text), [passage]))).slice(0, k)
}

/** The terms that few passages have, if there are such: to rank all passages that have a common one takes long, and the other terms lead to the best of these as well. */
function telling(terms: readonly { readonly term: string; readonly weight: number }[], size: number): string[] {
  const least = inverseFrequency(manyPassages, size)
  const rare = terms.filter(({ weight }) => weight >= least)
  return [...new Set((rare.length > 0 ? rare : terms).map(({ term }) => term))]
}

/** How well a passage fits, and which share of the question it has at all. */
function fit({ terms: asked }: Question, passage: StoredPassage): { score: number; share: number } {
  const all = passageTerms(passage.file, passage)
  const terms = new Map<string, number>()
  for (const term of all) terms.set(term, (terms.get(term) ?? 0) + 1)
  const enough = saturation * (1 - lengthShare + (lengthShare * all.length) / usualLength)
  const told = (term: string) => {
    const count = terms.get(term) ?? 0
    return (count * (saturation + 1)) / (count + enough)
  }
  let [score, had, whole] = [0, 0, 0]
  for (const { term, weight, related } of asked) {
    const exact = told(term)
    const best = related.reduce((most, each) => Math.max(most, each.weight * told(each.term)), 0)
    score += exact > 0 ? weight * exact : relatedShare * best
    had += exact > 0 ? weight : best > 0 ? relatedShare * weight : 0
    whole += weight
  }
  return { score, share: whole === 0 ? 0 : had / whole }
}
