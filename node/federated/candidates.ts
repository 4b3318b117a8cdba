import { isKinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { isRegressed, judge, type Judgement } from './adoption.ts'
import type { FederatedParts } from './federated-parts.ts'
import type { ModelInUse } from './local-work.ts'
import type { Note, Says } from './notes.ts'
import type { OwnTask } from './own-task.ts'
import { type Stage, stageOf } from './rollout.ts'
import type { Candidate, TaskState } from './task-states.ts'

/** Of those that take part, who tries an adapter first. */
const firstShare = 1 / 3
/** A device of the first group that says nothing for so long is passed over; phones sleep. */
const silentMs = 3_600_000
/** How often is looked at whether the adapter in use got worse. */
const checkEveryMs = 24 * 3_600_000

/** Another state in the place of what there is when its turn comes, which is not that of when it was asked for; durable when it resolves. False: somebody left the task meanwhile, and there is no state. */
export type ChangeState = (own: OwnTask, change: (state: TaskState) => TaskState) => Promise<boolean>

export type CandidatesHost = {
  readonly parts: FederatedParts
  /** What the other devices that take part in a task say. */
  participants(own: OwnTask): ReadonlyMap<DeviceId, Note>
  change: ChangeState
  readonly signal: AbortSignal
}

/** Whether this device takes the adapters that rounds lead to, and gives one back that got worse. */
export class Candidates {
  readonly #host: CandidatesHost

  constructor(host: CandidatesHost) {
    this.#host = host
  }

  /** What this device would do with its candidate now; undefined where there is none. */
  stage(own: OwnTask): Stage | undefined {
    const { state: { candidate } } = own
    if (!candidate) return undefined
    const { parts } = this.#host
    const others = this.#host.participants(own)
    const self = parts.mesh.identity.id
    const words = new Map<DeviceId, Says>([...others].flatMap(([device, { verdict }]) => (verdict?.adapter === candidate.adapter ? [[device, verdict.says]] : [])))
    const ownWord = saysOf(candidate.own)
    if (ownWord) words.set(self, ownWord)
    const cohort = [self, ...others.keys()]
    const isLate = parts.clock() - candidate.at > silentMs
    const passed = new Set(cohort.filter(device => words.get(device) === 'unknown' || (isLate && !words.has(device) && device !== self)))
    const said = new Map([...words].flatMap(([device, says]) => (says === 'unknown' ? [] : [[device, says === 'yes'] as const])))
    return stageOf(self, { candidate: candidate.adapter, cohort, firstShare, said, passed }, candidate.own ?? undefined)
  }

  /** Takes the step that is due, and those that follow from it. True where something changed. */
  async consider(own: OwnTask, model: ModelInUse): Promise<boolean> {
    let changed = false
    for (;;) {
      const [stage, { candidate }] = [this.stage(own), own.state]
      if (!stage || !candidate || stage === 'wait') return changed
      changed = true
      if (stage === 'judge') {
        const { verdict, text } = await this.#measure(candidate.adapter, model)
        own.judgement = text
        // Rounds go on while it measures, and may have brought another one.
        const isThere = await this.#host.change(own, state => (state.candidate?.adapter === candidate.adapter ? { ...state, candidate: { ...state.candidate, own: verdict } } : state))
        if (!isThere) return false
        continue
      }
      await (stage === 'adopt' ? this.#adopt(own, candidate, model) : this.#refuse(own, candidate))
      return true
    }
  }

  /** Where the adapter in use came from this task, and what was said since is written worse through it than through the one before, that one is in use again. */
  async guard(own: OwnTask, model: ModelInUse): Promise<boolean> {
    const { parts, signal } = this.#host
    const now = parts.clock()
    if (now - own.checkedAt < checkEveryMs) return false
    own.checkedAt = now
    const [inUse, last] = [await parts.adapters.inUse(model.id), (await parts.adapters.history()).at(-1)]
    if (!last || last.action !== 'adopted' || last.task !== own.task.id || last.after !== inUse || (parts.saidAt() ?? 0) <= last.at) return false
    try {
      const [after, before] = await parts.work(model).losses([inUse, last.before], last.at, signal)
      if (!after || !before || !isRegressed(after, before)) return false
    } catch (error) {
      if (isKinmeshError(error, 'NoTrainingData')) return false // too little was said since
      throw error
    }
    await parts.adapters.undo(model.id, 'rolled back')
    parts.log.warn('an adapter that was learned together got worse on this device: the one before is in use again', { task: own.task.name })
    parts.adapterChanged()
    return true
  }

  async #measure(adapter: string, model: ModelInUse): Promise<Judgement> {
    const { parts, signal } = this.#host
    try {
      const [candidate, current] = await parts.work(model).losses([adapter, await parts.adapters.inUse(model.id)], 0, signal)
      return judge(candidate!, current!)
    } catch (error) {
      if (!isKinmeshError(error, 'NoTrainingData')) throw error
      return { verdict: 'unknown', text: 'This device holds nothing back to measure with.' }
    }
  }

  async #adopt(own: OwnTask, candidate: Candidate, model: ModelInUse): Promise<void> {
    const [{ parts }, { adapter, height }] = [this.#host, candidate]
    await parts.adapters.adopt(adapter, model, { task: own.task.id, round: height })
    await this.#settled(own, candidate)
    parts.log.info('the model answers through an adapter that was learned together', { task: own.task.name, adapter })
    parts.adapterChanged()
  }

  async #refuse(own: OwnTask, candidate: Candidate): Promise<void> {
    const { adapter } = candidate
    await this.#settled(own, candidate)
    await dropCandidate(this.#host.parts, candidate)
    this.#host.parts.log.info('an adapter that was learned together was not taken', { task: own.task.name, adapter })
  }

  /** The word that was given stays, so that who asks later hears it. */
  async #settled(own: OwnTask, { adapter, own: verdict }: Candidate): Promise<void> {
    const says = saysOf(verdict)
    await this.#host.change(own, state => (state.candidate?.adapter === adapter ? { ...state, candidate: null, said: says ? { adapter, says } : state.said } : state))
  }
}

/** One that another took the place of, or whose task is forgotten: it was never adopted, so nothing goes back to it. */
export async function dropCandidate({ adapters }: Pick<FederatedParts, 'adapters'>, candidate: Candidate | null | undefined, next?: string): Promise<void> {
  if (!candidate || candidate.adapter === next) return
  try {
    await adapters.drop(candidate.adapter)
  } catch (error) {
    // Chosen by a person meanwhile, with kinmesh train use.
    if (!isKinmeshError(error, 'AdapterInUse')) throw error
  }
}

export function saysOf(own: Judgement['verdict'] | null): Says | undefined {
  if (own === null) return undefined
  return own === 'unknown' ? 'unknown' : own === 'worse' ? 'no' : 'yes'
}
