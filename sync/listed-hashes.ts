import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { isKinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { DeviceId } from '../mesh/types.ts'
import { type Entry, readEntry } from './entry.ts'
import { listedHashBytes, listedHashes } from './limits.ts'
import type { EntryRow, LogRow, Store } from './store.ts'

type Logs = {
  readonly id: string
  readonly context: { readonly store: Store; readonly log: Logger }
  logRow(author: DeviceId): LogRow
  /** What an entry lists of those before it: `listedHashBytes` of the hash of each, in their order. */
  listOf(entry: Entry): Uint8Array
}

/**
 * Hashes of entries that were pruned, or never came because a snapshot did: each checkpoint lists those before it. A device that comes
 * back with another branch of a log is found by them, before a snapshot takes the place of what it holds. They say nothing of what was
 * in the entries.
 */
export class ListedHashes {
  readonly #state: Logs
  readonly #read = new Map<DeviceId, { readonly of: Uint8Array; readonly list: Uint8Array }>()

  constructor(state: Logs) {
    this.#state = state
  }

  /** The beginning of the hash of an entry from before the first one that is left; undefined for one that lies too far back, or that is left. */
  get(author: DeviceId, seq: number): Uint8Array | undefined {
    const { lowest } = this.#state.logRow(author)
    return seq < lowest ? listedAt(this.#before(author, lowest), lowest, seq) : undefined
  }

  /** What the next checkpoint of a log has to list: the last `listedHashes` entries, or as many as are known here. */
  next(author: DeviceId): Uint8Array {
    const { context, id } = this.#state
    const { checkpoint, height } = this.#state.logRow(author)
    const from = Math.max(checkpoint, 1)
    const since = context.store.entries(id, author, from, height - from + 1).map(({ hash }) => hash.subarray(0, listedHashBytes))
    return concat([this.#before(author, checkpoint), ...since]).slice(-listedHashes * listedHashBytes)
  }

  /** What the entry at `seq` lists. */
  #before(author: DeviceId, seq: number): Uint8Array {
    const [row] = seq > 0 ? this.#state.context.store.entries(this.#state.id, author, seq, 1) : []
    if (row?.seq !== seq) return new Uint8Array()
    const known = this.#read.get(author)
    if (known && equals(known.of, row.hash)) return known.list
    const list = this.#listOf(author, row)
    this.#read.set(author, { of: row.hash, list })
    return list
  }

  /** Of an entry that was damaged where it rests nothing is known; what the log holds is compared with it elsewhere (verify.ts). */
  #listOf(author: DeviceId, { seq, bytes }: EntryRow): Uint8Array {
    try {
      return this.#state.listOf(readEntry(bytes))
    } catch (error) {
      if (!isKinmeshError(error)) throw error
      this.#state.context.log.warn('a stored checkpoint is damaged', { author, seq, code: error.code })
      return new Uint8Array()
    }
  }
}

/** What the list of entry `of` says of entry `seq`; undefined when that lies further back, or not before it. */
export function listedAt(list: Uint8Array, of: number, seq: number): Uint8Array | undefined {
  const at = list.length - (of - seq) * listedHashBytes
  return seq < 1 || seq >= of || at < 0 ? undefined : list.subarray(at, at + listedHashBytes)
}

/** True when two lists of the entries before one and the same name the same ones, as far back as both go. */
export function listsAgree(a: Uint8Array, b: Uint8Array): boolean {
  const bytes = Math.min(a.length, b.length)
  return equals(a.subarray(a.length - bytes), b.subarray(b.length - bytes))
}
