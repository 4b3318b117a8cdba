import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import { SharedAdapter, type SharedShape } from '../federated/shared-adapter.ts'
import type { DecoderObjective } from '../train/decoder-objective.ts'
import { type BaseModel, learnedOf, objectiveOf } from '../train/fine-tune/base-model.ts'
import type { Parameter, TokenBatch } from '../train/objective.ts'
import { type ConversationSet, packedBatches } from './conversation-set.ts'
import { descend } from './descent.ts'
import type { Counted, Learner } from './learner.ts'

/** `dir`: of the model that is learned beside. */
export type AdapterLearning = { readonly kind: 'adapter'; readonly dir: string; readonly shape: SharedShape; readonly training: ConversationSet; readonly heldOut: ConversationSet; readonly local: LocalTerms }

/** Positions of a batch that are in a graph at a time; a row at least. */
const piecePositions = 512

/** B of an adapter beside a model, with A frozen from a seed, as devices of a real round train it (`ffa`). There is no accuracy: the graph gives the loss alone. */
export class AdapterLearner implements Learner {
  readonly parameters: readonly Parameter[]
  /** One for each user, in their order. */
  readonly assessParts: number
  readonly #learning: AdapterLearning
  readonly #shared: SharedAdapter
  readonly #objective: DecoderObjective
  readonly #heldOut: readonly Int32Array[]

  /** `model` is closed by whoever opened it, after this one. */
  constructor(learning: AdapterLearning, model: BaseModel) {
    const { shape, heldOut } = learning
    this.#learning = learning
    this.#shared = new SharedAdapter(model.text.config, shape)
    this.#objective = objectiveOf(model, { ...learnedOf(model, shape.rank, shape.alpha), frozenA: this.#shared.frozenA() }, { checkpoint: false, unpacked: model.unpacked !== undefined })
    this.parameters = this.#shared.layers(this.#shared.beginning()).map(({ name, outputs, rank }) => ({ name: `${name}.lora_B.weight`, shape: [outputs, rank], decays: true }))
    const examples = Int32Array.from({ length: heldOut.count }, (_, at) => at)
    this.assessParts = heldOut.speakers.reduce((most, speaker) => Math.max(most, speaker + 1), 0)
    this.#heldOut = Array.from({ length: this.assessParts }, (_, user) => examples.filter(example => heldOut.speakers[example] === user))
  }

  async train(examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local, training } = this.#learning
    const { parameters } = this.#objective
    const { delta, loss } = await descend<TokenBatch>(this.#objective, batch => packedBatches(training, batch, rowsOf(training)), local, examples, seed, this.#shared.toTraining(parameters, start))
    // From the one form to the other all is multiplied, so a difference goes like the numbers themselves.
    return { delta: this.#shared.fromTraining(parameters, delta), loss }
  }

  async assess(parameters: Float32Array, user: number): Promise<Counted> {
    const { heldOut } = this.#learning
    const values = this.#shared.toTraining(this.#objective.parameters, parameters)
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
}

function rowsOf({ length }: ConversationSet): number {
  return Math.max(1, Math.floor(piecePositions / length))
}
