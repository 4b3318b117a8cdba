import type { DeviceId } from '../../../mesh/types.ts'
import { hexOf } from '../../stage.ts'
import type { Commit, Store } from '../../store.ts'
import { readEntry } from '../../entry.ts'

/** An acknowledged write: what the device said is on its disk. */
export type Acknowledged = { readonly device: string; readonly author: DeviceId; readonly id: string; readonly hlc: number; readonly text: string }

/** What happened, told apart from what the devices make of it: every entry that reached a disk, every write that was acknowledged. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = []
  /** Items that anybody tried to remove. */
  readonly removals = new Set<string>()
  /** Texts that anybody tried to write, by item. */
  readonly #texts = new Map<string, Set<string>>()
  readonly #entries = new Map<string, Uint8Array>()

  /** Which entry others than its author hold at a place of a log, or held before they took a snapshot. */
  readonly #stored = new Map<string, string>()
  readonly #epochs = new Map<string, Set<string>>()
  readonly #forked = new Set<DeviceId>()

  /** A commit of the device `by` is on its disk. */
  committed(batch: Commit, by: DeviceId): void {
    for (const { author, seq, hash, bytes } of batch.entries ?? []) {
      const name = hexOf(hash)
      if (!this.#entries.has(name)) this.#noteEpoch(batch.space, bytes)
      this.#entries.set(name, bytes)
      if (author !== by) this.#note(batch.space, author, seq, name)
    }
  }

  /** Whoever stored an entry relies on all before it, those that its snapshot summed up as well. */
  #note(space: string, author: DeviceId, seq: number, name: string): void {
    for (let at = seq, hash: string | undefined = name; hash !== undefined && at > 0; at--) {
      const place = `${space} ${author} ${at}`
      const stored = this.#stored.get(place)
      if (stored === hash) return
      if (stored !== undefined) this.#forked.add(author)
      this.#stored.set(place, hash)
      const bytes = this.#entries.get(hash)
      hash = bytes && hexOf(readEntry(bytes).prevHash)
    }
  }

  /** Hex names of the keys that entries of a space were sealed with. */
  epochs(space: string): string[] {
    return [...(this.#epochs.get(space) ?? [])]
  }

  #noteEpoch(space: string, bytes: Uint8Array): void {
    this.#epochs.set(space, (this.#epochs.get(space) ?? new Set<string>()).add(hexOf(readEntry(bytes).epoch)))
  }

  /** Authors of whose log two branches are out: other devices stored different entries at one place of it. */
  get forked(): ReadonlySet<DeviceId> {
    return this.#forked
  }

  wrote(id: string, text: string): void {
    this.#texts.set(id, (this.#texts.get(id) ?? new Set()).add(text))
  }

  knows(id: string, text: string): boolean {
    return this.#texts.get(id)?.has(text) ?? false
  }

  /** The chain of entries that ends in `head`, from the first on; undefined when one of them never reached any disk. */
  chain(head: Uint8Array, height: number): Uint8Array[] | undefined {
    const chain: Uint8Array[] = []
    for (let hash = head, seq = height; seq > 0; seq--) {
      const bytes = this.#entries.get(hexOf(hash))
      if (!bytes) return undefined
      chain.push(bytes)
      hash = readEntry(bytes).prevHash
    }
    return chain.reverse()
  }
}

/** The highest clock value that any version of an item has on this disk, in any space. */
export function newestHlc(store: Store, id: string): number {
  return Math.max(0, ...store.spaces().flatMap(space => store.versions(space.id, id).map(row => Math.max(row.hlc, row.pending ?? 0))))
}
