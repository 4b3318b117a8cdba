import { appendFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { type Answer, Worker } from './faults/worker-process.ts'
import { row, type Row } from './report.ts'
import { median } from './statistics.ts'

export const faultsBench: Bench = {
  name: 'faults',
  about: 'devices in virtual time, through seeded schedules of everything that networks, disks, clocks and people do',
  options: { schedules: { type: 'string' }, seed: { type: 'string' }, workers: { type: 'string' }, log: { type: 'string' } },
  help: [
    '--schedules N      (default 1000)', '--seed S           the first one (default 1); with --schedules 1 it replays that one',
    '--workers N        processes (default: one per core)', '--log FILE         what failed is added to it, with the shrunk schedule'
  ],
  run
}

/** Every so many schedules a person hears how far it is. */
const sayEvery = 100

async function run(values: Values, context: Context): Promise<Row[]> {
  const schedules = numberOf(values, 'schedules', 1000)
  const first = numberOf(values, 'seed', 1, 0)
  const workers = numberOf(values, 'workers', cpus().length)
  const log = typeof values['log'] === 'string' ? resolve(values['log']) : undefined
  const total = new Total()
  const startedAt = performance.now()
  let next = first
  const serve = async (): Promise<void> => {
    const worker = new Worker()
    while (next < first + schedules) {
      const seed = next++
      const answer = await worker.run(seed)
      total.add(answer)
      if (answer.failure !== undefined) {
        context.say(`${answer.failure}\nor: npm run bench -- faults --schedules 1 --seed ${seed}`)
        if (log) appendFileSync(log, `${answer.failure}\n\n`)
      }
      if (total.schedules % sayEvery === 0) context.say(`${total.schedules} of ${schedules} schedules, ${total.failures} failed, ${(((performance.now() - startedAt) / total.schedules)).toFixed(0)} ms each`)
    }
    worker.stop()
  }
  await Promise.all(Array.from({ length: Math.min(workers, schedules) }, serve))
  return total.rows((performance.now() - startedAt) / 1000)
}

class Total {
  schedules = 0
  failures = 0
  #devices = 0
  #most = 0
  readonly #operations: number[] = []
  readonly #done = new Map<string, number>()

  add({ devices, operations, done, failure }: Answer): void {
    this.schedules++
    if (failure !== undefined) this.failures++
    this.#devices += devices
    this.#most = Math.max(this.#most, devices)
    this.#operations.push(operations)
    for (const [what, count] of Object.entries(done)) this.#done.set(what, (this.#done.get(what) ?? 0) + count)
  }

  rows(seconds: number): Row[] {
    return [
      row('schedules', this.schedules, 'count'), row('failures', this.failures, 'count'), row('operations', this.#operations.reduce((sum, count) => sum + count, 0), 'count'),
      row('operations_least', this.#operations.reduce((least, count) => Math.min(least, count)), 'count'), row('operations_median', median(this.#operations), 'count'),
      row('devices_mean', this.#devices / this.schedules, 'devices'), row('devices_most', this.#most, 'devices'), row('schedules_per_second', this.schedules / seconds, 'per s'),
      ...[...this.#done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => row('done', count, 'count', what))
    ]
  }
}
