import { publicKeyOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { isOther, knownHash } from './entry-checks.ts'
import type { AskerHost, LogAsker } from './log-asker.ts'
import { endsAsNamed, isOffBranch } from './named-branch.ts'
import type { SharedSpace } from './shared-space.ts'

/** `spawn` runs work that nobody waits for. */
type BranchHost = Pick<AskerHost, 'peer' | 'index' | 'post'> & { spawn(work: () => Promise<void>): void }
type LogEnd = { readonly height: number; readonly head: Uint8Array }

/** Where a peer's copy of each log ends: whether it goes another way than ours, and which way is the one to follow. */
export class Branches {
  readonly #space: SharedSpace
  readonly #host: BranchHost
  readonly #asker: LogAsker
  readonly #ends = new Map<DeviceId, LogEnd>()
  /** Removed devices of whose log room was made for another branch. */
  readonly #realigned = new Set<DeviceId>()
  /** Which entry of ours the peer was shown of each log. */
  readonly #shown = new Map<DeviceId, number>()

  constructor(space: SharedSpace, host: BranchHost, asker: LogAsker) {
    this.#space = space
    this.#host = host
    this.#asker = asker
  }

  /** The peer told of the end of a log. */
  note(author: DeviceId, end: LogEnd): void {
    const isNews = !this.holdsNamed(author)
    this.#ends.set(author, end)
    if (this.differ(author)) this.#prove(author, end.height)
    if (!this.holdsNamed(author) || endsAsNamed(this.#space.state, author)) return
    if (isOffBranch(this.#space.state, author)) this.#host.spawn(() => this.realign(author))
    else if (isNews) this.#asker.retry(author)
  }

  membershipChanged(): void {
    this.#realigned.clear()
    for (const author of this.#ends.keys()) if (this.holdsNamed(author) && isOffBranch(this.#space.state, author)) this.#host.spawn(() => this.realign(author))
  }

  /** True when the peer has a different entry where its copy of a log ends than we have there. */
  differ(author: DeviceId): boolean {
    const { state } = this.#space
    const end = this.#ends.get(author)
    const ours = state.logRow(author)
    if (!end || end.height === 0 || end.height > ours.height) return false
    const held = end.height === ours.height ? ours.head : knownHash(state, author, end.height)
    return isOther(held, end.head)
  }

  /** True when the peer says to hold the branch of a removed device's log that counts. A keeper may lack its beginning, and is no help to a reader. */
  holdsNamed(author: DeviceId): boolean {
    const { state, readable } = this.#space
    const end = this.#ends.get(author)
    if (!end || !endsAsNamed(state, author, end)) return false
    return !readable || state.membership.members().get(this.#host.peer)?.role !== 'keeper'
  }

  /** Goes over to the branch of a removed device's log that counts, which the peer says to have. Once: one that does not deliver would have us start over for ever. */
  async realign(author: DeviceId): Promise<void> {
    if (this.#realigned.has(author)) return
    this.#realigned.add(author)
    await this.#space.realign(author)
    this.#asker.retry(author)
  }

  /**
   * False for entries that would go on from another branch than the peer has: it is to keep what it has until a person decides. The author
   * itself is to find out, and of a removed one it is decided. Where our entry is gone, the snapshot shows the peer that there are two.
   */
  mayServe(author: DeviceId, from: number): boolean {
    const { state } = this.#space
    const isSettled = author === this.#host.peer || !state.membership.members().has(author)
    const end = this.#ends.get(author)?.height ?? 0
    return isSettled || !this.differ(author) || from <= end || (author !== state.self && end < state.logRow(author).lowest)
  }

  /**
   * True when nothing here tells whether what the peer holds of a log is the beginning of ours: a snapshot would take the place of another
   * branch unseen. The author itself knows, or nobody does; of a removed device the peer sees to it that nothing is lost.
   */
  cannotTell(author: DeviceId): boolean {
    const { state } = this.#space
    const end = this.#ends.get(author)
    if (!end || end.height === 0 || end.height >= state.logRow(author).height) return false
    const isSettled = author === this.#host.peer || author === state.self || !state.membership.members().has(author)
    return !isSettled && knownHash(state, author, end.height) === undefined
  }

  /** Only an entry that its author signed proves that there are two branches: theirs is asked for, ours is shown, and each comes to `receive`. */
  #prove(author: DeviceId, height: number): void {
    const { state } = this.#space
    // An author that was restored finds out by itself, and follows; of a removed one it is known.
    if (author === this.#host.peer || !state.membership.members().has(author)) return
    const space = this.#host.index
    if (!state.logRow(author).frozen) this.#host.post(`proof ${author}`, () => [{ type: 'want', space, author: publicKeyOf(author), from: height, credit: 1 }])
    if (author === state.self || this.#shown.get(author) === height) return
    this.#shown.set(author, height)
    this.#host.post(`shown ${author}`, () => state.context.store.entries(state.id, author, height, 1).filter(({ seq }) => seq === height).map(({ bytes }) => ({ type: 'entry', space, entries: [bytes] })))
  }
}
