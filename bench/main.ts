import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { UsageError, type Bench, type Values } from './bench.ts'
import { killAll } from './device/process.ts'
import { table, thisMachine, type Report } from './report.ts'
import { readResults, savedIn } from './results.ts'
import { agentBench } from './agent.ts'
import { checksBench } from './checks.ts'
import { faultsBench } from './faults.ts'
import { federatedBench } from './federated.ts'
import { hostileBench } from './hostile.ts'
import { killsBench } from './kills.ts'
import { memoryBench } from './memory.ts'
import { modelBench } from './model.ts'
import { trainBench } from './train.ts'
import { pageBench } from './page.ts'
import { privacyBench } from './privacy.ts'
import { removedBench } from './removed.ts'
import { soakBench } from './soak.ts'
import { starterBench } from './starter.ts'
import { syncBench } from './sync.ts'
import { wakeBench } from './wake.ts'

// npm run bench -- NAME [--json] [--save] [options]: reproduces a claim.

const benches: readonly Bench[] = [syncBench, faultsBench, killsBench, removedBench, wakeBench, soakBench, hostileBench, checksBench, pageBench, modelBench, memoryBench, trainBench, starterBench, agentBench, privacyBench, federatedBench]
const common: ParseArgsOptionsConfig = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  save: { type: 'boolean' },
  dir: { type: 'string' },
  profile: { type: 'string' }
}
const resultsFile = resolve(import.meta.dirname, '..', 'RESULTS.md')
/** statfs(2): a file system in memory; writing to it is no measure of anything. */
const tmpfsMagic = 0x01021994

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => process.exit(1))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  killAll()
  const usage = error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  process.stderr.write(`bench: ${usage ? `${(error as Error).message}; see npm run bench -- --help` : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = usage ? 2 : 1
}

async function main(args: readonly string[]): Promise<void> {
  const [name] = args
  const bench = benches.find(each => each.name === name)
  if (!bench) {
    if (name !== undefined && name !== '--help' && name !== '-h') throw new UsageError(`there is no bench "${name}"`)
    process.stdout.write(help())
    return
  }
  const { values } = parseArgs({ args: args.slice(1), options: { ...common, ...bench.options } }) as { values: Values }
  if (values['help']) return void process.stdout.write(help())
  if (values['save'] && (values['quick'] || values['only'])) throw new UsageError('--save keeps whole runs only: leave out --quick and --only')
  const loadBefore = loadavg()[0] ?? 0
  const report = await measure(bench, values)
  if (loadBefore > cpus().length / 2) process.stderr.write(`warning: this machine was busy (load ${loadBefore.toFixed(1)} on ${cpus().length} cores), and timings are longer for it\n`)
  process.stdout.write(values['json'] ? `${JSON.stringify(report)}\n` : `${table(report.rows)}\n`)
  if (values['save']) writeFileSync(resultsFile, savedIn(readResults(resultsFile), report, args.filter(arg => arg !== '--save' && arg !== '--json'), loadBefore, bench.sectionOf?.(values)))
}

async function measure(bench: Bench, values: Values): Promise<Report> {
  const parent = typeof values['dir'] === 'string' ? resolve(values['dir']) : tmpdir()
  mkdirSync(parent, { recursive: true })
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  if (statfsSync(parent).type === tmpfsMagic) say(`warning: ${parent} is in memory, where every write is durable at once: choose a folder on a disk with --dir`)
  const profile = typeof values['profile'] === 'string' ? resolve(values['profile']) : undefined
  const dir = mkdtempSync(join(parent, 'kinmesh-bench-'))
  // However it ends, a signal included, and after the devices that wrote there.
  process.once('exit', () => {
    killAll()
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  const at = new Date().toISOString()
  return { bench: bench.name, at, machine: thisMachine(), rows: await bench.run(values, { dir, say, profile }) }
}

function help(): string {
  const lines = benches.flatMap(({ name, about, help }) => [`  ${name.padEnd(9)} ${about}`, ...help.map(line => `            ${line}`)])
  return [
    'npm run bench -- NAME [options]', '', ...lines, '',
    '  for each: --json           one document on stdout, for programs',
    '            --save           keep the figures in RESULTS.md',
    '            --dir DIR        where the homes lie while it runs: a real disk (default: the folder for temporary files)',
    '            --profile DIR    write a CPU profile of each device that ends of itself', ''
  ].join('\n')
}
