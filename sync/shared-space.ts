import type { DeviceId } from '../mesh/types.ts'
import type { Receipt } from './receive.ts'
import type { LogState, SpaceState } from './space-state.ts'

/** A space as sessions see it: logs to give and to take, whether or not this device can read them. */
export type SharedSpace = {
  readonly id: string
  readonly state: LogState
  /** What it takes to read: undefined on a keeper, which has no key. */
  readonly readable: SpaceState | undefined
  /** Of what it shows; see PROTOCOL.md. */
  digest(): string
  /**
   * Takes entries from a peer. `due` says which entry of a log is taken next from it.
   * @throws KinmeshError `MalformedBytes` · `WrongSpace` · `BadSignature`: the sender broke the protocol, nothing was taken
   */
  receive(entries: readonly Uint8Array[], due: (author: DeviceId) => number): Promise<Receipt>
  /** Makes a checkpoint of the own log, when that spares a device that has nothing of it many entries. Always finishes. */
  sumUp(): Promise<void>
  /** True when a log may go on, on the word of `peer`, at an entry later than the next one: what lies between is given up. */
  mayBegin(author: DeviceId, peer: DeviceId): boolean
  /** New statements are in the membership log, and stored: takes keys over, and cuts the logs of removed devices. `save` stores statements made for it. */
  membershipGrew(save: (statements: readonly Uint8Array[]) => Promise<void>): Promise<void>
  /** Lets go of a removed device's log, so that the branch of it that counts can be fetched. */
  realign(author: DeviceId): Promise<void>
  /** To be called after logs changed otherwise than by `receive`. */
  viewChanged(authors: ReadonlySet<DeviceId>): void
  /** Called whenever logs grew, with their authors. */
  onAppended(listener: (authors: ReadonlySet<DeviceId>) => void): () => void
  /** What is under way ends on disk. */
  stop(): Promise<void>
}
