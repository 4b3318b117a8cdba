import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import { clip } from './show.ts'

export type Style = Parameters<typeof styleText>[0]

/** How a command talks: one JSON document, or lines for people; the log goes to stderr in both. */
export type Io = {
  readonly json: boolean
  /** Both ends are a terminal, so that a question can be asked. */
  readonly interactive: boolean
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** A line for people; nothing with --json. */
  say(line?: string): void
  /** A line about progress, to stderr when stdout is for a document. */
  note(line: string): void
  /** A line on the terminal that the next one takes the place of; nothing takes it away. Never in a pipe, so that logs hold no traces of it. */
  progress(line?: string): void
  /** The one document of --json; nothing without it. */
  document(value: unknown): void
  /** Colours where a terminal shows them and NO_COLOR does not forbid it. */
  style(style: Style, text: string): string
  confirm(question: string): Promise<boolean>
  /** Columns of the terminal; unbounded in a pipe. */
  readonly width: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** How long a command may take to stop, in ms: more than mesh/ and sync/ give themselves. */
const stopMs = 10_000
/** Of a terminal that does not say how wide it is. */
const unknownColumns = 80
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const levelStyles: Record<LogLevel, Style> = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red' }

export function createIo({ json, level }: { json: boolean; level: LogLevel }): Io {
  const abort = new AbortController()
  const onSignal = () => {
    // A second Ctrl-C means now.
    if (abort.signal.aborted) process.exit(1)
    abort.abort(new KinmeshError('Interrupted', 'interrupted'))
    // Whatever hangs must not outlive the wish to stop: what was acknowledged is on disk anyway.
    setTimeout(() => process.exit(1), stopMs).unref()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    json,
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    signal: abort.signal,
    log: stderrLogger(level),
    say(line = '') {
      if (!json) process.stdout.write(`${line}\n`)
    },
    note: line => void (json ? process.stderr : process.stdout).write(`${line}\n`),
    progress(line = '') {
      if (process.stderr.isTTY && level !== 'error') process.stderr.write(`\r\u001b[2K${clip(line, (process.stderr.columns || unknownColumns) - 1)}`)
    },
    document(value) {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
    },
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    async confirm(question) {
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        for (;;) {
          const answer = (await lines.question(`${question} [y/N] `, { signal: abort.signal })).trim()
          if (/^y(es)?$/i.test(answer)) return true
          if (/^(no?)?$/i.test(answer)) return false
        }
      } finally {
        lines.close()
      }
    },
    width: process.stdout.isTTY ? process.stdout.columns : Infinity
  }
}

function stderrLogger(least: LogLevel): Logger {
  const write = (level: LogLevel): Logger['info'] => {
    if (levels.indexOf(level) < levels.indexOf(least)) return () => {}
    return (message, fields = {}) => {
      const time = new Date().toISOString().slice(11, 23)
      const values = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`]))
      process.stderr.write(`${styleText('dim', time, { stream: process.stderr })} ${styleText(levelStyles[level], level, { stream: process.stderr })} ${[message, ...values].join(' ')}\n`)
    }
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** All of stdin as text. @throws `InvalidText` unless it is UTF-8, `TextTooLong` past `maxBytes` */
export async function readStdin(maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new KinmeshError('TextTooLong', `stdin has more than ${maxBytes} bytes: say it shorter, or in several pieces`)
    chunks.push(chunk)
  }
  return decodeUtf8(Buffer.concat(chunks))
}

/** @throws `InvalidText` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new KinmeshError('InvalidText', 'the text on stdin is not valid UTF-8: convert it first, for example with iconv', { cause })
  }
}
