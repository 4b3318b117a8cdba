import { join } from 'node:path'
import { type Bench, type Context, type Values, listOf, numberOf } from './bench.ts'
import { checks } from './checks/list.ts'
import { type Removal, Sandbox, checkedSources, fileOf } from './checks/removal.ts'
import { row, type Row } from './report.ts'

export const checksBench: Bench = {
  name: 'checks',
  about: 'every check that bytes of others pass through, taken out one at a time: each has to break a test',
  options: { only: { type: 'string' }, jobs: { type: 'string' } },
  help: ['--only LIST        files whose path contains one of these', '--jobs N           copies of the sources to work in (default 2)'],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const wanted = listOf(values, 'only', [''])
  const jobs = numberOf(values, 'jobs', 2)
  const sources = checkedSources()
  // All of the list, also what is left out now: a list that lags behind the sources proves nothing.
  const located = checks.map(removal => ({ removal, file: fileOf(removal, sources) }))
  const queue = located.filter(({ file }) => wanted.some(part => file.includes(part)))
  const total = queue.length
  const boxes = Array.from({ length: Math.min(jobs, total) }, (_, index) => new Sandbox(join(context.dir, `copy-${index + 1}`)))
  await checkTests(boxes[0], queue.map(({ removal }) => removal))
  const survived: string[] = []
  await Promise.all(boxes.map(async box => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { removal, file } = next
      if (await box.notices(removal, sources)) continue
      survived.push(`${file}: ${removal.text}  →  ${removal.without || 'nothing'}`)
      context.say(`no test notices ${survived.at(-1)}`)
    }
  }))
  return [row('checks', total, 'count'), row('survived', survived.length, 'count')]
}

/** A test that fails anyway would notice everything. */
async function checkTests(box: Sandbox | undefined, removals: readonly Removal[]): Promise<void> {
  const failing: string[] = []
  for (const test of new Set(removals.flatMap(({ tests }) => tests))) if (!(await box?.passes([test]))) failing.push(test)
  if (failing.length > 0) throw new Error(`these tests fail as the sources are: ${failing.join(', ')}`)
}
