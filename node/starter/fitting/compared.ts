import { allKinds, noKind } from './kinds.ts'
import type { Seen, Terms } from './seen.ts'
import { areSame } from './terms.ts'

/** Terms that are missing or found are told apart up to so many. */
const maxCount = 2
/** Least share of a kind, so that its logarithm stays small. */
const leastShare = 0.002
/** Between memories, differences are told apart up to this. */
const maxBetter = 3
const mine = new Set(['i', 'me', 'my', 'mine', 'am', 'myself'])

/** How well two texts agree: on the kind of fact, and each on whom it is about with the words of the other. */
export type Agreement = { readonly kinds: number; readonly subjects: readonly [missing: number, missing: number] }

export function agreementOf(one: Seen, other: Seen): Agreement {
  const kinds = [...one.kinds].reduce((sum, [kind, share]) => sum + share * (other.kinds.get(kind) ?? 0), 0)
  return { kinds: logOf(kinds), subjects: [missing(one.subject, other.terms), missing(other.subject, one.terms)] }
}

/** What is seen of each memory beside a question, and beside the other memories. */
export function comparedAll(question: Seen, memories: readonly Seen[], terms: Terms): Float64Array[] {
  const all = memories.map(memory => compared(question, memory, terms))
  return all.map(({ seen, ranks }, at) => Float64Array.from([
    ...seen, ...ranks.map((rank, place) => between(-maxBetter, maxBetter, rank - Math.max(rank - maxBetter, ...all.filter((_, other) => other !== at).map(other => other.ranks[place]!))))
  ]))
}

/** `ranks`: what the best of the memories has most of. */
function compared(question: Seen, memory: Seen, terms: Terms): { readonly seen: readonly number[]; readonly ranks: readonly number[] } {
  const { kinds, subjects: [askedMissing, toldMissing] } = agreementOf(question, memory)
  const [asksMine, tellsMine, noSubject] = [isMine(question), isMine(memory), Number(question.subject.length === 0)]
  // What is told of a subject may have the words of any question in it.
  const own = memory.terms.filter(term => !memory.value.includes(term))
  const weights = question.terms.map(term => ({ isThere: memory.terms.some(other => areSame(other, term)), rarity: terms.rarityOf(term) / 10 }))
  const [there, notThere] = [true, false].map(isThere => weights.reduce((sum, each) => sum + (each.isThere === isThere ? each.rarity : 0), 0)) as [number, number]
  const seen = [
    kinds, logOf(memory.kinds.get(likeliest(question)) ?? 0), logOf(question.kinds.get(likeliest(memory)) ?? 0), logOf(question.kinds.get(allKinds) ?? 0), logOf(question.kinds.get(noKind) ?? 0), logOf(question.kinds.get(likeliest(question)) ?? 0),
    askedMissing, found(question.subject, memory.terms), missing(question.subject, memory.subject), toldMissing, found(memory.subject, question.terms), missing(memory.subject, question.subject),
    asksMine * tellsMine, asksMine * (1 - tellsMine), (1 - asksMine) * tellsMine, noSubject, noSubject * toldMissing, Number(hasMine(question)), Number(hasMine(memory)),
    missing(question.extra, memory.terms), found(question.extra, memory.terms), missing(memory.extra, [...question.terms, ...question.extra]), missing(question.value, memory.terms), found(question.value, memory.terms), Number(question.value.length > 0),
    missing(question.unknown, memory.terms), found(question.unknown, own), there, notThere, Number(memory.source === 'person'), Number(memory.source === 'document'), Number(question.follows)
  ]
  return { seen, ranks: [kinds, -askedMissing - toldMissing, kinds - 2 * askedMissing - 2 * missing(memory.subject, [...question.terms, ...question.subject]), there] }
}

export function isMine({ subject, source }: Seen): number {
  return Number(subject.length === 0 && source === 'user')
}

export function missing(terms: readonly string[], from: readonly string[]): number {
  return Math.min(maxCount, terms.filter(term => !from.some(other => areSame(other, term))).length)
}

function found(terms: readonly string[], from: readonly string[]): number {
  return Math.min(maxCount, terms.filter(term => from.some(other => areSame(other, term))).length)
}

/** It has a word for the user in it. */
export function hasMine({ terms }: Seen): boolean {
  return terms.some(term => mine.has(term))
}

function likeliest({ kinds }: Seen): string {
  let [best, most] = ['', -1]
  for (const [kind, share] of kinds) if (share > most) [best, most] = [kind, share]
  return best
}

function logOf(share: number): number {
  return Math.log(share + leastShare)
}

function between(least: number, most: number, value: number): number {
  return Math.max(least, Math.min(most, value))
}
