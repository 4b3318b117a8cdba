import { contentTerms } from '../text/terms.ts'

/** A sentence, and who said it ("User", "Assistant"); none where that is not known. */
export type Sentence = { readonly by: string; readonly text: string }

/** What the assistant said the user has heard; what the user said is what the conversation is about. */
const assistantShare = 0.5
/** Share of terms in common (Jaccard) from which on a sentence says nothing new. */
const saidShare = 0.6
/** Sentences that are compared with each other; more would take long. */
const mostSentences = 400
const longestSentence = 240

/** The sentences of a text. */
export function sentencesOf(text: string, by: string): Sentence[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text), ({ segment }) => segment.trim().replaceAll(/\s+/g, ' '))
    .filter(each => each !== '')
    .map(each => ({ by, text: each.length > longestSentence ? `${each.slice(0, longestSentence)}…` : each }))
}

/**
 * Those sentences that have most in common with all others (Erkan and Radev 2004, without the walk), in their order, as long as `most` allows. They are quoted, and nothing is put in other words.
 * Questions and what only says again what another one does are left out.
 */
export function extract(sentences: readonly Sentence[], most: number, sizeOf: (sentence: Sentence) => number): Sentence[] {
  const all = sentences.slice(-mostSentences).filter(({ text }) => !/[?？]$/.test(text)).map(sentence => ({ sentence, terms: new Set(contentTerms(sentence.text)) }))
  const having = new Map<string, number>()
  for (const { terms } of all) for (const term of terms) having.set(term, (having.get(term) ?? 0) + 1)
  const weight = (term: string) => Math.log(1 + all.length / (having.get(term) ?? 1))
  const lengths = all.map(({ terms }) => Math.hypot(...Array.from(terms, weight)))
  const scored = all.map(({ sentence, terms }, index) => {
    const central = all.reduce((sum, other, at) => (at === index ? sum : sum + alike(terms, other.terms, weight) / (lengths[index]! * lengths[at]! || 1)), 0)
    return { sentence, terms, index, score: central * (sentence.by === 'Assistant' ? assistantShare : 1) }
  })
  const chosen: typeof scored = []
  let left = most
  for (const each of scored.toSorted((a, b) => b.score - a.score || b.index - a.index)) {
    const size = sizeOf(each.sentence)
    if (size > left || each.terms.size === 0 || chosen.some(other => common(other.terms, each.terms) >= saidShare)) continue
    chosen.push(each)
    left -= size
  }
  return chosen.sort((a, b) => a.index - b.index).map(({ sentence }) => sentence)
}

function alike(a: ReadonlySet<string>, b: ReadonlySet<string>, weight: (term: string) => number): number {
  let sum = 0
  for (const term of a) if (b.has(term)) sum += weight(term) ** 2
  return sum
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter(term => b.has(term)).length
  return both / (a.size + b.size - both)
}
