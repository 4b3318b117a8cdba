import { join } from 'node:path'
import type { Scheme } from '../../federated/compression/payload.ts'
import type { RoundManifest } from '../../federated/round/manifest.ts'
import { coordinatorOf } from '../../federated/round/order.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Context } from '../bench.ts'
import { now } from '../device/clock.ts'
import { DeviceProcess } from '../device/process.ts'
import { row, type Row } from '../report.ts'
import { median, spread } from '../statistics.ts'
import type { Ended, RoundCalls } from './calls.ts'
import { type Giver, maxAbs } from './updates.ts'

const program = { path: new URL('main.ts', import.meta.url).pathname, args: [] } as const
/** As the rounds that a device proposes have it (node/federated/round-terms.ts). */
const int8 = { name: 'int8' } as const
/** A round that fails must not look like a slow one: these are far above what any of them takes. */
const times = { updateMs: 120_000, stepMs: 60_000, roundMs: 600_000 }
/** Of top-k: the share of the values that travel. */
const topShare = 0.1

export type RoundPart = 'round' | 'secure_round' | 'bytes_per_parameter' | 'recovery'
export const roundParts: readonly RoundPart[] = ['round', 'secure_round', 'bytes_per_parameter', 'recovery']
/** `quick`: small updates and few devices: shows that it works. */
export type RoundOptions = { readonly runs: number; readonly quick: boolean }

type Member = { readonly id: DeviceId; readonly giver: Giver; readonly home: string; process: DeviceProcess<RoundCalls>; addr: string }
type Terms = Partial<Pick<RoundManifest, 'secure' | 'compression' | 'quorum'>>

export async function roundRows(part: RoundPart, context: Context, options: RoundOptions): Promise<Row[]> {
  const { quick, runs } = options
  const values = quick ? 1000 : 200_000
  switch (part) {
    case 'round': {
      const cases: [string, number, number, Scheme | null][] = quick
        ? [['3x1k', 3, 1000, int8]]
        : [['3x200k', 3, 200_000, int8], ['10x200k', 10, 200_000, int8], ['3x1M', 3, 1_000_000, int8], ['3x200k, f32', 3, 200_000, null]]
      const rows: Row[] = []
      for (const [name, devices, each, compression] of cases) rows.push(row('round', (await timed(context, name, devices, each, runs, { compression })).ms, 'ms', name))
      return rows
    }
    case 'secure_round': {
      const name = quick ? '5x1k' : '5x200k'
      const whole = await timed(context, name, 5, values, runs, { secure: true })
      const dropout = await timed(context, `${name}-dropout`, 5, values, runs, { secure: true }, true)
      return [
        row('secure_round', whole.ms, 'ms', name), row('secure_round', dropout.ms, 'ms', `${name}-dropout`),
        row('secure_error', whole.furthest, 'absolute', name), row('secure_error', dropout.furthest, 'absolute', `${name}-dropout`)
      ]
    }
    case 'bytes_per_parameter':
      return [...(await uploads(context, 'int8', int8, values, runs)), ...(await uploads(context, 'topk', { name: 'top-k', share: topShare }, values, runs))]
    case 'recovery':
      return [
        row('recovery', await recovery(context, 'participant', values, runs), 'ms', 'participant'),
        row('recovery', await recovery(context, 'coordinator', values, runs), 'ms', 'coordinator')
      ]
  }
}

