import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import * as v from 'valibot'
import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { type Answer, Worker } from './faults/worker-process.ts'
import { row, type Row } from './report.ts'
import { median } from './statistics.ts'

export const faultsBench: Bench = {
  name: 'faults',
  about: 'devices in virtual time, through seeded schedules of everything that networks, disks, clocks and people do',
  options: { schedules: { type: 'string' }, seed: { type: 'string' }, workers: { type: 'string' }, log: { type: 'string' }, state: { type: 'string' } },
  help: [
    '--schedules N      (default 1000)', '--seed S           the first one (default 1); with --schedules 1 it replays that one',
    '--workers N        processes (default: one per core)', '--log FILE         what failed is added to it, with the shrunk schedule',
    '--state FILE       how far it came is kept there: the same command goes on from it, with the same sources'
  ],
  run
}

/** Every so many schedules a person hears how far it is. */
const sayEvery = 100

async function run(values: Values, context: Context): Promise<Row[]> {
  const schedules = numberOf(values, 'schedules', 1000)
  const first = numberOf(values, 'seed', 1, 0)
  const workers = numberOf(values, 'workers', cpus().length)
  const log = fileOf(values, 'log')
  const state = fileOf(values, 'state')
  const total = new Total(state !== undefined && existsSync(state) ? readTallies(state) : [])
  if (state) total.write(state) // where that cannot be, before minutes of work
  const last = first + schedules
  const queue = Array.from({ length: schedules }, (_, index) => first + index).filter(seed => !total.has(seed))
  const startedAt = performance.now()
  let ran = 0
  const serve = async (): Promise<void> => {
    const worker = new Worker()
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const answer = await worker.run(seed)
      total.add({ seed, ...answer })
      ran++
      if (answer.failure !== undefined) {
        context.say(`${answer.failure}\nor: npm run bench -- faults --schedules 1 --seed ${seed}`)
        if (log) appendFileSync(log, `${answer.failure}\n\n`)
      }
      const { schedules: done, failures } = total.of(first, last)
      if (done % sayEvery !== 0) continue
      context.say(`${done} of ${schedules} schedules, ${failures} failed, ${((performance.now() - startedAt) / ran).toFixed(0)} ms each`)
      if (state) total.write(state)
    }
    worker.stop()
  }
  await Promise.all(Array.from({ length: Math.min(workers, queue.length) }, serve))
  if (state) total.write(state)
  return total.rows(first, last, ran / ((performance.now() - startedAt) / 1000))
}

function fileOf(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? resolve(value) : undefined
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** What is kept of one schedule. */
const tallySchema = v.object({ seed: count, devices: count, operations: count, done: v.record(v.string(), count), failed: v.boolean() })
type Tally = v.InferOutput<typeof tallySchema>

function readTallies(file: string): Tally[] {
  try {
    return v.parse(v.array(tallySchema), JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} is not what an earlier run left (${String(cause)}): name another file with --state`, { cause })
  }
}

class Total {
  readonly #tallies = new Map<number, Tally>()

  constructor(tallies: readonly Tally[]) {
    for (const tally of tallies) this.#tallies.set(tally.seed, tally)
  }

  has(seed: number): boolean {
    return this.#tallies.has(seed)
  }

  add({ seed, devices, operations, done, failure }: Answer & { seed: number }): void {
    this.#tallies.set(seed, { seed, devices, operations, done, failed: failure !== undefined })
  }

  of(first: number, last: number): { schedules: number; failures: number } {
    const tallies = this.#between(first, last)
    return { schedules: tallies.length, failures: tallies.filter(({ failed }) => failed).length }
  }

  write(file: string): void {
    const next = `${file}.next`
    writeFileSync(next, JSON.stringify([...this.#tallies.values()]))
    renameSync(next, file)
  }

  rows(first: number, last: number, perSecond: number): Row[] {
    const tallies = this.#between(first, last)
    const operations = tallies.map(tally => tally.operations)
    const devices = tallies.map(tally => tally.devices)
    const done = new Map<string, number>()
    for (const tally of tallies) for (const [what, count] of Object.entries(tally.done)) done.set(what, (done.get(what) ?? 0) + count)
    const { schedules, failures } = this.of(first, last)
    return [
      row('schedules', schedules, 'count'), row('failures', failures, 'count'), row('operations', sum(operations), 'count'),
      row('operations_least', operations.reduce((least, count) => Math.min(least, count)), 'count'), row('operations_median', median(operations), 'count'),
      row('devices_mean', sum(devices) / schedules, 'devices'), row('devices_most', devices.reduce((most, count) => Math.max(most, count)), 'devices'),
      ...(perSecond > 0 ? [row('schedules_per_second', perSecond, 'per s')] : []), // not when all was in the state
      ...[...done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => row('done', count, 'count', what))
    ]
  }

  #between(first: number, last: number): Tally[] {
    return [...this.#tallies.values()].filter(({ seed }) => seed >= first && seed < last)
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
