import { cpus, release, totalmem, type } from 'node:os'

/** One figure. `subject` is what was measured: kinmesh, or a peer's name; `case` tells variants apart. */
export type Row = { readonly metric: string; readonly value: number; readonly unit: string; readonly subject: string; readonly case?: string }

export type Machine = { readonly cpu: string; readonly cores: number; readonly memoryGB: number; readonly os: string; readonly node: string }

/** The one document of `--json`. */
export type Report = { readonly bench: string; readonly at: string; readonly machine: Machine; readonly rows: readonly Row[] }

export function thisMachine(): Machine {
  const cores = cpus()
  return { cpu: cores[0]?.model.trim() ?? 'unknown', cores: cores.length, memoryGB: Math.round(totalmem() / 2 ** 30), os: `${type()} ${release()}`, node: process.version }
}

/** A figure with as many digits as it deserves; counts stay whole. */
export function row(metric: string, value: number, unit: string, variant?: string): Row {
  const rounded = unit === 'count' ? value : value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
  return { metric, value: rounded, unit, subject: 'kinmesh', ...(variant === undefined ? {} : { case: variant }) }
}

/** Columns of equal width, for people. */
export function table(rows: readonly Row[]): string {
  const cells = [['metric', 'case', 'value', 'unit', 'subject'], ...rows.map(each => [each.metric, each.case ?? '', each.value.toLocaleString('en'), each.unit, each.subject])]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0))) ?? []
  const isNumber = (column: number) => column === 2
  return cells.map(line => line.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n')
}
