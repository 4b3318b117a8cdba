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
export function row(metric: string, value: number, unit: string, variant?: string, subject = 'kinmesh'): Row {
  const rounded = unit === 'count' ? value : value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
  return { metric, value: rounded, unit, subject, ...(variant === undefined ? {} : { case: variant }) }
}

/** For people: one line for each figure, or one for each metric and case with the subjects side by side. */
export function table(rows: readonly Row[]): string {
  const several = new Set(rows.map(each => each.subject)).size > 1
  const cells = several ? sideBySide(rows) : [['metric', 'case', 'value', 'unit', 'subject'], ...rows.map(each => [each.metric, each.case ?? '', figure(each), each.unit, each.subject])]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0))) ?? []
  const isNumber = (column: number) => (several ? column > 2 : column === 2)
  return cells.map(line => line.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n')
}

/** Lines of cells, the first of them a heading; a subject without a figure has an empty cell. */
export function sideBySide(rows: readonly Row[]): string[][] {
  const subjects = [...new Set(rows.map(each => each.subject))]
  const lines = Map.groupBy(rows, each => JSON.stringify([each.metric, each.case ?? '', each.unit]))
  return [
    ['metric', 'case', 'unit', ...subjects],
    ...[...lines.values()].map(same => [same[0]?.metric ?? '', same[0]?.case ?? '', same[0]?.unit ?? '', ...subjects.map(subject => {
      const found = same.find(each => each.subject === subject)
      return found ? figure(found) : ''
    })])
  ]
}

/** With all its digits, also where they come late. */
export function figure({ value }: Pick<Row, 'value'>): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 })
}
