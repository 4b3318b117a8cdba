import type { Item } from '../../sync/types.ts'
import { textOf } from '../memory.ts'
import { termsOf } from './text/terms.ts'

export type IndexedVersion = { readonly hlc: number; readonly device: string }

/** The state of a space that the index holds; without a digest it holds all changes up to `rev`, without a rev it is on its way. */
export type IndexedState = { readonly id: string; readonly rev: number | undefined; readonly digest: string | undefined }

/** Where a memory is. `episode`: of what was told in one go, the same for all of it; empty for what stands alone. */
export type Place = { readonly space: string; readonly id: string; readonly episode: string }

/** What is made of the memories of spaces, and kept in step with them. It is a cache: whoever follows the spaces may build it anew at any time. */
export type FollowedIndex = {
  readonly inMemory: boolean
  state(space: string): IndexedState | undefined
  count(space: string): number
  versions(space: string): Map<string, IndexedVersion>
  /** Takes changes and the state they lead to over, in one transaction. @throws KinmeshError `StoreFailed` · `StoreCorrupt` */
  write(space: string, changes: readonly { id: string; item: Item | null }[], state: IndexedState): void
  close(): void
}

/** A place with all terms of its memory, as `indexedTerms` gives them. */
export type FoundPlace = Place & { readonly terms: readonly string[] }

/** Which memories have which terms, in Node as in a page. */
export type TermIndex = FollowedIndex & {
  /** How many memories have each of the terms. @throws as `write` */
  counts(terms: readonly string[]): number[]
  /** Memories with any of the terms, the best by bm25 first. @throws as `write` */
  find(terms: readonly string[], limit: number): FoundPlace[]
  /** All of an episode, in the order in which it was told. @throws as `write` */
  episode(name: string): Place[]
}

/** What the index takes of a memory: its words, and those of its fields. */
export function indexedTerms({ value }: Pick<Item, 'value'>): string[] {
  const { subject, attribute, value: of } = value
  return termsOf([textOf({ value }), subject, attribute, of].filter(part => typeof part === 'string').join(' '))
}

/** Told by one device in one conversation: `source.ref` is the conversation and the turn, both opaque, with a slash between them. */
export function episodeOf({ value: { source } }: Pick<Item, 'value'>): string {
  if (source === null || typeof source !== 'object' || !('ref' in source)) return ''
  // Not the device that wrote it last: whoever says until when it held writes it anew.
  const { device, ref } = source
  const [conversation, turn] = typeof ref === 'string' ? ref.split('/', 2) : []
  return typeof device === 'string' && conversation && turn !== undefined ? `${device}/${conversation}` : ''
}
