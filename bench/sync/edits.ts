import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { inSync, startMesh, stopAll, type Running } from '../device/small-mesh.ts'
import { row, type Row } from '../report.ts'
import { quantile, spread } from '../statistics.ts'

export type EditOptions = { devices: number; edits: number; everyMs: number; runs: number }

/**
 * Edit → visible: from the call that writes a memory on one device until it is on disk there, and on disk and shown on every
 * other device. The devices take turns in writing.
 */
export async function measureEdits(context: Context, { devices: size, edits, everyMs, runs }: EditOptions): Promise<Row[]> {
  const dir = join(context.dir, `edits-${size}`)
  const devices = await startMesh({ ...context, dir }, Array.from({ length: size }, (_, n) => `device-${n + 1}`))
  const perRun: number[][] = []
  try {
    let count = 0
    // A first, shorter run warms up the code; it does not count.
    for (let run = 0; run <= runs; run++) {
      const perDevice = Math.ceil((run === 0 ? edits / 5 : edits) / size)
      const times: number[] = []
      for (const [turn, writer] of devices.entries()) {
        count += perDevice
        times.push(...(await oneWriter(devices, writer, { count: perDevice, everyMs, seed: run * size + turn })))
        await inSync(devices, count)
      }
      if (run > 0) perRun.push(times)
    }
  } finally {
    await stopAll(devices)
  }
  const p50s = perRun.map(times => quantile(times, 0.5))
  const p99s = perRun.map(times => quantile(times, 0.99))
  context.say(`edit → visible among ${size}: p50 ${spread(p50s)} ms, p99 ${spread(p99s)} ms, worst ${Math.max(...perRun.flat()).toFixed(0)} ms`)
  return [row('edit_visible_p50', quantile(p50s, 0.5), 'ms', String(size)), row('edit_visible_p99', quantile(p99s, 0.5), 'ms', String(size))]
}

async function oneWriter(devices: readonly Running[], writer: Running, pace: { count: number; everyMs: number; seed: number }): Promise<number[]> {
  const others = devices.filter(device => device !== writer)
  const before = (await writer.process.call('state')).memories
  await Promise.all(others.map(other => other.process.call('watch')))
  const written = await writer.process.call('pace', pace)
  await inSync(devices, before + pace.count)
  const arrivals = await Promise.all(others.map(async other => new Map((await other.process.call('arrivals')).map(({ id, at }) => [id, at]))))
  return written.map(({ id, startedAt, durableAt }) => {
    const seen = arrivals.map(each => each.get(id))
    if (seen.some(at => at === undefined)) throw new Error(`an edit never showed on another device: ${id}`)
    return Math.max(durableAt, ...seen.map(at => at ?? 0)) - startedAt
  })
}
