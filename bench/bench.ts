import type { ParseArgsOptionsConfig } from 'node:util'
import type { Row } from './report.ts'

/** A network namespace, and the address that a device in it listens at. */
export type Place = { readonly netns: string; readonly host: string }

/** What every bench gets. */
export type Context = {
  /** An empty folder on a real disk, for homes. */
  readonly dir: string
  /** Tells a person on stderr what goes on. */
  say(text: string): void
  /** Folder for CPU profiles of the devices. */
  readonly profile: string | undefined
  /** Where the device of a name runs, when it is not loopback. */
  readonly placeOf?: (name: string) => Place
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export type Bench = {
  readonly name: string
  /** One line. */
  readonly about: string
  readonly options: ParseArgsOptionsConfig
  /** Lines of help, one for each option. */
  readonly help: readonly string[]
  /** Heading under which --save keeps the figures; by default the name. */
  readonly sectionOf?: (values: Values) => string
  run(values: Values, context: Context): Promise<Row[]>
}

/** A command line that cannot be. */
export class UsageError extends Error {}

/** A whole number ≥ `min` from an option, or `otherwise`. */
export function numberOf(values: Values, name: string, otherwise: number, min = 1): number {
  const given = values[name]
  if (given === undefined) return otherwise
  const number = Number(given)
  if (!Number.isInteger(number) || number < min) throw new UsageError(`--${name} takes a whole number from ${min}, not "${String(given)}"`)
  return number
}

/** Items of a comma-separated option, or `otherwise`. */
export function listOf(values: Values, name: string, otherwise: readonly string[]): readonly string[] {
  const given = values[name]
  return typeof given === 'string' ? given.split(',').map(each => each.trim()) : otherwise
}

/** `--sizes 500,10k`: how many memories to measure with. */
export function sizesOf(values: Values, quick: boolean): { label: string; memories: number }[] {
  return listOf(values, 'sizes', quick ? ['300'] : ['10k', '100k']).map(label => {
    const [, digits, thousands] = /^(\d+)(k?)$/.exec(label) ?? []
    if (digits === undefined || Number(digits) < 1) throw new UsageError(`--sizes takes numbers like 500 or 10k, not "${label}"`)
    return { label, memories: Number(digits) * (thousands === 'k' ? 1000 : 1) }
  })
}
