import { sha256Hex } from '#mesh/sha256'
import type { Tokenizer } from '../../model/text/tokenizer.ts'
import { type TokenBatch, notLearned } from '../../train/objective.ts'
import { pack } from '../../train/trainer/packing.ts'
import type { TrainingData } from '../../train/trainer/training-data.ts'
import { generate } from '../generate.ts'
import { type EncodedExample, createExampleEncoder } from '../render.ts'
import type { Split } from '../split.ts'
import { copyingDrill } from './drill.ts'
import { type Renamer, createRenamer } from './renamed.ts'

export type GeneratedOptions = {
  readonly split: Split
  /** The first of the seeds that examples are made of. */
  readonly seed: number
  readonly rows: number
  /** Of a row, in tokens. No example is longer. */
  readonly length: number
  readonly batchesPerEpoch: number
  /** In every so many batches all tokens are learned, and not only what the assistant says. 0: never. */
  readonly readEvery: number
  /** Every so many batches is a drill in copying. 0: never. */
  readonly drillEvery: number
  /** In some examples, some tokens are given others in their place (`createRenamer`). */
  readonly renames: boolean
}

/** Examples that tell the tokens of phrases from others. */
const sampled = 1000

/** Batches that stand for all, so that a training is not gone on with by other examples. */
const keyBatches = 12

/** Seeds that one batch may use up; far more than fit into it. */
export const seedsPerBatch = 512

/** Examples that are made when they are asked for, and never come twice. */
export class GeneratedData implements TrainingData<TokenBatch> {
  readonly key: string
  readonly batchesPerEpoch: number
  readonly #options: GeneratedOptions
  readonly #encode: ReturnType<typeof createExampleEncoder>
  readonly #renamer: Renamer
  readonly #drill: { readonly vocabSize: number; readonly space: number }

  constructor(tokenizer: Tokenizer, options: GeneratedOptions) {
    this.#options = options
    this.#drill = { vocabSize: tokenizer.vocabSize, space: tokenizer.encodeText(' ')[0] ?? 0 }
    this.#encode = createExampleEncoder(tokenizer)
    this.batchesPerEpoch = options.batchesPerEpoch
    this.#renamer = createRenamer(tokenizer, Array.from({ length: sampled }, (_, index) => this.#encode(generate(index * 7919, 'train'))))
    // Whoever changes the generator, the tokenizer, the renaming or the drill has other batches.
    this.key = sha256Hex(JSON.stringify([options, Array.from({ length: Math.max(keyBatches, options.drillEvery) }, (_, index) => this.batch(0, index)).map(({ ids, labels }) => [[...ids], [...labels]])]))
  }

  size({ tokens }: TokenBatch): number {
    return tokens
  }

  batch(epoch: number, index: number): TokenBatch {
    const { seed, rows, length, readEvery, drillEvery } = this.#options
    const at = epoch * this.batchesPerEpoch + index
    if (drillEvery > 0 && at % drillEvery === drillEvery - 1) return copyingDrill(seed + at, { rows, length, ...this.#drill })
    const examples = this.#examples(at)
    // The last token of an example is only ever a label. What did not fit into the rows is left out.
    const packed = pack(examples.map(({ ids }) => ids.length - 1), length).slice(0, rows)
    return filled(packed.map(items => items.map(item => examples[item]!)), rows, length, readEvery > 0 && at % readEvery === 0)
  }

  /** A little more than fit into a batch. */
  #examples(batch: number): EncodedExample[] {
    const { split, seed, rows, length, renames } = this.#options
    const examples: EncodedExample[] = []
    let positions = 0
    for (let nth = 0; nth < seedsPerBatch && positions < rows * length; nth++) {
      const made = generate(seed + batch * seedsPerBatch + nth, split)
      const plain = this.#encode(made)
      const example = renames ? this.#renamer(plain, made.task, made.seed) : plain
      if (example.ids.length - 1 > length) continue
      examples.push(example)
      positions += example.ids.length - 1
    }
    return examples
  }
}

/** `readsAll`: every token is learned. */
function filled(chosen: readonly (readonly EncodedExample[])[], rows: number, length: number, readsAll: boolean): TokenBatch {
  const [ids, labels, positions, segments] = [new Int32Array(rows * length), new Int32Array(rows * length).fill(notLearned), new Int32Array(rows * length), new Int32Array(rows * length)]
  let tokens = 0
  for (let row = 0; row < rows; row++) {
    const examples = chosen[row] ?? []
    let at = row * length
    for (const [segment, { ids: own, learned }] of examples.entries()) {
      for (let position = 0; position < own.length - 1; position++, at++) {
        ids[at] = own[position]!
        if (readsAll || learned[position + 1]) labels[at] = own[position + 1]!
        positions[at] = position
        segments[at] = segment
      }
      tokens += own.length - 1
    }
    for (let position = 0; at < (row + 1) * length; position++, at++) {
      positions[at] = position
      segments[at] = examples.length
    }
  }
  return { rows, length, ids, labels, positions, segments, tokens }
}
