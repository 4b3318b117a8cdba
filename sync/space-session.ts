import { malformed } from '../mesh/codec.ts'
import { KinmeshError } from '../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../mesh/identity.ts'
import type { Timers } from '../mesh/timers.ts'
import type { DeviceId } from '../mesh/types.ts'
import { Branches } from './branches.ts'
import { type Frame, type LogHeight, maxLogs } from './frames.ts'
import { digestQuietMs, unaskedBytesPerSecond, unaskedEntriesBurst, unaskedEntriesPerSecond, wantPatienceMs } from './limits.ts'
import { type AskerHost, LogAsker } from './log-asker.ts'
import { LogSender } from './log-sender.ts'
import type { Receipt } from './receive.ts'
import { SnapshotSender } from './snapshot-sender.ts'
import type { SharedSpace } from './shared-space.ts'
import { TimerSet } from './timer-set.ts'
import { TokenBucket } from './token-bucket.ts'

/** NACK of a WANT for entries that are not kept any more: its `seq` is the first that still is. */
const notKept = 'NotKept'

/** What a session tells its device about one shared space. */
export type SpaceSessionHost = AskerHost & {
  readonly timers: Timers
  /** Waits for room: for work that runs beside the reading loop. */
  send(frame: Frame): Promise<void>
  /** Runs work that nobody waits for; a failure ends the session. */
  spawn(work: () => Promise<void>): void
  /** Both sides hold the same logs, and show different things. */
  diverged(): void
  accepted(entries: Receipt['accepted']): void
  changed(): void
}

/** One space between this device and one peer: who lacks which entries, and getting them across. */
export class SpaceSession {
  readonly #space: SharedSpace
  readonly #host: SpaceSessionHost
  readonly #asker: LogAsker
  readonly #branches: Branches
  readonly #sender: LogSender
  /** A keeper has none to give. */
  readonly #snapshots: SnapshotSender | undefined
  readonly #timers: TimerSet
  readonly #unackedAuthors = new Set<DeviceId>()
  /** Logs that are looked at soon: whether what was announced has come by itself. */
  readonly #patient = new Set<DeviceId>()
  /** Logs of which the peer was once refused a snapshot, because nobody here knows whether it fits what the peer holds. */
  readonly #doubted = new Set<DeviceId>()
  readonly #unaskedEntries: TokenBucket
  readonly #unaskedBytes: TokenBucket
  #peerDigest: { heads: string; digest: string } | undefined
  #cancelDigest: (() => void) | undefined
  /** Logs that a HAVE in several frames has listed so far. */
  #listed = new Set<DeviceId>()
  #stopped = false

