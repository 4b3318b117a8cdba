import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../bench.ts'
import type { Ack, Usage } from '../device/calls.ts'
import { now } from '../device/clock.ts'
import { inSync, launch, startMesh, stopAll, type LaunchOptions, type Running } from '../device/small-mesh.ts'
import { random } from '../random.ts'

export type SoakOptions = { readonly devices: number; readonly live: number; readonly everyMs: number; readonly sampleMs: number; readonly seed: number; readonly samplesFile: string | undefined }

/** What one device held at one moment. `at`: hours since the beginning. */
export type Sample = Usage & { readonly at: number; readonly device: string; readonly connected: number }

/** After every so many samples the last device starts again; after others a device loses its connections. */
const restartEvery = 5
const cutEvery = 2
const cutMs = 2000
/** After the last write so much is enough for every device to show everything, even on a machine with much else to do. */
const settleMs = 60_000
/** While it warms up there is this much more use: functions are compiled once they were called often, and that code is on the heap. */
const warmUpHaste = 4

/** Devices that edit, replace, read, lose their connections and start again, and what they hold meanwhile. */
export class LongRun {
  readonly samples: Sample[] = []
  readonly faults = new Set<string>()
  restarts = 0
  cuts = 0
  acknowledged = 0
  lost = 0
  readonly #context: Context
  readonly #options: SoakOptions
  readonly #launch: LaunchOptions
  readonly #next: () => number
  /** What was acknowledged last of each memory; empty: its removal. */
  readonly #texts = new Map<string, string>()
  readonly #beganAt = now()
  #devices: Running[] = []
  #warm = false

  constructor(context: Context, options: SoakOptions) {
    this.#context = context
    this.#options = options
    this.#next = random(options.seed)
    this.#launch = { nodeOptions: ['--expose-gc'], onAck: ack => this.#heard(ack) }
  }

  async start(): Promise<void> {
    this.#devices = await startMesh(this.#context, Array.from({ length: this.#options.devices }, (_, n) => `device-${n + 1}`), this.#launch)
    for (const device of this.#devices) await this.#churn(device)
  }

  /** From now on at the pace that was asked for. */
  async warmedUp(): Promise<void> {
    this.#warm = true
    for (const device of this.#devices) {
      await device.process.call('quiet')
      await this.#churn(device)
    }
  }

  async stop(): Promise<void> {
    await stopAll(this.#devices)
  }

  /** One interval: use, a look at every device, and then something that happens to one of them. */
  async interval(n: number): Promise<void> {
    await wait(this.#options.sampleMs)
    for (const device of this.#devices) await this.#sample(device)
    if (n % restartEvery === 0) await this.#restart()
    else if (n % cutEvery === 0) await this.#cut()
  }

  /** The last sample of each device. */
  latest(): Sample[] {
    return this.samples.slice(-this.#options.devices)
  }

  /** The one device that does not run from the beginning to the end. */
  get restarted(): string {
    return this.#devices.at(-1)?.name ?? ''
  }

  /** Lets the devices come to rest, and compares what each shows with what was acknowledged. */
  async compare(): Promise<void> {
    for (const { process } of this.#devices) await process.call('quiet')
    const live = [...this.#texts].filter(([, text]) => text !== '')
    // What was lost never comes; it is told below.
    await Promise.race([inSync(this.#devices, live.length), wait(settleMs, undefined, { ref: false })])
    for (const { name, process } of this.#devices) {
      const items = new Map((await process.call('items')).map(({ id, text }) => [id, text]))
      for (const [id, text] of live) if (items.get(id) !== text) this.#lose(`${name} shows ${id} as "${items.get(id) ?? ''}", not as "${text}"`)
      for (const id of items.keys()) if (!this.#texts.get(id)) this.#lose(`${name} shows ${id}, which was removed`)
      for (const fault of (await process.call('state')).faults) this.faults.add(`${name}: ${fault}`)
    }
  }

  async #sample({ name, process }: Running): Promise<void> {
    const { connected } = await process.call('state')
    const sample = { at: (now() - this.#beganAt) / 3_600_000, device: name, connected: connected.length, ...(await process.call('usage')) }
    this.samples.push(sample)
    if (this.#options.samplesFile !== undefined) appendFileSync(this.#options.samplesFile, `${JSON.stringify(sample)}\n`)
  }

  async #restart(): Promise<void> {
    const last = this.#devices.at(-1)
    if (!last) return
    await last.process.stop()
    const back = await launch(this.#context, last.name, this.#launch, last.home)
    this.#devices[this.#devices.length - 1] = back
    await this.#churn(back)
    this.restarts++
  }

  async #cut(): Promise<void> {
    await this.#devices[Math.floor(this.#next() * this.#devices.length)]?.process.call('cut', { forMs: cutMs })
    this.cuts++
  }

  #churn({ process }: Running): Promise<void> {
    const { live, everyMs } = this.#options
    return process.call('churn', { live, everyMs: this.#warm ? everyMs : everyMs / warmUpHaste, seed: Math.floor(this.#next() * 2 ** 31) })
  }

  #heard({ id, text }: Ack['ack']): void {
    this.acknowledged++
    this.#texts.set(id, text)
  }

  #lose(problem: string): void {
    this.lost++
    this.#context.say(problem)
  }
}
