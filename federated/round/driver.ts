import { isKinmeshError, type KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { Timers } from '../../mesh/timers.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'
import type { Effect, Job, RoundEvent, Send } from './events.ts'
import { floatsOf } from './mean.ts'
import type { Said } from './messages.ts'
import type { Payloads } from './payloads.ts'
import { manifestOf, type RoundState, roundOf } from './state.ts'
import { encodeState } from './state-bytes.ts'
import { dueAt, isToBeStored, isTooEarly, step } from './step.ts'
import type { RoundStore } from './store.ts'
import type { RoundPolicy } from './task.ts'
import { keyOf, wants } from './wants.ts'
import { encodeMessage, hashOf, sign } from './wire.ts'
import type { Work } from './work.ts'

/** How often what was not answered is said again, and work that failed on this device's side begun again. */
export const againMs = 1000
/** Events that wait while others are stored. */
const maxQueued = 256

export type DriverHost = {
  readonly identity: Identity
  readonly log: Logger
  readonly timers: Timers
  readonly store: RoundStore
  readonly policy: RoundPolicy
  readonly payloads: Payloads
  readonly work: Work
  now(): number
  send(peer: DeviceId, frame: Uint8Array): void
  changed(state: RoundState): void
}

/** `job`: the key of the one that it is the end of. */
type Queued = { readonly event: RoundEvent; readonly job: string | undefined }
type Untimed = RoundEvent extends infer Each ? (Each extends RoundEvent ? Omit<Each, 'now'> : never) : never

/** Runs one round's machine: steps, then stores, then acts. It decides nothing itself. */
export class Driver {
  readonly #host: DriverHost
  /** Under way, or done and not yet part of the state: made once more, an update would be learned and paid for twice, and masks would be others than those that were offered. */
  readonly #jobs = new Map<string, AbortController>()
  /** Said to this device while its person had not answered yet, the last of each kind from each device: said again only after a second, it would hold the round up for as long. */
  readonly #early = new Map<string, Queued>()
  #state: RoundState
  #queue: Queued[] = []
  #pumping: Promise<void> | undefined
  #timer: unknown
  #again: unknown
  #stopped = false

  constructor(host: DriverHost, state: RoundState) {
    this.#host = host
    this.#state = state
  }

  get state(): RoundState {
    return this.#state
  }

  start(): void {
    this.tell({ type: 'restart' })
    this.#sayAgain()
  }

  tell(event: Untimed, job?: string): void {
    if (this.#stopped) return
    this.#queue.push({ event: { ...event, now: this.#host.now() }, job })
    this.#pumping ??= this.#pump().then(isStored => {
      this.#pumping = undefined
      // What came between the last look at the queue and now. After trouble with the disk it waits for the next event.
      if (isStored && this.#queue.length > 0) this.tell({ type: 'time' })
    })
  }

  /** Resolves when what was told is stored, unless little of it waits. Whoever feeds it from outside waits for this, so that nobody fills the memory. */
  async room(): Promise<void> {
    if (this.#queue.length > maxQueued) await this.#pumping
  }

  /** Ends the work; what was said and done is stored, and a later start goes on from it. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#queue = []
    this.#host.timers.clear(this.#timer)
    this.#host.timers.clear(this.#again)
    for (const job of this.#jobs.values()) job.abort(new Error('the round is stopped'))
    await this.#pumping
  }

  /** False when the state could not be stored. */
  async #pump(): Promise<boolean> {
    while (this.#queue.length > 0) {
      const queued = this.#queue
      this.#queue = []
      let state = this.#state
      const effects: Effect[] = []
      for (const { event } of queued) {
        if (isTooEarly(state, event)) this.#early.set(`${event.message.author} ${event.message.type}`, { event, job: undefined })
        const next = step(state, event)
        state = next.state
        effects.push(...next.effects)
      }
      try {
        if (isToBeStored(this.#state, state, queued.map(({ event }) => event), effects)) await this.#host.store.save(roundOf(state), encodeState(state))
      } catch (error) {
        // Nothing may be said that is not stored: it is tried again with the next event, from the state before.
        this.#host.log.error('the state of a round could not be stored', { round: roundOf(state), error: String(error) })
        this.#queue = [...queued.filter(({ event: { type } }) => type !== 'again' && type !== 'time'), ...this.#queue]
        return false
      }
      if (this.#stopped) return true
      this.#state = state
      for (const { job } of queued) if (job !== undefined) this.#jobs.delete(job)
      if (state.willing !== null) this.#hearEarly()
      this.#schedule()
      this.#endUnwanted()
      for (const effect of effects) {
        if (effect.do === 'send') await this.#send(effect)
        else this.#begin(effect)
      }
      this.#host.changed(state)
    }
    return true
  }

  #hearEarly(): void {
    for (const { event, job } of this.#early.values()) this.#queue.push({ event: { ...event, now: this.#host.now() }, job })
    this.#early.clear()
  }

  async #send({ to, body }: Send): Promise<void> {
    const { identity } = this.#host
    const { proposal } = this.#state
    const message: Said = body.type === 'propose' ? proposal : await sign(proposal.round, identity, body)
    if (to === identity.id) this.tell({ type: 'message', message })
    else this.#host.send(to, encodeMessage(message))
  }

  #begin(job: Job): void {
    const key = keyOf(job)
    if (this.#jobs.has(key) || this.#stopped) return
    const controller = new AbortController()
    this.#jobs.set(key, controller)
    void this.#do(job, controller.signal).then(event => {
      if (this.#jobs.get(key) !== controller) return
      if (event) this.tell(event, key)
      else this.#jobs.delete(key)
    })
  }

  /** What became of it; undefined where that is this device's own trouble, and it is tried again. */
  async #do(job: Job, signal: AbortSignal): Promise<Untimed | undefined> {
    try {
      return await this.#work(job, signal)
    } catch (error) {
      if (signal.aborted) return undefined
      this.#host.log[isKinmeshError(error) ? 'info' : 'error']('a part of a round failed', { round: roundOf(this.#state), what: job.do, error: String(error) })
      return isKinmeshError(error) ? failed(job, error, this.#host.log) : undefined
    }
  }

  async #work(job: Job, signal: AbortSignal): Promise<Untimed> {
    const { work, policy } = this.#host
    const manifest = manifestOf(this.#state)
    switch (job.do) {
      case 'answer':
        await policy.answer(manifest, { signal })
        return { type: 'answered', code: '' }
      case 'prepare':
        return { type: 'prepared', attempt: job.attempt, phase: job.phase, ...(await work.prepare(job, signal)), code: '' }
      case 'check':
        await work.check(job, signal)
        return checked(job, '')
      case 'close':
        return { type: 'closed', attempt: job.attempt, phase: job.phase, ...(await work.close(job, signal)), code: '' }
      case 'verify':
        await work.verify(job, signal)
        return verified(job, '')
      case 'deliver':
        await this.#deliver(job, signal)
        return { type: 'delivered' }
    }
  }

  async #deliver({ value, from }: Job & { do: 'deliver' }, signal: AbortSignal): Promise<void> {
    const { payloads, policy, work, identity } = this.#host
    const { outcome } = this.#state
    const mean = floatsOf(await payloads.obtain(value.result, from, signal))
    const own = value.offers.find(({ author }) => author === identity.id)
    const acceptedBy = outcome?.kind === 'decided' ? outcome.accepts.map(({ author }) => author) : []
    await policy.result({ manifest: manifestOf(this.#state), round: roundOf(this.#state), mean, value, acceptedBy, included: own !== undefined, residual: work.residualOf(own) })
  }

  #endUnwanted(): void {
    const wanted = new Set(wants(this.#state).map(keyOf))
    for (const [key, job] of this.#jobs) {
      if (wanted.has(key)) continue
      this.#jobs.delete(key)
      job.abort(new Error('nobody needs this any more'))
    }
  }

  #schedule(): void {
    const { timers, now } = this.#host
    timers.clear(this.#timer)
    const due = dueAt(this.#state)
    this.#timer = due === undefined ? undefined : timers.set(() => this.tell({ type: 'time' }), Math.min(Math.max(1, due - now()), 2 ** 31 - 1))
  }

  #sayAgain(): void {
    this.#again = this.#host.timers.set(() => {
      const open = wants(this.#state)
      if (open.length > 0) this.tell({ type: 'again' })
      for (const effect of open) if (effect.do !== 'send') this.#begin(effect)
      this.#sayAgain()
    }, againMs)
  }
}

function checked({ attempt, offer: { phase, author, payload } }: Job & { do: 'check' }, code: string): Untimed {
  return { type: 'checked', attempt, phase, author, root: payload.root, code }
}

function verified({ value }: Job & { do: 'verify' }, code: string): Untimed {
  return { type: 'verified', value: hashOf(value), code }
}

function failed(job: Job, { code }: KinmeshError, log: Logger): Untimed | undefined {
  switch (job.do) {
    case 'answer':
      return { type: 'answered', code }
    case 'prepare':
      return { type: 'prepared', attempt: job.attempt, phase: job.phase, payload: null, examples: 0, code }
    case 'check':
      return checked(job, code)
    case 'close':
      return { type: 'closed', attempt: job.attempt, phase: job.phase, shown: null, value: null, named: [], code }
    case 'verify':
      return verified(job, code)
    case 'deliver':
      log.warn('the result of a round was not taken; it is offered again', { code })
      return undefined
  }
}
