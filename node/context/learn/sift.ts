import type { Memory } from '../../memory.ts'
import type { LearnedItem } from '../../starter/prompt.ts'
import { isSupported } from '../support.ts'
import { refusalOf } from './asserted.ts'
import type { Item } from './keep.ts'
import { isCalledSecret } from './secrets.ts'
import { type Span, findSpans } from './span.ts'
import { ownersOf, readStatement, user } from './statement.ts'

/** Longest name of whom something is about. In characters. */
const maxSubject = 64
/** Longest statement that is kept; the rest of a longer one is a story. In characters. */
const maxText = 300

/** What leads to a statement, and is no part of it. Some of it only before a mark: "no, …", and not "no parrot …". */
const lead = /^(?:(?:by the way|btw|fyi|and|but|also|anyway|just so you know|please note(?: that)?)\b[\s,:–—-]*|(?:oh|well|ok|okay|so|hey|hi|hello|yes|yeah|no|sorry|actually|thanks|um|uh|right|look|listen)\s*[,:–—-]+\s*)+/iu

/**
 * What of a proposal may be kept: parts that the user said in their last message, to the letter, as something that is so. They are kept as they were said. `said`: the messages of the user's that the model
 * saw, the last at the end. Nothing of a message that speaks of a secret. `shown`: the memories that it saw, by their text.
 */
export function sift(message: string, proposed: readonly LearnedItem[], said: readonly string[], shown: ReadonlyMap<string, Memory>): Item[] {
  if (isCalledSecret(message)) return []
  const taken: Span[] = []
  return proposed.flatMap(({ text, kind, subject, replaces }) => {
    const span = findSpans(message, text).map(each => ({ from: each.from + (lead.exec(message.slice(each.from, each.to))?.[0].length ?? 0), to: each.to })).find(each => refusalOf(message, each) === undefined && !taken.some(other => each.from < other.to && other.from < each.to))
    const about = span && subjectOf(message.slice(span.from, span.to), subject, said)
    if (!span || about === undefined || span.to - span.from > maxText) return []
    taken.push(span)
    return [{ text: message.slice(span.from, span.to).replaceAll(/\s+/g, ' '), kind, subject: about, replaces: replaces === undefined ? undefined : shown.get(replaces) }]
  })
}

/** Whom it is about: as the words themselves say, and else as it was proposed, if the user named them. Undefined: nobody knows who "she" is. */
function subjectOf(text: string, proposed: string, said: readonly string[]): string | undefined {
  const isNamed = proposed.trim() !== '' && proposed.length <= maxSubject && proposed.toLowerCase() !== user && isSupported(proposed, said)
  if (/^(?:he|she|it|they|his|her|its|their)\b/iu.test(text)) return isNamed ? proposed : undefined
  const owners = readStatement(text)?.owners ?? ownersOf(text)
  const [own] = owners
  if (own === undefined || (isNamed && !owners.has(user) && isSupported(proposed, [text]))) return isNamed ? proposed : (own ?? user)
  return own
}
