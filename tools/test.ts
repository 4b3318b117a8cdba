import { globSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runAll } from './testing/run-all.ts'
import { killAll } from './testing/run-file.ts'

// npm test -- [PART-OF-A-PATH …] [--jobs N] [--deadline SECONDS]: every *.test.ts in a process of its own.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '2' }, deadline: { type: 'string', default: '180' } }
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    killAll()
    process.exit(1)
  })
}

const files = globSync('{mesh,sync,federated,node,clients,bench,tools}/**/*.test.ts', {
  cwd: join(import.meta.dirname, '..'),
  exclude: ['tools/fixtures/**', '**/node_modules/**']
}).filter(file => positionals.length === 0 || positionals.some(part => file.includes(part)))

const options = { deadlineMs: Number(values.deadline) * 1000, graceMs: 5_000, color: process.stdout.isTTY && !process.env['NO_COLOR'] }
// console.log, not a stream: what is printed is out before the process ends.
const fine = await runAll(files.sort(), Math.max(1, Number(values.jobs)), options, text => console.log(text))
process.exitCode = fine ? 0 : 1
