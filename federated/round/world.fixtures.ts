import { sha256Hex } from '../../mesh/crypto.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Effect, Job, RoundEvent } from './events.ts'
import { type RoundManifest, roundIdOf } from './manifest.ts'
import type { Body, Said, Value } from './messages.ts'
import { weightOf } from './result-checks.ts'
import { openRound, phasesOf, type RoundState } from './state.ts'
import { decodeState, encodeState } from './state-bytes.ts'
import { dueAt, isToBeStored, step } from './step.ts'
import { keyOf } from './wants.ts'
import { hashOf } from './wire.ts'

// For tests: a whole round of machines in virtual time, without bytes, keys and numbers: a payload is a name, and a result is right when it is made of the names of its contributions. Every run is a function of its faults.

export const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const
const signature = '5a'.repeat(64)
/** How long a device is gone before the others take it for away, and how long until it comes back, if it does so late. */
export const graceMs = 1000
const backMs = 5000
const againMs = 500
const startMs = 1_000_000

export function manifestFor(devices: number, change: Partial<RoundManifest> = {}): RoundManifest {
  const cohort = names.slice(0, devices).map(name => identityNamed(name).id).sort()
  const quorum = Math.floor(devices / 2) + 1
  return {
    task: 'test', round: 1, proposer: cohort[0]!, base: 'ab'.repeat(32), shapes: [{ name: 'w', shape: [4] }], aggregation: { name: 'mean', options: {} }, compression: null, secure: false, check: 'all',
    quorum, enough: devices, maxExamples: 10, maxAbs: 10, privacy: null, updateMs: 2000, stepMs: 1000, roundMs: 120_000, cohort, ...change
  }
}

/** What happens to the message that is sent as the `at`th of the run. */
export type MessageFault = { readonly at: number; readonly fault: 'drop' | 'twice' | 'late' }
/** A device stops at its `at`th event: before it has stored what that came to, or after it, where it is stored, and before it has done anything of it. */
export type Crash = { readonly device: number; readonly at: number; readonly loses: 'event' | 'effects'; readonly back: 'never' | 'soon' | 'late' }
export type Faults = { readonly messages?: readonly MessageFault[]; readonly crashes?: readonly Crash[] }

/** A participant that does not keep to the rules: what it says instead of what it was about to say to somebody. */
export type Lie = (body: Body, to: DeviceId) => Body | undefined

export class World {
  readonly manifest: RoundManifest
  readonly states: RoundState[] = []
  /** What a crash leaves. */
  readonly #stored: RoundState[] = []
  now = startMs
  messages = 0
  readonly events: number[] = []
  /** What is wrong with the run so far. */
  readonly wrong: string[] = []
  readonly delivered = new Map<number, string>()
  readonly lies = new Map<number, Lie>()
  /** Called for each message of each device as it goes out. */
  onSend: ((from: DeviceId, to: DeviceId, body: Body) => void) | undefined
  readonly #round: string
  readonly #proposal: Said<'propose'>
  readonly #faults: Faults
  readonly #isDown: boolean[] = []
  readonly #isGone: boolean[] = []
  /** Counts up with every start of a device: what it had in memory is lost between two. */
  readonly #lives: number[] = []
  #queue: { to: number; life: number | undefined; event: EventWithoutTime }[] = []
  readonly #timers: { at: number; act: () => void }[] = []
  /** Payloads by what they are for, to see that none is made twice and said twice. */
  readonly #said = new Map<string, string>()
  readonly #made = new Map<string, number>()
  #nonce = 0

