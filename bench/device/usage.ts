import { readdirSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Usage } from './calls.ts'

const MB = 2 ** 20

/** What this process holds once everything that nobody needs is gone; it has to run with --expose-gc. */
export async function usage(): Promise<Usage> {
  const collect = globalThis.gc
  if (!collect) throw new Error('the process of a device that tells its usage needs --expose-gc')
  // An ordinary collection keeps compiled code that was not used for a while; what finalizers let go in the first round goes in the second.
  for (let round = 0; round < 2; round++) {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await nextTurn()
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const kinds: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1
  // A timer more or less is the moment's; what stays open is what counts.
  const handles = Object.entries(kinds).reduce((sum, [kind, count]) => sum + (kind === 'Timeout' || kind === 'Immediate' ? 0 : count), 0)
  return {
    heapMB: heapUsed / MB, externalMB: external / MB, arrayBuffersMB: arrayBuffers / MB, rssMB: rss / MB, handles, timers: kinds['Timeout'] ?? 0, kinds,
    fds: readdirSync('/proc/self/fd').length, cpuMs: (user + system) / 1000
  }
}
