import type { Ack, Calls } from '../device/calls.ts'
import type { Aim } from './aim.ts'

/** What `victim-device.ts` serves beyond the calls of every bench device. */
export type VictimCalls = Calls & {
  /** Where to end. */
  aim(aim: Aim): Promise<void>
  /** What is shown of these, in their order. */
  texts(ids: readonly string[]): Promise<(string | undefined)[]>
  /** Ids of the devices of its mesh. */
  members(): Promise<string[]>
  /** Writes these at once, and resolves when they are on disk. */
  remember(texts: readonly string[]): Promise<Ack['ack'][]>
}
