import { termsOf } from '../../context/text/terms.ts'
import { type Agreement, agreementOf, isMine, missing } from '../fitting/compared.ts'
import type { Seen, Seeing } from '../fitting/seen.ts'
import { formsOf } from '../fitting/terms.ts'

/** `text`: words of a message to the letter. `subject`: whom or what they are about, `user` or words of the message. */
export type Statement = { readonly text: string; readonly subject: string }

/** Words that tell of a change, as stems have them. */
const changes = ['now', 'more', 'instead', 'chang', 'move', 'new', 'no', 'longer', 'not', 'isn', 'still', 'anymor', 'switch', 'replac', 'actual']

/** What is seen of a statement and of a memory that it may replace: whether they tell the same kind of fact about the same, what they share, and whether the statement tells of a change. */
export const pairFeatures = 14 + changes.length

/** f32 [pairFeatures]: what speaks for a memory. */
export type ReplacedWeights = Float32Array

/** The features of each memory, beside each other. */
export function pairsOf(seeing: Seeing, { text, subject }: Statement, memories: readonly string[]): Float32Array[] {
  const about = subject === 'user' ? [] : termsOf(subject)
  const stated: Seen = { ...seeing.memory({ text }), subject: about }
  const [own, ownForms] = [termsOf(text), formsOf(text)]
  const all = memories.map(memory => {
    const seen = seeing.memory({ text: memory })
    return { memory, seen, agreement: agreementOf(stated, seen) }
  })
  return all.map(({ memory, seen, agreement }, at) => {
    const fits = fitOf(agreement)
    const others = Math.max(-9, ...all.filter((_, other) => other !== at).map(other => fitOf(other.agreement)))
    const [statedMissing, toldMissing] = agreement.subjects
    const isSame = Number(statedMissing + toldMissing === 0 && isMine(stated) === isMine(seen))
    const forms = formsOf(memory)
    return Float32Array.of(
      1, agreement.kinds, fits, Math.min(3, fits - others), isSame, isSame * agreement.kinds, statedMissing, toldMissing, isMine(stated) * isMine(seen), Math.abs(isMine(stated) - isMine(seen)), missing(seen.extra, stated.terms),
      Number(missing(seen.value, stated.terms) === 0), own.filter(term => !about.includes(term) && seen.terms.includes(term)).length / 4, ownForms.filter(form => forms.includes(form)).length, ...changes.map(word => Number(own.includes(word)))
    )
  })
}

/** Which of the memories is no longer true once this is; undefined where it replaces none. */
export function replacedBy(seeing: Seeing, weights: ReplacedWeights, statement: Statement, memories: readonly string[]): string | undefined {
  const sums = pairsOf(seeing, statement, memories).map(features => spokenFor(features, weights))
  const best = sums.indexOf(Math.max(...sums))
  return sums[best]! > 0 ? memories[best] : undefined
}

export function spokenFor(features: Float32Array, weights: ReplacedWeights): number {
  return features.reduce((sum, value, at) => sum + value * weights[at]!, 0)
}

function fitOf({ kinds, subjects: [one, other] }: Agreement): number {
  return kinds - 2 * one - 2 * other
}
