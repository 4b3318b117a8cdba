import type { Logger } from '../../mesh/log.ts'
import type { Item, Space } from '../../sync/types.ts'
import { type Memory, observedAt, toMemory, validTo } from '../memory.ts'
import { ItemCache } from './item-cache.ts'
import { counted, memoryTermIndex } from './memory-term-index.ts'
import { rarest, readQuestion } from './question.ts'
import { type Candidate, type Ranked, rank } from './rank.ts'
import { SpaceIndex } from './space-index.ts'
import { type Place, type TermIndex, episodeOf, indexedTerms } from './term-index.ts'
import { saysTheSame } from './same.ts'
import { termsOf } from './text/terms.ts'
import { type TokenBudget, withinBudget } from './token-budget.ts'
import type { Close, MemoryVectors } from './vectors/memory-vectors.ts'

/** A memory and how well it fits the question: higher is better, comparable within one answer only. */
export type Recalled = Memory & { readonly score: number }

/** Most memories one question may ask for. */
export const maxRecalled = 200

export type RecallOptions = {
  /** What was known at this time, in Unix ms: told by then, and still held to be so. Without it, what holds now. */
  readonly asOf?: number | undefined
  /** Also what does not hold, and what says the same as a better one. */
  readonly everything?: boolean | undefined
  /** Of the texts that are given: what does not fit is left out, the best first. */
  readonly budget?: TokenBudget | undefined
}

/** Finds memories. Follows the spaces by itself; a write that was acknowledged is found by the next call. */
export type Recall = {
  /**
   * The `k` best, best first, of what is known. The same memories give the same answer on every device that has no encoder; with `asOf` or `everything` none is asked.
   */
  recall(query: string, k: number, options?: RecallOptions): Promise<Recalled[]>
  /** Resolves when the index holds what the spaces hold now, and nothing of what is forgotten. */
  ready(): Promise<void>
  /** Resolves when the memories have their vectors too, as far as there is an encoder. */
  settled(): Promise<void>
  /** Takes the encoder that is chosen now. */
  reload(): void
  close(): Promise<void>
}

/** Memories by their own terms that are looked at; ranking needs a few times as many as are wanted. */
const foundByTerms = 100
/** And by related terms. */
const foundByRelated = 50
/** Memories that have the rarest terms, from which on common ones are not looked for if more than the most have them. */
const [enough, most] = [300, 3000]
/** And by their vectors. */
const foundByVectors = 100
/** Where no memory has a word of the question, one has to be as close as this: some memory is always the closest. */
const closeAlone = 0.5
/** Distance in the telling at which one memory says nothing about another one any more (rank.ts). */
const reach = 3

/** `vectors`: where there may be an encoder. */
export type RecallParts = { readonly index: TermIndex; readonly vectors?: Pick<MemoryVectors, 'near' | 'ready' | 'settled' | 'refresh' | 'close'>; readonly spaces: () => Space[]; readonly log: Logger; readonly clock: () => number }

/** Recall over an index, which it closes with itself. */
export function createRecall({ index, vectors, spaces, log, clock }: RecallParts): Recall {
  const following = new SpaceIndex({ index, inMemory: memoryTermIndex, name: 'the index of terms', spaces, log })
  const cache = new ItemCache(readItem)
  return {
    async recall(query, k, { asOf, everything = false, budget } = {}) {
      const holds = (item: Item) => everything || ((asOf === undefined || observedAt(item) <= asOf) && (validTo(item) ?? Infinity) > (asOf ?? clock()))
      const size = () => spaces().reduce((sum, { count }) => sum + count, 0)
      // What was known on a day is to be the same on every device, and each may have another encoder.
      const close = asOf === undefined && !everything ? await vectors?.near(query, foundByVectors) : undefined
      const found = await following.ask((terms, spaceOf) => find({ terms, spaceOf, cache, holds, everything, size: size() }, query, k, close ?? []))
      return budget ? withinBudget(found, ({ text }) => text, budget) : found
    },
    async ready() {
      await Promise.all([following.catchUp(), vectors?.ready()])
    },
    async settled() {
      await Promise.all([following.catchUp(), vectors?.settled()])
    },
    reload: () => vectors?.refresh(),
    async close() {
      await Promise.all([following.close(), vectors?.close()])
    }
  }
}

