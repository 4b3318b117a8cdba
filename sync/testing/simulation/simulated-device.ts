import { cardNamed } from '../../../mesh/membership.fixtures.ts'
import { isKinmeshError } from '../../../mesh/errors.ts'
import type { DeviceCard, Identity } from '../../../mesh/types.ts'
import type { LocalSpace } from '../../space.ts'
import { wasRemoved } from '../../own-spaces.ts'
import { openSync } from '../../sync.ts'
import type { Sync } from '../../types.ts'
import type { VirtualDisk } from './virtual-disk.ts'
import type { VirtualNet, VirtualNode } from './virtual-net.ts'
import { Life } from './virtual-time.ts'

/** What a device may say at level `error`: the fault that was done to it. */
const explained = /StoreFailed|Recovering|NoSpaceKey|DeviceStopped|ChannelClosed/

export type DeviceHost = {
  readonly net: VirtualNet
  readonly pace: { readonly checkpointEvery: number; readonly housekeepingMs: number }
  /** Unix ms of the whole world. */
  worldClock(): number
  /** The device may show something else. */
  changed(device: SimulatedDevice): void
  /** For a device that was removed. */
  newIdentity(device: SimulatedDevice): Identity
  wrong(what: string): void
}

/** A device in a simulation: one identity, one disk, one run at a time. */
export class SimulatedDevice {
  readonly name: string
  readonly disk: VirtualDisk
  identity: Identity
  /** Its clock minus the world's, ms. */
  clockMs = 0
  backup: { history: ReturnType<VirtualDisk['copy']>; identity: Identity } | undefined
  /** It was restored or cloned: its log may have forked, and others may have frozen it. */
  mayFork = false
  /** Items of its view that were damaged on its disk. */
  readonly rotten = new Set<string>()
  /** The id of its last run: what is on its disk is of that one, until it has started under a new one. */
  ranAs: string | undefined
  life: Life
  node: VirtualNode | undefined
  sync: Sync | undefined
  readonly logged: string[] = []
  readonly #host: DeviceHost

  constructor(name: string, identity: Identity, disk: VirtualDisk, host: DeviceHost) {
    this.name = name
    this.identity = identity
    this.disk = disk
    this.#host = host
    this.life = new Life(host.net.time)
    this.life.end()
  }

  get id(): string {
    return this.identity.id
  }

  get card(): DeviceCard {
    return cardNamed(this.name, this.identity)
  }

  /** It runs, and its spaces are open. */
  get ready(): boolean {
    return this.life.alive && this.sync !== undefined
  }

  get personal(): LocalSpace {
    if (!this.sync) throw new Error(`${this.name} does not run`)
    return this.sync.space('personal') as LocalSpace
  }

  start(): void {
    if (this.life.alive) return
    const life = new Life(this.#host.net.time)
    this.life = life
    this.#open(life).catch((error: unknown) => {
      // A device that cannot open its disk ends, as `kinmesh up` does.
      if (!isKinmeshError(error, 'StoreFailed')) this.#host.wrong(`${this.name} did not start: ${String(error)}`)
      if (this.life === life) this.#end()
    })
  }

  /** The process dies; `kept` of what was under way to the disk is there when it comes back. */
  crash(kept: number): void {
    if (!this.life.alive) return
    this.#end()
    this.disk.crash(kept)
  }

  /** Ends in good order. */
  async stop(): Promise<void> {
    const { life, sync } = this
    if (!sync) return this.crash(1)
    await sync.stop()
    if (this.life === life && life.alive) {
      this.#end()
      this.disk.crash(1)
    }
  }

  #end(): void {
    this.life.end()
    this.sync = undefined
    if (this.node) this.#host.net.remove(this.node)
    this.node = undefined
  }

  async #open(life: Life): Promise<void> {
    const note = (level: string) => (message: string, fields?: object) => {
      const line = `${Math.round(this.#host.net.time.now)} ${this.name} ${level} ${message} ${JSON.stringify(fields ?? {})}`
      this.logged.push(line)
      if (level === 'error' && !explained.test(line)) this.#host.wrong(line)
    }
    const store = this.disk.open(life)
    // As node/device.ts does.
    if (await wasRemoved(store, this.identity)) Object.assign(this, { identity: this.#host.newIdentity(this), backup: undefined })
    if (!life.alive) return
    const node = this.#host.net.node(this.id, life)
    this.node = node
    const sync = await openSync({
      identity: this.identity,
      card: { name: this.name, place: 'test' },
      store,
      mesh: node,
      log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
      clock: () => this.#host.worldClock() + this.clockMs,
      timers: life,
      pace: this.#host.pace
    })
    if (!life.alive) return
    this.sync = sync
    this.ranAs = this.id
    sync.onMembers(members => node.setMembers(members))
    sync.onPeers(() => this.#host.changed(this))
  }
}
