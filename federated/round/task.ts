import type { DeviceId } from '../../mesh/types.ts'
import type { RoundManifest } from './manifest.ts'
import type { Value } from './messages.ts'

/** What a device learned, in the order of the manifest's tensors. */
export type LocalUpdate = {
  /** f32, flat; already clipped and noised where the manifest says so. */
  readonly delta: Float32Array
  readonly numExamples: number
  /** What the compression of the round before has left over; it is added, and what is left now comes with the result. */
  readonly residual?: Float32Array
}

/** About to leave this device. */
export type Upload = {
  readonly attempt: number
  readonly examples: number
  /** Names the bytes; hex. */
  readonly hash: string
  readonly bytes: number
}

export type RoundResult = {
  readonly manifest: RoundManifest
  readonly round: string
  /** f32, flat. */
  readonly mean: Float32Array
  /** The proof: who is in it with which signed contribution, and who accepted it. */
  readonly value: Value
  readonly acceptedBy: readonly DeviceId[]
  /** This device's own contribution is in it. */
  readonly included: boolean
  /** Error feedback of this device's contribution, where it is in the result and was compressed since this process runs. */
  readonly residual: Float32Array | undefined
}

/** What a device thinks of rounds; all of it is the caller's. Whatever these throw as a KinmeshError is a refusal with that code. */
export type RoundPolicy = {
  /** Whether to take part: consent, eligibility, budget. @throws KinmeshError when not */
  answer(manifest: RoundManifest, options: { signal: AbortSignal }): Promise<void>
  /** The update of this device. Asked in each attempt, so keep what training gave; noise has to be fresh. @throws KinmeshError: no part in this attempt */
  update(manifest: RoundManifest, options: { attempt: number; signal: AbortSignal }): Promise<LocalUpdate>
  /** Asked again before the first byte of an update leaves: the place to look at eligibility again, to charge a budget and to write down what goes out. @throws KinmeshError: it does not go out */
  upload(manifest: RoundManifest, upload: Upload): Promise<void>
  /** The round's result, verified. It is handed over again after a crash until this has resolved. */
  result(result: RoundResult): Promise<void>
}
