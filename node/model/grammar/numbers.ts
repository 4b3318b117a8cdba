import { eitherSequence } from './choices.ts'
import type { GrammarText } from './grammar-text.ts'

/** Which numbers are allowed. Both bounds are finite. */
export type NumberBounds = { readonly minimum?: number | undefined; readonly maximum?: number | undefined; readonly exclusiveMinimum?: number | undefined; readonly exclusiveMaximum?: number | undefined }

/** One way to write numbers: for each place the digits from … to. */
type Digits = readonly (readonly [number, number])[]

/** All digits of a number together, so that each is another double: 10^15 is less than 2^53. */
const maxDigits = 15
/** Digits that may follow a decimal which is strictly between the bounds. */
const finerDigits = 4
/** Places after the point that a bound may have. */
const maxPlaces = 6
/** A bound that must not be reached is kept away from by this many places. */
const placesBeyondExclusive = 2

/** Whole numbers within the bounds, in the library's notation; undefined where there is none. Without a bound they have up to 15 digits. */
export function integerGrammar(grammar: GrammarText, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberBounds): string | undefined {
  const most = 10 ** maxDigits - 1
  const low = Math.max(-most, Math.ceil(minimum ?? -most), Math.floor(exclusiveMinimum ?? -Infinity) + 1)
  const high = Math.min(most, Math.floor(maximum ?? most), Math.ceil(exclusiveMaximum ?? Infinity) - 1)
  if (low === -most && high === most) return `("0" | "-"? [1-9] [0-9]{0,${maxDigits - 1}})`
  return choice(grammar, exactly(low, high, 0))
}

/** JSON's numbers, as far as a double can hold them. */
const anyNumber = `"-"? ("0" | [1-9] [0-9]{0,${maxDigits - 1}}) ("." [0-9]{1,${maxDigits}})? ([eE] [+-]? [0-9]{1,2})?`

/**
 * Decimals within the bounds, without exponents; undefined where none can be written. Not every double between them: some next to an exclusive bound are left out.
 *
 * @throws RangeError a bound has too many digits
 */
export function decimalGrammar(grammar: GrammarText, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberBounds): string | undefined {
  const given = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter(bound => bound !== undefined)
  if (given.length === 0) return `(${anyNumber})`
  const isExclusive = exclusiveMinimum !== undefined || exclusiveMaximum !== undefined
  const places = Math.max(...given.map(placesOf)) + (isExclusive ? placesBeyondExclusive : 0)
  // Everything is counted in units of the last place: whole numbers, which are exact.
  const unit = 10 ** places
  const most = 10 ** maxDigits - 1
  const units = (bound: number) => {
    const count = Math.round(bound * unit)
    if (Math.abs(count) > most) throw new RangeError(`${bound} has too many digits: ${maxDigits - places} before the point are possible`)
    return count
  }
  const low = Math.max(-most, minimum === undefined ? -most : units(minimum), exclusiveMinimum === undefined ? -most : units(exclusiveMinimum) + 1)
  const high = Math.min(most, maximum === undefined ? most : units(maximum), exclusiveMaximum === undefined ? most : units(exclusiveMaximum) - 1)
  const exact = Array.from({ length: places + 1 }, (_, fewer) => 10 ** (places - fewer)).flatMap((step, decimals) => exactly(Math.ceil(low / step), Math.floor(high / step), decimals))
  // With further digits a number is up to a unit further away from zero. One that is less than a unit below zero begins with "-0".
  const zero = low < 0 && high >= 0 ? [['"-"', ...written(Array.from({ length: places + 1 }, () => [0, 0] as const), places)]] : []
  // A bound that must not be reached is not reached by them either, as long as a double can tell.
  const isFine = (bound: number) => Math.abs(bound) < 10 ** (maxDigits - finerDigits)
  const lowest = exclusiveMinimum !== undefined && low === units(exclusiveMinimum) + 1 && isFine(low) ? low - 1 : low
  const highest = exclusiveMaximum !== undefined && high === units(exclusiveMaximum) - 1 && isFine(high) ? high + 1 : high
  const inner = [...positive(low, highest - 1, places).map(digits => written(digits, places)), ...negative(lowest + 1, high, places).map(digits => ['"-"', ...written(digits, places)]), ...zero]
  const finer = inner.map(parts => [...parts, ...(places === 0 ? ['"."'] : []), `[0-9]{1,${finerDigits}}`])
  return choice(grammar, [...exact, ...finer])
}

/** Places after the point. @throws RangeError */
function placesOf(bound: number): number {
  const text = String(bound)
  const places = /^-?\d+(?:\.(\d+))?$/.exec(text)
  const count = places?.[1]?.length ?? 0
  if (!places || count > maxPlaces) throw new RangeError(`${text} has too many digits: ${maxPlaces} after the point are possible`)
  return count
}

/** From `low` to `high` units of the last place. */
function exactly(low: number, high: number, places: number): string[][] {
  return [...positive(low, high, places).map(digits => written(digits, places)), ...negative(low, high, places).map(digits => ['"-"', ...written(digits, places)])]
}

function positive(low: number, high: number, places: number): Digits[] {
  return naturals(Math.max(0, low), high, places + 1)
}

/** Zero is written without a sign. */
function negative(low: number, high: number, places: number): Digits[] {
  return naturals(Math.max(1, -high), -low, places + 1)
}

/** `low` to `high` with so many digits at least: shorter ones get zeros in front. */
function naturals(low: number, high: number, minDigits: number): Digits[] {
  const found: Digits[] = []
  for (let count = minDigits; count <= maxDigits; count++) {
    const from = Math.max(low, count === minDigits ? 0 : 10 ** (count - 1))
    const to = Math.min(high, 10 ** count - 1)
    if (from <= to) found.push(...between(padded(from, count), padded(to, count)))
  }
  return found
}

function padded(value: number, count: number): number[] {
  return Array.from(String(value).padStart(count, '0'), Number)
}

/** Of equal length. The first digit tells most of them apart; only below its lowest and its highest value the rest is bounded. */
function between([low, ...lowRest]: readonly number[], [high, ...highRest]: readonly number[]): Digits[] {
  if (low === undefined || high === undefined) return [[]]
  if (low === high) return between(lowRest, highRest).map(rest => [[low, low], ...rest])
  const lowest = lowRest.some(digit => digit > 0) ? between(lowRest, lowRest.map(() => 9)).map((rest): Digits => [[low, low], ...rest]) : []
  const highest = highRest.some(digit => digit < 9) ? between(highRest.map(() => 0), highRest).map((rest): Digits => [[high, high], ...rest]) : []
  const [from, to] = [lowest.length > 0 ? low + 1 : low, highest.length > 0 ? high - 1 : high]
  const middle: Digits[] = from > to ? [] : [[[from, to], ...lowRest.map(() => [0, 9] as const)]]
  return [...lowest, ...middle, ...highest]
}

/** Character by character. */
function written(digits: Digits, places: number): string[] {
  const parts = digits.map(([from, to]) => (from === to ? `"${from}"` : `[${from}-${to}]`))
  return places === 0 ? parts : parts.toSpliced(parts.length - places, 0, '"."')
}

function choice(grammar: GrammarText, ways: readonly string[][]): string | undefined {
  return ways.length === 0 ? undefined : eitherSequence(grammar, ways)
}
