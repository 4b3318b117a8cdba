import { join } from 'node:path'
import type { Context } from '../bench.ts'
import type { Started } from '../device/calls.ts'
import { freePorts } from './ports.ts'
import type { Spares, Victim } from './spares.ts'

/** A device, the process it runs in now, and where its home is. */
export type Housemate = { readonly name: string; readonly home: string; readonly port: number; process: Victim; started: Started }

/** Two devices of one mesh, and at times a third. Each keeps its home and its ports, and changes its process. */
export class Household {
  readonly #context: Context
  readonly #spares: Spares
  readonly #dir: string
  readonly one: Housemate
  readonly two: Housemate
  newcomer: Housemate | undefined
  #newcomers = 0

  private constructor(context: Context, spares: Spares, dir: string, one: Housemate, two: Housemate) {
    this.#context = context
    this.#spares = spares
    this.#dir = dir
    this.one = one
    this.two = two
  }

  static async found(context: Context, spares: Spares, label: string): Promise<Household> {
    const dir = join(context.dir, label)
    const one = await begin(spares, dir, 'one')
    const two = await begin(spares, dir, 'two')
    const house = new Household(context, spares, dir, one, two)
    await house.join(two)
    await house.inSync()
    return house
  }

  /** Those that belong to the mesh, as far as the bench knows. */
  get all(): Housemate[] {
    return this.newcomer ? [this.one, this.two, this.newcomer] : [this.one, this.two]
  }

  get context(): Context {
    return this.#context
  }

  /** A device that is in no mesh yet. */
  async welcome(): Promise<Housemate> {
    return begin(this.#spares, this.#dir, `three-${++this.#newcomers}`)
  }

  /** With a new invite of `one`. */
  async join(newcomer: Housemate): Promise<void> {
    await newcomer.process.call('join', await this.one.process.call('invite'))
  }

  /** Starts the device again, in another process. */
  async revive(mate: Housemate): Promise<void> {
    mate.process = this.#spares.take()
    mate.started = await mate.process.call('start', { home: mate.home, name: mate.name, port: mate.port })
  }

  /** A process that begins to start the device. */
  startAgain(mate: Housemate): { process: Victim; started: Promise<unknown> } {
    const process = this.#spares.take()
    return { process, started: process.call('start', { home: mate.home, name: mate.name, port: mate.port }).catch(() => undefined) } // it does not live to answer
  }

  async inSync(): Promise<void> {
    await Promise.all(this.all.map(mate => mate.process.call('reached', { count: 0, peers: this.all.length - 1 })))
  }

  /** Takes the third device out of the mesh and ends it. */
  async dismiss(): Promise<void> {
    const { newcomer } = this
    if (!newcomer) return
    const members = await this.one.process.call('members')
    if (members.includes(newcomer.started.id)) await this.one.process.call('removeDevice', newcomer.started.id)
    this.newcomer = undefined
    await newcomer.process.stop()
    await this.inSync()
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map(mate => mate.process.stop()))
  }
}

async function begin(spares: Spares, dir: string, name: string): Promise<Housemate> {
  const [process, port, home] = [spares.take(), await freePorts(), join(dir, name)]
  return { name, home, port, process, started: await process.call('start', { home, name, port }) }
}
