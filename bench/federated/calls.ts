import type { RoundManifest } from '../../federated/round/manifest.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Giver } from './updates.ts'

/** What the process of a device does for a bench of rounds. Times are of `now` in ../device/clock.ts, in ms: one clock for all processes of a machine. */
export type RoundCalls = {
  /** A mesh on 127.0.0.1, and rounds with their store in `home`, where the keys are as well; goes on with what is stored there. `peers`: addresses of others. */
  start(options: { home: string; giver: Giver; peers: Readonly<Record<DeviceId, readonly string[]>> }): Promise<{ id: DeviceId; addr: string }>
  /** Lets these in, and no others. */
  admit(members: readonly DeviceId[]): Promise<void>
  /** Resolves when all of them are connected. */
  met(): Promise<void>
  /** Makes the update of a round, so that this takes no time of the round. `holds`: it is not given until `release`. */
  learn(options: { round: number; values: number; holds: boolean }): Promise<void>
  release(): Promise<void>
  /** When it was proposed. */
  propose(manifest: RoundManifest): Promise<{ at: number }>
  /** Resolves when the update of this round is asked for. */
  asked(round: number): Promise<void>
  /** Resolves when this device, which coordinates, has so many contributions. */
  gathered(options: { round: number; contributions: number }): Promise<void>
  /** Resolves when the result was handed over. Rejects when there is none. */
  ended(round: number): Promise<Ended>
  /** How far the mean of a round is from the plain one of what these gave. Once for each round. */
  error(options: { round: number; givers: Readonly<Record<DeviceId, Giver>> }): Promise<Errors>
  /** Bytes of the frames of rounds that this device sent to another since the last call, their lengths included; in the clear, as they are before Noise. */
  sentTo(peer: DeviceId): Promise<number>
  /** Lets go of a round that is over, and of its payloads. */
  forget(round: number): Promise<void>
  /** CPU time of this process since the last call, in ms. */
  worked(): Promise<number>
  stop(): Promise<void>
}

export type Ended = { readonly at: number; readonly attempt: number; readonly contributions: number }
/** `furthest`: of any value. `relative`: in L2. `relativeOfAll`: of the mean of all rounds that were asked for so far, for which error feedback is. */
export type Errors = { readonly furthest: number; readonly relative: number; readonly relativeOfAll: number }
