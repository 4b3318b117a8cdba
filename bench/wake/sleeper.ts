import { setTimeout as wait } from 'node:timers/promises'
import { simultaneousMs } from '../../mesh/connections.ts'
import { tickMs } from '../../mesh/supervisor.ts'
import type { Context } from '../bench.ts'
import { now } from '../device/clock.ts'
import { inSync, startMesh, stopAll } from '../device/small-mesh.ts'

export type WakeOptions = { readonly sleptMs: number; readonly writes: number; readonly runs: number }

/** What becomes of the connection while a device sleeps. */
export type Fate = {
  readonly name: string
  /** Done once the device stands still: `drop` ends the connection at the other end. */
  asleep(drop: () => Promise<void>): Promise<void>
  /** Done just before it wakes. */
  waking(): void
}

/** After a shorter sleep the new connection would pass for one that both sides dialled at once with the old. */
const standstillMs = simultaneousMs + 1000

/** Times in ms from the moment a sleeping device goes on, until it shows all that was written meanwhile and both sides found their digests equal. */
export async function measureWake(context: Context, fate: Fate, { sleptMs, writes, runs }: WakeOptions): Promise<number[]> {
  const devices = await startMesh(context, ['sleeper', 'awake'])
  const [sleeper, awake] = devices
  const times: number[] = []
  try {
    for (let run = 1; run <= runs && sleeper && awake; run++) {
      await sleeper.process.call('sleepSoon', { ms: sleptMs })
      // Everything up to now is through: the sleep begins in peace.
      await inSync(devices, (run - 1) * writes)
      sleeper.process.freeze()
      await fate.asleep(() => awake.process.call('cut', { forMs: 0 }))
      await awake.process.call('burst', { count: writes, concurrency: 1, seed: run })
      await wait(standstillMs)
      fate.waking()
      const reached = sleeper.process.call('reached', { count: run * writes, peers: 1 })
      const wokenAt = now()
      sleeper.process.thaw()
      times.push((await reached).syncedAt - wokenAt)
    }
  } finally {
    sleeper?.process.thaw()
    await stopAll(devices)
  }
  // The timers of a machine stand still while it sleeps, and those of a stopped process do not.
  return times.map(took => took + tickMs)
}
