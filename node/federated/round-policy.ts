import { addGaussianNoise } from '../../federated/privacy/gaussian-noise.ts'
import { chargeUpload } from '../../federated/privacy/ledger-store.ts'
import { newLedger, roundsLeft, spentEpsilon } from '../../federated/privacy/ledger.ts'
import { type RoundManifest, roundIdOf } from '../../federated/round/manifest.ts'
import { coordinatorOf } from '../../federated/round/order.ts'
import type { LocalUpdate, RoundPolicy, RoundResult, Upload } from '../../federated/round/task.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { type ChangeState, dropCandidate } from './candidates.ts'
import { eligibility, type Verdict } from './eligibility.ts'
import type { FederatedParts } from './federated-parts.ts'
import { afterRound } from './after-round.ts'
import type { ModelInUse } from './local-work.ts'
import type { OwnTask } from './own-task.ts'
import { manifestOf } from './round-terms.ts'
import type { Task } from './task.ts'
import { baseOf } from './task-states.ts'

export type PolicyHost = {
  readonly parts: FederatedParts
  /** Undefined where this device takes no part in it. */
  own(task: string): OwnTask | undefined
  /** Gets the adapter that a base names from another device, where this one has an older one. */
  catchUp(own: OwnTask, base: string, from: DeviceId): Promise<void>
  readonly change: ChangeState
  /** A round was committed. */
  committed(own: OwnTask, model: ModelInUse): Promise<void>
}

/** What this device thinks of rounds: it takes part in those that follow from terms its person agreed to, while it may. */
export class DevicePolicy implements RoundPolicy {
  readonly #host: PolicyHost
  #counted: { readonly key: string; readonly training: number } | undefined

  constructor(host: PolicyHost) {
    this.#host = host
  }

  /** Whether the device takes part now, all that speaks against it included. */
  async look(task: Task): Promise<Verdict> {
    const { parts } = this.#host
    const { consents, ledgers, saidAt, clock, settings } = parts
    const model = await parts.model()
    if (model?.id !== task.model.hash) return { eligible: false, refusals: [{ name: 'WrongModel', text: wrongModel(task, model).message }] }
    return eligibility(task, settings(), {
      idleMs: () => clock() - (saidAt() ?? -Infinity),
      power: () => parts.power(), network: () => parts.network(),
      examples: () => this.#examples(model),
      consent: each => consents.state(each),
      async uploadsLeft({ id, privacy }) {
        if (!privacy) return undefined
        return roundsLeft((await ledgers.read(id)) ?? newLedger({ device: parts.mesh.identity.id, task: id, budget: privacy.budget }), privacy)
      }
    })
  }

  async answer(manifest: RoundManifest): Promise<void> {
    const own = this.#own(manifest)
    const { parts } = this.#host
    const { self, known } = { self: parts.mesh.identity.id, known: new Set(parts.devices()) }
    if (manifest.cohort.some(id => id !== self && !known.has(id))) throw new KinmeshError('RoundStranger', 'a device that is none of this person\'s is of the cohort of this round')
    if (roundIdOf(manifestOf(own.task, { ...manifest, number: manifest.round })) !== roundIdOf(manifest)) throw new KinmeshError('RoundNotOfTask', 'this round is not what the terms of its task call for: it is refused')
    if (manifest.round < own.state.number) throw new KinmeshError('RoundPast', `round ${manifest.round} is over on this device`)
    if (manifest.base !== baseOf(own.task, own.state.flat)) await this.#host.catchUp(own, manifest.base, manifest.proposer)
    if (manifest.base !== baseOf(own.task, own.state.flat)) throw new KinmeshError('WrongBase', 'this device has another adapter than the one that the round starts from')
    await this.#check(own.task)
  }

