import type { ModelText } from '../model/model-text.ts'
import { encodeConversation } from '../train/examples/conversation-tokens.ts'
import type { TrainingConversation } from '../train/examples/conversation.ts'
import { notLearned, type TokenBatch } from '../train/objective.ts'
import { pack } from '../train/trainer/packing.ts'
import { badTrainingData } from '../train/training-errors.ts'

/**
 * Conversations as tokens, one behind the other, i32; of tokens that are only read, the complement. `ends`: where each ends. `speakers`: the number of who had it. In memory that threads share. `length`: of the rows that they
 * are packed into, in positions; no conversation takes more.
 */
export type ConversationSet = { readonly count: number; readonly tokens: Int32Array; readonly ends: Int32Array; readonly speakers: Int32Array; readonly length: number }

/** Of rows: one of few, as each is a graph of its own. */
const rowLengths = [64, 128, 256, 512, 1024, 2048]
/** Some templates write the date; the same each time. */
const nowMs = 0

/** Of each speaker's conversations. Those that the model has no room for are left out. @throws KinmeshError `BadTrainingData`: nothing is left of a speaker's */
export function conversationSet(all: readonly (readonly TrainingConversation[])[], text: Pick<ModelText, 'tokenizer' | 'template' | 'endIds' | 'config'>): ConversationSet {
  const most = Math.min(rowLengths.at(-1)!, text.config.maxPositions)
  const encoded = all.flatMap((own, speaker) => {
    // The last token is only ever a label.
    const fitting = own.flatMap(conversation => encodeConversation(text, conversation, nowMs)).filter(({ ids }) => ids.length - 1 <= most)
    if (fitting.length === 0) throw badTrainingData(`none of the ${own.length} conversations of user ${speaker} fits into ${most} tokens, as many as the model reads or ${rowLengths.at(-1)}: take a model that reads more`)
    return fitting.map(each => ({ ...each, speaker }))
  })
  const longest = encoded.reduce((length, { ids }) => Math.max(length, ids.length - 1), 1)
  const set = {
    count: encoded.length, length: rowLengths.find(length => length >= longest && length <= most) ?? most,
    tokens: shared(encoded.reduce((sum, { ids }) => sum + ids.length, 0)), ends: shared(encoded.length), speakers: shared(encoded.length)
  }
  let end = 0
  for (const [at, { ids, learned, speaker }] of encoded.entries()) {
    set.tokens.set(ids.map((id, place) => (learned.some(({ from, to }) => place >= from && place < to) ? id : ~id)), end)
    set.ends[at] = end += ids.length
    set.speakers[at] = speaker
  }
  return set
}

/** Some of them as batches of a few rows, several in a row; each batch has the same shape, so that one graph is enough. */
export function* packedBatches(set: ConversationSet, chosen: Int32Array, rows: number): Generator<TokenBatch> {
  const packed = pack(Array.from(chosen, each => lengthOf(set, each) - 1), set.length)
  for (let from = 0; from < packed.length; from += rows) yield batchOf(set, packed.slice(from, from + rows).map(row => row.map(at => chosen[at]!)), rows)
}

function lengthOf({ ends }: ConversationSet, example: number): number {
  return ends[example]! - startOf(ends, example)
}

function startOf(ends: Int32Array, example: number): number {
  return example === 0 ? 0 : ends[example - 1]!
}

function batchOf(set: ConversationSet, packed: readonly (readonly number[])[], rows: number): TokenBatch {
  const { length, tokens, ends } = set
  const size = rows * length
  const batch = { rows, length, ids: new Int32Array(size), labels: new Int32Array(size).fill(notLearned), positions: new Int32Array(size), segments: new Int32Array(size), tokens: 0 }
  for (let row = 0; row < rows; row++) {
    const examples = packed[row] ?? []
    let at = row * length
    for (const [segment, example] of examples.entries()) {
      const own = tokens.subarray(startOf(ends, example), ends[example])
      for (let position = 0; position < own.length - 1; position++, at++) {
        const [id, next] = [own[position]!, own[position + 1]!]
        batch.ids[at] = id < 0 ? ~id : id
        if (next >= 0) batch.labels[at] = next
        batch.positions[at] = position
        batch.segments[at] = segment
      }
      batch.tokens += own.length - 1
    }
    // What is over sees nothing but itself.
    for (let position = 0; at < (row + 1) * length; position++, at++) {
      batch.positions[at] = position
      batch.segments[at] = examples.length
    }
  }
  return batch
}

function shared(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT))
}
