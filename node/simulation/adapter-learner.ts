import { DividedAdapter, interpolated } from '../../federated/aggregation/personal.ts'
import type { PersonalTerms } from '../../federated/simulation/experiment.ts'
import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import { SharedAdapter, type SharedShape } from '../federated/shared-adapter.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { DecoderObjective } from '../train/decoder-objective.ts'
import { type BaseModel, learnedOf, objectiveOf } from '../train/fine-tune/base-model.ts'
import type { Parameter, TokenBatch } from '../train/objective.ts'
import { ChangedBase } from './changed-base.ts'
import { linearsOf, sharedParts } from './combine-adapters.ts'
import { type ConversationSet, packedBatches } from './conversation-set.ts'
import { descend } from './descent.ts'
import type { Counted, Learner } from './learner.ts'

/** `dir`: of the model that is learned beside. `aggregation`: the method by which adapters become one; undefined where `personal` says which of its matrices goes round. */
export type AdapterLearning = { readonly kind: 'adapter'; readonly dir: string; readonly aggregation?: string | undefined; readonly personal?: PersonalTerms | undefined; readonly shape: SharedShape; readonly training: ConversationSet; readonly heldOut: ConversationSet; readonly local: LocalTerms }

/** Positions of a batch that are in a graph at a time; a row at least. */
const piecePositions = 512

/**
 * An adapter beside a model. Under `ffa` it is B, with A frozen from a seed, as devices of a real round train it; by other methods A and B, `stack` and `residual` beside weights that change from round to round (combine-adapters.ts).
 * What is a client's own comes with each question, so that any thread can train it: one of both matrices, or an adapter that it learns alone.
 * There is no accuracy: the graph gives the loss alone.
 */
export class AdapterLearner implements Learner {
  readonly parameters: readonly Parameter[]
  /** One for each user, in their order. */
  readonly assessParts: number
  readonly #learning: AdapterLearning
  readonly #shared: SharedAdapter
  readonly #objective: DecoderObjective
  readonly #heldOut: readonly Int32Array[]
  /** Where methods add to the weights of the model. */
  readonly #weights: ChangedBase | undefined
  /** Where one matrix goes round and the other does not. */
  readonly #divided: DividedAdapter | undefined
  readonly #config: DecoderConfig
  readonly beginning: Float32Array | undefined

