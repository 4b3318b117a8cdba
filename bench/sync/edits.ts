import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { portless } from '../device/process.ts'
import { inSync, launch, pair, startMesh, stopAll, type Running } from '../device/small-mesh.ts'
import { row, type Row } from '../report.ts'
import { quantile, spread } from '../statistics.ts'

export type EditOptions = { devices: number; edits: number; everyMs: number; runs: number }

const stalledMs = 2000

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
        times.push(...(await oneWriter(context, devices, writer, { count: perDevice, everyMs, seed: run * size + turn })))
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

/**
 * The same between two devices that open no port, from each in turn: a third carries all between them. It is a device of the mesh itself, so an edit
 * may also come to the second by way of its log; whichever is first shows.
 */
export async function measureRelayed(context: Context, { edits, everyMs, runs }: Omit<EditOptions, 'devices'>): Promise<Row[]> {
  const placed = { ...context, dir: join(context.dir, 'edits-relay') }
  const relay = await launch(placed, 'relay')
  const ends: Running[] = []
  const times: number[] = []
  try {
    for (const name of ['a', 'b']) {
      const end = await launch(placed, name, { program: portless })
      ends.push(end)
      await pair(relay, end)
    }
    await inSync([relay, ...ends], 0)
    for (let run = 0; run <= runs; run++) {
      for (const [turn, writer] of ends.entries()) {
        const measured = await oneWriter(placed, ends, writer, { count: Math.ceil((run === 0 ? edits / 5 : edits) / 2), everyMs, seed: run * 2 + turn })
        if (run > 0) times.push(...measured)
      }
    }
  } finally {
    await stopAll([...ends, relay])
  }
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
  context.say(`edit → visible through a relay: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${Math.max(...times).toFixed(0)} ms`)
  return [row('edit_visible_p50', p50, 'ms', 'relay'), row('edit_visible_p99', p99, 'ms', 'relay')]
}

async function oneWriter(context: Context, devices: readonly Running[], writer: Running, pace: { count: number; everyMs: number; seed: number }): Promise<number[]> {
  const others = devices.filter(device => device !== writer)
  const before = (await writer.process.call('state')).memories
  await Promise.all(others.map(other => other.process.call('watch')))
  const written = await writer.process.call('pace', pace)
  await inSync(devices, before + pace.count)
  const arrivals = await Promise.all(others.map(async ({ name, process }) => ({ name, at: new Map((await process.call('arrivals')).map(({ id, at }) => [id, at])) })))
  return written.map(({ id, startedAt, durableAt }, n) => {
    const times = arrivals.map(({ name, at }) => {
      const seenAt = at.get(id)
      if (seenAt === undefined) throw new Error(`edit ${n + 1} of ${writer.name} never showed on ${name}`)
      // A few hundred ms are a busy machine; more than this is waiting for a timer, which is a fault.
      if (seenAt - startedAt > stalledMs) context.say(`edit ${n + 1} of ${pace.count} of ${writer.name} took ${(seenAt - startedAt).toFixed(0)} ms to show on ${name}`)
      return seenAt
    })
    return Math.max(durableAt, ...times) - startedAt
  })
}
