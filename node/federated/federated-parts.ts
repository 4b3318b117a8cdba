import type { RoundMesh } from '../../federated/round/links.ts'
import type { RoundStore } from '../../federated/round/store.ts'
import type { LedgerStore } from '../../federated/privacy/ledger-store.ts'
import type { Logger } from '../../mesh/log.ts'
import type { Timers } from '../../mesh/timers.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Adoption } from './adopted.ts'
import type { Consents } from './consents.ts'
import type { EligibilitySettings, Network, Power } from './eligibility.ts'
import type { LocalWork, ModelInUse } from './local-work.ts'
import type { TaskStates } from './task-states.ts'
import type { UploadLog } from './upload-log.ts'

/** Adapters that came out of rounds, and which one the model answers through. */
export type AdapterShelf = {
  /** Null: the model answers as it is. */
  inUse(model: string): Promise<string | null>
  /** The model answers through it from now on. @throws KinmeshError `UnknownAdapterName` · `AdapterChanged` · `StoreFailed` · `FileCorrupt` */
  adopt(name: string, model: ModelInUse, of: Pick<Adoption, 'task' | 'round'>): Promise<Adoption>
  /** @throws KinmeshError `NothingToUndo` · `StoreFailed` · `FileCorrupt` */
  undo(model: string, action?: 'undone' | 'rolled back'): Promise<Adoption>
  /** One that was not adopted. @throws KinmeshError `AdapterInUse` · `StoreFailed` */
  drop(name: string): Promise<void>
  /** All of a task; how many. @throws KinmeshError `StoreFailed` · `FileCorrupt` */
  forget(task: string): Promise<number>
  /** Oldest first. @throws KinmeshError `StoreFailed` · `FileCorrupt` */
  history(): Promise<readonly Adoption[]>
}

/** What a person may set; what is not there stays as it is. */
export type Allowances = { readonly idleMinutes?: number | undefined; readonly onBattery?: boolean | undefined; readonly onMetered?: boolean | undefined }

/** What learning together needs of a device. */
export type FederatedParts = {
  readonly mesh: RoundMesh
  /** The other devices of this person that may read. */
  devices(): readonly DeviceId[]
  readonly consents: Consents
  readonly states: TaskStates
  readonly ledgers: LedgerStore
  readonly uploads: UploadLog
  readonly adapters: AdapterShelf
  readonly rounds: RoundStore
  /** Undefined where none is in use, or one that cannot be trained beside. */
  model(): Promise<ModelInUse | undefined>
  work(model: ModelInUse): LocalWork
  /** What its person allows. */
  settings(): EligibilitySettings
  /** Other settings from now on, kept for the next start. @throws KinmeshError `StoreFailed` */
  allow(changed: Allowances): Promise<void>
  /** Unix ms of what was said last on this device; undefined where nothing was. */
  saidAt(): number | undefined
  power(): Promise<Power>
  network(): Promise<Network>
  /** The model answers through another adapter now. */
  adapterChanged(): void
  /** False for a command that ends soon: nothing goes on by itself. */
  readonly goesOn: boolean
  readonly log: Logger
  readonly timers: Timers
  /** Unix ms. */
  readonly clock: () => number
}
