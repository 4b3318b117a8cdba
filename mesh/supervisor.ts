import type { Logger } from './log.ts'
import type { Timers } from './timers.ts'
import type { DeviceId } from './types.ts'

/** First and longest wait between two dials of an absent device. It is dialled for ever: a phone sleeps for days. */
export const minBackoffMs = 1_000
export const maxBackoffMs = 60_000
/** How often the clock is looked at: while a machine sleeps its timers stand still, so that it goes on for as long as this before it notices. */
export const tickMs = 1_000
/** How often silent connections are looked for. */
export const probeEveryMs = 5_000
/** A tick that comes this late means that the machine slept. */
export const sleepMs = 10_000
/**
 * The device with the greater id waits this long before its first dial, so that two devices that find each other
 * mostly open one connection, not two.
 */
export const yieldMs = 300
/** After a sleep a device that was connected and gives no sign of life for this long is dialled anew: two round trips on a slow link, or a wait that a person hardly sees. */
export const wakePatienceMs = 500
/** Connections over which nothing came for this long are asked for a sign of life. */
export const silenceMs = 45_000
/** Longest wait between two tries to get off a relay: away from home none succeeds, and each costs a phone some battery. A new address, or a wake, tries at once. */
export const maxImproveMs = 600_000

type Options = {
  self: DeviceId
  isConnected(peer: DeviceId): boolean
  /** Is it connected through a relay only? */
  isRelayed(peer: DeviceId): boolean
  /** Nothing came from this device since `since` (Unix ms), over any connection. */
  isSilent(peer: DeviceId, since: number): boolean
  /** One attempt at all known addresses. Rejects when none of them leads to the device. */
  dial(peer: DeviceId): Promise<void>
  /** One attempt to get a direct connection to a device that is reached through a relay. */
  improve(peer: DeviceId): Promise<void>
  /** Cuts connections that give no sign of life; `since` (Unix ms) is when they were last heard of at the latest. */
  probe(since: number): void
  log: Logger
  clock: () => number
  timers: Timers
  random?: () => number
}

/** `woken`: the machine woke, and whether the connection of before still holds is not known. */
type Watch = { failures: number; dialling: boolean; again: boolean; woken: boolean; timer: unknown }

/** Keeps this device connected to every member: libp2p's own reconnection gives up after half a minute. */
export class Supervisor {
  readonly #options: Options
  readonly #watches = new Map<DeviceId, Watch>()
  #tickTimer: unknown
  #lastTick: number
  #lastProbe: number
  #stopped = false

  constructor(options: Options) {
    this.#options = options
    this.#lastTick = this.#lastProbe = options.clock()
    this.#tickTimer = options.timers.set(this.#tick, tickMs)
  }

