import type { RoundProgress } from '../../federated/round/progress.ts'
import { Rounds } from '../../federated/round/rounds.ts'
import { memoryRoundStore } from '../../federated/round/store.ts'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Adoption } from './adopted.ts'
import { Candidates, type ChangeState, dropCandidate, saysOf } from './candidates.ts'
import type { Consent } from './consents.ts'
import type { FederatedParts } from './federated-parts.ts'
import { Exchange } from './exchange.ts'
import { maxTasks, type Note } from './notes.ts'
import { freshState, type OwnTask, ownTask } from './own-task.ts'
import { DevicePolicy, wrongModel } from './round-policy.ts'
import { leastDevices, manifestOf } from './round-terms.ts'
import { tryingOrder } from './rollout.ts'
import { type Task, termsHash } from './task.ts'
import { baseOf, type TaskState } from './task-states.ts'

/** How often is looked at what may be done. */
const lookMs = 30_000
/** Who comes next in the order proposes a round where the one before did not for so long. */
const takeOverMs = 20_000
/** After a round that failed another one is proposed later, and later each time. */
const [retryMs, longestRetryMs] = [30_000, 3_600_000]

/** A task that this device knows of. */
export type KnownTask = { readonly task: Task; readonly own: OwnTask | undefined; readonly others: ReadonlyMap<DeviceId, Note> }

/**
 * What this device learns together with the others of its person: it tells them in which tasks it takes part, gets the adapter where it is behind, holds rounds while it is left alone, and decides by itself what to take of them.
 * Nothing here happens without a yes to the terms (consents.ts).
 */
export class Federated {
  readonly #parts: FederatedParts
  readonly #own = new Map<string, OwnTask>()
  readonly #notes = new Map<DeviceId, readonly Note[]>()
  readonly #exchange: Exchange
  readonly #policy: DevicePolicy
  readonly #candidates: Candidates
  readonly #ending = new AbortController()
  readonly #listeners = new Set<() => void>()
  #rounds!: Rounds
  #timer: unknown
  #looking: Promise<void> | undefined
  #again = false
  /** When the next look is due at the latest, ms. */
  #nextMs = lookMs

