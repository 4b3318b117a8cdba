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

/** `dir`: of the model that is learned beside. `aggregation`: the method by which adapters become one. */
export type AdapterLearning = { readonly kind: 'adapter'; readonly dir: string; readonly aggregation: string; readonly shape: SharedShape; readonly training: ConversationSet; readonly heldOut: ConversationSet; readonly local: LocalTerms }

/** Positions of a batch that are in a graph at a time; a row at least. */
const piecePositions = 512

/**
 * An adapter beside a model. Under `ffa` it is B, with A frozen from a seed, as devices of a real round train it; by other methods A and B, `stack` and `residual` beside weights that change from round to round (combine-adapters.ts).
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
  readonly #config: DecoderConfig
  readonly beginning: Float32Array | undefined

  /** `model` is closed by whoever opened it, after this one. */
  constructor(learning: AdapterLearning, model: BaseModel) {
    const { shape, aggregation, heldOut } = learning
    const parts = sharedParts(aggregation)
    this.#learning = learning
    this.#config = model.text.config
    this.#shared = new SharedAdapter(this.#config, shape, aggregation === 'ffa' ? 'b' : 'both')
    this.#weights = parts.weights ? new ChangedBase(model.unpacked ?? model.base, linearsOf(this.#config)) : undefined
    const frozenA = this.#shared.frozenA()
    const learned = { ...learnedOf(model, shape.rank, shape.alpha), ...(frozenA && { frozenA }) }
    this.#objective = objectiveOf(this.#weights ? { ...model, base: this.#weights } : model, learned, { checkpoint: false, unpacked: !this.#weights && model.unpacked !== undefined })
    this.parameters = this.#shared.layers(this.#shared.beginning()).flatMap(({ name, inputs, outputs, rank }) => [
      ...(frozenA ? [] : [{ name: `${name}.lora_A.weight`, shape: [rank, inputs], decays: true }]), { name: `${name}.lora_B.weight`, shape: [outputs, rank], decays: true }
    ])
    // B alone begins with zeros, which is how any parameters named so begin.
    this.beginning = aggregation === 'ffa' ? undefined : joined(parts.factors ? this.#shared.beginning() : none, new Float32Array(this.#weights?.values ?? 0))
    const examples = Int32Array.from({ length: heldOut.count }, (_, at) => at)
    this.assessParts = heldOut.speakers.reduce((most, speaker) => Math.max(most, speaker + 1), 0)
    this.#heldOut = Array.from({ length: this.assessParts }, (_, user) => examples.filter(example => heldOut.speakers[example] === user))
  }

  async train(examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local, training, shape } = this.#learning
    const { parameters } = this.#objective
    const shared = this.#adapterOf(start)
    // Each client begins anew with an A of its own, which nobody else knows: what it gives is the whole adapter.
    const begun = shared ?? new SharedAdapter(this.#config, { ...shape, seed: `${shape.seed} ${seed}` }, 'both').beginning()
    const { delta, loss } = await descend<TokenBatch>(this.#objective, batch => packedBatches(training, batch, rowsOf(training)), local, examples, seed, this.#shared.toTraining(parameters, begun))
    // From the one form to the other all is multiplied, so a difference goes like the numbers themselves.
    const learned = this.#shared.fromTraining(parameters, delta)
    return { delta: shared ? learned : learned.map((value, at) => value + begun[at]!), loss }
  }

  async assess(parameters: Float32Array, user: number): Promise<Counted> {
    const { heldOut } = this.#learning
    const values = this.#shared.toTraining(this.#objective.parameters, this.#adapterOf(parameters) ?? this.#shared.beginning())
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

  /** Out of what is shared; undefined where every client begins a new one. What is added to the weights is in its place from here on. */
  #adapterOf(shared: Float32Array): Float32Array | undefined {
    if (!this.#weights) return shared
    const factors = shared.length - this.#weights.values
    this.#weights.add(shared.subarray(factors))
    return factors === 0 ? undefined : shared.slice(0, factors)
  }
}

const none = new Float32Array(0)

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

function rowsOf({ length }: ConversationSet): number {
  return Math.max(1, Math.floor(piecePositions / length))
}
