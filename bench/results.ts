import { existsSync, readFileSync } from 'node:fs'
import type { Machine, Report, Row } from './report.ts'

const head = `# Results

The last run of each bench, as \`npm run bench -- NAME --save\` wrote it; what each figure means is in [bench/README.md](bench/README.md). Timings are medians, of one machine and
of whatever else it did at that time (a load of 1.0 takes one core away): run them on yours.
`

/** RESULTS.md as it is, or its first lines. */
export function readResults(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : head
}

/** `results` with this report in the place of the last one of the same bench. */
export function savedIn(results: string, report: Report, args: readonly string[], loadBefore: number): string {
  const [begin, end] = [`<!-- bench ${report.bench} -->`, `<!-- end ${report.bench} -->`]
  const section = `${begin}\n${sectionOf(report, args, loadBefore)}${end}`
  const [from, to] = [results.indexOf(begin), results.indexOf(end)]
  if (from < 0 || to < from) return `${results.trimEnd()}\n\n${section}\n`
  return results.slice(0, from) + section + results.slice(to + end.length)
}

function sectionOf({ bench, at, machine, rows }: Report, args: readonly string[], loadBefore: number): string {
  return [
    `## ${bench}`, '', `${at.slice(0, 10)}, ${machineLine(machine)}, other load ${loadBefore.toFixed(1)} at its start. \`npm run bench -- ${args.join(' ')}\``, '',
    '| metric | case | value | unit | subject |', '|---|---|---:|---|---|', ...rows.map(line), ''
  ].join('\n')
}

/** What matters for the figures, and does not tell whose machine it is. */
function machineLine({ cores, memoryGB, os, node }: Machine): string {
  return `${cores} cores, ${memoryGB} GB, ${os.split(' ')[0]}, Node ${node.replace(/^v/, '')}`
}

function line({ metric, value, unit, subject, case: variant = '' }: Row): string {
  return `| ${metric} | ${variant} | ${value.toLocaleString('en')} | ${unit} | ${subject} |`
}
