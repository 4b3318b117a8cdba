import type { DeviceId } from '../../../mesh/types.ts'
import type { ModelKind, Recipe } from '../store/manifest.ts'
import type { PullProgress } from '../store/progress.ts'
import type { StoredModel } from '../store/store.ts'
import type { Offer } from './ask.ts'

/** What a device of the same person holds; `problem`: why it did not say. */
export type DeviceOffers = { readonly device: DeviceId; readonly offers: readonly Offer[]; readonly problem: string | null }

/** Which model is meant, as for a hub. */
export type WantedModel = {
  /** The repository, its last part, what the model is called, its id or the beginning of it. */
  readonly name: string
  /** The hub that a repository is of; null: the usual one. */
  readonly endpoint: string | null
  /** A commit; null: any. */
  readonly revision: string | null
  readonly kind: ModelKind | null
  /** What its recipe must say, of a decoder; null: as published. */
  readonly recipe: Recipe | null
}

export type PeerPull = {
  /** The only device to be asked. */
  readonly from: DeviceId | null
  readonly signal: AbortSignal
  /** `device` is the one that is asked now. */
  onProgress(progress: PullProgress & { readonly device: DeviceId | null }): void
}

export type PulledFromPeer = { readonly model: StoredModel; readonly wasThere: boolean; /** The devices that bytes came from. */ readonly devices: readonly DeviceId[] }

/** The models of a person's devices, seen from one of them. */
export type ModelShare = {
  /** What the connected ones hold. */
  others(signal: AbortSignal): Promise<DeviceOffers[]>
  /**
   * Gets a model from the others; undefined when none of them has what is meant, or nothing newer than this device. What came of a pull that failed stays for the next.
   * @throws KinmeshError `PeerLost`, `AmbiguousModelName`, `ModelBusy`, `DiskFull`, `StoreFailed`
   */
  pull(wanted: WantedModel, options: PeerPull): Promise<PulledFromPeer | undefined>
  /** Always finishes. */
  stop(): Promise<void>
}
