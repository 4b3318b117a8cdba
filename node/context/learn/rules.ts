import type { LearnedItem } from '../../starter/prompt.ts'
import { refusalOf, sentencesOf } from './asserted.ts'
import { type Span, wordsOf } from './span.ts'
import { readStatement, user } from './statement.ts'

/** A value that goes on like this is more than one clause. */
const severalClauses = /\b(?:i|i['’]m|my|he|she|it|they|we|is|are|was|were|has|have|but|because|which|who|when|if|not)\b/iu
/** Words of a value at most. */
const longestValue = 8
const parts = /;\s*|\s*,?\s+(?:and|but|so|oh and|by the way|also)\s+(?=(?:i|i['’]m|my|our|we|he|she|it|they)\b)|,\s+(?=(?:i|i['’]m|my|our|we|he|she|it|they)\b)|[.!?…。！？]+\s*$/giu

/**
 * What can be told for sure of a message without any model: plain statements in English about what has one value at a time, and what somebody likes. Precision before completeness: the rest is for a
 * model, or for "remember …".
 */
export function plainItems(message: string): LearnedItem[] {
  return clausesOf(message).flatMap(span => {
    const text = message.slice(span.from, span.to)
    if (refusalOf(message, span) !== undefined) return []
    const found = readStatement(text)
    if (!found || !isNamed(text, found.owners)) return []
    const [subject = user] = found.owners
    const told = wordsOf(text)
    if (severalClauses.test(text.slice(-found.value.length)) || told.length > 4 * longestValue || found.value.split(' ').length > longestValue) return []
    const kind = /^(?:taste|favourite)\b/.test(found.attribute) ? 'preference' : found.attribute === 'name' && subject !== user ? 'person' : 'fact'
    return [{ text, kind, subject }]
  })
}

/** About the user, about something of theirs, or about somebody whose name is written as one: who "she" is only those before know. */
function isNamed(text: string, owners: ReadonlySet<string>): boolean {
  if (owners.size === 0) return false
  if (owners.has(user) || /\b(?:my|our|the)\b/iu.test(text)) return !/^(?:he|she|it|they|that|this|there)\b/iu.test(text)
  return [...owners].some(owner => new RegExp(`\\p{Lu}${owner.slice(1).replaceAll(/[^\p{L}\p{N} ]/gu, '.')}`, 'u').test(text))
}

/** Parts of sentences that begin like one. */
function clausesOf(message: string): Span[] {
  return sentencesOf(message).flatMap(sentence => {
    const found: Span[] = []
    let { from } = sentence
    const text = message.slice(sentence.from, sentence.to)
    for (const { 0: mark, index } of [...text.matchAll(parts), { 0: '', index: text.length }]) {
      const [part, space = ''] = /^([\s,:–—-]*)[^]*/u.exec(message.slice(from, sentence.from + index).trimEnd()) ?? ['']
      if (part.length > space.length) found.push({ from: from + space.length, to: from + part.length })
      from = sentence.from + index + mark.length
    }
    return found
  })
}
