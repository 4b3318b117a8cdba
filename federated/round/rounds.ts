import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import { type Logger, silentLogger } from '../../mesh/log.ts'
import { realTimers, type Timers } from '../../mesh/timers.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { Driver } from './driver.ts'
import { Links, type RoundMesh } from './links.ts'
import { checkManifest, type RoundManifest, roundIdOf } from './manifest.ts'
import { checkAggregation } from './mean.ts'
import type { Said } from './messages.ts'
import { Payloads } from './payloads.ts'
import { type RoundProgress, progressOf } from './progress.ts'
import { secureWork } from './secure-work.ts'
import { manifestOf, openRound, type RoundState, roundOf } from './state.ts'
import { decodeState } from './state-bytes.ts'
import { memoryRoundStore, type RoundStore } from './store.ts'
import type { RoundPolicy } from './task.ts'
import { encodeMessage, readMessage, sign } from './wire.ts'
import { plainWork } from './work.ts'

/** A device that was not connected for so long counts as gone; shorter breaks cost nobody its place. One that comes back later takes part in what is still open. */
const defaultGraceMs = 500
/** Rounds that are not over, of all tasks. */
const maxOpenRounds = 16

export type RoundsOptions = {
  readonly policy: RoundPolicy
  /** Default: in memory. */
  readonly store?: RoundStore
  readonly timers?: Timers
  readonly clock?: () => number
  readonly log?: Logger
  readonly graceMs?: number
  /** Whose proposals are looked at at all; default: everybody's whom the mesh lets in. */
  mayPropose?(device: DeviceId): boolean
  /** Called when something about a round changed. */
  changed?(progress: RoundProgress): void
}

/** The rounds of one device: those it proposes, and those it is asked to take part in. */
export class Rounds {
  readonly #mesh: RoundMesh
  readonly #options: RoundsOptions
  readonly #log: Logger
  readonly #timers: Timers
  readonly #store: RoundStore
  readonly #links: Links
  readonly #drivers = new Map<string, Driver>()
  readonly #graces = new Map<DeviceId, unknown>()
  readonly #stopPeers: () => void
  #stopped = false

  private constructor(mesh: RoundMesh, options: RoundsOptions) {
    this.#mesh = mesh
    this.#options = options
    this.#log = options.log ?? silentLogger
    this.#timers = options.timers ?? realTimers
    this.#store = options.store ?? memoryRoundStore()
    this.#links = new Links(mesh, { log: this.#log, timers: this.#timers, message: (peer, bytes) => this.#received(peer, bytes), piece: (peer, round, address) => this.#piece(peer, round, address) })
    this.#stopPeers = mesh.onPeer((peer, connected) => (connected ? this.#up(peer) : this.#missed(peer)))
  }

  /** Goes on with what was stored. What cannot be read is left where it is, and logged. */
  static async open(mesh: RoundMesh, options: RoundsOptions): Promise<Rounds> {
    const rounds = new Rounds(mesh, options)
    for (const bytes of await rounds.#store.load()) {
      try {
        const state = decodeState(bytes)
        if (state.self !== mesh.identity.id) throw new KinmeshError('RoundStateDamaged', 'this round was stored by another device')
        rounds.#run(state)
      } catch (error) {
        if (!isKinmeshError(error)) throw error
        rounds.#log.error('a round that was stored is left out', { error: error.message })
      }
    }
    return rounds
  }

