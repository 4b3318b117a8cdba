/**
 * Every error a person may see. `code` is stable and for programs; `message` is one line that names what to do.
 * `name` equals `code`, so a log line and a stack trace say which error it was.
 */
export class KinmeshError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = code
  }
}

/** True when `error` is a KinmeshError with one of `codes` (any code when none is given). */
export function isKinmeshError(error: unknown, ...codes: string[]): error is KinmeshError {
  return error instanceof KinmeshError && (codes.length === 0 || codes.includes(error.code))
}
