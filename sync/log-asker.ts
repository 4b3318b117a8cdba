import { equals } from 'uint8arrays/equals'
import { type KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { noHash } from './entry.ts'
import { freeze } from './entry-checks.ts'
import type { Frame } from './frames.ts'
import { haveIntervalMs, minBytesPerTurn, wantCredit } from './limits.ts'
import type { PeerHeights } from './peer-heights.ts'
import { type Refusal, passingRefusals } from './receive.ts'
import { SnapshotFetch } from './snapshot-transfer.ts'
import type { SharedSpace } from './shared-space.ts'
import type { SpaceState } from './space-state.ts'
import { Stage, hexOf } from './stage.ts'

export type AskerHost = {
  readonly peer: DeviceId
  /** Index of the space in our HELLO. */
  readonly index: number
  readonly heights: PeerHeights
  /** Bases of snapshots that arrived, by log and hash; outlives the session. */
  arrived(author: DeviceId): Map<string, Uint8Array>
  /** Does not wait, and takes the place of a message of the same kind that has not left: for answers out of the reading loop. */
  post(kind: string, make: () => readonly Frame[]): void
  /** One session at a time asks for a log; the others wait until it released the claim. */
  claim(author: DeviceId): boolean
  release(author: DeviceId): void
  /** The peer did not deliver what it said to have: another one that has it is asked first, for a while. */
  stalled(author: DeviceId): void
  isConnected(device: DeviceId): boolean
  /** An entry that no one can take: the log stops here, and a person should know. */
  refused(refusal: Refusal): void
  /** `proof` names what of our own log is out there and not here. */
  forked(proof: string): void
  damaged(author: DeviceId): Promise<void>
}

/** Entries of a log that the peer was asked for, the first and the last of them, and how many new bytes came since when. */
type Asked = { readonly from: number; readonly to: number; since: number; bytes: number }

/** What an entry, and a base that is whole, count for as progress at least: ordinary ones are as large. */
const stepBytes = 1024

/** The asking half of a session: which logs the peer is asked for, and the snapshots on their way from it. */
export class LogAsker {
  readonly #space: SharedSpace
  readonly #host: AskerHost
  readonly #asked = new Map<DeviceId, Asked>()
  /** In the order of their turns: the first one orders bases. */
  readonly #fetches = new Map<DeviceId, SnapshotFetch>()
  /** Entries that cannot be taken before the membership changes. */
  readonly #blocked = new Map<DeviceId, number>()
  /** Faults that this session told of already, and checkpoints for which it dropped a log. */
  readonly #told = new Set<string>()
  /** The checkpoint whose bases the peer had no more. */
  readonly #gone = new Map<DeviceId, number>()
  /** From where on the peer still has a log, where it said so. */
  readonly #lowest = new Map<DeviceId, number>()
  /** Where our own log ended when what the peer has of it did not go on from there. */
  readonly #unfit = new Map<DeviceId, Uint8Array>()
  /** Of these that was so at the last tick. */
  readonly #waited = new Set<DeviceId>()
  #credit = 0
  #stopped = false

  constructor(space: SharedSpace, host: AskerHost) {
    this.#space = space
    this.#host = host
  }

  stop(): void {
    this.#stopped = true
    for (const author of [...this.#asked.keys()]) this.#giveUp(author)
  }

  /** Members, and those who were. */
  knownAuthors(): DeviceId[] {
    return [...this.#space.state.membership.members().keys(), ...this.#space.state.membership.removedDevices().keys()]
  }

  /** Asks for all that we lack. */
  poke(): void {
    for (const author of this.knownAuthors()) this.ask(author)
  }

  /** The entry of a log that is taken next from the peer: the next one, or for a keeper the first that is left. */
  due(author: DeviceId): number {
    const next = this.#space.state.logRow(author).height + 1
    const lowest = this.#lowest.get(author) ?? 0
    return lowest > next && this.#space.mayBegin(author, this.#host.peer) ? lowest : next
  }

  /** True while the peer has more of a log, but not what is due next. */
  get gap(): boolean {
    return [...this.#lowest].some(([author, lowest]) => this.#isGap(author, lowest))
  }

  /** The peer has a log from `lowest` on only. */
  notKept(author: DeviceId, lowest: number): void {
    const asked = this.#asked.get(author)
    if (!asked) return
    const { height } = this.#space.state.logRow(author)
    this.#lowest.set(author, lowest)
    this.#giveUp(author)
    // Once: a peer that goes on saying so would have us ask for ever.
    if (lowest > asked.from && this.#firstTime(`${author} late ${height}`)) this.ask(author)
    else this.#blocked.set(author, height + 1)
  }

  /** The peer holds a log up to `height`. When that is less than it was asked for it went over to another branch, and no answer comes. */
  told(author: DeviceId, height: number): void {
    this.#host.heights.note(this.#host.peer, author, height)
    if (height < (this.#asked.get(author)?.to ?? 0)) this.#giveUp(author)
  }

  /** Asks for a log when the peer holds more of it than we do, and nobody else is asked for it. */
  ask(author: DeviceId): void {
    const { height, head, frozen } = this.#space.state.logRow(author)
    const goal = this.#goal(author)
    const from = this.due(author)
    if (this.#stopped || frozen || goal < from || this.#asked.has(author) || this.#blocked.get(author) === height + 1 || this.#isGap(author)) return
    const unfit = this.#unfit.get(author)
    if ((unfit && equals(unfit, head)) || !this.#host.claim(author)) return
    const credit = Math.min(wantCredit, goal - from + 1)
    this.#asked.set(author, { from, to: from + credit - 1, since: this.#now(), bytes: 0 })
    this.#credit += credit
    this.#host.post(`want ${author}`, () => [{ type: 'want', space: this.#host.index, author: publicKeyOf(author), from, credit }])
  }

  /** An entry that reached us from the peer is one that it holds. */
  peerHas(author: DeviceId, seq: number): void {
    if (seq > this.#host.heights.height(this.#host.peer, author)) this.#host.heights.note(this.#host.peer, author, seq)
  }

  /** True when as many entries were asked for; they are counted as come. */
  spend(entries: number): boolean {
    const enough = this.#credit >= entries
    this.#credit = Math.max(0, this.#credit - entries)
    return enough
  }

  /** The peer sent this many entries of a log that were taken over. */
  took(author: DeviceId, entries: number): void {
    const asked = this.#asked.get(author)
    if (asked) asked.bytes += entries * stepBytes
    else this.ask(author)
  }

  /** A log grew, whoever sent it. What was asked for may be here without the peer's doing: its answer brings nothing new then, and the claim goes now. */
  grew(author: DeviceId): void {
    const asked = this.#asked.get(author)
    if (!asked || this.#fetches.has(author) || this.#space.state.logRow(author).height < asked.to) return
    this.#giveUp(author)
    this.ask(author)
  }

  async refused(refusal: Refusal): Promise<void> {
    const { author, seq, error } = refusal
    this.#giveUp(author)
    if (error.code === 'LogGap') {
      this.peerHas(author, seq)
      return this.ask(author)
    }
    if (error.code === 'OwnLogForked') return this.#forkedOwn(author, hexOf(refusal.hash))
    if (error.code === 'CheckpointMismatch' && this.#firstTime(`${author} ${error.code} ${seq}`)) {
      this.peerHas(author, seq)
      await this.#host.damaged(author)
      return this.ask(author)
    }
    // Of others than members nothing is asked for, and what they are said to have written must not fill the memory.
    if (this.knownAuthors().includes(author)) this.#blocked.set(author, seq)
    // The person knows that log to be forked, and removed its device.
    if (isPassing(error) || error.code === 'OtherBranch') return
    this.#tell(refusal)
    this.#host.post(`nack ${author}`, () => [{ type: 'nack', space: this.#host.index, author: publicKeyOf(author), seq, code: error.code }])
  }

  async onSnapshot(frame: Frame & { type: 'snapshot' }): Promise<void> {
    const author = deviceIdOf(frame.author)
    const asked = this.#asked.get(author)
    const { readable } = this.#space
    if (!asked || !readable) return
    const fetch = this.#fetches.get(author) ?? this.#begin(author, readable)
    await this.#advance(author, fetch, () => fetch.offered(frame))
  }

  /** False when nobody ordered it. */
  async onPart(frame: Frame & { type: 'part' }): Promise<boolean> {
    const author = deviceIdOf(frame.author)
    const fetch = this.#fetches.get(author)
    const asked = this.#asked.get(author)
    if (!fetch?.ordered(frame) || !asked) return false
    asked.bytes += frame.bytes.length + (fetch.completes(frame) ? stepBytes : 0)
    await this.#advance(author, fetch, () => fetch.part(frame))
    return true
  }

  /**
   * A base as of entry `seq` is gone, because its author went on: the peer offers a newer checkpoint, with most of the same bases. Of an order
   * that was given up before, it says nothing about the checkpoint that is being fetched now.
   */
  snapshotGone(author: DeviceId, seq: number): void {
    const fetch = this.#fetches.get(author)
    if (!fetch?.awaits(seq)) return
    this.#gone.set(author, fetch.checkpoint)
    this.#giveUp(author)
    this.ask(author)
  }

  /** Gives up on what the peer does not deliver, or in crumbs, so that another one is asked. */
  tick(): void {
    this.#unfit.clear()
    this.#insist()
    const [next] = this.#fetches.keys()
    for (const [author, asked] of [...this.#asked]) {
      const elapsedMs = this.#now() - asked.since
      if (elapsedMs >= 0 && elapsedMs < haveIntervalMs) continue
      const waitsForItsTurn = this.#fetches.has(author) && author !== next
      if (waitsForItsTurn || asked.bytes >= minBytesPerTurn) Object.assign(asked, { since: this.#now(), bytes: 0 })
      else {
        // Before the claim goes, so that the peer is not the one who gets it.
        this.#host.stalled(author)
        this.#giveUp(author)
        if (author === this.#space.state.self) this.#disbelieve(author)
      }
    }
  }

  /** The peer has the branch of a removed device's log that counts: what it or we held of it before says nothing any more. */
  retry(author: DeviceId): void {
    this.#giveUp(author)
    this.#blocked.delete(author)
    this.#lowest.delete(author)
    this.ask(author)
  }

  /** New members or keys: what was refused for want of them may pass now. */
  membershipChanged(): void {
    this.#blocked.clear()
    this.#told.clear()
    this.poke()
  }

  /**
   * A reader that lacks the entries has a snapshot, and holds it back in case that this device holds another branch of the log. Its author
   * would know; when nobody that does has come for a while, the snapshot is better than nothing.
   */
  #insist(): void {
    const { readable, state } = this.#space
    if (!readable || state.membership.members().get(this.#host.peer)?.role === 'keeper') return
    for (const author of [...this.#lowest.keys()].filter(each => this.#isGap(each) && !this.#host.isConnected(each))) {
      if (!this.#waited.has(author)) {
        this.#waited.add(author)
        continue
      }
      this.#waited.delete(author)
      this.retry(author)
    }
  }

  #begin(author: DeviceId, readable: SpaceState): SnapshotFetch {
    const fetch = new SnapshotFetch(readable, author, {
      above: this.#gone.get(author) ?? 0,
      arrived: this.#host.arrived(author),
      order: order => this.#host.post(`fetch ${author} ${order.shard}`, () => [{ ...order, space: this.#host.index }])
    })
    this.#fetches.set(author, fetch)
    if (this.#fetches.size === 1) fetch.go()
    return fetch
  }

  async #advance(author: DeviceId, fetch: SnapshotFetch, step: () => Promise<boolean>): Promise<void> {
    const from = this.#asked.get(author)?.from
    try {
      if (!(await step())) return
    } catch (error) {
      if (!isKinmeshError(error) || isKinmeshError(error, 'StoreFailed', 'ChannelClosed')) throw error
      if (this.#fetches.get(author) === fetch) await this.#failed(author, from, fetch.checkpoint, error)
      return
    }
    this.#gone.delete(author)
    if (this.#fetches.get(author) === fetch) this.#giveUp(author)
    this.#space.viewChanged(new Set([author]))
    this.ask(author)
  }

  async #failed(author: DeviceId, from: number | undefined, checkpoint: number, error: KinmeshError): Promise<void> {
    const { height } = this.#space.state.logRow(author)
    // Older than the question: the answer to an earlier one, or a peer that plays for time. The true answer may still come.
    if (error.code === 'StaleSnapshot' && from === height + 1) return this.#endFetch(author)
    this.#giveUp(author)
    if (error.code === 'OwnLogForked') return this.#forkedOwn(author, `checkpoint ${checkpoint}`)
    // Entries that came another way were quicker, and nobody is at fault.
    if (error.code === 'StaleSnapshot') return this.ask(author)
    // The peer learns of the removal from us, and its next HAVE says what it has then.
    if (error.code === 'RemovedAuthor') return
    if (error.code === 'OtherBranch') return this.#forked(author)
    this.#blocked.set(author, height + 1)
    if (!isPassing(error)) this.#tell({ author, seq: 0, hash: noHash, error })
  }

  /** Either it is fetched anew, or several peers have several branches: then asking at once, one after the other, would never end. */
  #forkedOwn(author: DeviceId, proof: string): void {
    this.#unfit.set(author, this.#space.state.logRow(author).head)
    this.#host.forked(proof)
  }

  /** A snapshot proves that its author signed two branches. The author itself may have been restored: it finds out, and follows. */
  async #forked(author: DeviceId): Promise<void> {
    const { readable } = this.#space
    if (!readable || author === this.#host.peer) return
    await readable.exclusive(async () => {
      const stage = new Stage(readable)
      freeze(readable, stage, author)
      await stage.commit()
    })
  }

  #isGap(author: DeviceId, lowest = this.#lowest.get(author) ?? 0): boolean {
    return lowest > this.due(author) && this.#goal(author) >= this.due(author)
  }

  /** Whoever has more of our own log than we do keeps us from writing: what it does not deliver it does not have. */
  #disbelieve(author: DeviceId): void {
    this.#host.heights.note(this.#host.peer, author, this.#space.state.logRow(author).height)
    this.#space.viewChanged(new Set([author]))
  }

  /** How much of a log it is worth asking this peer for: what a removed device wrote later does not count. */
  #goal(author: DeviceId): number {
    return Math.min(this.#host.heights.height(this.#host.peer, author), this.#space.state.membership.removedDevices().get(author)?.lastSeq ?? Number.MAX_SAFE_INTEGER)
  }

  #giveUp(author: DeviceId): void {
    const asked = this.#asked.get(author)
    if (!asked) return
    this.#asked.delete(author)
    this.#credit = Math.max(0, this.#credit - Math.max(0, asked.to - Math.max(asked.from - 1, this.#space.state.logRow(author).height)))
    this.#endFetch(author)
    this.#host.release(author)
  }

  #endFetch(author: DeviceId): void {
    const [current] = this.#fetches.keys()
    this.#fetches.delete(author)
    const [next] = this.#fetches
    if (!next || author !== current || this.#stopped) return
    const asked = this.#asked.get(next[0])
    if (asked) Object.assign(asked, { since: this.#now(), bytes: 0 })
    next[1].go()
  }

  #tell(refusal: Refusal): void {
    if (this.#firstTime(`${refusal.author} ${refusal.error.code}`)) this.#host.refused(refusal)
  }

  #firstTime(what: string): boolean {
    const first = !this.#told.has(what)
    this.#told.add(what)
    return first
  }

  #now(): number {
    return this.#space.state.context.now()
  }
}

function isPassing(error: KinmeshError): boolean {
  return (passingRefusals as readonly string[]).includes(error.code)
}
