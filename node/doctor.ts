/** One thing that was looked at. */
export type Check = {
  readonly name: string
  readonly result: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly text: string
  /** What to do about it. */
  readonly fix?: string
}

export function ok(name: string, text: string): Check {
  return { name, result: 'ok', text }
}

export function warn(name: string, text: string, fix: string): Check {
  return { name, result: 'warn', text, fix }
}

export function fail(name: string, text: string, fix: string): Check {
  return { name, result: 'fail', text, fix }
}