  /**
   * Proposes a round to its cohort; resolves with its name once the proposal is on its way to be stored and sent.
   * @throws KinmeshError `BadManifest`, `UnknownAggregation`, `BadAggregationOption`, `RangeTooLarge`, `RoundTaken`, `RoundTooMany`, `RoundStranger`, `DeviceStopped`
   */
  async propose(manifest: RoundManifest): Promise<string> {
    checkManifest(manifest)
    checkAggregation(manifest)
    if (manifest.proposer !== this.#mesh.identity.id) throw new KinmeshError('BadManifest', 'this round names another device as its proposer')
    const round = roundIdOf(manifest)
    this.#checkFree(manifest, round)
    const proposal = (await sign(round, this.#mesh.identity, { type: 'propose', manifest })) as Said<'propose'>
    if (this.#stopped) throw new KinmeshError('DeviceStopped', 'this device stops: the round was not begun')
    if (!this.#drivers.has(round)) this.#run(openRound(this.#mesh.identity.id, proposal, this.#now()))
    return round
  }

  /** Where the rounds stand, as far as this device knows. */
  list(): RoundProgress[] {
    return [...this.#drivers.values()].map(({ state }) => progressOf(state))
  }

  /** This device takes no further part. What it has given before stays with those who have it. `code`: a word, for the others. */
  leave(round: string, code = 'Left'): void {
    this.#drivers.get(round)?.tell({ type: 'leave', code })
  }

  /** Lets go of a round that is over, and of its payloads: this device answers nobody about it any more. */
  async forget(round: string): Promise<void> {
    const driver = this.#drivers.get(round)
    this.#drivers.delete(round)
    await driver?.stop()
    await this.#store.drop(round)
  }

  /** Stops at once; the rounds are stored, and go on with the next `open`. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopPeers()
    for (const grace of this.#graces.values()) this.#timers.clear(grace)
    await Promise.all([...this.#drivers.values()].map(driver => driver.stop()))
    await this.#links.stop()
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)()
  }

  #run(state: RoundState): void {
    const round = roundOf(state)
    const manifest = manifestOf(state)
    const { identity } = this.#mesh
    const payloads = new Payloads({
      blobs: this.#store.blobs(round),
      ask: (peer, address, signal) => (peer === identity.id ? Promise.reject(new KinmeshError('PieceNotThere', 'this device has not got it itself')) : this.#links.ask(peer, round, address, signal)),
      wait: (ms, signal) => this.#wait(ms, signal)
    })
    const { policy } = this.#options
    const workHost = { manifest, identity, payloads, policy }
    const driver = new Driver({
      identity, payloads, policy, log: this.#log, timers: this.#timers, store: this.#store, work: manifest.secure ? secureWork(workHost) : plainWork(workHost), now: () => this.#now(),
      send: (peer, frame) => void this.#links.send(peer, frame), changed: changed => this.#options.changed?.(progressOf(changed))
    }, state)
    this.#drivers.set(round, driver)
    driver.start()
    for (const peer of manifest.cohort) if (peer !== identity.id && !this.#isConnected(peer)) this.#missed(peer)
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.#timers.clear(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = this.#timers.set(done, ms)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }

  #isConnected(peer: DeviceId): boolean {
    return this.#mesh.peers().some(({ id, connected }) => id === peer && connected)
  }

  #up(peer: DeviceId): void {
    this.#timers.clear(this.#graces.get(peer))
    this.#graces.delete(peer)
    for (const driver of this.#drivers.values()) if (manifestOf(driver.state).cohort.includes(peer)) driver.tell({ type: 'up', peer })
  }

  #missed(peer: DeviceId): void {
    this.#links.lost(peer)
    if (this.#graces.has(peer)) return
    this.#graces.set(peer, this.#timers.set(() => {
      this.#graces.delete(peer)
      if (!this.#isConnected(peer)) for (const driver of this.#drivers.values()) driver.tell({ type: 'down', peer })
    }, this.#options.graceMs ?? defaultGraceMs))
  }

  async #received(peer: DeviceId, bytes: Uint8Array): Promise<void> {
    const message = await readMessage(bytes)
    if (this.#stopped) return
    const isFromAuthor = message.author === peer || (message.type === 'propose' && message.manifest.cohort.includes(peer))
    if (!isFromAuthor) throw new KinmeshError('RoundNotAuthor', `${peer} sent what ${message.author} said: it was replayed`)
    const known = this.#drivers.get(message.round)
    if (known) {
      known.tell({ type: 'message', message })
      return known.room()
    }
    if (message.type === 'propose') return this.#proposed(peer, message)
    // Asked for only by who may be of a round of ours that is not stored here; others get no answer to anything.
    if (message.type !== 'unknown' && message.type !== 'leave') await this.#links.send(peer, encodeMessage(await sign(message.round, this.#mesh.identity, { type: 'unknown' })))
  }

  /** Pieces of a round are for those of its cohort, and for nobody else. */
  async #piece(peer: DeviceId, round: string, address: string): Promise<Uint8Array | undefined> {
    const driver = this.#drivers.get(round)
    return driver && manifestOf(driver.state).cohort.includes(peer) ? this.#store.blobs(round).get(address) : undefined
  }

  #proposed(peer: DeviceId, message: Said<'propose'>): void {
    const { manifest, round } = message
    try {
      if (this.#options.mayPropose && !this.#options.mayPropose(manifest.proposer)) throw new KinmeshError('RoundUnwanted', 'rounds of this device are not looked at')
      checkAggregation(manifest)
      this.#checkFree(manifest, round)
      this.#run(openRound(this.#mesh.identity.id, message, this.#now()))
    } catch (error) {
      if (!isKinmeshError(error)) throw error
      this.#log.warn('a proposed round is refused', { peer, task: manifest.task, error: error.message })
      void sign(round, this.#mesh.identity, { type: 'leave', code: error.code }).then(refusal => this.#links.send(peer, encodeMessage(refusal)))
    }
  }

  /** One round of a task has one manifest here, whoever proposes another. @throws KinmeshError `RoundTaken`, `RoundTooMany` */
  #checkFree({ task, round: number }: RoundManifest, round: string): void {
    const others = [...this.#drivers.entries()].filter(([id]) => id !== round).map(([, { state }]) => state)
    if (others.some(state => manifestOf(state).task === task && manifestOf(state).round === number && state.outcome?.kind !== 'failed')) {
      throw new KinmeshError('RoundTaken', `round ${number} of ${task} is held already with other terms: propose the next one`)
    }
    if (others.filter(({ outcome }) => !outcome).length >= maxOpenRounds) throw new KinmeshError('RoundTooMany', `${maxOpenRounds} rounds are open on this device: wait until one of them is over`)
  }
}
