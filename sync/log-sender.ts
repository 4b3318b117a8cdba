import { deviceIdOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Frame } from './frames.ts'
import { maxEntryBytes } from './limits.ts'
import type { SharedSpace } from './shared-space.ts'

/** Entries one frame carries at most; its size ends it earlier when they are large. */
const entriesPerFrame = 128

type Run = { next: number; credit: number }
type Wire = {
  readonly index: number
  send(frame: Frame): Promise<void>
  spawn(work: () => Promise<void>): void
}

/** What is answered where the entries that a WANT names are not here any more, or are the long way. */
export type Instead = {
  /** Both sides read the space: a snapshot serves. */
  readonly snapshots: boolean
  /** Offers the snapshot of a log. */
  offer(author: DeviceId): void
  /** Says from which entry on the log is still here. */
  notKept(author: DeviceId, lowest: number): void
}

/** The sending half of a session: gives the peer the entries that it asked for, and pushes new ones of our own. */
export class LogSender {
  readonly #space: SharedSpace
  readonly #wire: Wire
  readonly #instead: Instead
  /** Up to where the peer was sent each log, or said that it has it. */
  readonly #sent = new Map<DeviceId, number>()
  /** Up to where the peer must have each log when its next HAVE comes. */
  readonly #due = new Map<DeviceId, number>()
  /** Logs of which the peer has, or is on the way to have, all that we have: new entries are pushed without being asked. */
  readonly #level = new Set<DeviceId>()
  readonly #runs = new Map<DeviceId, Run>()
  #stopped = false

  constructor(space: SharedSpace, wire: Wire, instead: Instead) {
    this.#space = space
    this.#wire = wire
    this.#instead = instead
  }

  stop(): void {
    this.#stopped = true
  }

  /** A HAVE came: the peer's height, and ours. One that crossed what is on its way says less than we know. */
  place(author: DeviceId, peerHeight: number, height: number): void {
    if (this.#runs.has(author)) return
    const sent = Math.max(peerHeight, this.#sent.get(author) ?? 0)
    // What was on its way at the last HAVE has come by this one, or never will.
    const underWay = sent >= height && peerHeight >= (this.#due.get(author) ?? height)
    this.#sent.set(author, underWay ? sent : peerHeight)
    this.#due.set(author, underWay ? sent : peerHeight)
    if (underWay) this.#level.add(author)
    else this.#level.delete(author)
  }

  /** The peer has this entry: it sent it. */
  peerHas(author: DeviceId, seq: number): void {
    if (seq > (this.#sent.get(author) ?? 0)) this.#sent.set(author, seq)
  }

  /** Own entries went to disk. Returns false when the peer is behind: then it is told, and asks. */
  push(author: DeviceId): boolean {
    if (!this.#level.has(author)) return false
    this.#start(author, { next: (this.#sent.get(author) ?? 0) + 1, credit: Number.MAX_SAFE_INTEGER })
    return true
  }

  /** Answers a WANT: with entries, or with an offer of the snapshot when that is the shorter way or the only one. A keeper, and a reader to one, can only say what is left. */
  wanted({ author, from, credit }: Frame & { type: 'want' }): void {
    const device = deviceIdOf(author)
    const { state } = this.#space
    const log = state.logRow(device)
    if (from > log.height || from < 1) return
    // Whoever has nothing takes the snapshot whenever there is one: items come by the thousand instead of entry by entry.
    const longWay = log.checkpoint - from >= (from === 1 ? 0 : state.context.checkpointEvery / 2)
    if (this.#instead.snapshots && (from < log.lowest || longWay)) return this.#instead.offer(device)
    if (from < log.lowest) return this.#instead.notKept(device, log.lowest)
    this.#start(device, { next: from, credit })
  }

  /** One run per log. */
  #start(author: DeviceId, run: Run): void {
    const underWay = this.#runs.get(author)
    if (!underWay) {
      this.#runs.set(author, run)
      return this.#wire.spawn(() => this.#run(author, run))
    }
    // A push finds that its entries are on their way; a WANT knows best what is missing, and takes nothing from a push.
    if (run.credit !== Number.MAX_SAFE_INTEGER) underWay.next = run.next
    underWay.credit = Math.max(underWay.credit, run.credit)
  }

  async #run(author: DeviceId, run: Run): Promise<void> {
    while (run.credit > 0 && !this.#stopped) {
      const entries = this.#nextEntries(author, run)
      if (entries.length === 0) {
        this.#level.add(author)
        break
      }
      run.next += entries.length
      run.credit -= entries.length
      this.#sent.set(author, run.next - 1)
      await this.#wire.send({ type: 'entry', space: this.#wire.index, entries })
      if (run.credit === 0 && this.#isNews(author, run.next)) run.credit = Number.MAX_SAFE_INTEGER
    }
    // In the same turn as the last look at the log: an entry that is appended from now on starts a new run.
    this.#runs.delete(author)
  }

  /**
   * Little of our own log, written since the peer asked: it is pushed, like what comes after it. Told of it instead, the peer would ask
   * again, and for as long as we write be a round trip late.
   */
  #isNews(author: DeviceId, from: number): boolean {
    const { state } = this.#space
    return author === state.self && state.logRow(author).height - from < entriesPerFrame
  }

  #nextEntries(author: DeviceId, { next, credit }: Run): Uint8Array[] {
    const { context, id } = this.#space.state
    const entries: Uint8Array[] = []
    let size = 0
    for (const { bytes } of context.store.entries(id, author, next, Math.min(credit, entriesPerFrame))) {
      if (entries.length > 0 && size + bytes.length > maxEntryBytes) break
      entries.push(bytes)
      size += bytes.length
    }
    return entries
  }
}