  constructor(manifest: RoundManifest, faults: Faults = {}) {
    this.manifest = manifest
    this.#faults = faults
    this.#round = roundIdOf(manifest)
    this.#proposal = { type: 'propose', manifest, round: this.#round, author: manifest.proposer, signature }
    const { cohort } = manifest
    for (const [at, id] of cohort.entries()) {
      this.states.push(openRound(id, this.#proposal, this.now))
      this.#stored.push(this.states[at]!)
      this.events.push(0)
      this.#isDown.push(false)
      this.#isGone.push(false)
      this.#lives.push(0)
      this.#enqueue(at, { type: 'restart' })
    }
    this.#everySoOften()
  }

  /** Whether this device is running, or will again. */
  lives(at: number): boolean {
    return !this.#isGone[at]
  }

  placeOf(id: DeviceId): number {
    return this.manifest.cohort.indexOf(id)
  }

  /** Something happens to a device at a moment from now on. */
  after(ms: number, act: () => void): void {
    this.#timers.push({ at: this.now + ms, act })
  }

  tell(at: number, event: EventWithoutTime): void {
    this.#enqueue(at, event)
  }

  /** Until everybody who is left has an end of the round, or the time of the round is over. */
  run(): this {
    const end = startMs + this.manifest.roundMs + 10_000
    for (let turns = 0; this.now <= end && !this.#isOver(); turns++) {
      if (turns > 100_000) {
        this.wrong.push('the round goes round in circles')
        break
      }
      const next = this.#queue.shift()
      if (next) this.#process(next)
      else this.#advance()
    }
    this.#check()
    return this
  }

  #isOver(): boolean {
    return this.#queue.length === 0 && this.states.every((state, at) => this.#isGone[at] || (!this.#isDown[at] && isFinished(state)))
  }

  #advance(): void {
    const dues = this.states.map((state, at) => (this.#isDown[at] ? Infinity : (dueAt(state) ?? Infinity)))
    this.now = Math.max(this.now, Math.min(...dues, ...this.#timers.map(({ at }) => at)))
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1)
      timer.act()
    }
    for (const [at, due] of dues.entries()) if (due <= this.now) this.#enqueue(at, { type: 'time' })
  }

  #everySoOften(): void {
    this.after(againMs, () => {
      for (const at of this.states.keys()) this.#enqueue(at, { type: 'again' })
      this.#everySoOften()
    })
  }

  #enqueue(to: number, event: EventWithoutTime): void {
    // Messages reach whatever life a device has then; what it told itself dies with it.
    this.#queue.push({ to, life: event.type === 'message' ? undefined : this.#lives[to], event })
  }

  #process({ to, life, event }: { to: number; life: number | undefined; event: EventWithoutTime }): void {
    if (this.#isDown[to] || (life !== undefined && life !== this.#lives[to])) return
    const crash = this.#faults.crashes?.find(({ device, at }) => device === to && at === this.events[to])
    this.events[to]!++
    if (crash?.loses === 'event') return this.#crash(to, crash)
    const timed = { ...event, now: this.now } as RoundEvent
    const { state, effects } = step(this.states[to]!, timed)
    if (isToBeStored(this.states[to]!, state, [timed], effects)) this.#stored[to] = state
    this.states[to] = state
    if (crash) return this.#crash(to, crash)
    for (const effect of effects) this.#do(to, effect)
  }

