import { KinmeshError } from '../../mesh/errors.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import { silentLogger } from '../../mesh/log.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'
import type { RoundMesh } from './links.ts'
import type { RoundManifest } from './manifest.ts'
import { MemoryNet } from './net.fixtures.ts'
import type { RoundProgress } from './progress.ts'
import { Rounds, type RoundsOptions } from './rounds.ts'
import { memoryRoundStore, type RoundStore } from './store.ts'
import type { LocalUpdate, RoundPolicy, RoundResult, Upload } from './task.ts'
import { manifestFor, names } from './world.fixtures.ts'

/** For tests: a device with real rounds over some mesh, whose updates are numbers of its own. */
export class TestDevice {
  readonly identity: Identity
  readonly store: RoundStore
  readonly results: RoundResult[] = []
  readonly uploads: Upload[] = []
  update: LocalUpdate
  /** Set: it does not take part, or gives no update, with this code. */
  declines = ''
  gives = ''
  /** Resolves before an update is given. */
  ready: Promise<void> = Promise.resolve()
  rounds!: Rounds
  progress: RoundProgress | undefined
  readonly #waiting = new Set<() => void>()

  constructor(name: string, update: LocalUpdate, store = memoryRoundStore()) {
    this.identity = identityNamed(name)
    this.update = update
    this.store = store
  }

  get id(): DeviceId {
    return this.identity.id
  }

  readonly policy: RoundPolicy = {
    answer: async () => {
      if (this.declines) throw new KinmeshError(this.declines, 'not now')
    },
    update: async () => {
      await this.ready
      if (this.gives) throw new KinmeshError(this.gives, 'not any more')
      return this.update
    },
    upload: async (_, upload) => void this.uploads.push(upload),
    result: async result => {
      this.results.push(result)
      for (const wake of this.#waiting) wake()
    }
  }

  async start(mesh: RoundMesh, options: Partial<RoundsOptions> = {}): Promise<void> {
    this.rounds = await Rounds.open(mesh, {
      store: this.store, log: silentLogger, graceMs: 50,
      changed: progress => {
        // Of the latest round: the one before may still have something to say.
        if (progress.number >= (this.progress?.number ?? 0)) this.progress = progress
        for (const wake of this.#waiting) wake()
      },
      policy: this.policy,
      ...options
    })
  }

  /** Resolves once `condition` holds; asked whenever something changed. */
  async until(what: string, condition: (progress: RoundProgress | undefined) => boolean): Promise<void> {
    while (!condition(this.progress)) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`waited in vain until ${what}: ${JSON.stringify(this.progress)}`)), 60_000)
        const wake = () => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }

  ended(number = 1): Promise<void> {
    return this.until(`round ${number} is over`, progress => progress?.number === number && (progress.done || progress.stage === 'failed' || progress.stage === 'refused'))
  }
}

/** `count` devices in the order of the cohort, in one process. */
export class TestNet {
  readonly net = new MemoryNet()
  readonly devices: TestDevice[]
  readonly manifest: RoundManifest

  constructor(count: number, values: number, change: Partial<RoundManifest> = {}) {
    this.manifest = manifestFor(count, { shapes: [{ name: 'w', shape: [values] }], maxExamples: 1000, maxAbs: 1, updateMs: 30_000, stepMs: 10_000, ...change })
    const byId = names.slice(0, count).map((name, at) => new TestDevice(name, { delta: deltaOf(values, at + 1), numExamples: 10 * (at + 1) }))
    this.devices = this.manifest.cohort.map(id => byId.find(device => device.id === id)!)
  }

  async start(): Promise<this> {
    for (const device of this.devices) await device.start(this.net.join(device.identity))
    return this
  }

  /** As a process ends: nothing more is said, stored or heard. */
  async crash(device: TestDevice): Promise<void> {
    this.net.leave(device.id)
    await device.rounds.stop()
  }

  async restart(device: TestDevice): Promise<void> {
    await device.start(this.net.join(device.identity))
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map(device => device.rounds.stop()))
  }
}

/** Values all over −1…1, others for each seed: multiples of the golden ratio. */
export function deltaOf(values: number, seed: number): Float32Array {
  return Float32Array.from({ length: values }, (_, at) => (((at + 1) * seed * 0.6180339887498949) % 1) * 2 - 1)
}

/** The obvious weighted mean, in float64. */
export function plainMean(devices: readonly TestDevice[]): Float64Array {
  const total = devices.reduce((sum, { update }) => sum + update.numExamples, 0)
  return Float64Array.from({ length: devices[0]!.update.delta.length }, (_, at) => devices.reduce((sum, { update }) => sum + (update.delta[at]! * update.numExamples) / total, 0))
}

/** Whether both have the same bits. (A test that prints how 200,000 values differ does not come to an end.) */
export function areSame(one: Float32Array, other: Float32Array): boolean {
  return one.length === other.length && one.every((value, at) => Object.is(value, other[at]))
}

export function furthest(mean: Float32Array, right: Float64Array): number {
  return mean.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0)
}
