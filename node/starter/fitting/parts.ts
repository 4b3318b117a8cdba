import { termsOf } from '../../context/text/terms.ts'
import type { Tagger } from '../tagging/found.ts'

/** Of a question or a memory: whom or what it is about, what of theirs ("dog"), and what is told of them. A label of the tagger is the place in this list. */
export const partNames = ['subject', 'extra', 'value'] as const
export type Parts = Readonly<Record<(typeof partNames)[number], readonly string[]>>
/** As "Ana's" ends. */
const possessive = 's'

/** The terms of each part of a text. */
export function partsOf(tagger: Tagger, text: string): Parts {
  const found: Record<(typeof partNames)[number], string[]> = { subject: [], extra: [], value: [] }
  for (const run of tagger.in(text).runs) found[partNames[run.label]!].push(...termsOf(run.text).filter(term => term !== possessive))
  return found
}
