import { join } from 'node:path'
import { clip } from '../../federated/privacy/clip.ts'
import { MemoryNet } from '../../federated/round/net.fixtures.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { silentLogger } from '../../mesh/log.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import { realTimers, type Timers } from '../../mesh/timers.ts'
import type { Identity } from '../../mesh/types.ts'
import { lastAdoption, type Adoption } from './adopted.ts'
import { openConsents } from './consents.node.ts'
import { defaultEligibility, type EligibilitySettings } from './eligibility.ts'
import type { AdapterShelf, FederatedParts } from './federated-parts.ts'
import { Federated } from './federated.ts'
import { openLedgers } from './ledgers.node.ts'
import type { LocalWork } from './local-work.ts'
import { openRoundStore } from './round-store.node.ts'
import { taskOf } from './federated.fixtures.ts'
import { type Task, termsHash } from './task.ts'
import { baseOf } from './task-states.ts'
import { openTaskStates } from './task-states.node.ts'
import { openUploadLog } from './upload-log.node.ts'

/** Timers of devices under test run so many times as fast. */
const faster = 20
const timers: Timers = { set: (act, ms) => realTimers.set(act, ms / faster), clear: handle => realTimers.clear(handle) }
const begin = performance.now()

export const parameters = 64
/** For tests: a task of these devices, small enough to be looked at number by number. */
export const smallTask = (other: Partial<Record<keyof Task, unknown>> = {}): Task => taskOf({ parameters, rounds: 2, examples: { least: 1, most: 100 }, clipNorm: 10, ...other })

/** For tests: one device with all there is of learning together but the training, over a mesh in memory. */
export class LearningDevice {
  readonly identity: Identity
  readonly net: MemoryNet
  readonly dir: string
  /** What its training would give, and from how many examples. */
  delta: Float32Array
  examples = 10
  /** Loss of what it holds back through an adapter, by its name; null: the model as it is. */
  lossOf: (adapter: string | null) => number = adapter => (adapter === null ? 2 : 1)
  labels = 500
  /** Resolves before it has trained. */
  trains: Promise<void> = Promise.resolve()
  /** Resolves before it knows whether it may take part. */
  looks: Promise<void> = Promise.resolve()
  /** Resolves before a loss is told. */
  measures: Promise<void> = Promise.resolve()
  settings: EligibilitySettings = { ...defaultEligibility, idleMinutes: 0, onBattery: true, onMetered: true }
  saidAt = 0
  model = '5'.repeat(64)
  /** Adapters whose loss was asked for. */
  readonly measured: string[] = []
  readonly history: Adoption[] = []
  inUse: string | null = null
  /** Devices of the same person, itself left out. */
  own: readonly string[] = []
  /** Added to the time, ms. */
  later = 0
  parts!: FederatedParts
  federated!: Federated

  constructor(net: MemoryNet, name: string, dir: string, delta: number) {
    this.net = net
    this.identity = identityNamed(name)
    this.dir = join(dir, name)
    this.delta = new Float32Array(parameters).fill(delta)
  }

  get id(): string {
    return this.identity.id
  }

  get height(): number {
    return this.federated.tasks()[0]?.own?.state.height ?? -1
  }

  get base(): string {
    const own = this.federated.tasks()[0]?.own
    return own ? baseOf(own.task, own.state.flat) : ''
  }

  async start(): Promise<void> {
    const clock = () => Math.floor(1e9 + (performance.now() - begin) * faster) + this.later
    const [consents, states, ledgers, uploads, rounds] = await Promise.all([openConsents(this.dir, clock), openTaskStates(this.dir), openLedgers(this.dir, this.id), openUploadLog(join(this.dir, 'uploads.log')), openRoundStore(this.dir)])
    this.parts = {
      mesh: this.net.join(this.identity), devices: () => this.own, consents, states, ledgers, uploads, rounds, clock, timers, log: silentLogger, goesOn: true,
      settings: () => this.settings, allow: async () => undefined, saidAt: () => this.saidAt, power: () => this.looks.then(() => 'unknown' as const), network: async () => 'unknown', adapterChanged: () => undefined,
      model: async () => ({ id: this.model, name: 'starter', dir: '' }), work: () => this.#work(), adapters: this.#shelf(clock)
    }
    this.federated = await Federated.open(this.parts)
  }

  /** As a process ends. */
  async stop(): Promise<void> {
    this.net.leave(this.id)
    await this.federated.stop()
  }

  async join(task: Task): Promise<void> {
    await this.federated.join(task, termsHash(task))
  }

  #work(): LocalWork {
    return {
      count: async () => ({ training: this.examples, heldOut: 1 }),
      parameters: async () => parameters,
      update: async ({ clipNorm }) => {
        await this.trains
        return { delta: clip(this.delta, clipNorm), examples: this.examples }
      },
      keep: async (task, flat) => baseOf(task, flat),
      losses: async adapters => {
        await this.measures
        if (this.labels === 0) throw new KinmeshError('NoTrainingData', 'nothing is held back')
        return adapters.map(adapter => {
          if (adapter !== null) this.measured.push(adapter)
          return { loss: this.lossOf(adapter), labels: this.labels, examples: 5 }
        })
      }
    }
  }

  #shelf(clock: () => number): AdapterShelf {
    const change = (entry: Omit<Adoption, 'at' | 'done' | 'before'>) => {
      const written = { ...entry, at: clock(), done: true, before: this.inUse }
      this.inUse = entry.after
      this.history.push(written)
      return written
    }
    return {
      inUse: async () => this.inUse,
      adopt: async (name, { id }, { task, round }) => change({ action: 'adopted', task, round, model: id, after: name }),
      undo: async (model, action = 'undone') => {
        const last = lastAdoption(this.history, model, this.inUse === null ? undefined : { name: this.inUse, model })
        if (!last) throw new KinmeshError('NothingToUndo', 'nothing was adopted')
        return change({ action, task: last.task, round: last.round, model, after: last.before })
      },
      drop: async () => undefined,
      forget: async () => 0,
      history: async () => this.history
    }
  }
}

/** For tests: devices of one person. */
export async function household(dir: string, deltas: readonly number[]): Promise<LearningDevice[]> {
  const net = new MemoryNet()
  const devices = deltas.map((delta, at) => new LearningDevice(net, `learner ${at}`, dir, delta))
  for (const device of devices) device.own = devices.flatMap(({ id }) => (id === device.id ? [] : [id]))
  for (const device of devices) await device.start()
  return devices
}

/** Resolves once a condition holds; looked at whenever something changed on one of the devices. */
export async function until(devices: readonly LearningDevice[], what: string, condition: () => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error(`waited in vain until ${what}: ${JSON.stringify(devices.map(({ federated }) => federated.tasks().map(({ task }) => federated.rounds(task.id))))}`)), 60_000)
  const look = () => {
    if (condition()) resolve()
  }
  const stops = devices.map(({ federated }) => federated.onChange(look))
  try {
    look()
    await promise
  } finally {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
