import { KinmeshError } from '../../mesh/errors.ts'

/** Options of a method by their names: those given in the place of the defaults. */
export type Options = Readonly<Record<string, number>>

/** `from` and `below` (or `to`) bound a number; `above` does so without being one. */
export type Bound = { readonly above?: number; readonly from?: number; readonly below?: number; readonly to?: number; readonly whole?: boolean }

/**
 * The defaults of `method` with what was `given`, each within its bound.
 * @throws KinmeshError `BadAggregationOption`: unknown, or out of bounds
 */
export function withDefaults<T extends Options>(method: string, defaults: T, bounds: Readonly<Record<keyof T, Bound>>, given: Options): T {
  const names = Object.keys(defaults)
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name)) throw new KinmeshError('BadAggregationOption', `${method} has no option ${name}: it has ${names.join(', ') || 'none'}`)
    const bound = bounds[name as keyof T]
    if (!within(value, bound)) throw new KinmeshError('BadAggregationOption', `${name} of ${method} is ${value}: give ${described(bound)}`)
  }
  return { ...defaults, ...given }
}

function within(value: number, { above, from, below, to, whole }: Bound): boolean {
  return Number.isFinite(value) && (whole !== true || Number.isInteger(value)) && !(above !== undefined && value <= above) && !(from !== undefined && value < from) && !(below !== undefined && value >= below) && !(to !== undefined && value > to)
}

function described({ above, from, below, to, whole }: Bound): string {
  const parts = [[above, 'above'], [from, 'from'], [below, 'below'], [to, 'to']] as const
  return `a ${whole ? 'whole ' : ''}number ${parts.flatMap(([value, word]) => (value === undefined ? [] : [`${word} ${value}`])).join(' and ')}`
}

/** @throws KinmeshError `UnknownAggregation` */
export function byName<T>(what: string, methods: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(methods, name)) return methods[name]!
  throw new KinmeshError('UnknownAggregation', `there is no ${what} of this name: choose one of ${Object.keys(methods).join(', ')}`)
}
