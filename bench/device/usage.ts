import { readdirSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'
import type { Usage } from './calls.ts'

const MB = 2 ** 20
/** Where V8 keeps bytecode, machine code and what belongs to them. */
const codeSpaces = new Set(['code_space', 'code_large_object_space', 'trusted_space', 'trusted_large_object_space'])

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
  const codeBytes = getHeapSpaceStatistics().reduce((sum, space) => sum + (codeSpaces.has(space.space_name) ? space.space_used_size : 0), 0)
  const kinds: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1
  // A timer more or less is the moment's; what stays open is what counts.
  const handles = Object.entries(kinds).reduce((sum, [kind, count]) => sum + (kind === 'Timeout' || kind === 'Immediate' ? 0 : count), 0)
  return {
    heapMB: heapUsed / MB, codeMB: codeBytes / MB, externalMB: external / MB, arrayBuffersMB: arrayBuffers / MB, rssMB: rss / MB, handles, timers: kinds['Timeout'] ?? 0, kinds,
    fds: readdirSync('/proc/self/fd').length, cpuMs: (user + system) / 1000
  }
}