/** From the proposal until the last device that is there has the result. With `drops` one of them is killed when it is asked for its update: in secret rounds everybody's masks are agreed on by then. */
async function timed(context: Context, name: string, devices: number, values: number, runs: number, terms: Terms = {}, drops = false): Promise<{ ms: number; furthest: number }> {
  return withCohort(context, name, devices, async cohort => {
    const took: number[] = []
    let most = 0
    for (let round = 1; round <= runs; round++) {
      const manifest = manifestOf(cohort, round, values, terms)
      const dropped = drops ? otherThanCoordinator(cohort, manifest)[0]! : undefined
      await learn(cohort, round, values, dropped)
      await worked(cohort)
      const { at } = await cohort[0]!.process.call('propose', manifest)
      if (dropped) {
        await dropped.process.call('asked', round)
        await dropped.process.kill()
      }
      const there = cohort.filter(member => member !== dropped)
      const ends = await ended(there, round)
      if (ends.some(({ attempt, contributions }) => attempt !== 0 || contributions !== there.length)) throw new Error(`round ${round} of ${name} went another way: ${JSON.stringify(ends)}`)
      took.push(lastOf(ends) - at)
      context.say(`${name}: round ${round} took ${took.at(-1)!.toFixed(0)} ms, in which processors worked ${(await worked(there)).toFixed(0)} ms`)
      most = Math.max(most, (await there[0]!.process.call('error', { round, givers: giversOf(cohort) })).furthest)
      if (dropped) await comeBack(context, cohort, dropped, round)
      await forget(cohort, round)
    }
    context.say(`${name}: ${spread(took)} ms, furthest from the plain mean ${most}`)
    return { ms: median(took), furthest: most }
  })
}

/** What one participant sends to the coordinator in a round, for each value of its update; and how far the mean is from what it would be without compression. */
async function uploads(context: Context, name: string, compression: Scheme, values: number, runs: number): Promise<Row[]> {
  return withCohort(context, `bytes ${name}`, 3, async cohort => {
    const bytes: number[] = []
    const errors: number[] = []
    let ofAll = 0
    for (let round = 1; round <= runs; round++) {
      const manifest = manifestOf(cohort, round, values, { compression })
      const coordinator = coordinatorOf(manifest, 0)
      const others = otherThanCoordinator(cohort, manifest)
      await learn(cohort, round, values)
      for (const { process } of cohort) for (const { id } of cohort) await process.call('sentTo', id)
      await cohort[0]!.process.call('propose', manifest)
      await ended(cohort, round)
      for (const { process } of others) bytes.push(await process.call('sentTo', coordinator))
      const { relative, relativeOfAll } = await cohort[0]!.process.call('error', { round, givers: giversOf(cohort) })
      errors.push(relative)
      ofAll = relativeOfAll
      await forget(cohort, round)
    }
    return [
      row('bytes_per_parameter', median(bytes) / values, 'B', name), row('relative_error', median(errors), 'share', name), row('relative_error', ofAll, 'share', `${name}, ${runs} rounds together`)
    ]
  })
}

/** From the death of one of three devices until both others have the result of the same round. Both have contributed by then, or one that waits contributes when it dies. */
async function recovery(context: Context, who: 'participant' | 'coordinator', values: number, runs: number): Promise<number> {
  return withCohort(context, `recovery ${who}`, 3, async cohort => {
    const took: number[] = []
    for (let round = 1; round <= runs; round++) {
      const manifest = manifestOf(cohort, round, values, { compression: int8 })
      const coordinator = cohort.find(({ id }) => id === coordinatorOf(manifest, 0))!
      const slow = otherThanCoordinator(cohort, manifest)[0]!
      await learn(cohort, round, values, slow)
      await cohort[0]!.process.call('propose', manifest)
      await Promise.all([slow.process.call('asked', round), coordinator.process.call('gathered', { round, contributions: 2 })])
      const dies = who === 'participant' ? slow : coordinator
      const there = cohort.filter(member => member !== dies)
      const at = now()
      await dies.process.kill()
      if (slow !== dies) await slow.process.call('release')
      const ends = await ended(there, round)
      if (ends.some(({ attempt, contributions }) => contributions !== 2 || (who === 'coordinator') !== attempt > 0)) throw new Error(`round ${round} went another way: ${JSON.stringify(ends)}`)
      took.push(lastOf(ends) - at)
      context.say(`recovery ${who}: round ${round} took ${took.at(-1)!.toFixed(0)} ms`)
      await comeBack(context, cohort, dies, round)
      await forget(cohort, round)
    }
    context.say(`recovery ${who}: ${spread(took)} ms`)
    return median(took)
  })
}

