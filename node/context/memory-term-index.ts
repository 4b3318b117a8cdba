import type { Item } from '../../sync/types.ts'
import { observedAt } from '../memory.ts'
import { type FoundPlace, type IndexedState, type Place, type TermIndex, episodeOf, indexedTerms } from './term-index.ts'

type Entry = Place & { readonly item: Item; readonly terms: ReadonlyMap<string, number>; readonly all: readonly string[]; readonly length: number; readonly at: number }

/** As FTS5 has them (Robertson and Zaragoza 2009). */
const [k1, b] = [1.2, 0.75]

/** An index in memory, for pages: it is built at each start. */
export function memoryTermIndex(): TermIndex {
  const entries = new Map<string, Entry>()
  const postings = new Map<string, Set<Entry>>()
  const episodes = new Map<string, Set<Entry>>()
  const states = new Map<string, IndexedState>()
  let totalLength = 0

  /** Where an entry is filed, beside its own key. */
  const files = ({ terms, episode }: Entry) => [...Array.from(terms.keys(), term => [postings, term] as const), ...(episode === '' ? [] : [[episodes, episode] as const])]
  const remove = (space: string, id: string) => {
    const entry = entries.get(keyOf(space, id))
    if (!entry) return
    entries.delete(keyOf(space, id))
    totalLength -= entry.length
    for (const [file, name] of files(entry)) {
      file.get(name)?.delete(entry)
      if (file.get(name)?.size === 0) file.delete(name)
    }
  }
  const add = (space: string, item: Item) => {
    const all = indexedTerms(item)
    const entry: Entry = { space, id: item.id, item, terms: counted(all), all, length: all.length, episode: episodeOf(item), at: observedAt(item) }
    entries.set(keyOf(space, item.id), entry)
    totalLength += entry.length
    for (const [file, name] of files(entry)) file.set(name, (file.get(name) ?? new Set()).add(entry))
  }
  const ofSpace = (space: string) => [...entries.values()].filter(entry => entry.space === space)

  return {
    inMemory: true,
    state: space => states.get(space),
    count: space => ofSpace(space).length,
    versions: space => new Map(ofSpace(space).map(({ id, item: { hlc, device } }) => [id, { hlc, device }])),
    write(space, changes, state) {
      for (const { id, item } of changes) {
        remove(space, id)
        if (item) add(space, item)
      }
      states.set(space, state)
    },
    counts: terms => terms.map(term => postings.get(term)?.size ?? 0),
    find(terms, limit) {
      const scores = new Map<Entry, number>()
      const average = totalLength / Math.max(1, entries.size)
      for (const term of new Set(terms)) {
        const found = postings.get(term) ?? new Set()
        const weight = Math.max(1e-6, Math.log((entries.size - found.size + 0.5) / (found.size + 0.5)))
        for (const entry of found) {
          const count = entry.terms.get(term) ?? 0
          scores.set(entry, (scores.get(entry) ?? 0) + (weight * count * (k1 + 1)) / (count + k1 * (1 - b + (b * entry.length) / average)))
        }
      }
      return [...scores].sort(([x, p], [y, q]) => q - p || y.at - x.at || (x.id < y.id ? -1 : 1)).slice(0, limit).map(([entry]): FoundPlace => ({ ...placeOf(entry), terms: entry.all }))
    },
    episode: name => [...(episodes.get(name) ?? [])].sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)).map(placeOf),
    close: () => entries.clear()
  }
}

/** How often each term is there. */
export function counted(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

function keyOf(space: string, id: string): string {
  return `${space}/${id}`
}

function placeOf({ space, id, episode }: Entry): Place {
  return { space, id, episode }
}
