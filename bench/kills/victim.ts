import { enableCompileCache, flushCompileCache } from 'node:module'
import type { Ack, Calls } from '../device/calls.ts'
import type { Aim } from './aim.ts'

// A device in a process of its own that can be told where to end. It loads everything before it is told which device it is: processes are started ahead.

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

enableCompileCache(process.argv[2])
const [{ answerCalls }, { VictimDevice }] = await Promise.all([import('../device/answer-calls.ts'), import('./victim-device.ts')])
flushCompileCache() // most end before they could do so at their end
answerCalls(acknowledge => new VictimDevice(acknowledge))
