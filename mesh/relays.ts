import { isKinmeshError } from './errors.ts'
import type { Logger } from './log.ts'
import type { Timers } from './timers.ts'
import type { DeviceId } from './types.ts'

/** Relays at which this device can be found: one, and one more for when that is switched off. */
export const maxReservationsHeld = 2
/** After a refusal: a full relay has room again when somebody left. */
export const reserveAgainMs = 60_000
/** Relays that are asked for one device, those it named first. */
export const maxRelaysAsked = 4

type Options = {
  log: Logger
  timers: Timers
  /** Is there a connection of our own to it? */
  isDirect(peer: DeviceId): boolean
  /** Makes or renews a reservation there. */
  reserve(relay: DeviceId): Promise<void>
  /** This device can be found through other relays than before. */
  changed(): void
}

/** Which members relay, and at which of them this device can be found. */
export class Relays {
  readonly #options: Options
  /** Members that said they relay, over the connection that is open now. */
  readonly #serving = new Set<DeviceId>()
  readonly #using = new Set<DeviceId>()
  readonly #asking = new Set<DeviceId>()
  /** By device: the relay that led to it last, or did not. */
  readonly #tried = new Map<DeviceId, DeviceId>()
  readonly #refused = new Map<DeviceId, { reason: string; timer: unknown }>()

  constructor(options: Options) {
    this.#options = options
  }

  /** The device said whether it relays. True when that is news and it does. */
  told(peer: DeviceId, serves: boolean): boolean {
    const news = serves && !this.#serving.has(peer)
    if (serves) this.#serving.add(peer)
    else this.#serving.delete(peer)
    this.#settle()
    return news
  }

  /** The connection to the device ended. */
  gone(peer: DeviceId): void {
    this.#serving.delete(peer)
    this.#forgive(peer)
    this.lost(peer)
  }

  /** The reservation there ended. */
  lost(relay: DeviceId): void {
    if (this.#using.delete(relay)) this.#options.changed()
    this.#settle()
  }

  /** Where this device can be found. */
  get using(): DeviceId[] {
    return [...this.#using]
  }

  /** Relays that refused this device, and why: `RelayFull` or `RelayRefused`. */
  get refused(): { relay: DeviceId; reason: string }[] {
    return [...this.#refused].map(([relay, { reason }]) => ({ relay, reason }))
  }

  /** A relay did not lead to `peer`, or its connection ended: others come first next time, lest one that only pretends to relay stands in the way for ever. */
  failed(relay: DeviceId, peer: DeviceId): void {
    this.#tried.set(peer, relay)
  }

  /** Whom to ask for a device that named `named`: those first, then the others. */
  towards(peer: DeviceId, named: readonly DeviceId[]): DeviceId[] {
    const reached = [...this.#serving].filter(relay => relay !== peer && this.#options.isDirect(relay))
    const ordered = [...named.filter(relay => reached.includes(relay)), ...reached.filter(relay => !named.includes(relay))].slice(0, maxRelaysAsked)
    const tried = this.#tried.get(peer)
    return [...ordered.filter(relay => relay !== tried), ...ordered.filter(relay => relay === tried)]
  }

  stop(): void {
    for (const relay of this.#refused.keys()) this.#forgive(relay)
    this.#serving.clear()
    this.#tried.clear()
  }

  #settle(): void {
    for (const relay of this.#serving) {
      if (this.#using.size + this.#asking.size >= maxReservationsHeld) return
      if (this.#using.has(relay) || this.#asking.has(relay) || this.#refused.has(relay) || !this.#options.isDirect(relay)) continue
      void this.#reserve(relay)
    }
  }

  async #reserve(relay: DeviceId): Promise<void> {
    this.#asking.add(relay)
    const error: unknown = await this.#options.reserve(relay).then(() => undefined, (problem: unknown) => problem)
    this.#asking.delete(relay)
    if (!this.#serving.has(relay)) return
    if (error === undefined) {
      this.#using.add(relay)
      this.#options.log.debug('can be found through a relay', { relay })
      this.#options.changed()
    } else {
      this.#refuse(relay, error)
    }
    this.#settle()
  }

  #refuse(relay: DeviceId, error: unknown): void {
    this.#options.log.info('a relay refused', { relay, error: String(error) })
    this.#forgive(relay)
    const timer = this.#options.timers.set(() => {
      this.#refused.delete(relay)
      this.#settle()
    }, reserveAgainMs)
    this.#refused.set(relay, { reason: isKinmeshError(error) ? error.code : 'RelayRefused', timer })
  }

  #forgive(relay: DeviceId): void {
    this.#options.timers.clear(this.#refused.get(relay)?.timer)
    this.#refused.delete(relay)
  }
}
