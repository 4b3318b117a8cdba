import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Ack, Answer, Ask, Calls, Said } from './calls.ts'
import { now } from './clock.ts'

const main = new URL('main.ts', import.meta.url).pathname
/** For `ProcessOptions.program`: a device that others reach through a relay only. */
export const portless = { path: main, args: ['--portless'] } as const
const cli = new URL('../../clients/cli/main.ts', import.meta.url).pathname
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { kinmesh: string } }
/** The bounds of memory that the command sets for Node.js: a device of a bench runs under the same ones. */
export const deviceLimits: readonly string[] = scripts.kinmesh.split(' ').filter(option => option.startsWith('--max-'))

export type ProcessOptions = {
  /** Folder for a CPU profile of each process, written when it ends of itself. */
  profile?: string | undefined
  onAck?: ((ack: Ack['ack']) => void) | undefined
  /** More options of Node.js. */
  nodeOptions?: readonly string[] | undefined
  /** Those of a device, if not said otherwise: other systems run under limits of their own. */
  limits?: readonly string[] | undefined
  /** Network namespace that the process lives in. */
  netns?: string | undefined
  /** What runs in the process, which `answerCalls` serves, and its arguments; by default a device as `kinmesh up` starts it. */
  program?: { readonly path: string; readonly args: readonly string[] } | undefined
}

/** The processes of all devices that still run: none outlives the bench. */
const alive = new Set<ChildProcess>()

type Method = (...args: never[]) => Promise<unknown>

/** A device in a process of its own, or another program that answers calls. */
export class DeviceProcess<Served extends Record<keyof Served, Method> = Calls> {
  readonly spawnedAt: number
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  #calls = 0

  constructor({ profile, onAck, nodeOptions = [], limits = deviceLimits, netns, program = { path: main, args: [] } }: ProcessOptions = {}) {
    this.spawnedAt = now()
    const inPlace = netns === undefined ? [] : ['ip', 'netns', 'exec', netns]
    const [command = '', ...args] = [...inPlace, process.execPath, ...nodeArgs(profile), ...limits, ...nodeOptions, program.path, ...program.args]
    const child = (this.#child = spawn(command, args, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] }))
    alive.add(child)
    child.on('message', (said: Said) => ('ack' in said ? onAck?.(said.ack) : this.#answered(said)))
    // What was written to the pipe before the end is read before `disconnect`: no acknowledgement goes unheard.
    this.#ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(() => {
      alive.delete(child)
      for (const { reject } of this.#waiting.values()) reject(new Error('the process of the device ended'))
    })
  }

  /** Rejects with what the device rejected with, or when its process ended. */
  call<Name extends keyof Served & string>(name: Name, ...args: Parameters<Served[Name]>): ReturnType<Served[Name]> {
    return this.#ask(name, args) as ReturnType<Served[Name]>
  }

  /** Stops the device and its process. */
  async stop(): Promise<void> {
    if (this.#child.connected) {
      await this.#ask('stop', [])
      this.#child.disconnect()
    }
    await this.#ended
  }

  /** Stops the process where it stands, as when its machine falls asleep: the other side hears nothing of it. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** Ends the process as a power cut would; resolves when everything it said was heard. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Resolves when the process has ended, and everything it said was heard. */
  async ended(): Promise<void> {
    await this.#ended
  }

  #ask(call: string, args: unknown[]): Promise<unknown> {
    const ask: Ask = { call, n: ++this.#calls, args }
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask.n, { resolve, reject })
      this.#child.send(ask, error => {
        if (error) reject(error)
      })
    })
  }

  #answered({ n, result, error }: Answer): void {
    const waiting = this.#waiting.get(n)
    this.#waiting.delete(n)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  }
}

export type Up = { readonly spawnedAt: number; readonly readyAt: number; readonly api: string; readonly pid: number; stop(): Promise<void> }

/** `kinmesh up --json` as a person would start it; resolves with its ready line. */
export async function startUp(home: string, { profile }: ProcessOptions = {}): Promise<Up> {
  const spawnedAt = now()
  const child = spawn(process.execPath, [...nodeArgs(profile), ...deviceLimits, cli, 'up', '--json', '--quiet', '--home', home, '--port', '0', '--host', '127.0.0.1', '--no-mdns'], { stdio: ['ignore', 'pipe', 'inherit'] })
  alive.add(child)
  const ended = once(child, 'exit').then(() => void alive.delete(child))
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(() => [])])) as [string?]
  const readyAt = now()
  if (line === undefined) throw new Error(`kinmesh up did not start in ${home}`)
  const { api } = JSON.parse(line) as { api: string }
  return {
    spawnedAt, readyAt, api,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
    }
  }
}

/** For a bench that fails or is stopped half way. */
export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

function nodeArgs(profile: string | undefined): string[] {
  return ['-C', 'development', ...(profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile])]
}
