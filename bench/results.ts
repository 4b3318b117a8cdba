import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Machine, type Report, type Row, figure } from './report.ts'

const head = `# Results

The last run of each bench, as \`npm run bench -- NAME --save\` wrote it; what each figure means is in [bench/README.md](bench/README.md). Timings are medians, of one machine and
of whatever else it did at that time (a load of 1.0 takes one core away): run them on yours.
`

/** RESULTS.md as it is, or its first lines. */
export function readResults(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : head
}

/** `results` with this report in the place of the last one under the same heading. */
export function savedIn(results: string, report: Report, args: readonly string[], loadBefore: number, heading = report.bench): string {
  const [begin, end] = [`<!-- bench ${heading} -->`, `<!-- end ${heading} -->`]
  const section = `${begin}\n${sectionOf(report, args, loadBefore, heading)}${end}`
  const [from, to] = [results.indexOf(begin), results.indexOf(end)]
  if (from < 0 || to < from) return `${results.trimEnd()}\n\n${section}\n`
  return results.slice(0, from) + section + results.slice(to + end.length)
}

function sectionOf({ at, machine, rows }: Report, args: readonly string[], loadBefore: number, heading: string): string {
  return [
    `## ${heading}`, '', `${at.slice(0, 10)}, ${machineLine(machine)}, other load ${loadBefore.toFixed(1)} at its start. \`npm run bench -- ${args.map(plainArg).join(' ')}\``, '',
    '| metric | case | value | unit | subject |', '|---|---|---:|---|---|', ...rows.map(line), ''
  ].join('\n')
}

/** Where a file lies on this machine is nobody's business. */
function plainArg(arg: string): string {
  return arg.includes('/') ? basename(arg) : arg
}

/** What matters for the figures, and does not tell whose machine it is. */
function machineLine({ cores, memoryGB, os, node }: Machine): string {
  return `${cores} cores, ${memoryGB} GB, ${os.split(' ')[0]}, Node ${node.replace(/^v/, '')}`
}

function line({ metric, value, unit, subject, case: variant = '' }: Row): string {
  return `| ${metric} | ${variant} | ${figure({ value })} | ${unit} | ${subject} |`
}
