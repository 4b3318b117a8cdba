import * as v from 'valibot'
import { KinmeshError } from '../mesh/errors.ts'

export const clockFile = 'clock.json'
export const clockSchema = v.strictObject({ lastRun: v.pipe(v.number(), v.safeInteger()) })

/** Clocks are set back by seconds all the time; a battery that died sets them back by years. In ms. */
const toleratedMs = 10 * 60_000
/** How often a running device notes the time, in ms. */
export const noteClockMs = 10 * 60_000

/** ms that `now` is behind the last run, beyond what clocks do anyway. */
export function clockBehind(lastRun: number | undefined, now: number): number {
  const behind = (lastRun ?? 0) - now
  return behind > toleratedMs ? behind : 0
}

/** Times order what was said: with a clock in the past, new memories would look older than what they correct. */
export function clockInPast(lastRun: number, now: number): KinmeshError {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
  return new KinmeshError(
    'ClockInPast',
    `the clock says ${day(now)} UTC, but kinmesh ran here at ${day(lastRun)} UTC: set the clock and start again; if it is right now, start once with kinmesh up --trust-clock`
  )
}
