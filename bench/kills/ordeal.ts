import { setTimeout as wait } from 'node:timers/promises'
import { join } from 'node:path'
import type { Context } from '../bench.ts'
import type { Ack } from '../device/calls.ts'
import { DeviceProcess } from '../device/process.ts'
import { inSync, launch, startMesh, stopAll, type Running } from '../device/small-mesh.ts'
import { isWhole, random } from '../random.ts'
import { damagedFiles } from './files.ts'

/** Writers on each device, and what each waits on average between two memories, in ms: a hundred memories a second and more. */
const concurrency = 4
const pauseMs = 12
/** A device is killed at most this long after both began to write, in ms … */
const maxWrittenMs = 600
/** … and once more at most this long after it began to start again: starting takes about a second. */
const maxStartingMs = 1500

export type Draw = { victim: 0 | 1; writtenMs: number; again: number | undefined }

/** Two paired devices in processes of their own, and what they said was on disk. */
export class Ordeal {
  kills = 0
  lost = 0
  torn = 0
  damaged = 0
  readonly faults = new Set<string>()
  readonly #context: Context
  readonly #random: () => number
  readonly #acknowledged: Map<string, string>
  readonly #onAck: (ack: Ack['ack']) => void
  #devices: Running[]
  #rounds = 0

  private constructor(context: Context, seed: number, devices: Running[], acknowledged: Map<string, string>, onAck: (ack: Ack['ack']) => void) {
    this.#context = context
    this.#random = random(seed)
    this.#devices = devices
    this.#acknowledged = acknowledged
    this.#onAck = onAck
  }

  static async start(context: Context, seed: number): Promise<Ordeal> {
    const acknowledged = new Map<string, string>()
    const onAck = ({ id, text }: Ack['ack']) => void acknowledged.set(id, text)
    return new Ordeal(context, seed, await startMesh(context, ['one', 'two'], { onAck }), acknowledged, onAck)
  }

  get acknowledged(): number {
    return this.#acknowledged.size
  }

  /** Chance decides; the same seed decides the same. */
  draw(killedTwice: number): Draw {
    const [who, when, twice, startingMs] = [this.#random(), this.#random(), this.#random(), this.#random()]
    return { victim: who < 0.5 ? 0 : 1, writtenMs: when * maxWrittenMs, again: twice < killedTwice ? startingMs * maxStartingMs : undefined }
  }

  /** Both write, one is killed and starts again while the other goes on writing; then everything acknowledged must be on both. */
  async round({ victim, writtenMs, again }: Draw): Promise<void> {
    const round = ++this.#rounds
    const write = (device: Running) => device.process.call('write', { label: `${device.name} ${round}`, seed: Math.floor(this.#random() * 2 ** 31), concurrency, pauseMs })
    for (const device of this.#devices) await write(device)
    await wait(writtenMs)

    const killed = this.#at(victim)
    const survivor = this.#at(victim === 0 ? 1 : 0)
    await killed.process.kill()
    this.kills++
    await this.#examineFiles(killed.home)
    if (again !== undefined) await this.#killWhileStarting(killed, again)
    const back = await launch(this.#context, killed.name, { onAck: this.#onAck })
    this.#devices[victim] = back
    await survivor.process.call('quiet')
    await inSync(this.#devices, 0)
    await this.#compare(back, survivor)
  }

  async stop(): Promise<void> {
    await stopAll(this.#devices)
  }

  async #killWhileStarting({ home, name }: Running, afterMs: number): Promise<void> {
    const starting = new DeviceProcess({ onAck: this.#onAck })
    const started = starting.call('start', { home, name }).catch(() => undefined) // it does not live to answer
    await wait(afterMs)
    await starting.kill()
    await started
    this.kills++
    await this.#examineFiles(home)
  }

  async #examineFiles(home: string): Promise<void> {
    for (const problem of damagedFiles(home, join(this.#context.dir, 'examined'))) {
      this.damaged++
      this.#context.say(`round ${this.#rounds}: ${problem}`)
    }
  }

  async #compare(...devices: readonly Running[]): Promise<void> {
    const held = await Promise.all(devices.map(device => device.process.call('items')))
    for (const [index, items] of held.entries()) {
      const { name, process } = devices[index] ?? this.#at(0)
      const texts = new Map(items.map(({ id, text }) => [id, text]))
      for (const [id, text] of this.#acknowledged) {
        const found = texts.get(id)
        if (found === undefined) this.#lose(`${name} has lost ${id}: ${text}`)
        else if (found !== text) this.#tear(`${name} shows ${id} as: ${found}`)
      }
      for (const { id, text } of items) if (!isWhole(text)) this.#tear(`${name} shows ${id} as: ${text}`)
      for (const fault of (await process.call('state')).faults) this.faults.add(`${name}: ${fault}`)
    }
    if (held[0]?.length !== held[1]?.length) this.#lose(`one device shows ${held[0]?.length} memories, the other ${held[1]?.length}`)
  }

  #lose(problem: string): void {
    this.lost++
    this.#context.say(`round ${this.#rounds}: ${problem}`)
  }

  #tear(problem: string): void {
    this.torn++
    this.#context.say(`round ${this.#rounds}: ${problem}`)
  }

  #at(index: 0 | 1): Running {
    const device = this.#devices[index]
    if (!device) throw new Error('a device is missing')
    return device
  }
}
