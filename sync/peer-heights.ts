import type { DeviceId } from '../mesh/types.ts'
import { inactiveMs } from './limits.ts'
import type { AckRow, Store } from './store.ts'

/** What the other devices said they hold, durably: it decides what may be pruned, and outlives a restart. */
export class PeerHeights {
  readonly #store: Store
  readonly #space: string
  readonly #now: () => number
  readonly #rows = new Map<DeviceId, Map<DeviceId, AckRow>>()
  readonly #unsaved = new Set<AckRow>()
  /** How many words came, and which of them was the last of a device about a log: of this run, by no clock. */
  #words = 0
  readonly #lastWords = new Map<string, number>()

  constructor(store: Store, space: string, now: () => number) {
    this.#store = store
    this.#space = space
    this.#now = now
    for (const row of store.acks(space)) this.#of(row.device).set(row.author, row)
  }

  /** `device` holds `author`'s log up to `height`. A lower word than before (a restored backup) is believed too. */
  note(device: DeviceId, author: DeviceId, height: number): void {
    this.#set({ device, author, height, at: this.#now() })
    this.#lastWords.set(`${device} ${author}`, ++this.#words)
  }

  /** Words that came so far, for `hasTold`. */
  get words(): number {
    return this.#words
  }

  /** Whether `device` told of `author`'s log after so many words. */
  hasTold(device: DeviceId, author: DeviceId, words: number): boolean {
    return (this.#lastWords.get(`${device} ${author}`) ?? 0) > words
  }

  height(device: DeviceId, author: DeviceId): number {
    return this.#of(device).get(author)?.height ?? 0
  }

  /** Authors of the logs of which `device` told that it holds something. */
  held(device: DeviceId): DeviceId[] {
    return [...this.#of(device)].flatMap(([author, { height }]) => (height > 0 ? [author] : []))
  }

  /** The height of `author`'s log that every one of `devices` holds; those that were away for too long do not count. */
  lowest(author: DeviceId, devices: Iterable<DeviceId>, since: (device: DeviceId) => number): number {
    let lowest = Number.MAX_SAFE_INTEGER
    for (const device of devices) {
      if (this.#now() - Math.max(since(device), this.#lastWord(device)) <= inactiveMs) lowest = Math.min(lowest, this.height(device, author))
    }
    return lowest
  }

  /** A clock that was ahead when it came, and was set back since, must not keep a device from ever being away: its time counts from now on. */
  #lastWord(device: DeviceId): number {
    const now = this.#now()
    for (const row of [...this.#of(device).values()].filter(({ at }) => at > now)) this.#set({ ...row, at: now })
    return Math.max(0, ...[...this.#of(device).values()].map(({ at }) => at))
  }

  /** What cannot be saved now is saved the next time. @throws KinmeshError `StoreFailed` */
  async save(): Promise<void> {
    const acks = [...this.#unsaved]
    if (acks.length === 0) return
    this.#unsaved.clear()
    try {
      await this.#store.commit({ space: this.#space, acks })
    } catch (error) {
      for (const row of acks) if (this.#of(row.device).get(row.author) === row) this.#unsaved.add(row)
      throw error
    }
  }

  #set(row: AckRow): void {
    const before = this.#of(row.device).get(row.author)
    this.#of(row.device).set(row.author, row)
    if (before) this.#unsaved.delete(before)
    this.#unsaved.add(row)
  }

  #of(device: DeviceId): Map<DeviceId, AckRow> {
    const rows = this.#rows.get(device) ?? new Map<DeviceId, AckRow>()
    this.#rows.set(device, rows)
    return rows
  }
}
