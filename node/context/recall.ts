import type { Logger } from '../../mesh/log.ts'
import type { Item, Space } from '../../sync/types.ts'
import { type Memory, observedAt, toMemory, validTo } from '../memory.ts'
import { counted } from './memory-term-index.ts'
import { readQuestion } from './question.ts'
import { type Candidate, type Ranked, rank } from './rank.ts'
import { SpaceIndex } from './space-index.ts'
import { type Place, type TermIndex, indexedTerms } from './term-index.ts'
import { termsOf } from './text/terms.ts'

/** A memory and how well it fits the question: higher is better, comparable within one answer only. */
export type Recalled = Memory & { readonly score: number }

/** Most memories one question may ask for. */
export const maxRecalled = 200

export type RecallOptions = {
  /** What was known at this time, in Unix ms: told by then, and still held to be so. Without it, what holds now. */
  readonly asOf?: number | undefined
  /** Also what does not hold, and what says the same as a better one. */
  readonly everything?: boolean | undefined
}

/** Finds memories. Follows the spaces by itself; a write that was acknowledged is found by the next call. */
export type Recall = {
  /** The `k` best, best first, of what is known. The same memories give the same answer on every device. */
  recall(query: string, k: number, options?: RecallOptions): Promise<Recalled[]>
  /** Resolves when the index holds what the spaces hold now. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Memories by their own terms that are looked at; ranking needs a few times as many as are wanted. */
const foundByTerms = 100
/** And by related terms, which may be common. */
const foundByRelated = 50
/** Distance in the telling at which one memory says nothing about another one any more (rank.ts). */
const reach = 3
/** Share of terms that two memories about the same have in common, from which on they say the same. */
const sameShare = 0.9

export type RecallParts = { readonly index: TermIndex; readonly spaces: () => Space[]; readonly log: Logger; readonly clock: () => number }

/** Recall over an index, which it closes with itself. */
export function createRecall({ index, spaces, log, clock }: RecallParts): Recall {
  const following = new SpaceIndex(index, spaces, log)
  return {
    recall: (query, k, { asOf, everything = false } = {}) => {
      const holds = (item: Item) => everything || ((asOf === undefined || observedAt(item) <= asOf) && (validTo(item) ?? Infinity) > (asOf ?? clock()))
      const size = () => spaces().reduce((sum, { count }) => sum + count, 0)
      return following.ask((terms, spaceOf) => find({ terms, spaceOf, holds, everything, size: size() }, query, k))
    },
    ready: () => following.catchUp(),
    close: () => following.close()
  }
}

type Searched = { readonly terms: TermIndex; readonly spaceOf: (name: string) => Space | undefined; readonly holds: (item: Item) => boolean; readonly everything: boolean; readonly size: number }

function find(searched: Searched, query: string, k: number): Recalled[] {
  const { terms, size } = searched
  const question = readQuestion(query, size, all => terms.counts(all))
  const hits = new Map<string, Place>()
  const related = question.terms.flatMap(each => each.related.map(({ term }) => term))
  for (const place of [...terms.find(question.terms.map(({ term }) => term), foundByTerms), ...terms.find([...new Set(related)], foundByRelated)]) hits.set(keyOf(place), place)
  return choose(searched, rank(question, episodesOf(searched, hits)), k)
}

/** What was found, with what was told around it. */
function episodesOf(searched: Searched, hits: ReadonlyMap<string, Place>): (Candidate | null)[][] {
  const names = new Set([...hits.values()].map(({ episode }) => episode).filter(name => name !== ''))
  const alone = [...hits.values()].filter(({ episode }) => episode === '').map(place => [place])
  return [...alone, ...[...names].map(name => searched.terms.episode(name))].map(places => {
    const near = new Set(places.flatMap((place, at) => (hits.has(keyOf(place)) ? Array.from({ length: 2 * reach + 1 }, (_, offset) => at + offset - reach) : [])))
    return places.map((place, at) => (near.has(at) ? candidateOf(searched, place, hits.has(keyOf(place))) : null))
  })
}

/** Null: it is no longer there, or does not hold. */
function candidateOf({ spaceOf, holds }: Searched, place: Place, isHit: boolean): Candidate | null {
  const space = spaceOf(place.space)
  const item = space?.get(place.id)
  if (!space || !item || !holds(item)) return null
  const terms = isHit ? indexedTerms(item) : []
  const { subject } = item.value
  return { memory: toMemory(space, item), terms: isHit ? counted(terms) : undefined, length: terms.length, subject: new Set(typeof subject === 'string' ? termsOf(subject) : []) }
}

/** The best `k`, each once. */
function choose({ everything }: Searched, ranked: readonly Ranked[], k: number): Recalled[] {
  const chosen: { readonly recalled: Recalled; readonly terms: ReadonlySet<string> }[] = []
  for (const { memory, score } of ranked) {
    if (chosen.length === k) break
    const terms = new Set(termsOf(memory.text))
    const isSaid = !everything && chosen.some(each => each.recalled.subject === memory.subject && shared(each.terms, terms) >= sameShare)
    if (!isSaid) chosen.push({ recalled: { ...memory, score }, terms })
  }
  return chosen.map(({ recalled }) => recalled)
}

/** Of the terms of both, those that both have (Jaccard). */
function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter(term => b.has(term)).length
  return both / (a.size + b.size - both)
}

function keyOf({ space, id }: Place): string {
  return `${space}/${id}`
}