/** What ranking needs of an item. `subject`: its terms. */
type Read = { readonly item: Item; readonly memory: Memory; readonly subject: ReadonlySet<string> }

function readItem(space: Space, item: Item): Read {
  const { subject } = item.value
  return { item, memory: toMemory(space, item), subject: new Set(typeof subject === 'string' ? termsOf(subject) : []) }
}

type Searched = { readonly terms: TermIndex; readonly spaceOf: (name: string) => Space | undefined; readonly cache: ItemCache<Read>; readonly holds: (item: Item) => boolean; readonly everything: boolean; readonly size: number }

function find(searched: Searched, query: string, k: number, close: readonly Close[]): Recalled[] {
  const { terms, size } = searched
  const question = readQuestion(query, size, all => terms.counts(all))
  const hits = new Map<string, Hit>()
  // What half of all memories have tells bm25 nothing.
  const bounds = { enough, most, telling: Math.max(foundByTerms, size / 2) }
  const own = terms.find(rarest(question.terms, bounds), foundByTerms)
  const related = terms.find(rarest(question.terms.flatMap(each => each.related), bounds), foundByRelated)
  for (const place of [...own, ...related]) hits.set(keyOf(place), { place, terms: place.terms, closeness: 0 })
  const least = hits.size > 0 ? 0 : closeAlone
  for (const { space, id, closeness } of close) {
    const item = closeness >= least ? searched.spaceOf(space)?.get(id) : undefined
    const known = hits.get(keyOf({ space, id }))
    if (known) hits.set(keyOf(known.place), { ...known, closeness })
    else if (item) hits.set(keyOf({ space, id }), { place: { space, id, episode: episodeOf(item) }, terms: indexedTerms(item), closeness })
  }
  return choose(searched, rank(question, episodesOf(searched, hits)), k)
}

/** A memory that was found, with all its terms. `closeness`: of its vector to that of the question, 0 where it is not known. */
type Hit = { readonly place: Place; readonly terms: readonly string[]; readonly closeness: number }

/** What was found, with what was told around it. */
function episodesOf(searched: Searched, hits: ReadonlyMap<string, Hit>): (Candidate | null)[][] {
  const names = new Set([...hits.values()].map(({ place }) => place.episode).filter(name => name !== ''))
  const alone = [...hits.values()].filter(({ place }) => place.episode === '').map(({ place }) => [place])
  return [...alone, ...[...names].map(name => searched.terms.episode(name))].map(places => {
    const near = new Set(places.flatMap((place, at) => (hits.has(keyOf(place)) ? Array.from({ length: 2 * reach + 1 }, (_, offset) => at + offset - reach) : [])))
    return places.map((place, at) => (near.has(at) ? candidateOf(searched, place, hits.get(keyOf(place))) : null))
  })
}

/** Null: it is no longer there, or does not hold. */
function candidateOf({ spaceOf, cache, holds }: Searched, place: Place, hit: Hit | undefined): Candidate | null {
  const space = spaceOf(place.space)
  const read = space && cache.get(space, place.id)
  if (!read || !holds(read.item)) return null
  return { memory: read.memory, terms: hit && counted(hit.terms), length: hit?.terms.length ?? 0, closeness: hit?.closeness ?? 0, subject: read.subject }
}

/** The best `k`, each once. */
function choose({ everything }: Searched, ranked: readonly Ranked[], k: number): Recalled[] {
  const chosen: { readonly recalled: Recalled; readonly terms: ReadonlySet<string> }[] = []
  for (const { memory, score } of ranked) {
    if (chosen.length === k) break
    const terms = new Set(termsOf(memory.text))
    const isSaid = !everything && chosen.some(each => each.recalled.subject === memory.subject && saysTheSame(each.terms, terms))
    if (!isSaid) chosen.push({ recalled: { ...memory, score }, terms })
  }
  return chosen.map(({ recalled }) => recalled)
}

function keyOf({ space, id }: Pick<Place, 'space' | 'id'>): string {
  return `${space}/${id}`
}
