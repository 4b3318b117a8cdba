import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { launch, startMesh, stopAll } from '../device/small-mesh.ts'
import { row, type Row } from '../report.ts'
import { median, spread } from '../statistics.ts'

export type RejoinOptions = { writes: number; runs: number }

/** A device that was away while another wrote one memory after the other comes back: until it shows them all and is in sync. */
export async function measureRejoin(context: Context, { writes, runs }: RejoinOptions): Promise<Row[]> {
  const inDir = { ...context, dir: join(context.dir, 'rejoin') }
  const devices = await startMesh(inDir, ['stays', 'leaves'])
  const fromReady: number[] = []
  const fromStart: number[] = []
  try {
    for (let run = 1; run <= runs; run++) {
      const [stays, leaves] = devices
      if (!stays || !leaves) break
      await leaves.process.stop()
      // One writer: each memory is an entry of its own.
      await stays.process.call('burst', { count: writes, concurrency: 1, seed: run })
      const back = (devices[1] = await launch(inDir, 'leaves'))
      const { connectedAt, syncedAt } = await back.process.call('reached', { count: run * writes, peers: 1 })
      fromReady.push(syncedAt - Math.min(connectedAt, back.started.readyAt))
      fromStart.push(syncedAt - back.process.spawnedAt)
    }
  } finally {
    await stopAll(devices)
  }
  context.say(`rejoin after ${writes}: ${spread(fromReady)} ms from ready or connected, ${spread(fromStart)} ms from the start of the process`)
  return [row('rejoin_1000', median(fromReady), 'ms'), row('rejoin_1000', median(fromStart), 'ms', 'from process start')]
}
