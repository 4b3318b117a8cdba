import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { connectTo } from '../../clients/cli/client.node.ts'
import { readToken } from '../../node/home.node.ts'
import type { Context } from '../bench.ts'
import { now } from '../device/clock.ts'
import { DeviceProcess, startUp } from '../device/process.ts'
import { launch, pair } from '../device/small-mesh.ts'
import { commonWord } from '../random.ts'
import { row, type Row } from '../report.ts'
import { settled } from '../settled.ts'
import { median, spread } from '../statistics.ts'

export type LargeOptions = { memories: number; label: string; runs: number }

/** Memories one commit takes while a home is filled. */
const fillBatch = 500

/** Cold join, restart and resident memory with many memories. */
export async function measureLarge(context: Context, { memories, label, runs }: LargeOptions): Promise<Row[]> {
  const dir = join(context.dir, `large-${label}`)
  const inDir = { ...context, dir }
  const full = join(dir, 'full')
  context.say(`filling a home with ${label} memories`)
  await fill(inDir, full, memories)

  const joins: number[] = []
  const found: number[] = []
  const calm: number[] = []
  const peaks: number[] = []
  for (let run = 1; run <= runs; run++) {
    // Each newcomer meets the same mesh: that of a copy of the home.
    const copy = join(dir, 'full-copy')
    cpSync(full, copy, { recursive: true })
    const member = await launch(inDir, 'member', {}, copy)
    rmSync(join(dir, 'newcomer'), { recursive: true, force: true })
    const newcomer = await launch(inDir, 'newcomer')
    await member.process.call('searchable')
    const reached = newcomer.process.call('reached', { count: memories, peers: 1 })
    const { admittedAt } = await pair(member, newcomer)
    const { visibleAt, syncedAt } = await reached
    const { at } = await newcomer.process.call('searchable')
    context.say(`  joined with ${label}: shown after ${(visibleAt - admittedAt).toFixed(0)} ms, in sync after ${(syncedAt - admittedAt).toFixed(0)} ms, every word found after ${(at - admittedAt).toFixed(0)} ms`)
    joins.push(syncedAt - admittedAt)
    found.push(Math.max(at, syncedAt) - admittedAt)
    calm.push(await settled(async () => (await newcomer.process.call('memory')).rss))
    const { peak, ...rest } = await newcomer.process.call('memory')
    peaks.push(peak)
    context.say(`  its memory then: ${Object.entries(rest).map(([part, size]) => `${part} ${size.toFixed(0)}`).join(', ')} MB`)
    await newcomer.process.stop()
    await member.process.stop()
    rmSync(copy, { recursive: true })
  }

  const home = join(dir, 'newcomer')
  const restarts: number[] = []
  const readies: number[] = []
  const restarted: number[] = []
  for (let run = 0; run <= runs; run++) {
    const up = await startUp(home, context)
    const client = connectTo(home, up.api)
    const recalled = await client.request<{ memories: unknown[] }>('GET', `/api/recall?k=5&query=${commonWord}`)
    const listed = await client.request<{ memories: unknown[] }>('GET', '/api/memories?limit=100')
    const usableAt = now()
    if (recalled.memories.length === 0 || listed.memories.length === 0) throw new Error('the device started and knows nothing')
    // The first start after joining may have something to finish; it is not the usual one.
    if (run > 0) {
      restarts.push(usableAt - up.spawnedAt)
      readies.push(up.readyAt - up.spawnedAt)
      restarted.push(await settled(async () => residentMB(home, up.api)))
    }
    await up.stop()
  }
  context.say(`${label}: join ${spread(joins)} ms, every word found ${spread(found)} ms; restart ${spread(restarts)} ms, ready line ${spread(readies)} ms`)
  context.say(`${label}: RSS after joining ${spread(calm)} MB, at most ${spread(peaks)} MB, after a restart ${spread(restarted)} MB`)
  rmSync(dir, { recursive: true, force: true })
  return [
    row('cold_join', median(joins), 'ms', label), row('cold_join', median(found), 'ms', `${label}, until every word is found`),
    row('restart', median(restarts), 'ms', label),
    row('rss', median(calm), 'MB', label), row('rss', median(peaks), 'MB', `${label}, highest while joining`), row('rss', median(restarted), 'MB', `${label}, after a restart`)
  ]
}

async function fill(context: Context, home: string, memories: number): Promise<void> {
  const process = new DeviceProcess()
  await process.call('fill', { home, name: 'member', count: memories, batch: fillBatch, seed: memories })
  await process.stop()
  // A home in daily use has its words indexed: let it run once.
  const device = await launch(context, 'member', {}, home)
  await device.process.call('searchable')
  await device.process.stop()
}

/** Resident memory of a device in MB, as its own /metrics tells it. */
export async function residentMB(home: string, api: string): Promise<number> {
  const response = await fetch(`${api}/metrics`, { headers: { authorization: `Bearer ${readToken(home)}` } })
  const bytes = /^kinmesh_resident_memory_bytes (\d+)$/m.exec(await response.text())?.[1]
  if (bytes === undefined) throw new Error('/metrics tells no resident memory')
  return Number(bytes) / 2 ** 20
}
