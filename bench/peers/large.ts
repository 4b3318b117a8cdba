import { rmSync } from 'node:fs'
import { now } from '../device/clock.ts'
import { settled } from '../settled.ts'
import { median } from '../statistics.ts'
import type { Measured } from './measured.ts'
import type { HubProcess, Trial } from './trial.ts'

export type LargeOptions = { memories: number; label: string; runs: number }

/** Memories one commit takes while a system is filled. */
const fillBatch = 500

/** Cold join, bytes of a join, resident memory and restart with many memories. */
export async function measureLarge(trial: Trial, { memories, label, runs }: LargeOptions): Promise<Measured[]> {
  const { hasHub, keeper } = trial.system
  const hub = await trial.hub()
  const member = await trial.first()
  await member.call('fill', { count: memories, batch: fillBatch, seed: memories })
  const joins: number[] = []
  const askedJoins: number[] = []
  const bytes: number[] = []
  let rss = 0
  for (let run = 1; run <= runs; run++) {
    const name = `newcomer-${run}`
    const newcomer = await trial.replica(name)
    const place = await member.call('place')
    const [{ syncedAt }, { startedAt, admittedAt }] = await Promise.all([newcomer.call('reached', { count: memories, synced: true }), newcomer.call('join', place)])
    joins.push(syncedAt - (admittedAt ?? startedAt))
    if (admittedAt !== undefined) askedJoins.push(syncedAt - startedAt)
    bytes.push(await newcomer.call('bytes'))
    if (run === runs) rss = await settled(() => newcomer.call('rss'))
    await trial.stop(newcomer)
    rmSync(trial.home(name), { recursive: true, force: true })
  }
  const hubRss = hub && keeper === 'hub' ? await hub.call('rss') : undefined
  await trial.stop(member)
  if (hub) await trial.stop(hub)
  const restarts: number[] = []
  for (let run = 1; run <= runs; run++) restarts.push(await restart(trial, memories))
  return [
    { metric: 'cold_join', value: median(joins), unit: 'ms', case: label },
    ...(askedJoins.length > 0 ? [{ metric: 'cold_join', value: median(askedJoins), unit: 'ms', case: `${label}, pairing included` }] : []),
    { metric: 'bytes_on_wire', value: median(bytes) / 1000, unit: 'KB', case: `join ${label}` },
    { metric: 'restart', value: median(restarts), unit: 'ms', case: label },
    { metric: 'rss', value: rss, unit: 'MB', case: label },
    ...(hasHub && hubRss !== undefined ? [{ metric: 'rss', value: hubRss, unit: 'MB', case: `${label}, server` }] : [])
  ]
}

/** From the start of the process that keeps the memories until it holds them all again. */
async function restart(trial: Trial, memories: number): Promise<number> {
  if (trial.system.keeper === 'replica') {
    const replica = trial.spawnReplica()
    await replica.call('start', trial.home('first'))
    const { visibleAt } = await replica.call('reached', { count: memories, synced: false })
    await trial.stop(replica)
    return visibleAt - replica.spawnedAt
  }
  const hub: HubProcess = trial.spawnHub()
  await hub.call('listen', trial.home('hub'))
  const { length } = await hub.call('load')
  const loadedAt = now()
  if (length < memories) throw new Error(`the server has ${length} of ${memories} memories after a restart`)
  await trial.kill(hub)
  return loadedAt - hub.spawnedAt
}
