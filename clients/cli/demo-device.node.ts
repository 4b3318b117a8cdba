import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { KinmeshError } from '../../mesh/errors.ts'
import { whenAborted } from '../../node/feed.ts'
import type { ShownPeer } from '../../node/status.ts'
import { connectTo, type Client } from './client.node.ts'

type Space = { name: string; memories: number; digest: string }
type StateEvent = { event: 'space'; space: Space } | { event: 'peers'; peers: ShownPeer[] }

/** How long anything of the demo may take before it counts as failed, in ms. */
const patienceMs = 60_000

/** The command line of this very program, as another process. */
export function spawnSelf(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs a command to its end and returns its JSON document. */
export async function command<T>(args: readonly string[]): Promise<T> {
  const child = spawnSelf([...args, '--json'])
  const output = collect(child.stdout)
  const errors = collect(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new KinmeshError('DemoFailed', `kinmesh ${args[0]} failed: ${errors().trim().split('\n').at(-1) ?? `exit ${code}`}`)
  return JSON.parse(output()) as T
}

/** A device in its own process, and its state as it tells it. */
export class DemoDevice {
  readonly name: string
  readonly home: string
  readonly client: Client
  readonly #process: ChildProcess
  readonly #leave = new AbortController()
  readonly #spaces = new Map<string, Space>()
  #peers: ShownPeer[] = []
  #changed = Promise.withResolvers<void>()

  private constructor(name: string, home: string, api: string, process: ChildProcess) {
    this.name = name
    this.home = home
    this.client = connectTo(home, api)
    this.#process = process
    void this.#follow()
  }

  /** Resolves when the device said that it is ready. */
  static async start(name: string, home: string): Promise<DemoDevice> {
    const child = spawnSelf(['up', '--json', '--quiet', '--home', home, '--name', name, '--port', '0', '--host', '127.0.0.1', '--no-mdns'])
    const errors = collect(child.stderr)
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])])) as [string?]
    if (line === undefined) throw new KinmeshError('DemoFailed', `${name} did not start: ${errors().trim().split('\n').at(-1)}`)
    const { api } = JSON.parse(line) as { api: string }
    return new DemoDevice(name, home, api, child)
  }

  /** The state, as it was told last. */
  get peers(): readonly ShownPeer[] {
    return this.#peers
  }

  get personal(): Space | undefined {
    return this.#spaces.get('personal')
  }

  /** Resolves at the next change of the state. */
  get changed(): Promise<void> {
    return this.#changed.promise
  }

  /** Ends the process as a power cut would, or asks it to end. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#leave.abort()
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.kill(signal)
    await exit
  }

  async #follow(): Promise<void> {
    try {
      for await (const event of this.client.stream<StateEvent>('GET', '/api/events', { signal: this.#leave.signal })) {
        if (event.event === 'space') this.#spaces.set(event.space.name, event.space)
        else this.#peers = event.peers
        this.#changed.resolve()
        this.#changed = Promise.withResolvers()
      }
    } catch {
      // The device was stopped, on purpose or not; whoever waits for it hears of it from `until`.
    }
  }
}

/** Resolves when the devices are as `wanted` says, looking whenever one of them tells a change. @throws `DemoFailed` when that takes too long */
export async function until(what: string, devices: readonly DemoDevice[], wanted: () => boolean): Promise<void> {
  const tooLong = AbortSignal.timeout(patienceMs)
  const giveUp = whenAborted(tooLong)
  while (!wanted()) {
    if (tooLong.aborted) throw new KinmeshError('DemoFailed', `${devices.map(device => device.name).join(', ')} did not ${what} within ${patienceMs / 1000} s`)
    await Promise.race([giveUp, ...devices.map(device => device.changed)])
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
