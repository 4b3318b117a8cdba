import { KinmeshError } from '../../../mesh/errors.ts'

/** Stop strings of one generation; OpenAI's API allows four. */
export const maxStops = 16
/** Longest stop string, in characters: as much as may be held back while somebody waits. */
export const maxStopChars = 256

export interface StopFilter {
  /** The text that certainly precedes every stop string. Nothing more once one was found. */
  push(text: string): string
  /** What was held back and turned out to be ordinary text. */
  end(): string
  /** The stop string that was found. */
  readonly found: string | undefined
}

/**
 * Cuts a text that comes in pieces before the first stop string. The first is the one that is complete first, and of those that end at the same place the
 * longest: the same wherever the pieces are cut.
 *
 * @throws KinmeshError `InvalidOption`
 */
export function createStopFilter(stops: readonly string[]): StopFilter {
  if (stops.length > maxStops) throw new KinmeshError('InvalidOption', `stop: at most ${maxStops} stop strings`)
  if (!stops.every(stop => stop !== '' && stop.length <= maxStopChars && stop.isWellFormed())) throw new KinmeshError('InvalidOption', `stop: each stop string is a text of 1 to ${maxStopChars} characters`)
  let held = ''
  let found: string | undefined
  return {
    push(text) {
      if (found !== undefined) return ''
      const whole = held + text
      const first = firstOf(whole, stops)
      if (first) {
        found = first.stop
        held = ''
        return whole.slice(0, first.at)
      }
      const kept = Math.max(0, ...stops.map(stop => overlap(whole, stop)))
      held = whole.slice(whole.length - kept)
      return whole.slice(0, whole.length - kept)
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
    get found() {
      return found
    }
  }
}

function firstOf(text: string, stops: readonly string[]): { stop: string; at: number } | undefined {
  let first: { stop: string; at: number } | undefined
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at < 0) continue
    const [end, firstEnd] = [at + stop.length, first ? first.at + first.stop.length : Infinity]
    if (end < firstEnd || (end === firstEnd && stop.length > (first?.stop.length ?? 0))) first = { stop, at }
  }
  return first
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length
  return 0
}
