import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { GraphSession } from '../model/runtime/session.ts'
import { DecoderObjective } from '../train/decoder-objective.ts'
import { notLearned, type Parameter, type TokenBatch } from '../train/objective.ts'
import { descend } from './descent.ts'
import type { Counted, Learner } from './learner.ts'
import { type TextSet, windowLength } from './plays.ts'

export type TextLearning = { readonly kind: 'text'; readonly characters: number; readonly training: TextSet; readonly heldOut: TextSet; readonly local: LocalTerms }

/** Windows of a batch that are in a graph at a time. */
const pieceRows = 16
const assessRows = 50

/** A decoder of a hundred thousand parameters that writes characters. */
export function characterModel(characters: number): DecoderConfig {
  return {
    family: 'llama', vocabSize: characters, hiddenSize: 64, innerSize: 176, heads: 4, kvHeads: 4, headDim: 16, normEpsilon: 1e-5, maxPositions: windowLength, rope: { theta: 10_000, scaling: null },
    layers: [{ rotary: true, window: null }, { rotary: true, window: null }], tiedHead: true, qkvBias: false, outputBias: false, innerBias: false, qkNorm: false, bosId: null, eosIds: [], padId: null
  }
}

/** The next character, by a small decoder. There is no accuracy: the graph gives the loss alone. */
export class TextLearner implements Learner {
  readonly parameters: readonly Parameter[]
  readonly assessParts: number
  readonly #learning: TextLearning
  readonly #objective: DecoderObjective

  constructor(learning: TextLearning, open: (model: Uint8Array) => Promise<GraphSession>) {
    this.#learning = learning
    const nothing = { format: { bits: 32 }, tensor: () => Promise.reject(new Error('all weights are learned')) } as const
    this.#objective = new DecoderObjective({ config: characterModel(learning.characters), learned: { kind: 'all' }, base: nothing, checkpoint: false, open })
    this.assessParts = Math.ceil(learning.heldOut.count / assessRows)
    this.parameters = this.#objective.parameters
  }

  train(examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local, training } = this.#learning
    const rows = Math.min(pieceRows, local.batch ?? pieceRows)
    return descend(this.#objective, function* pieces(batch) {
      for (let from = 0; from < batch.length; from += rows) yield windowBatch(training, batch.subarray(from, from + rows), rows)
    }, local, examples, seed, start)
  }

  async assess(parameters: Float32Array, part: number): Promise<Counted> {
    const { heldOut } = this.#learning
    const from = part * assessRows
    const windows = Int32Array.from({ length: Math.min(assessRows, heldOut.count - from) }, (_, at) => from + at)
    return { ...(await this.#objective.loss(parameters, windowBatch(heldOut, windows, assessRows))), right: null }
  }

  close(): Promise<void> {
    return this.#objective.close()
  }
}

/** Some windows as a batch of `rows`. What is behind their ends, and whole rows that are over, is not learned. */
export function windowBatch({ length, ids }: TextSet, chosen: Int32Array, rows: number): TokenBatch {
  const size = rows * length
  const batch = { rows, length, ids: new Int32Array(size), labels: new Int32Array(size).fill(notLearned), positions: Int32Array.from({ length: size }, (_, at) => at % length), segments: new Int32Array(size), tokens: 0 }
  for (const [row, window] of chosen.entries()) {
    const own = ids.subarray(window * (length + 1), (window + 1) * (length + 1))
    for (let at = 0; at < length && own[at + 1]! >= 0; at++) {
      batch.ids[row * length + at] = own[at]!
      batch.labels[row * length + at] = own[at + 1]!
      batch.tokens++
    }
  }
  return batch
}