  #crash(at: number, { back }: Crash): void {
    this.#isDown[at] = true
    this.#lives[at]!++
    // What is under way to it is lost.
    this.#queue = this.#queue.filter(({ to }) => to !== at)
    const others = [...this.states.keys()].filter(other => other !== at)
    const tellOthers = (type: 'up' | 'down') => others.forEach(other => this.#enqueue(other, { type, peer: this.manifest.cohort[at]! }))
    const start = () => {
      this.#isDown[at] = false
      // As from a disk.
      this.states[at] = decodeState(encodeState(this.#stored[at]!))
      this.#enqueue(at, { type: 'restart' })
      for (const other of others) this.#enqueue(at, { type: this.#isDown[other] ? 'down' : 'up', peer: this.manifest.cohort[other]! })
      tellOthers('up')
    }
    if (back === 'soon') return start()
    this.after(graceMs, () => tellOthers('down'))
    if (back === 'late') this.after(backMs, start)
    else this.#isGone[at] = true
  }

  #do(at: number, effect: Effect): void {
    if (['send', 'answer', 'prepare', 'deliver'].includes(effect.do) && this.#stored[at] !== this.states[at]) this.wrong.push(`${at} does what it has not stored: ${keyOf(effect)}`)
    if (effect.do === 'send') return this.#send(at, effect.to, effect.body)
    this.#enqueue(at, this.#work(at, effect))
  }

  #send(at: number, to: DeviceId, honest: Body): void {
    const lie = this.lies.get(at)
    const body = lie ? lie(honest, to) : honest
    if (!body) return
    const author = this.manifest.cohort[at]!
    this.onSend?.(author, to, body)
    this.#watch(at, body)
    const message = { ...body, round: this.#round, author, signature } as Said
    const target = this.placeOf(to)
    if (target === at) return this.#enqueue(at, { type: 'message', message })
    const fault = this.#faults.messages?.find(one => one.at === this.messages)?.fault
    this.messages++
    if (fault === 'drop') return
    if (fault === 'late') return this.after(3 * this.manifest.stepMs, () => this.#enqueue(target, { type: 'message', message }))
    this.#enqueue(target, { type: 'message', message })
    if (fault === 'twice') this.#enqueue(target, { type: 'message', message })
  }

  /** A device never says two things of one phase, and what is masked together stems from one life. */
  #watch(at: number, body: Body): void {
    if (body.type !== 'offer' || this.lies.has(at)) return
    const key = `${at} ${body.attempt}`
    const before = this.#said.get(`${key} ${body.phase}`) ?? body.payload.root
    if (before !== body.payload.root) this.wrong.push(`${key}: two payloads of phase ${body.phase}`)
    this.#said.set(`${key} ${body.phase}`, body.payload.root)
    const life = this.#made.get(body.payload.root)
    const first = this.#said.get(`${key} 0`)
    if (this.manifest.secure && first && this.#made.get(first) !== life) this.wrong.push(`${key}: phase ${body.phase} goes on with what another life began`)
  }

  #work(at: number, job: Job): EventWithoutTime {
    switch (job.do) {
      case 'answer':
        return { type: 'answered', code: '' }
      case 'prepare': {
        const root = sha256Hex(`${at} ${job.attempt} ${job.phase} ${this.#nonce++}`)
        this.#made.set(root, this.#lives[at]!)
        const hasExamples = !this.manifest.secure && job.phase === 0
        return { type: 'prepared', attempt: job.attempt, phase: job.phase, payload: { root, bytes: 16 }, examples: hasExamples ? at + 1 : 0, code: '' }
      }
      case 'check':
        return { type: 'checked', attempt: job.attempt, phase: job.offer.phase, author: job.offer.author, root: job.offer.payload.root, code: '' }
      case 'close': {
        const { attempt, phase } = job
        if (phase < phasesOf(this.manifest).length - 1) return { type: 'closed', attempt, phase, shown: { root: sha256Hex(JSON.stringify(job.offers)), bytes: 16 }, value: null, code: '', named: [] }
        const offers = job.offers[this.manifest.secure ? 2 : 0]!
        return { type: 'closed', attempt, phase, shown: null, value: resultOf(this.manifest, offers), code: '', named: [] }
      }
      case 'verify':
        return { type: 'verified', value: hashOf(job.value), code: isRight(this.manifest, job.value) ? '' : 'CommitWrongSum' }
      case 'deliver':
        if (this.delivered.has(at) && this.delivered.get(at) !== hashOf(job.value)) this.wrong.push(`${at} was given two results`)
        this.delivered.set(at, hashOf(job.value))
        return { type: 'delivered' }
    }
  }

  #check(): void {
    const decided = new Set<string>()
    for (const [at, { outcome, proposal }] of this.states.entries()) {
      if (this.lies.has(at) || outcome?.kind !== 'decided') continue
      decided.add(hashOf(outcome.value))
      if (!isRight(proposal.manifest, outcome.value)) this.wrong.push(`${at} has a wrong result`)
      for (const offer of outcome.value.offers) {
        const made = this.#said.get(`${this.placeOf(offer.author)} ${offer.attempt} ${offer.phase}`)
        if (made !== offer.payload.root && !this.lies.has(this.placeOf(offer.author))) this.wrong.push(`${at} has a contribution that nobody made`)
      }
    }
    if (decided.size > 1) this.wrong.push('two results of one round')
    const living = this.states.filter((_, at) => this.lives(at) && !this.lies.has(at))
    if (living.length < this.manifest.quorum) return
    for (const [at, { outcome }] of this.states.entries()) {
      if (this.lives(at) && !this.lies.has(at) && !(outcome?.kind === 'decided' && outcome.done)) this.wrong.push(`${at} has no result: ${outcome ? `${outcome.kind} ${'code' in outcome ? outcome.code : ''}` : 'it hangs'}`)
    }
  }
}

type EventWithoutTime = RoundEvent extends infer Each ? (Each extends RoundEvent ? Omit<Each, 'now'> : never) : never

function isFinished({ outcome }: RoundState): boolean {
  return outcome !== null && (outcome.kind !== 'decided' || outcome.done)
}

function resultOf(manifest: RoundManifest, offers: readonly Said<'offer'>[]): Pick<Value, 'result' | 'transcript' | 'weight'> {
  const weight = manifest.secure ? offers.length : offers.reduce((sum, offer) => sum + weightOf(manifest, offer), 0)
  return { result: { root: sha256Hex(offers.map(({ payload }) => payload.root).join()), bytes: 16 }, transcript: manifest.secure ? { root: 'cd'.repeat(32), bytes: 16 } : null, weight }
}

export function isRight(manifest: RoundManifest, { offers, result, weight }: Value): boolean {
  const right = resultOf(manifest, offers)
  return offers.length >= manifest.quorum && right.result.root === result.root && right.weight === weight
}