  async update(manifest: RoundManifest, { signal }: { signal: AbortSignal }): Promise<LocalUpdate> {
    const own = this.#own(manifest)
    const { task, state } = own
    if (own.learned?.number !== manifest.round || own.learned.base !== manifest.base) {
      if (manifest.base !== baseOf(task, state.flat)) throw new KinmeshError('WrongBase', 'this device has gone on to another adapter meanwhile')
      const { delta, examples } = await this.#host.parts.work(await this.#model(task)).update(task, state.flat, signal)
      own.learned = { number: manifest.round, base: manifest.base, delta, examples }
    }
    const { delta, examples } = own.learned
    // With noise every device weighs the same, since how many examples it has is its own affair.
    if (task.privacy) return { delta: addGaussianNoise(delta, task.privacy.noiseMultiplier), numExamples: 1 }
    return { delta: delta.values, numExamples: Math.min(examples, task.examples.most), ...(state.residual && manifest.compression ? { residual: state.residual } : {}) }
  }

  /** Nothing leaves before it is paid for and written down, and not at all where somebody has begun to use the device. */
  async upload(manifest: RoundManifest, { attempt, hash, bytes }: Upload): Promise<void> {
    const { task } = this.#own(manifest)
    const { ledgers, uploads, clock, mesh } = this.#host.parts
    await this.#check(task)
    let epsilon = 0
    if (task.privacy) {
      const { budget, noiseMultiplier, sampleRate } = task.privacy
      const before = await ledgers.read(task.id)
      const after = await chargeUpload(ledgers, { device: mesh.identity.id, task: task.id, budget }, { round: manifest.round, attempt, noiseMultiplier, sampleRate, update: hash })
      epsilon = spentEpsilon(after) - (before ? spentEpsilon(before) : 0)
    }
    await uploads.add({ at: clock(), task: task.id, round: manifest.round, attempt, to: coordinatorOf(manifest, attempt), kind: 'contribution', bytes, sha256: hash, epsilon })
  }

  async result({ manifest, mean, included, residual }: RoundResult): Promise<void> {
    const own = this.#host.own(manifest.task)
    // A person has left meanwhile; or it was handed over before a crash, or is older than what this device got since.
    const isNext = ({ number, flat }: OwnTask['state']) => own !== undefined && number <= manifest.round && manifest.base === baseOf(own.task, flat)
    if (!own || !isNext(own.state)) return
    const model = await this.#model(own.task)
    const { flat, height } = own.state
    const next = afterRound(flat, mean)
    const candidate = { adapter: await this.#host.parts.work(model).keep(own.task, next), height: height + 1, at: this.#host.parts.clock(), own: null }
    let before: OwnTask['state']['candidate'] = null
    await this.#host.change(own, state => {
      if (!isNext(state)) return state
      before = state.candidate
      return { ...state, number: manifest.round + 1, height: height + 1, flat: next, residual: included ? (residual ?? null) : state.residual, candidate }
    })
    own.learned = undefined
    own.failures = 0
    await dropCandidate(this.#host.parts, before, candidate.adapter)
    await this.#host.committed(own, model)
  }

  #own({ task }: RoundManifest): OwnTask {
    const own = this.#host.own(task)
    if (!own) throw new KinmeshError('NoConsent', 'nobody on this device agreed to the task of this round')
    return own
  }

  /** @throws KinmeshError named as the first refusal */
  async #check(task: Task): Promise<void> {
    const { refusals: [refusal] } = await this.look(task)
    if (refusal) throw new KinmeshError(refusal.name, refusal.text)
  }

  /** @throws KinmeshError `WrongModel` */
  async #model(task: Task): Promise<ModelInUse> {
    const model = await this.#host.parts.model()
    if (model?.id === task.model.hash) return model
    throw wrongModel(task, model)
  }

  /** Counted anew where something was said since. */
  async #examples(model: ModelInUse): Promise<number> {
    const key = `${model.id} ${this.#host.parts.saidAt()}`
    if (this.#counted?.key !== key) this.#counted = { key, training: (await this.#host.parts.work(model).count()).training }
    return this.#counted.training
  }
}

/** For people. */
export function wrongModel({ model: { name } }: Task, inUse: ModelInUse | undefined): KinmeshError {
  return new KinmeshError('WrongModel', `This task is about ${name}, and ${inUse ? `the model in use is ${inUse.name}` : 'no model is in use'}: choose that one with kinmesh model use.`)
}