  setMembers(members: ReadonlySet<DeviceId>): void {
    for (const [peer, watch] of this.#watches) {
      if (members.has(peer)) continue
      this.#options.timers.clear(watch.timer)
      this.#watches.delete(peer)
    }
    for (const peer of members) {
      if (peer === this.#options.self || this.#watches.has(peer)) continue
      this.#watches.set(peer, { failures: 0, dialling: false, again: false, woken: false, timer: undefined })
      this.dialNow(peer)
    }
  }

  connected(peer: DeviceId): void {
    const watch = this.#watches.get(peer)
    if (!watch) return
    watch.failures = 0
    watch.woken = false
    this.#options.timers.clear(watch.timer)
    if (this.#options.isRelayed(peer) && !watch.dialling) this.#schedule(peer, watch)
  }

  disconnected(peer: DeviceId): void {
    const watch = this.#watches.get(peer)
    if (!watch) return
    // Failures to get off a relay say nothing about reaching it again.
    watch.failures = 0
    if (watch.dialling) return
    // Nor does it, just after a sleep, that the connection of before is gone.
    if (watch.woken) this.dialNow(peer)
    else this.#schedule(peer, watch)
    watch.woken = false
  }

  /** Dials without waiting for the back-off: the device was just found, or wanted. `yields` is false where only this device knows an address of the other. */
  dialNow(peer: DeviceId, { yields = true } = {}): void {
    const watch = this.#watches.get(peer)
    if (!watch || this.#stopped) return
    // A dial under way does not know the address that was just learned.
    watch.again = watch.dialling
    if (watch.dialling || this.#isSettled(peer)) return
    this.#options.timers.clear(watch.timer)
    watch.timer = this.#options.timers.set(() => void this.#dial(peer, watch), yields && this.#options.self > peer ? yieldMs : 0)
  }

  /** A relay came: dial who is away, and leave the others alone. */
  dialAbsent(): void {
    for (const peer of this.#watches.keys()) if (!this.#options.isConnected(peer)) this.dialNow(peer)
  }

  /** Everything may have changed: dial who is away, and ask the others for a sign of life. */
  wake(): void {
    const wokenAt = (this.#lastTick = this.#options.clock())
    for (const [peer, watch] of this.#watches) {
      watch.failures = 0
      if (this.#options.isConnected(peer)) this.#doubt(peer, watch, wokenAt)
      this.dialNow(peer)
    }
    this.#options.probe(wokenAt)
  }

  stop(): void {
    this.#stopped = true
    this.#options.timers.clear(this.#tickTimer)
    for (const { timer } of this.#watches.values()) this.#options.timers.clear(timer)
    this.#watches.clear()
  }

  readonly #tick = (): void => {
    const now = this.#options.clock()
    const slept = now - this.#lastTick > tickMs + sleepMs
    this.#lastTick = now
    this.#tickTimer = this.#options.timers.set(this.#tick, tickMs)
    if (slept) {
      this.#options.log.info('the clock jumped: looking for the other devices again')
      this.wake()
    } else if (now - this.#lastProbe >= probeEveryMs || now < this.#lastProbe) {
      this.#lastProbe = now
      this.#options.probe(now - silenceMs)
    }
  }

  /** Where packets are dropped without a word, the sign of life is waited for in vain for long: a new connection takes the place of the old one at both ends. */
  #doubt(peer: DeviceId, watch: Watch, since: number): void {
    const { timers, isConnected, isSilent } = this.#options
    watch.woken = true
    timers.clear(watch.timer)
    watch.timer = timers.set(() => {
      watch.woken = false
      if (isConnected(peer) && isSilent(peer, since)) void this.#attempt(peer, watch, () => this.#options.dial(peer))
    }, wakePatienceMs)
  }

  async #dial(peer: DeviceId, watch: Watch): Promise<void> {
    if (this.#isSettled(peer)) return
    await this.#attempt(peer, watch, () => (this.#options.isConnected(peer) ? this.#options.improve(peer) : this.#options.dial(peer)))
  }

  async #attempt(peer: DeviceId, watch: Watch, way: () => Promise<void>): Promise<void> {
    watch.dialling = true
    watch.again = false
    try {
      await way()
      watch.failures = 0
    } catch (error) {
      watch.failures++
      this.#options.log.debug('device not reached', { peer, failures: watch.failures, error: String(error) })
    }
    watch.dialling = false
    if (this.#watches.get(peer) !== watch || this.#isSettled(peer)) return
    if (watch.again) this.dialNow(peer)
    else this.#schedule(peer, watch)
  }

  #isSettled(peer: DeviceId): boolean {
    return this.#options.isConnected(peer) && !this.#options.isRelayed(peer)
  }

  /** Full jitter in the upper half: devices that lost each other at the same moment do not dial in step. */
  #schedule(peer: DeviceId, watch: Watch): void {
    const { timers, random = Math.random } = this.#options
    const longest = Math.min(this.#options.isConnected(peer) ? maxImproveMs : maxBackoffMs, minBackoffMs * 2 ** watch.failures)
    timers.clear(watch.timer)
    watch.timer = timers.set(() => void this.#dial(peer, watch), longest * (0.5 + random() / 2))
  }
}
