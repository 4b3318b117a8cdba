import { termsOf } from '../../context/text/terms.ts'
import { type Fit, areSame } from '../fitting/fit.ts'
import { memoryTerms, questionTerms } from '../fitting/terms.ts'

/** `text`: words of a message to the letter. `subject`: whom or what they are about, `user` or words of the message. */
export type Statement = { readonly text: string; readonly subject: string }

/** Words that tell of a change, as stems have them. */
const changes = ['now', 'more', 'instead', 'chang', 'move', 'new', 'no', 'longer', 'not', 'isn', 'still', 'anymor', 'switch', 'replac', 'actual']
/** Forms of values that both may have. */
const forms = ['<money>', '<clock>', '<address>', '<number>', '<name>', '<day>', '<place>', '<colour>']

/** What is seen of a statement and of a memory that it may replace: how well they fit, whether they are about the same, what they share, and whether the statement tells of a change. */
export const pairFeatures = 9 + changes.length

/** f32 [pairFeatures]: what speaks for a memory. */
export type ReplacedWeights = Float32Array

/** The features of each memory, beside each other. */
export function pairsOf(fit: Fit, { text, subject }: Statement, memories: readonly string[]): Float32Array[] {
  const [asked, own, about] = [fit.encode(questionTerms([text])), termsOf(text), subject === 'user' ? [] : termsOf(subject)]
  const compared = memories.map(memory => ({ memory, ...fit.compare(asked, fit.encode(memoryTerms({ text: memory }))) }))
  const ownTerms = new Set(memoryTerms({ text }))
  return compared.map(({ memory, names, phrase, score }, at) => {
    const terms = memoryTerms({ text: memory })
    const others = Math.max(...compared.filter((_, other) => other !== at).map(other => other.score), fit.weights.least)
    const hasSubject = about.every(term => terms.some(other => areSame(other, term)))
    const shared = own.filter(term => !about.includes(term) && terms.includes(term)).length
    return Float32Array.of(
      1, score, names, phrase, score - others, Number(hasSubject && subject !== 'user'), Number(subject === 'user' && terms.includes('my')), shared / 4, forms.filter(form => ownTerms.has(form) && terms.includes(form)).length,
      ...changes.map(word => Number(own.includes(word)))
    )
  })
}

/** Which of the memories is no longer true once this is; undefined where it replaces none. */
export function replacedBy(fit: Fit, weights: ReplacedWeights, statement: Statement, memories: readonly string[]): string | undefined {
  const sums = pairsOf(fit, statement, memories).map(features => spokenFor(features, weights))
  const best = sums.indexOf(Math.max(...sums))
  return sums[best]! > 0 ? memories[best] : undefined
}

export function spokenFor(features: Float32Array, weights: ReplacedWeights): number {
  return features.reduce((sum, value, at) => sum + value * weights[at]!, 0)
}
