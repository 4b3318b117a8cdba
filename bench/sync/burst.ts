import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { startMesh, stopAll } from '../device/small-mesh.ts'
import { row, type Row } from '../report.ts'
import { median, spread } from '../statistics.ts'

export type BurstOptions = { writes: number; concurrency: number; runs: number }

/** How many memories a second one device takes from many writers at once: until on disk there, and until the other device shows them. */
export async function measureBurst(context: Context, { writes, concurrency, runs }: BurstOptions): Promise<Row[]> {
  const devices = await startMesh({ ...context, dir: join(context.dir, 'burst') }, ['writer', 'reader'])
  const [writer, reader] = devices.map(device => device.process)
  const durable: number[] = []
  const visible: number[] = []
  try {
    for (let run = 1; run <= runs && writer && reader; run++) {
      const reached = reader.call('reached', { count: run * writes, peers: 1 })
      const { startedAt, durableAt } = await writer.call('burst', { count: writes, concurrency, seed: run })
      const { visibleAt } = await reached
      durable.push((writes / (durableAt - startedAt)) * 1000)
      visible.push((writes / (visibleAt - startedAt)) * 1000)
    }
  } finally {
    await stopAll(devices)
  }
  context.say(`burst of ${writes} by ${concurrency} writers: ${spread(durable)} per s on disk, ${spread(visible)} per s shown on the other device`)
  return [row('burst_writes', median(durable), 'per s'), row('burst_writes', median(visible), 'per s', 'shown on the other device')]
}
