import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as assert from 'uvu/assert'
import type { Report } from './report.ts'

const main = new URL('main.ts', import.meta.url).pathname

export type Ran = { code: number | null; stdout: string; stderr: string }

/** Runs the bench command as a person would. */
export async function bench(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, ['-C', 'development', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/** The one document of a bench, checked to be as every bench prints it. */
export async function documentOf(...args: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await bench(...args, '--json')
  assert.is(code, 0, stderr)
  assert.is(stdout.trimEnd().split('\n').length, 1, stdout)
  const report = JSON.parse(stdout) as Report
  assert.equal(Object.keys(report), ['bench', 'at', 'machine', 'rows'])
  assert.is(report.bench, args[0])
  assert.is(new Date(report.at).toISOString(), report.at)
  assert.equal(Object.keys(report.machine), ['cpu', 'cores', 'memoryGB', 'os', 'node'])
  for (const row of report.rows) {
    assert.ok(Number.isFinite(row.value) && (row.value >= 0 || row.metric.endsWith('_slope')), JSON.stringify(row))
    assert.equal([typeof row.metric, typeof row.unit, row.subject, ['string', 'undefined'].includes(typeof row.case)], ['string', 'string', 'kinmesh', true])
    assert.equal(Object.keys(row).filter(key => !['metric', 'value', 'unit', 'subject', 'case'].includes(key)), [])
  }
  return report
}

export function valueOf({ rows }: Report, metric: string, variant?: string): number {
  const found = rows.filter(row => row.metric === metric && row.case === variant)
  assert.is(found.length, 1, `${metric} ${variant ?? ''}`)
  return found[0]?.value ?? Number.NaN
}
