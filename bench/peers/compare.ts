import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../bench.ts'
import { row, type Row } from '../report.ts'
import { installPeers, versionOf } from './install.ts'
import { measureLarge } from './large.ts'
import type { Measured } from './measured.ts'
import { measureBurst, measureEdits, measureKill } from './parts.ts'
import { storing, systems, type System } from './systems.ts'
import { Trial } from './trial.ts'

export const compareParts = ['edits', 'burst', 'kill', 'large'] as const
export const compareSubjects = systems.map(({ subject }) => subject)

export type CompareOptions = {
  /** Of compareParts and compareSubjects; a kind that none is named of is wanted as a whole. */
  readonly only: readonly string[]
  readonly edits: number
  readonly everyMs: number
  readonly writes: number
  readonly concurrency: number
  /** Acknowledged before the kill. */
  readonly killAfter: number
  readonly sizes: readonly { readonly label: string; readonly memories: number }[]
  readonly runs: number
  /** Longest that one system may take for one part, in ms. */
  readonly patienceMs: number
}

export type Part = { readonly name: string; readonly of: readonly System[]; measure(trial: Trial): Promise<Measured[]> }

/** The same work on ours and on each peer, one after the other, part by part. */
export async function compare(context: Context, options: CompareOptions): Promise<Row[]> {
  const named = (all: readonly string[]) => (all.some(each => options.only.includes(each)) ? all.filter(each => options.only.includes(each)) : all)
  const [parts, subjects] = [named(compareParts), named(compareSubjects)]
  const wanted = (list: readonly System[]) => list.filter(({ subject }) => subjects.includes(subject))
  const measured = wanted(systems)
  if (measured.some(({ packages }) => packages.length > 0)) await installPeers(context.say)
  for (const { subject, packages } of measured) if (packages.length > 0) context.say(`${subject}: ${packages.map(name => `${name} ${versionOf(name) ?? 'missing'}`).join(', ')}`)
  const { edits, everyMs, writes, concurrency, killAfter, runs } = options
  const burstOf = ({ burstWrites }: System) => (burstWrites === undefined ? { writes, runs } : { writes: Math.min(writes, burstWrites), runs: 1 })
  const all: Part[] = [
    { name: 'edits', of: measured, measure: trial => measureEdits(trial, { edits, everyMs }) },
    { name: 'burst', of: [...measured, ...wanted([storing])], measure: trial => measureBurst(trial, { ...burstOf(trial.system), concurrency }) },
    { name: 'kill', of: [...measured, ...wanted([storing])], measure: trial => measureKill(trial, { writes: killAfter, concurrency }) },
    ...options.sizes.map(({ label, memories }) => ({ name: 'large', of: measured, measure: (trial: Trial) => measureLarge(trial, { memories, label, runs }) }))
  ]
  const rows: Row[] = []
  for (const [index, part] of all.entries()) {
    if (!parts.includes(part.name)) continue
    for (const system of part.of) rows.push(...(await measurePart({ ...context, dir: join(context.dir, `part-${index}`) }, part, system, options.patienceMs)))
  }
  return rows
}

/** Ours is never left out: a busy machine may make it late. */
const oursPatience = 4

/** A peer that fails or takes too long is told of and left out; ours fails the bench. */
export async function measurePart(context: Context, part: Pick<Part, 'name' | 'measure'>, system: System, patienceMs: number): Promise<Row[]> {
  const { subject, variant } = system
  const trial = new Trial(context, system)
  const stopWaiting = new AbortController()
  try {
    const longestMs = subject === 'kinmesh' ? patienceMs * oursPatience : patienceMs
    const tooLong = wait(longestMs, undefined, { signal: stopWaiting.signal }).then((): never => {
      throw new Error(`took longer than ${longestMs / 1000} s`)
    })
    const figures = await Promise.race([part.measure(trial), tooLong])
    const rows = figures.map(figure => row(figure.metric, figure.value, figure.unit, [figure.case, variant].filter(each => each !== undefined).join(', ') || undefined, subject))
    context.say(`${part.name}, ${subject}: ${rows.map(each => `${each.metric}${each.case === undefined ? '' : ` (${each.case})`} ${each.value} ${each.unit}`).join('; ')}`)
    return rows
  } catch (error) {
    if (subject === 'kinmesh') throw error
    context.say(`${part.name}, ${subject}${variant === undefined ? '' : `, ${variant}`}: left out: ${error instanceof Error ? error.message : String(error)}`)
    return []
  } finally {
    stopWaiting.abort()
    await trial.end()
    rmSync(context.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}
