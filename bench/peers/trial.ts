import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { DeviceProcess, type ProcessOptions, deviceLimits } from '../device/process.ts'
import type { HubCalls, ReplicaCalls } from './calls.ts'
import type { System } from './systems.ts'

export type ReplicaProcess = DeviceProcess<ReplicaCalls>
export type HubProcess = DeviceProcess<HubCalls>

const program = new URL('main.ts', import.meta.url).pathname

/** The processes of one system for one measurement. None of them outlives it. */
export class Trial {
  readonly system: System
  readonly #context: Context
  readonly #dir: string
  readonly #running = new Set<ReplicaProcess | HubProcess>()
  #place: string | undefined

  constructor(context: Context, system: System) {
    this.system = system
    this.#context = context
    this.#dir = context.dir
  }

  /** Where the home of a process lies. */
  home(name: string): string {
    return join(this.#dir, name)
  }

  /** Starts the server, where there is one. */
  async hub(): Promise<HubProcess | undefined> {
    if (!this.system.hasHub) return undefined
    const hub = this.spawnHub()
    this.#place = await hub.call('listen', this.home('hub'))
    return hub
  }

  spawnHub(): HubProcess {
    return this.#spawned(new DeviceProcess<HubCalls>(this.#options('hub')))
  }

  /** Starts the first device. */
  async first(options: ProcessOptions = {}): Promise<ReplicaProcess> {
    const replica = await this.replica('first', options)
    if (this.#place !== undefined) {
      await replica.call('join', this.#place)
      await replica.call('reached', { count: 0, synced: true })
    }
    return replica
  }

  /** Starts a device that has joined nobody yet. */
  async replica(name: string, options: ProcessOptions = {}): Promise<ReplicaProcess> {
    const replica = this.spawnReplica(options)
    await replica.call('start', this.home(name))
    return replica
  }

  spawnReplica(options: ProcessOptions = {}): ReplicaProcess {
    return this.#spawned(new DeviceProcess<ReplicaCalls>({ ...options, ...this.#options('replica') }))
  }

  /** A server, where there is one, and two devices in sync with each other. */
  async pair(): Promise<{ hub: HubProcess | undefined; writer: ReplicaProcess; reader: ReplicaProcess }> {
    const hub = await this.hub()
    const writer = await this.first()
    const reader = await this.replica('second')
    await reader.call('join', await writer.call('place'))
    await Promise.all([writer, reader].map(each => each.call('reached', { count: 0, synced: true })))
    return { hub, writer, reader }
  }

  async stop(process: ReplicaProcess | HubProcess): Promise<void> {
    await process.stop()
    this.#running.delete(process)
  }

  async kill(process: ReplicaProcess | HubProcess): Promise<void> {
    await process.kill()
    this.#running.delete(process)
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map(process => this.kill(process)))
  }

  #options(role: 'hub' | 'replica'): ProcessOptions {
    // automerge-repo sets timers into the past by the dozen.
    const { subject, options = {} } = this.system
    const nodeOptions = ['--disable-warning=TimeoutNegativeWarning']
    return { profile: this.#context.profile, nodeOptions, limits: subject === 'kinmesh' ? deviceLimits : [], program: { path: program, args: [subject, role, JSON.stringify(options)] } }
  }

  #spawned<Process extends ReplicaProcess | HubProcess>(process: Process): Process {
    this.#running.add(process)
    return process
  }
}