  /** `model` is closed by whoever opened it, after this one. */
  constructor(learning: AdapterLearning, model: BaseModel) {
    const { shape, aggregation, personal, heldOut } = learning
    const parts = sharedParts(aggregation)
    this.#learning = learning
    this.#config = model.text.config
    this.#shared = new SharedAdapter(this.#config, shape, aggregation === 'ffa' ? 'b' : 'both')
    const layers = this.#shared.layers(this.#shared.beginning())
    this.#divided = personal && personal.kind !== 'mixed' ? new DividedAdapter(layers, personal.kind === 'shared-a' ? 'a' : 'b') : undefined
    this.#weights = parts.weights ? new ChangedBase(model.unpacked ?? model.base, linearsOf(this.#config)) : undefined
    const frozenA = this.#shared.frozenA()
    const learned = { ...learnedOf(model, shape.rank, shape.alpha), ...(frozenA && { frozenA }) }
    this.#objective = objectiveOf(this.#weights ? { ...model, base: this.#weights } : model, learned, { checkpoint: false, unpacked: !this.#weights && model.unpacked !== undefined })
    const sharesA = this.#divided ? this.#divided.shared === 'a' : !frozenA
    const sharesB = this.#divided?.shared !== 'a'
    this.parameters = layers.flatMap(({ name, inputs, outputs, rank }) => [
      ...(sharesA ? [{ name: `${name}.lora_A.weight`, shape: [rank, inputs], decays: true }] : []), ...(sharesB ? [{ name: `${name}.lora_B.weight`, shape: [outputs, rank], decays: true }] : [])
    ])
    // B alone begins with zeros, which is how any parameters named so begin.
    if (this.#divided) this.beginning = this.#divided.partOf(this.#shared.beginning(), this.#divided.shared)
    else this.beginning = aggregation === 'ffa' ? undefined : joined(parts.factors ? this.#shared.beginning() : none, new Float32Array(this.#weights?.values ?? 0))
    const examples = Int32Array.from({ length: heldOut.count }, (_, at) => at)
    this.assessParts = heldOut.speakers.reduce((most, speaker) => Math.max(most, speaker + 1), 0)
    this.#heldOut = Array.from({ length: this.assessParts }, (_, user) => examples.filter(example => heldOut.speakers[example] === user))
  }

  async train(examples: Int32Array, seed: number, start: Float32Array, own?: Float32Array): Promise<LocalResult> {
    const { shape, personal } = this.#learning
    if (this.#divided) {
      const begun = this.#divided.whole(start, own)
      const { delta, loss } = await this.#descend(examples, seed, begun)
      return { delta: this.#divided.partOf(delta, this.#divided.shared), loss, own: this.#divided.partOf(sum(begun, delta), this.#divided.own) }
    }
    const shared = this.#adapterOf(start)
    // Each client begins anew with an A of its own, which nobody else knows: what it gives is the whole adapter.
    const begun = shared ?? new SharedAdapter(this.#config, { ...shape, seed: `${shape.seed} ${seed}` }, 'both').beginning()
    const { delta, loss } = await this.#descend(examples, seed, begun)
    if (personal) {
      const alone = own ?? this.#shared.beginning()
      return { delta, loss, own: sum(alone, (await this.#descend(examples, seed, alone)).delta) }
    }
    return { delta: shared ? delta : sum(begun, delta), loss }
  }

  async assess(parameters: Float32Array, user: number, own?: Float32Array): Promise<Counted> {
    const { heldOut } = this.#learning
    const values = this.#shared.toTraining(this.#objective.parameters, this.#used(parameters, own))
    let [loss, labels] = [0, 0]
    for (const batch of packedBatches(heldOut, this.#heldOut[user]!, rowsOf(heldOut))) {
      const found = await this.#objective.loss(values, batch)
      loss += found.loss
      labels += found.labels
    }
    return { loss, labels, right: null }
  }

  close(): Promise<void> {
    return this.#objective.close()
  }

  /** How what is learned of an adapter changes. `begun` and `delta`: flat, of all that is learned. */
  async #descend(examples: Int32Array, seed: number, begun: Float32Array): Promise<{ delta: Float32Array; loss: number }> {
    const { local, training } = this.#learning
    const { parameters } = this.#objective
    const { delta, loss } = await descend<TokenBatch>(this.#objective, batch => packedBatches(training, batch, rowsOf(training)), local, examples, seed, this.#shared.toTraining(parameters, begun))
    // From the one form to the other all is multiplied, so a difference goes like the numbers themselves.
    return { delta: this.#shared.fromTraining(parameters, delta), loss }
  }

  /** The adapter that a client answers through. One that has learned nothing yet has what is shared. */
  #used(shared: Float32Array, own: Float32Array | undefined): Float32Array {
    const { personal } = this.#learning
    if (this.#divided) return this.#divided.whole(shared, own)
    if (personal?.kind === 'mixed' && own) return interpolated(own, shared, personal.share)
    return this.#adapterOf(shared) ?? this.#shared.beginning()
  }

  /** Out of what is shared; undefined where every client begins a new one. What is added to the weights is in its place from here on. */
  #adapterOf(shared: Float32Array): Float32Array | undefined {
    if (!this.#weights) return shared
    const factors = shared.length - this.#weights.values
    this.#weights.add(shared.subarray(factors))
    return factors === 0 ? undefined : shared.slice(0, factors)
  }
}

const none = new Float32Array(0)

function sum(one: Float32Array, other: Float32Array): Float32Array {
  return one.map((value, at) => value + other[at]!)
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

function rowsOf({ length }: ConversationSet): number {
  return Math.max(1, Math.floor(piecePositions / length))
}
