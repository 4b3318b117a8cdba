import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { missingBrowser } from '../tools/browser/chromium.ts'
import { type Bench, type Context, UsageError, type Values, listOf, numberOf } from './bench.ts'
import { type Row, row } from './report.ts'
import { median } from './statistics.ts'
import { inPage } from './train/in-page.ts'
import { type Measured, type Task, trainingCases } from './train/tasks.ts'

export const trainBench: Bench = {
  name: 'train',
  about: 'steps of training: a small model from nothing, and an adapter beside a larger one; time, tokens a second and memory',
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, steps: { type: 'string' }, rounds: { type: 'string' }, threads: { type: 'string' } },
  help: [
    '--quick            tiny models: shows that it works, says nothing about speed',
    `--only LIST        of ${trainingCases.map(({ name }) => name).join(', ')} (default: all but the tiny ones)`,
    '--steps N          measured in each process, after one that is not (default 5), --rounds N of all in turn (default 3), --threads N (default 2)'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const quick = values['quick'] === true
  const wanted = listOf(values, 'only', trainingCases.filter(({ name, page }) => name.startsWith('tiny') === quick && !(page && missingBrowser)).map(({ name }) => name))
  const cases = trainingCases.filter(({ name }) => wanted.includes(name))
  if (missingBrowser !== undefined) {
    if (cases.some(({ page }) => page)) throw new UsageError(`training in a page needs ${missingBrowser}`)
    context.say(`without the cases in a page, which need ${missingBrowser}`)
  }
  const [steps, rounds, threads] = [numberOf(values, 'steps', quick ? 2 : 5), numberOf(values, 'rounds', quick ? 1 : 3), numberOf(values, 'threads', 2)]
  const found = new Map<string, Measured[]>(cases.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, page } of cases) {
      context.say(`${name}, round ${round + 1} of ${rounds}`)
      found.get(name)?.push(await (page ? inPage : inProcess)({ name, steps, threads }))
    }
  }
  return [...found].flatMap(([name, all]) => {
    const stepMs = median(all.flatMap(each => each.stepMs))
    const [first] = all
    return [
      row('step', stepMs, 'ms', name), row('speed', ((first?.tokens ?? 0) / stepMs) * 1000, 'tok/s', name), row('optimizer', median(all.flatMap(each => each.optimizerMs)), 'ms', name),
      ...memory('rss_before', median, all.map(each => each.rssBefore), name), ...memory('rss_peak', rss => Math.max(...rss), all.map(each => each.rssPeak), name),
      row('parameters', first?.parameters ?? 0, 'count', name)
    ]
  })
}

function memory(metric: string, of: (bytes: number[]) => number, all: readonly (number | undefined)[], name: string): Row[] {
  const told = all.filter(bytes => bytes !== undefined)
  return told.length === 0 ? [] : [row(metric, of(told) / 2 ** 20, 'MB', name)]
}

/** Each in a process of its own, so that memory is that of one training. */
async function inProcess(task: Task): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'train', 'worker.ts'), { execArgv: ['-C', 'development'] })
  const answer = new Promise<Measured>((resolve, reject) => {
    child.once('message', measured => resolve(measured as Measured))
    child.once('exit', code => reject(new Error(`the process that trained ${task.name} ended with ${code}`)))
  })
  child.send(task)
  const measured = await answer
  if (child.exitCode === null) await once(child, 'exit')
  return measured
}
