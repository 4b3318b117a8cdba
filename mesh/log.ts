/** Structured fields of a log line. Never the words of a memory or of a conversation. */
export type LogFields = Record<string, string | number | boolean | undefined>

/** The logger is injected, so that tests read what was logged and the CLI decides where it goes (stderr). */
export type Logger = {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** For callers that want no log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
