import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, type Context, UsageError, type Values, listOf, numberOf } from './bench.ts'
import { inSync, joinMesh, startMesh, stopAll, type Running } from './device/small-mesh.ts'
import { type Deeds, type Order, memberAttacks, ownAttacks, strangerAttacks } from './hostile/orders.ts'
import { type Outcome, besides, raid } from './hostile/raid.ts'
import { row, type Row } from './report.ts'
import { quantile } from './statistics.ts'

type Attack = Order['attack']
/** Those that show what a stolen device can do to its own log come last: what follows on them would be refused for them. */
const all: readonly Attack[] = [...ownAttacks, ...strangerAttacks, ...memberAttacks]

export const hostileBench: Bench = {
  name: 'hostile',
  about: 'a victim under attack by a stolen device and by strangers, and its honest peer meanwhile',
  options: { frames: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' }, attacks: { type: 'string' } },
  help: [
    '--frames N         of malformed and of fuzz (default 20000; 1000000 take ten minutes)', '--seconds N        of every other attack (default 5)', '--seed N           repeats the choices of a run',
    `--attacks LIST     of ${all.join(', ')}`
  ],
  run
}

/** Memories that are there before it begins: enough that there is something to delete and to ask for. */
const memories = 1000
const everyMs = 25
/** A fuzz that is held up ends after this long for each frame. */
const msPerFrame = 2

async function run(values: Values, context: Context): Promise<Row[]> {
  const frames = numberOf(values, 'frames', 20_000)
  const seconds = numberOf(values, 'seconds', 5)
  const seed = numberOf(values, 'seed', Math.floor(Math.random() * 1e6))
  const attacks = listOf(values, 'attacks', all) as readonly Attack[]
  const unknown = attacks.find(attack => !all.includes(attack))
  if (unknown) throw new UsageError(`there is no attack "${unknown}"`)
  context.say(`to repeat: npm run bench -- hostile --frames ${frames} --seconds ${seconds} --seed ${seed}${values['attacks'] ? ` --attacks ${attacks.join(',')}` : ''}`)

  const options = { nodeOptions: ['--expose-gc'] }
  const [honest, victim] = await startMesh(context, ['honest', 'victim'], options)
  if (!honest || !victim) throw new Error('a device is missing')
  await honest.process.call('burst', { count: memories, concurrency: 8, seed })
  await inSync([honest, victim], memories)
  // What is compiled and cached in the first seconds of use is no one's attack.
  const quiet = await settle(honest, victim, seed)
  const rows: Row[] = [row('edit_visible_p99', quiet.p99, 'ms', 'quiet'), row('stall', quiet.stallMs, 'ms', 'quiet'), row('busy', quiet.busyMs, 'ms', 'quiet')]
  try {
    for (const [index, attack] of attacks.entries()) {
      // Each attack by a member has a stolen device of its own: what one is known for must not shield the victim from the next.
      const isMember = (memberAttacks as readonly string[]).includes(attack)
      const home = isMember ? await steal(context, victim, `stolen-${attack}`) : ''
      if (attack === 'invited') await victim.process.call('invite')
      const order: Order = {
        attack, home, seed: seed + index, target: { id: victim.started.id, addrs: victim.started.addrs },
        ...(attack === 'fuzz' || attack === 'malformed' ? { frames, seconds: Math.ceil((frames * msPerFrame) / 1000) + 10 } : { frames: Number.MAX_SAFE_INTEGER, seconds })
      }
      const logBefore = sizeOf(victim)
      const outcome = await raid(honest, victim, order, everyMs, attack === 'malformed' ? () => reading(victim, frames, seed) : undefined)
      rows.push(...rowsOf(attack, outcome, (sizeOf(victim) - logBefore) / 2 ** 20))
      context.say(`${attack}: ${outcome.deeds.sent} sent in ${outcome.deeds.begun} sessions or connections (${outcome.deeds.ended} ended), stall ${outcome.stallMs.toFixed(0)} ms (${outcome.busyMs.toFixed(0)} ms its own work), RSS +${outcome.growthMB.toFixed(0)} MB, honest p50 ${outcome.p50.toFixed(1)} p99 ${outcome.p99.toFixed(0)} ms`)
    }
    const { memories: count } = await honest.process.call('state')
    await victim.process.call('reached', { count, peers: 1 })
    const [mine, theirs] = await Promise.all([honest, victim].map(({ process }) => process.call('state')))
    rows.push(row('crashes', 0, 'count'), row('diverged', Number(mine?.digest !== theirs?.digest), 'count'))
  } finally {
    await stopAll([honest, victim])
  }
  return rows
}

async function settle(honest: Running, victim: Running, seed: number): Promise<{ p99: number; stallMs: number; busyMs: number }> {
  const pause = () => new Promise<void>(resolve => setTimeout(resolve, 2000))
  await besides(honest, victim, everyMs, seed, pause())
  await victim.process.call('usage')
  await victim.process.call('strain')
  const { times } = await besides(honest, victim, everyMs, seed + 100, pause())
  const { stallMs, busyMs } = await victim.process.call('strain')
  return { p99: quantile(times, 0.99), stallMs, busyMs }
}

/** Those that were refused count as sent: the others turned out to be whole. */
async function reading(victim: Running, count: number, seed: number): Promise<Deeds> {
  const { refused } = await victim.process.call('readBroken', { count, seed })
  return { sent: refused, begun: 0, ended: 0 }
}

/** Lets a device in, and takes its home. */
async function steal(context: Context, victim: Running, name: string): Promise<string> {
  const device = await joinMesh(context, name, [victim])
  await device.process.call('reached', { count: memories, peers: 1 })
  await device.process.stop()
  return device.home
}

/** Bytes of the victim's store. */
function sizeOf({ home }: Running): number {
  return ['sync.db', 'sync.db-wal'].reduce((sum, file) => sum + (statSync(join(home, file), { throwIfNoEntry: false })?.size ?? 0), 0)
}

function rowsOf(attack: Attack, { deeds, stallMs, busyMs, growthMB, p50, p99, faults }: Outcome, logMB: number): Row[] {
  return [
    row('sent', deeds.sent, 'count', attack), row('begun', deeds.begun, 'count', attack), row('ended', deeds.ended, 'count', attack), row('stall', stallMs, 'ms', attack), row('busy', busyMs, 'ms', attack), row('rss_growth', growthMB, 'MB', attack),
    row('store_growth', Math.max(0, logMB), 'MB', attack), row('faults', faults, 'count', attack), row('edit_visible_p50', p50, 'ms', attack), row('edit_visible_p99', p99, 'ms', attack)
  ]
}