  private constructor(parts: FederatedParts) {
    this.#parts = parts
    const change: ChangeState = (own, to) => this.#change(own, to)
    this.#policy = new DevicePolicy({ parts, own: task => this.#own.get(task), change, catchUp: (own, base, from) => this.#fetch(own, base, from), committed: async () => void this.look() })
    this.#candidates = new Candidates({ parts, change, participants: own => this.participants(own.task), signal: this.#ending.signal })
    this.#exchange = new Exchange({
      mesh: parts.mesh, log: parts.log, timers: parts.timers, devices: () => parts.devices(), notes: () => this.#told(),
      numbers: async (task, base) => {
        const own = this.#own.get(task)
        return own && baseOf(own.task, own.state.flat) === base ? own.state.flat : undefined
      },
      heard: (device, notes) => {
        this.#notes.set(device, notes)
        this.#changed()
        void this.look()
      }
    })
  }

  /** Goes on with what was agreed to. A task whose state cannot be read is left out, and logged; where a yes cannot be read, there is none. @throws KinmeshError `StoreFailed` */
  static async open(parts: FederatedParts): Promise<Federated> {
    const federated = new Federated(parts)
    for (const { task, leftAt } of await agreed(parts)) {
      if (leftAt !== null) continue
      try {
        federated.#own.set(task.id, ownTask(task, (await parts.states.load(task)) ?? freshState(task)))
      } catch (error) {
        if (!isKinmeshError(error)) throw error
        parts.log.error('a task that this device learns in is left out', { task: task.name, error: error.message })
      }
    }
    const { mesh, log, timers, clock } = parts
    federated.#rounds = await Rounds.open(mesh, { policy: federated.#policy, store: parts.goesOn ? parts.rounds : memoryRoundStore(), log, timers, clock, mayPropose: device => parts.devices().includes(device), changed: progress => federated.#progressed(progress) })
    void federated.look()
    return federated
  }

  /** Those this device takes part in, and those that others told of. */
  tasks(): KnownTask[] {
    const found = new Map<string, Task>([...this.#own.values()].map(({ task }) => [task.id, task]))
    for (const notes of this.#notes.values()) for (const { task } of notes) if (!found.has(task.id)) found.set(task.id, task)
    return [...found.values()].map(task => ({ task, own: this.#own.get(task.id), others: this.participants(task) }))
  }

  /** By its id, the beginning of it, or its name. @throws KinmeshError `NoSuchTask` · `AmbiguousTask` */
  find(named: string): KnownTask {
    const all = this.tasks()
    const exact = all.filter(({ task }) => task.id === named)
    const found = exact.length > 0 ? exact : all.filter(({ task }) => task.name === named || (named.length >= 4 && task.id.startsWith(named)))
    if (found.length > 1) throw new KinmeshError('AmbiguousTask', `${found.length} tasks are called so: name one by its id, which kinmesh federated status shows`)
    const [one] = found
    if (!one) throw new KinmeshError('NoSuchTask', 'neither this device nor one that is connected knows of such a task: list them with kinmesh federated status')
    return one
  }

  /** Other devices of this person that agreed to the same terms. */
  participants(task: Task): ReadonlyMap<DeviceId, Note> {
    const [devices, terms] = [new Set(this.#parts.devices()), termsHash(task)]
    return new Map([...this.#notes].flatMap(([device, notes]) => {
      const note = notes.find(each => each.task.id === task.id)
      return note && devices.has(device) && termsHash(note.task) === terms ? [[device, note]] : []
    }))
  }

  /** Where the rounds of a task stand; the last first. */
  rounds(task: string): RoundProgress[] {
    return this.#rounds.list().filter(each => each.task === task).sort((a, b) => b.number - a.number)
  }

  /** Why this device takes no part now, looked at anew. */
  async refusals(task: Task): Promise<OwnTask['refusals']> {
    return (await this.#policy.look(task)).refusals
  }

  stage(own: OwnTask): ReturnType<Candidates['stage']> {
    return this.#candidates.stage(own)
  }

  /**
   * A person agreed to these terms, which were shown. From now on this device takes part while it may.
   * @throws KinmeshError `TermsChanged` · `BadTask` · `WrongModel` · `TaskTooMany` · `TaskStateDamaged` · `StoreFailed`
   */
  async join(task: Task, shown: string): Promise<void> {
    const { consents, states, model, work } = this.#parts
    if (!this.#own.has(task.id) && this.#own.size >= maxTasks) throw new KinmeshError('TaskTooMany', `this device takes part in ${this.#own.size} tasks, which is the most: leave one of them first`)
    const inUse = await model()
    if (inUse?.id !== task.model.hash) throw wrongModel(task, inUse)
    const parameters = await work(inUse).parameters(task.adapter)
    if (parameters !== task.parameters) throw new KinmeshError('BadTask', `this task speaks of ${task.parameters} numbers, and its adapter has ${parameters} on ${inUse.name}: ask who proposed it for another one`)
    const state = (await states.load(task)) ?? freshState(task)
    await consents.agree(task, shown)
    this.#own.set(task.id, ownTask(task, state))
    this.#changed()
    await this.#exchange.tellAll()
    void this.look()
  }

  /** @throws KinmeshError `NoSuchTask` · `StoreFailed` */
  async leave(task: string): Promise<void> {
    await this.#parts.consents.leave(task)
    for (const round of this.rounds(task)) this.#rounds.leave(round.round)
    this.#own.delete(task)
    this.#changed()
    await this.#exchange.tellAll()
  }

  /** What a task that was left has on this device: its adapters, its state, its rounds. How many adapters it were. @throws KinmeshError `StoreFailed` · `FileCorrupt` */
  async forget(task: string): Promise<number> {
    if (this.#own.has(task)) throw new KinmeshError('TaskJoined', 'this device takes part in this task: leave it first')
    const { consents, states, adapters } = this.#parts
    for (const { round } of this.rounds(task)) await this.#rounds.forget(round)
    const agreed = await consents.of(task)
    // What is damaged is to go as well.
    const state = agreed && (await states.load(agreed.task).catch((error: unknown) => {
      this.#parts.log.warn('a damaged task is forgotten', { reason: String(error) })
      return undefined
    }))
    await dropCandidate(this.#parts, state?.candidate)
    await states.remove(task)
    const removed = await adapters.forget(task)
    this.#parts.adapterChanged()
    return removed
  }

  /** What the model in use answered through before, it answers through again. @throws KinmeshError `NothingToUndo` · `NoModel` · `StoreFailed` · `FileCorrupt` */
  async undo(): Promise<Adoption> {
    const { model, adapters, adapterChanged } = this.#parts
    const inUse = await model()
    if (!inUse) throw new KinmeshError('NoModel', 'no model is in use, so there is nothing to undo: choose one with kinmesh model use NAME')
    const undone = await adapters.undo(inUse.id)
    adapterChanged()
    return undone
  }

  /** Called whenever something of a task, its rounds or the others may have changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Looks at what is due, now and whenever it is time. Resolves when it was done; never fails. */
  look(): Promise<void> {
    this.#again = true
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = undefined
      // Asked between its last look at this and now.
      if (this.#again && this.#goesOn) void this.look()
    })
    return this.#looking
  }

  /** Always finishes; what is under way goes on with the next start. */
  async stop(): Promise<void> {
    this.#ending.abort(new KinmeshError('DeviceStopped', 'this device stops'))
    this.#parts.timers.clear(this.#timer)
    this.#exchange.stop()
    await this.#rounds.stop()
    await this.#looking
  }

  get #goesOn(): boolean {
    return this.#parts.goesOn && !this.#ending.signal.aborted
  }

  async #lookAll(): Promise<void> {
    while (this.#again && this.#goesOn) {
      this.#again = false
      this.#nextMs = lookMs
      this.#parts.timers.clear(this.#timer)
      for (const own of [...this.#own.values()]) {
        try {
          await this.#step(own)
        } catch (error) {
          if (!this.#ending.signal.aborted) this.#parts.log.warn('learning together waits', { task: own.task.name, reason: error instanceof Error ? error.message : String(error) })
        }
      }
      if (!this.#ending.signal.aborted) this.#timer = this.#parts.timers.set(() => void this.look(), this.#nextMs)
    }
  }

  async #step(own: OwnTask): Promise<void> {
    const { task } = own
    if (this.rounds(task.id).some(isOpen)) return
    await this.#followAhead(own)
    const verdict = await this.#policy.look(task)
    if (verdict.refusals.map(({ name }) => name).join() !== own.refusals.map(({ name }) => name).join()) this.#changed()
    own.refusals = verdict.refusals
    const model = await this.#parts.model()
    // Only somebody who may not be disturbed is not measured for: what speaks against sending speaks not against looking.
    if (!model || model.id !== task.model.hash || verdict.refusals.some(({ name }) => name === 'NotIdle' || name === 'OnBattery')) return
    if ((await this.#candidates.consider(own, model)) || (await this.#candidates.guard(own, model))) await this.#exchange.tellAll()
    if (verdict.eligible && own.state.height < task.rounds) await this.#propose(own)
    else own.readySince = undefined
  }

  /** Gets the adapter of who has gone further. */
  async #followAhead(own: OwnTask): Promise<void> {
    const connected = this.#connected()
    const [ahead] = [...this.participants(own.task)].filter(([device, note]) => connected.has(device) && isAhead(note, own)).sort(([, a], [, b]) => b.height - a.height || (a.base < b.base ? 1 : -1))
    if (ahead) await this.#fetch(own, ahead[1].base, ahead[0])
  }

  async #fetch(own: OwnTask, base: string, from: DeviceId): Promise<void> {
    const { task } = own
    const note = this.participants(task).get(from)
    const model = await this.#parts.model()
    if (note?.base !== base || note.height < own.state.height || model?.id !== task.model.hash) return
    const flat = await this.#exchange.fetch(from, task, base)
    const adapter = await this.#parts.work(model).keep(task, flat)
    let before: TaskState['candidate'] = null
    await this.#change(own, state => {
      // A round may have ended meanwhile.
      if (state.height > note.height) return state
      before = state.candidate
      return { ...state, number: Math.max(state.number, note.number), height: note.height, flat, residual: null, candidate: { adapter, height: note.height, at: this.#parts.clock(), own: null } }
    })
    own.learned = undefined
    await dropCandidate(this.#parts, before, adapter)
  }

  /** One of the devices that are there proposes a round: the first in an order that is another one each time, or the next one where that does not. */
  async #propose(own: OwnTask): Promise<void> {
    const { mesh, clock } = this.#parts
    const { task, state } = own
    const [connected, others, now] = [this.#connected(), this.participants(task), clock()]
    // Told while it was looked whether this device may: the next look gets what they have, and a round from before it would be refused.
    if ([...others].some(([device, note]) => connected.has(device) && isAhead(note, own))) return
    const here = [mesh.identity.id, ...[...others.keys()].filter(device => connected.has(device))]
    if (here.length < leastDevices(task) || now < own.retryAt) {
      own.readySince = undefined
      return
    }
    const number = Math.max(state.number, ...here.map(device => others.get(device)?.number ?? 0))
    own.readySince ??= now
    const waits = tryingOrder(`${task.id} ${number}`, here).indexOf(mesh.identity.id) * takeOverMs - (now - own.readySince)
    if (waits > 0) {
      this.#nextMs = Math.min(this.#nextMs, waits)
      return
    }
    own.readySince = undefined
    try {
      await this.#rounds.propose(manifestOf(task, { number, proposer: mesh.identity.id, cohort: here, base: baseOf(task, state.flat) }))
    } catch (error) {
      if (!isKinmeshError(error, 'RoundTaken', 'RoundTooMany')) throw error
      own.retryAt = now + retryMs
    }
  }

  #progressed({ task, number, stage, done }: RoundProgress): void {
    this.#changed()
    const own = this.#own.get(task)
    if (!own) return
    if ((stage === 'failed' || stage === 'refused') && own.failed < number && own.state.number <= number) void this.#failed(own, number)
    if (stage === 'decided' && done) void this.#forgetBefore(task, number)
  }

  async #failed(own: OwnTask, number: number): Promise<void> {
    own.failed = number
    own.failures++
    own.retryAt = this.#parts.clock() + Math.min(longestRetryMs, retryMs * 2 ** (own.failures - 1))
    await this.#change(own, state => (state.number <= number ? { ...state, number: number + 1 } : state)).catch((error: unknown) => this.#parts.log.warn('a round that failed could not be noted', { reason: String(error) }))
    void this.look()
  }

  /** The last one stays, for devices that come back. */
  async #forgetBefore(task: string, number: number): Promise<void> {
    for (const each of this.rounds(task)) if (each.number < number && !isOpen(each)) await this.#rounds.forget(each.round).catch((error: unknown) => this.#parts.log.warn('a round that is over stays on the disk', { reason: String(error) }))
    await this.#exchange.tellAll()
    void this.look()
  }

  #change(own: OwnTask, change: (state: TaskState) => TaskState): Promise<boolean> {
    const changed = own.changing.then(async () => {
      if (this.#own.get(own.task.id) !== own) return false
      const state = change(own.state)
      if (state === own.state) return true
      await this.#parts.states.save(own.task, state)
      own.state = state
      this.#changed()
      return true
    })
    own.changing = changed.then(() => {}, () => {}) // its caller hears of it
    return changed
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  #told(): Note[] {
    return [...this.#own.values()].map(({ task, state: { number, height, flat, candidate, said } }) => {
      const says = candidate && saysOf(candidate.own)
      return { task, number, height, base: baseOf(task, flat), verdict: candidate && says ? { adapter: candidate.adapter, says } : said }
    })
  }

  #connected(): ReadonlySet<DeviceId> {
    return new Set(this.#parts.mesh.peers().flatMap(({ id, connected }) => (connected ? [id] : [])))
  }
}

/** A device whose consents are damaged runs, and takes part in nothing. */
async function agreed({ consents, log }: FederatedParts): Promise<readonly Consent[]> {
  try {
    return await consents.list()
  } catch (error) {
    if (!isKinmeshError(error, 'ConsentDamaged')) throw error
    log.error('this device takes part in nothing that is learned together', { reason: error.message })
    return []
  }
}

function isOpen({ stage, done }: RoundProgress): boolean {
  return stage === 'decided' ? !done : stage !== 'failed' && stage !== 'refused'
}

/** Committed more rounds; or as many, and others, of which the one with the larger name counts, so that all come to the same. */
function isAhead(note: Note, { task, state }: OwnTask): boolean {
  if (note.height !== state.height) return note.height > state.height
  const base = baseOf(task, state.flat)
  return state.height > 0 && note.base > base
}
