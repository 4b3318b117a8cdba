import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Running } from '../device/small-mesh.ts'
import type { Deeds, Order } from './orders.ts'
import { quantile } from '../statistics.ts'

const attacker = new URL('attacker.ts', import.meta.url).pathname

/** What an attack did, and what came of it. Times in ms, memory in MB. */
export type Outcome = { readonly deeds: Deeds; readonly stallMs: number; readonly busyMs: number; readonly growthMB: number; readonly p50: number; readonly p99: number; readonly faults: number }

/** Runs one attacker in a process of its own, to its end. */
async function runAttacker(order: Order): Promise<Deeds> {
  const child = fork(attacker, { execArgv: ['-C', 'development'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(order)
  const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [{ deeds?: Deeds; error?: string } | number]
  child.kill()
  if (typeof said !== 'object' || !said?.deeds) throw new Error(`the attacker failed: ${typeof said === 'object' ? said?.error : `exit ${said}`}`)
  return said.deeds
}

/** How the honest pair fares while `work` goes on: both write, and each edit is timed until it shows at the other. */
export async function besides<T>(honest: Running, victim: Running, everyMs: number, seed: number, work: Promise<T>): Promise<{ result: T; times: number[] }> {
  const times: number[] = []
  let over = false
  const settled = work.finally(() => (over = true))
  settled.catch(() => undefined) // told where it is awaited, below
  for (let round = 0; !over || round === 0; round++) {
    const [writer, reader] = round % 2 === 0 ? [honest, victim] : [victim, honest]
    const { memories } = await reader.process.call('state')
    await reader.process.call('watch')
    const written = await writer.process.call('pace', { count: 20, everyMs, seed: seed + round })
    const { visibleAt } = await reader.process.call('reached', { count: memories + written.length, peers: 0 })
    const seen = new Map((await reader.process.call('arrivals')).map(({ id, at }) => [id, at]))
    for (const { id, startedAt, durableAt } of written) times.push(Math.max(durableAt, seen.get(id) ?? visibleAt) - startedAt)
  }
  return { result: await settled, times }
}

/** One attack on the victim, and how it and its honest peer stood it. `attack`: what goes on meanwhile, an attacker in a process of its own if not said otherwise. */
export async function raid(honest: Running, victim: Running, order: Order, everyMs: number, attack: () => Promise<Deeds> = () => runAttacker(order)): Promise<Outcome> {
  const before = await victim.process.call('usage')
  await victim.process.call('strain')
  const { result: deeds, times } = await besides(honest, victim, everyMs, order.seed * 1000, attack())
  const { peakRssMB, stallMs, busyMs } = await victim.process.call('strain')
  const { faults } = await victim.process.call('state')
  return { deeds, stallMs, busyMs, growthMB: Math.max(0, peakRssMB - before.rssMB), p50: quantile(times, 0.5), p99: quantile(times, 0.99), faults: faults.length }
}