  constructor(space: SharedSpace, host: SpaceSessionHost) {
    this.#space = space
    this.#host = host
    this.#timers = new TimerSet(host.timers)
    this.#asker = new LogAsker(space, host)
    this.#branches = new Branches(space, host, this.#asker)
    this.#snapshots = space.readable && new SnapshotSender(space.readable, host)
    const bothRead = () => this.#bothRead
    this.#sender = new LogSender(space, host, {
      get snapshots() {
        return bothRead()
      },
      offer: author => this.#snapshots?.offer(author),
      notKept: (author, seq) => this.#sayNotKept(author, seq)
    })
    const { now } = space.state.context
    this.#unaskedEntries = new TokenBucket(unaskedEntriesPerSecond, unaskedEntriesBurst, now)
    this.#unaskedBytes = new TokenBucket(unaskedBytesPerSecond, unaskedBytesPerSecond, now)
  }

  /** True when the peer said that it holds the same logs as we do now, and shows the same; of or by a keeper the logs are all that can be said. */
  get synced(): boolean {
    return this.#peerDigest !== undefined && this.#peerDigest.heads === this.#space.state.heads() && this.#peerDigest.digest === this.#digest()
  }

  /** True while the peer no longer keeps what is due here next: another device has to be on. */
  get gap(): boolean {
    return this.#asker.gap
  }

  stop(): void {
    this.#stopped = true
    this.#sender.stop()
    this.#snapshots?.stop()
    this.#asker.stop()
    this.#timers.stop()
  }

  sendHave(): void {
    this.#host.post('have', () => {
      const logs: LogHeight[] = [...this.#space.state.logs.values()].map(({ author, height, head }) => ({ author: publicKeyOf(author), height, head }))
      return inFrames(logs).map((part, index, parts) => ({ type: 'have', space: this.#host.index, logs: part, more: index < parts.length - 1 }))
    })
    this.#scheduleDigest()
  }

  /** Every 30 s. */
  tick(): void {
    this.#asker.tick()
    this.sendHave()
  }

  /** A claim was released, or a peer came: ask for what we lack. */
  poke(): void {
    this.#asker.poke()
  }

  /** Own and received entries went to disk: push our own, tell of the others. */
  appended(authors: ReadonlySet<DeviceId>): void {
    for (const author of authors) {
      this.#asker.grew(author)
      if (author !== this.#space.state.self || !this.#sender.push(author)) this.#unackedAuthors.add(author)
    }
    if (this.#unackedAuthors.size > 0) this.#timers.after(0, () => this.#sendAck())
    this.#scheduleDigest()
  }

  /** New members or keys: what was refused for want of them may pass now. */
  membershipChanged(): void {
    this.#asker.membershipChanged()
    this.#branches.membershipChanged()
    this.sendHave() // who now has the branch that counts of a removed device's log
  }

  async handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'have':
        return this.#onHave(frame)
      case 'ack':
        for (const [device, { height }] of this.#known(frame.heights)) this.#onHeight(device, height)
        return
      case 'want':
        return this.#onWant(frame)
      case 'entry':
        return this.#onEntries(frame.entries)
      case 'snapshot':
        return this.#asker.onSnapshot(frame)
      case 'fetch':
        // Bases are not sealed: a device that is given no key gets none.
        if (!this.#bothRead) throw new KinmeshError('NotAReader', 'a keeper asked for what it may not read')
        return this.#snapshots?.fetch(frame)
      case 'part':
        return this.#onPart(frame)
      case 'nack':
        return this.#onNack(frame)
      case 'digest':
        return this.#onDigest(frame)
      default:
        throw malformed('frame', `${frame.type} does not belong here`)
    }
  }

  #onHave({ logs, more }: Frame & { type: 'have' }): void {
    for (const [device, { height, head }] of this.#known(logs)) {
      this.#listed.add(device)
      const ours = this.#space.state.logRow(device)
      this.#branches.note(device, { height, head })
      // Who has another branch of our own log is to take no more of ours, before we know which of them the others have.
      if (device !== this.#space.state.self || (height <= ours.height && !this.#branches.differ(device))) this.#sender.place(device, height, ours.height)
      this.#onHeight(device, height)
    }
    if (more) return
    const listed = this.#listed
    this.#listed = new Set()
    // Our own log too, also while it is empty: its first entry is pushed then, and a recovery may wait for the word that there is none.
    const { self, logs: ours } = this.#space.state
    for (const author of new Set([self, ...ours.keys()])) if (!listed.has(author)) this.#sender.place(author, 0, this.#space.state.logRow(author).height)
    for (const author of new Set([self, ...this.#host.heights.held(this.#host.peer)])) if (!listed.has(author)) this.#asker.told(author, 0)
    this.#scheduleDigest()
  }

  /**
   * Of what a peer says of logs, that which is about logs of devices we know. A list full of keys that are nobody's is gone through
   * without making device ids of them: each takes a hundred times the bytes of the key.
   */
  *#known<Told extends { readonly author: Uint8Array }>(list: readonly Told[]): Generator<readonly [DeviceId, Told]> {
    const byKey = new Map(this.#asker.knownAuthors().map(device => [nameOf(publicKeyOf(device)), device]))
    for (const told of list) {
      const device = byKey.get(nameOf(told.author))
      if (device !== undefined) yield [device, told]
    }
  }

  /** See Branches. */
  holdsNamed(author: DeviceId): boolean {
    return this.#branches.holdsNamed(author)
  }

  #onHeight(author: DeviceId, height: number): void {
    this.#asker.told(author, height)
    if (height <= this.#space.state.logRow(author).height || this.#patient.has(author)) return
    // In a full mesh the author pushes the entry itself: give it a moment before asking for it a second time.
    const patience = author !== this.#host.peer && this.#host.isConnected(author) ? wantPatienceMs : 0
    this.#patient.add(author)
    this.#timers.after(patience, () => {
      this.#patient.delete(author)
      this.#asker.ask(author)
    })
  }

  /** Who has nothing of our own log gets nearly all of it as a snapshot. */
  #onWant(frame: Frame & { type: 'want' }): void {
    const { readable, state } = this.#space
    const author = deviceIdOf(frame.author)
    const isOwn = author === state.self
    if (!this.#branches.mayServe(author, frame.from)) return
    if (frame.from > 1 && this.#bothRead && this.#branches.cannotTell(author) && !this.#doubted.has(author)) {
      // Once: who asks again has found nobody that knows better.
      this.#doubted.add(author)
      return this.#sayNotKept(author, state.logRow(author).lowest)
    }
    if (frame.from > 1 || !readable || !this.#bothRead || !isOwn) return this.#sender.wanted(frame)
    this.#host.spawn(async () => {
      await this.#space.sumUp()
      if (!this.#stopped) this.#sender.wanted(frame)
    })
  }

  #sayNotKept(author: DeviceId, seq: number): void {
    this.#host.post(`nack ${author}`, () => [{ type: 'nack', space: this.#host.index, author: publicKeyOf(author), seq, code: notKept }])
  }

  #onDigest({ heads, digest }: Frame & { type: 'digest' }): void {
    this.#peerDigest = { heads, digest }
    if (this.#bothRead && heads === this.#space.state.heads() && digest !== this.#digest()) this.#host.diverged()
    this.#host.changed()
  }

  #onNack({ author, seq, code }: Frame & { type: 'nack' }): void {
    const device = deviceIdOf(author)
    if (code === 'SnapshotGone') return this.#asker.snapshotGone(device, seq)
    if (code === notKept) return this.#asker.notKept(device, seq)
    this.#space.state.context.log.warn('a peer refused an entry', { peer: this.#host.peer, author: device, code })
  }

  async #onPart(frame: Frame & { type: 'part' }): Promise<void> {
    if (!(await this.#asker.onPart(frame))) await this.#timers.wait(this.#unaskedBytes.take(frame.bytes.length))
  }

  async #onEntries(entries: readonly Uint8Array[]): Promise<void> {
    await this.#throttle(entries)
    if (this.#stopped) return
    const { accepted, refused } = await this.#space.receive(entries, author => this.#asker.due(author))
    this.#host.accepted(accepted)
    const grown = new Map<DeviceId, number>()
    for (const { author, seq } of accepted) {
      grown.set(author, (grown.get(author) ?? 0) + 1)
      this.#asker.peerHas(author, seq)
      this.#sender.peerHas(author, seq)
    }
    for (const refusal of refused) {
      grown.delete(refusal.author) // what happens to this log now follows from the refusal
      await this.#asker.refused(refusal)
      if (refusal.error.code === 'OtherBranch' && this.holdsNamed(refusal.author)) await this.#branches.realign(refusal.author)
    }
    for (const [author, count] of grown) this.#asker.took(author, count)
  }

  /** Entries that were asked for pass at once. Others wait until they are within the limits, and with them all that the peer sends. */
  async #throttle(entries: readonly Uint8Array[]): Promise<void> {
    if (this.#asker.spend(entries.length)) return
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0)
    const waitMs = Math.max(this.#unaskedEntries.take(entries.length), this.#unaskedBytes.take(bytes))
    if (waitMs === 0) return
    await this.#timers.wait(waitMs)
  }

  // Every log that grew before it leaves is in the one ACK that waits.
  #sendAck(): void {
    if (this.#unackedAuthors.size === 0) return
    this.#host.post('ack', () => {
      const heights = [...this.#unackedAuthors].map(author => ({ author: publicKeyOf(author), height: this.#space.state.logRow(author).height }))
      this.#unackedAuthors.clear()
      return heights.length > 0 ? inFrames(heights).map(part => ({ type: 'ack', space: this.#host.index, heights: part })) : []
    })
  }

  #scheduleDigest(): void {
    this.#cancelDigest?.()
    this.#cancelDigest = this.#timers.after(digestQuietMs, () => {
      this.#host.post('digest', () => [{ type: 'digest', space: this.#host.index, heads: this.#space.state.heads(), digest: this.#digest() }])
    })
  }

  /** Both sides were given the keys. */
  get #bothRead(): boolean {
    return this.#space.readable !== undefined && this.#space.state.membership.members().get(this.#host.peer)?.role !== 'keeper'
  }

  /** Nothing where one of the two reads nothing: not even a hash of what the others read is for a keeper. */
  #digest(): string {
    return this.#bothRead ? this.#space.digest() : ''
  }
}

/** At least one part. */
function inFrames<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.max(1, Math.ceil(list.length / maxLogs)) }, (_, index) => list.slice(index * maxLogs, (index + 1) * maxLogs))
}

function nameOf(key: Uint8Array): string {
  return String.fromCharCode(...key)
}
