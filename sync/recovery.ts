import type { DeviceId } from '../mesh/types.ts'
import { carryOver, isRecovering, recovered, startRecovering } from './carry-over.ts'
import { dropLog } from './drop-log.ts'
import { haveIntervalMs } from './limits.ts'
import { endsAsNamed } from './named-branch.ts'
import type { PeerHeights } from './peer-heights.ts'
import { setAside } from './set-aside.ts'
import type { LocalSpace } from './space.ts'

/** Times that one and the same entry makes a device fetch its log anew: the first time whoever holds it may go away before all is here. */
const maxRecoveries = 2
/** So long a branch that counts is waited for before what was put aside shows again. */
const realignMs = 2 * haveIntervalMs

export type RecoveryHost = {
  fault(kind: string, device: DeviceId | null, text: string): Promise<void>
  /** Asks all peers for what is missing. */
  poke(): void
  /** A space that was left is still written to: what is carried over now would not be all of it. */
  leaving(): boolean
  /** Runs work that nobody waits for. */
  background(what: string, work: () => Promise<void>): void
}

/** What a space does about logs with two branches: its own after a restore, and those of removed devices of which another branch counts. */
export class Recovery {
  readonly #space: LocalSpace
  readonly #heights: PeerHeights
  readonly #host: RecoveryHost
  /** How often each entry of another branch of the own log was a reason to fetch that. */
  readonly #proofs = new Map<string, number>()
  #dropping = false
  /** Words of peers that came before the own log was dropped. */
  #wordsBefore = 0

  constructor(space: LocalSpace, heights: PeerHeights, host: RecoveryHost) {
    this.#space = space
    this.#heights = heights
    this.#host = host
    space.state.recovering = isRecovering(space.state)
    space.state.awaited = () => this.#awaited()
    space.onAppended(authors => this.#appended(authors))
  }

  /**
   * This device runs on an older copy of itself: its own later entries are out there, `proof` among them. Fetches them, then writes anew
   * what only it had. What came of one branch while `proof` is of another makes room as well.
   */
  async recoverOwn(proof: string): Promise<void> {
    const { state } = this.#space
    if (this.#dropping) return
    const times = (this.#proofs.get(proof) ?? 0) + 1
    this.#proofs.set(proof, times)
    if (times > maxRecoveries) {
      if (state.recovering) await this.#finish()
      return this.#host.fault('Equivocation', state.self, 'two branches of what this device wrote are out, and your other devices do not agree on one: remove this device on another one (kinmesh devices remove), and let it in again; it takes along all that it holds')
    }
    const wasRecovering = state.recovering
    state.recovering = true
    this.#dropping = true
    try {
      await state.exclusive(async () => {
        await setAside(state, state.self)
        await dropLog(state, state.self, startRecovering(state))
      })
    } catch (error) {
      // The log is as it was, and the next HAVE brings the next proof.
      state.recovering = wasRecovering
      this.#proofs.set(proof, times - 1)
      throw error
    } finally {
      this.#dropping = false
    }
    this.#wordsBefore = this.#heights.words
    await this.#host.fault('OwnLogForked', state.self, 'this device was restored from an older copy: it fetches its own later entries from the others, and then writes anew what only it had')
    this.#host.poke()
  }

  /** Writes anew what was put aside, once the logs that it was put aside from are here. */
  async carry(): Promise<void> {
    const { state } = this.#space
    for (const [author, since] of state.realigning) {
      if (endsAsNamed(state, author) || Math.abs(state.context.now() - since) >= realignMs) state.realigning.delete(author)
    }
    const mayWrite = state.membership.members().has(state.self) && state.keyring.current() !== undefined
    if (mayWrite && !state.recovering && state.realigning.size === 0 && !this.#host.leaving()) await carryOver(state.context.store, this.#space)
  }

  /** Also when a peer, restored as well, says that it has less of the own log than it told of before: no log grows by that. */
  async keepHouse(): Promise<void> {
    if (this.#isBack) await this.#finish()
    await this.carry()
  }

  /** Who told of more of the own log than anybody can give may be gone. */
  membershipChanged(): void {
    this.#appended(new Set())
  }

  #appended(authors: ReadonlySet<DeviceId>): void {
    const { state } = this.#space
    if (this.#isBack) this.#host.background('recovery of the own log', () => this.#finish())
    else if ([...authors].some(author => state.realigning.has(author) && endsAsNamed(state, author))) this.#host.background('carrying over', () => this.carry())
  }

  /** All of the own log is here again that any member told of. */
  get #isBack(): boolean {
    return this.#space.state.recovering && this.#awaited().length === 0
  }

  /** Members that told of more of the own log than is here; where nothing of it is, also those that did not say since that they have nothing. */
  #awaited(): DeviceId[] {
    const { state } = this.#space
    const { height } = state.logRow(state.self)
    const others = [...state.membership.members().keys()].filter(device => device !== state.self)
    return others.filter(device => this.#heights.height(device, state.self) > height || (height === 0 && !this.#heights.hasTold(device, state.self, this.#wordsBefore)))
  }

  async #finish(): Promise<void> {
    const { state } = this.#space
    state.recovering = false
    await carryOver(state.context.store, this.#space)
    await recovered(state)
  }
}
