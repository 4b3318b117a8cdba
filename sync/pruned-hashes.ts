import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { hashBytes } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import { readEntry } from './entry.ts'
import { keptHashes } from './limits.ts'
import type { LogRow, Store } from './store.ts'

type Logs = { readonly id: string; readonly context: { readonly store: Store }; logRow(author: DeviceId): LogRow }

/**
 * Of entries that were pruned the hashes stay for a while: a device that comes back with another branch of a log is found by them, before
 * a snapshot takes the place of what it holds. They say nothing of what was in the entries.
 */
export class PrunedHashes {
  readonly #state: Logs
  readonly #read = new Map<DeviceId, { readonly stored: string; readonly hashes: readonly Uint8Array[] }>()

  constructor(state: Logs) {
    this.#state = state
  }

  /** What to store in the commit that prunes the entries of a log below `below`, or drops it: it may come back as a snapshot. */
  noting(author: DeviceId, below: number): Readonly<Record<string, string>> {
    const { context, id } = this.#state
    const { lowest } = this.#state.logRow(author)
    const from = Math.max(lowest, below - keptHashes)
    const pruned = context.store.entries(id, author, from, below - from).map(({ hash }) => hash)
    const before = from === lowest ? this.#below(author, lowest) : []
    return { [this.#key(author)]: toString(concat([...before, ...pruned].slice(-keptHashes)), 'base64') }
  }

  /** Undefined for an entry that was pruned too long ago, or is none that was. */
  get(author: DeviceId, seq: number): Uint8Array | undefined {
    const { lowest } = this.#state.logRow(author)
    return seq > 0 && seq < lowest ? this.#below(author, lowest).at(seq - lowest) : undefined
  }

  /** Those before the first entry that is left. It names the last of them: what was noted is of another log that was dropped meanwhile, or goes further, where it does not end so. */
  #below(author: DeviceId, lowest: number): readonly Uint8Array[] {
    const [row] = this.#state.context.store.entries(this.#state.id, author, lowest, 1)
    if (row?.seq !== lowest || lowest === 1) return []
    const { prevHash } = readEntry(row.bytes)
    const noted = this.#all(author)
    const last = noted.findLastIndex(hash => equals(hash, prevHash))
    return last < 0 ? [prevHash] : noted.slice(0, last + 1)
  }

  #all(author: DeviceId): readonly Uint8Array[] {
    const stored = this.#state.context.store.meta(this.#key(author)) ?? ''
    const read = this.#read.get(author)
    if (read?.stored === stored) return read.hashes
    const bytes = fromString(stored, 'base64')
    const hashes = Array.from({ length: bytes.length / hashBytes }, (_, index) => bytes.subarray(index * hashBytes, (index + 1) * hashBytes))
    this.#read.set(author, { stored, hashes })
    return hashes
  }

  #key(author: DeviceId): string {
    return `pruned ${this.#state.id} ${author}`
  }
}
