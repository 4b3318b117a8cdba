import { abbreviation, asks, fillers, idle, inStory, joins, nounFirst, request, supposed, tag, told, verb } from './english.ts'
import { type Span, wordsOf } from './span.ts'

/** Why a part of what somebody said is not to be kept. */
export type Refusal = 'question' | 'supposed' | 'quoted' | 'request' | 'cut' | 'says nothing'

/** Words of a clause that is a remark on the one before, at most. */
const remarkWords = 6

/**
 * Why the part `span` of a message is not something that its author tells as being so; undefined where it is. A part must be a clause of its own: one that was cut out of another may say the contrary.
 */
export function refusalOf(message: string, span: Span): Refusal | undefined {
  if (isQuoted(message, span)) return 'quoted'
  const sentence = sentenceAt(message, span)
  const text = message.slice(span.from, span.to)
  if (sentence.to < span.to) return 'cut'
  const [before, after] = [message.slice(sentence.from, span.from), message.slice(span.to, sentence.to)]
  if (asks.test(clauseOf(before, text)) || (sentence.asks && !isAskedApart(after))) return 'question'
  const remark = remarkIn(after)
  if (supposed.test(before) || supposed.test(text) || supposed.test(remark)) return 'supposed'
  if (told.test(before) || told.test(remark) || inStory.test(text)) return 'quoted'
  if (request.test(before) || request.test(text) || request.test(after)) return 'request'
  if (!beginsClause(before) || !endsClause(after)) return 'cut'
  return saysNothing(text) ? 'says nothing' : undefined
}

/** A question mark that another clause of the sentence has: "My sister lives in Rome, when is her birthday?" */
function isAskedApart(after: string): boolean {
  const [, rest] = /^\s*[,;:–—-]+\s*(.+)$/su.exec(after) ?? /^\s+(?:and|but|so)\s+(.+)$/su.exec(after) ?? []
  return rest !== undefined && !tag.test(rest.replace(/[?!.]+$/, '')) && asks.test(rest)
}

/** What follows, as far as it speaks of what was said: to the end of a clause that has few words, "not sure tbh"; a longer one speaks of something else. */
function remarkIn(after: string): string {
  const [next = ''] = after.replace(/^[\s,;:–—-]+/u, '').split(/[,;:–—]/u)
  return wordsOf(next).length <= remarkWords ? next : ''
}

function clauseOf(before: string, text: string): string {
  return `${before.split(/[,;:–—]/).at(-1)!.trimStart()}${text}`
}

/** Nothing but fillers since the last mark, or since a word that joins clauses. */
function beginsClause(before: string): boolean {
  const words = wordsOf(before.split(/[,;:–—()]|\s-\s/).at(-1)!)
  return words.slice(words.findLastIndex(word => joins.has(word)) + 1).every(word => fillers.has(word))
}

function endsClause(after: string): boolean {
  if (/^\s*(?:$|[,;:–—().!]|-\s)/u.test(after)) return true
  const words = wordsOf(after.split(/[,;:–—()]|\s-\s/)[0]!)
  const [first = ''] = words
  return words.length === 0 || joins.has(first) || words.every(word => fillers.has(word))
}

function saysNothing(text: string): boolean {
  const words = wordsOf(text)
  const isSpaced = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(text)
  const least = isSpaced ? 2 : 4
  return words.length < least || words.every(word => fillers.has(word)) || idle.test(text) || (nounFirst.test(text) && !verb.test(text.replace(nounFirst, '')))
}

type Sentence = Span & { readonly asks: boolean }

/** The sentence in which a part begins. */
function sentenceAt(message: string, { from }: Span): Sentence {
  return sentencesOf(message).find(({ to }) => to > from) ?? { from: message.length, to: message.length, asks: false }
}

/** All of a message, with their marks. "Dr. Weber" is no end of one. */
export function sentencesOf(message: string): Sentence[] {
  const found: Sentence[] = []
  let from = 0
  for (const { 0: mark, index } of message.matchAll(/[.!?…]+(?=["'”’»)\]]*(?:\s|$))|\n+|[。！？]|$/gu)) {
    if (mark === '.' && abbreviation.test(message.slice(Math.max(0, index - 8), index)) && index + 1 < message.length) continue
    const to = index + mark.length
    if (to > from) found.push({ from, to, asks: /[?？]/.test(mark) })
    from = to
  }
  return found
}

/** Within quotation marks, in a block of code or of quoted lines, or after "translate this:". */
function isQuoted(message: string, { from, to }: Span): boolean {
  const pairs = /```[^]*?(?:```|(?![^]))|^[ \t]*>.*$|"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|‹[^›]*(?:›|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)|`[^`\n]+`|(?<=^|[\s(:,])['‘][^'’\n]+(?:['’](?=[\p{L}])[^'’\n]+)*['’](?=$|[\s.,;:!?)])/gmu
  for (const { 0: quoted, index } of message.matchAll(pairs)) if (from < index + quoted.length && index <= from) return true
  const [lead] = /\b(?:translat\w*|summari[sz]e|proofread|rewrite|paraphrase|correct|improve|shorten|explain|analy[sz]e|reply to|answer|review|classify|spell|(?:this|the following|attached) (?:text|document|page|article|e?-?mail|message|letter|note|transcript|code)|(?!i\b)\p{L}+ (?:says?|said|wrote|writes|asked))\b[^:\n]{0,60}:/iu.exec(message.slice(0, to).replaceAll(/[’`]/g, "'")) ?? []
  return lead !== undefined && message.indexOf(lead) < from
}
