import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { eventsFd, type TestEvent } from './events.ts'

export function tell(event: TestEvent): void {
  writeSync(eventsFd, JSON.stringify(event) + '\n')
}

/** Tests registered by suites whose `run()` was not called since; what is left after the import was forgotten. */
export const unrun = new Set<string>()

export function explain(thrown: unknown): string {
  return thrown instanceof Error ? inspect(thrown) : `threw ${inspect(thrown)}, which is not an Error`
}
