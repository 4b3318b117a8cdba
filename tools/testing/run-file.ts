import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { eventsFd, type TestEvent } from './events.ts'

export type FileReport = {
  readonly file: string
  readonly passed: number
  readonly failed: number
  /** What this machine lacks, when the file was skipped for it. */
  readonly missing?: string
  readonly ms: number
  /** Each failure in full, then what the process printed; empty when all is well. */
  readonly text: string
}

export type RunOptions = {
  /** For the whole file; a file that exports `deadlineMs` has its own. */
  readonly deadlineMs: number
  /** How long a process may live on after its last test. */
  readonly graceMs: number
  readonly color: boolean
}

// The process reports its own deadline and grace, with what kept it alive; past this margin it is blocked and is killed from here.
const killMarginMs = 2_000
// A process that left the group may hold the output pipes for ever: what it prints later than this belongs to no test.
const drainMs = 1_000
// Of what a failed file printed, the end is shown.
const maxOutputChars = 200_000

const root = join(import.meta.dirname, '..', '..')
const running = new Set<number>()

/** Kills what is running, with everything it started: for when the runner itself is interrupted. */
export function killAll(): void {
  for (const pid of running) killGroup(pid)
}

export async function runFile(file: string, options: RunOptions): Promise<FileReport> {
  const started = performance.now()
  const temp = mkdtempSync(join(tmpdir(), 'kinmesh-test-'))
  // A group of its own, so that a kill reaches what the tests started.
  const child = spawn(process.execPath, ['-C', 'development', join(import.meta.dirname, 'child.ts'), file, String(options.deadlineMs), String(options.graceMs)], {
    cwd: root,
    detached: true,
    env: { ...process.env, TMPDIR: temp, [options.color ? 'FORCE_COLOR' : 'NO_COLOR']: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe']
  })
  const pid = child.pid ?? 0
  running.add(pid)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-maxOutputChars)))

  const tally = new Tally(options)
  let killer: NodeJS.Timeout | undefined
  let blocked = false
  const killAfter = (ms: number) => {
    clearTimeout(killer)
    killer = setTimeout(() => {
      blocked = true
      killGroup(pid)
    }, ms + killMarginMs)
  }
  killAfter(options.deadlineMs)
  readLines(child.stdio[eventsFd] as Readable, line => {
    const event = JSON.parse(line) as TestEvent
    tally.add(event)
    if (event.event === 'loaded' && event.deadlineMs !== undefined) killAfter(event.deadlineMs)
    if (event.event === 'done') killAfter(options.graceMs)
  })

  const status = await ended(child, pid)
  clearTimeout(killer)
  running.delete(pid)
  rmSync(temp, { recursive: true, force: true, maxRetries: 3 })
  tally.end(blocked ? 'blocked' : status)
  const text = tally.failed === 0 ? '' : [...tally.texts, ...(output.trim() ? [`--- printed by ${file}\n${output.trimEnd()}`] : [])].join('\n')
  return { file, passed: tally.passed, failed: tally.failed, ...(tally.missing !== undefined && { missing: tally.missing }), ms: performance.now() - started, text }
}

/** Resolves with what ended the process, once its pipes are drained; what it left running loses them. */
function ended(child: ReturnType<typeof spawn>, pid: number): Promise<string> {
  return new Promise(resolve => {
    let status = 'killed'
    child.on('error', error => resolve(`failed to start: ${error.message}`))
    child.on('exit', (code, signal) => {
      status = signal ?? `exit code ${code}`
      killGroup(pid)
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy()
      }, drainMs).unref()
    })
    child.on('close', () => resolve(status))
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it is gone, with all that it started
  }
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}

/** Adds up the events of one file and says in words what went wrong outside of its tests. */
class Tally {
  passed = 0
  failed = 0
  missing: string | undefined
  readonly texts: string[] = []
  readonly #options: RunOptions
  #deadlineMs: number
  #current: string | undefined
  /** Of the suite that runs. */
  #ended: { test: string; error?: string }[] = []
  #stage: 'loading' | 'testing' | 'done' | 'explained' = 'loading'

  constructor(options: RunOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs
  }

  add(event: TestEvent): void {
    switch (event.event) {
      case 'loaded':
        this.#stage = 'testing'
        this.#deadlineMs = event.deadlineMs ?? this.#deadlineMs
        return
      case 'skipped':
        this.missing = event.missing
        return
      case 'start':
        this.#current = event.test
        return
      case 'end':
        this.#current = undefined
        this.#ended.push(event)
        return
      case 'suite':
        this.#ended = []
        this.passed += event.passed
        this.failed += event.failed
        if (event.errors) this.texts.push(event.errors.trimEnd())
        return
      case 'problem':
        return this.#problem(event.text)
      case 'note':
        this.texts.push(`  ${event.text}`)
        return
      case 'stuck':
        this.#problem(`not finished after ${this.#deadlineMs / 1000} s, ${this.#where()}; open: ${listed(event.open)}`)
        this.#stage = 'explained'
        return
      case 'done':
        this.#stage = 'done'
        return
      case 'open-handles':
        this.#problem(`still alive ${this.#options.graceMs / 1000} s after its last test; open: ${listed(event.open)}`)
        this.#stage = 'explained'
        return
    }
  }

  /** `status`: 'exit code N', a signal, or 'blocked' when it had to be killed. */
  end(status: string): void {
    for (const { test, error } of this.#ended) {
      if (error === undefined) this.passed++
      else this.#problem(`"${test}" failed: ${error}`)
    }
    if (this.#stage === 'explained') return
    if (status === 'blocked') this.#problem(`killed: its event loop was blocked past the deadline, ${this.#where()}`)
    else if (this.#stage === 'done' && status !== 'exit code 0') this.#problem(`${status} after its last test`)
    else if (this.#stage !== 'done' && ['exit code 0', 'exit code 13'].includes(status)) this.#problem(`ended early (${status}), ${this.#where()}: never settled, with nothing left to wait for`)
    else if (this.#stage !== 'done') this.#problem(`crashed (${status}), ${this.#where()}`)
  }

  #problem(text: string): void {
    this.failed++
    this.texts.push(`  ${text}`)
  }

  #where(): string {
    if (this.#current !== undefined) return `in test "${this.#current}"`
    return this.#stage === 'loading' ? 'while loading' : 'between tests'
  }
}

function listed(open: string[]): string {
  const counts = new Map<string, number>()
  for (const name of open) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name)).join(', ') || 'nothing that Node can name'
}