async function withCohort<T>(context: Context, name: string, devices: number, work: (cohort: Member[]) => Promise<T>): Promise<T> {
  const cohort: Member[] = []
  // All of them load their programs at once.
  const processes = Array.from({ length: devices }, () => processIn(context))
  for (const [at, process] of processes.entries()) {
    cohort.push(await started(process, join(context.dir, name, String(at)), { seed: at + 1, examples: 100 * (at + 1) }, cohort))
  }
  // The first ones first: each calls those before it, and one that does not know its caller yet would send it away for a while.
  for (const { process } of cohort) await process.call('admit', cohort.map(({ id }) => id))
  await meet(cohort)
  cohort.sort((one, other) => (one.id < other.id ? -1 : 1))
  const result = await work(cohort)
  await Promise.all(cohort.map(({ process }) => process.stop()))
  return result
}

function processIn({ profile }: Context): DeviceProcess<RoundCalls> {
  return new DeviceProcess<RoundCalls>({ profile, program })
}

async function started(process: DeviceProcess<RoundCalls>, home: string, giver: Giver, known: readonly Member[]): Promise<Member> {
  const { id, addr } = await process.call('start', { home, giver, peers: Object.fromEntries(known.map(member => [member.id, [member.addr]])) })
  return { id, addr, giver, home, process }
}

async function meet(cohort: readonly Member[]): Promise<void> {
  await Promise.all(cohort.map(({ process }) => process.call('met')))
}

/** A device that was killed starts again, goes on with what it had stored, and gets the result too. */
async function comeBack(context: Context, cohort: readonly Member[], member: Member, round: number): Promise<void> {
  const { process, addr } = await started(processIn(context), member.home, member.giver, cohort.filter(other => other !== member))
  Object.assign(member, { process, addr })
  await process.call('admit', cohort.map(({ id }) => id))
  await meet(cohort)
  await process.call('ended', round)
}

function manifestOf(cohort: readonly Member[], round: number, values: number, terms: Terms): RoundManifest {
  return {
    task: 'bench', round, proposer: cohort[0]!.id, base: 'ab'.repeat(32), shapes: [{ name: 'delta', shape: [values] }], aggregation: { name: 'mean', options: {} }, compression: null, secure: false, check: 'all',
    quorum: Math.floor(cohort.length / 2) + 1, enough: cohort.length, maxExamples: 100 * cohort.length, maxAbs, privacy: null, ...times, cohort: cohort.map(({ id }) => id), ...terms
  }
}

async function learn(cohort: readonly Member[], round: number, values: number, holds?: Member): Promise<void> {
  await Promise.all(cohort.map(member => member.process.call('learn', { round, values, holds: member === holds })))
}

async function ended(cohort: readonly Member[], round: number): Promise<Ended[]> {
  return Promise.all(cohort.map(({ process }) => process.call('ended', round)))
}

async function forget(cohort: readonly Member[], round: number): Promise<void> {
  await Promise.all(cohort.map(({ process }) => process.call('forget', round)))
}

async function worked(cohort: readonly Member[]): Promise<number> {
  const each = await Promise.all(cohort.map(({ process }) => process.call('worked')))
  return each.reduce((sum, ms) => sum + ms, 0)
}

function otherThanCoordinator(cohort: readonly Member[], manifest: RoundManifest): Member[] {
  return cohort.filter(({ id }) => id !== coordinatorOf(manifest, 0))
}

function giversOf(cohort: readonly Member[]): Record<DeviceId, Giver> {
  return Object.fromEntries(cohort.map(({ id, giver }) => [id, giver]))
}

function lastOf(ends: readonly Ended[]): number {
  return Math.max(...ends.map(({ at }) => at))
}
