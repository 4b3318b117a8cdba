import { join } from 'node:path'
import { type ChatExamples, conversationExamples } from '../train/examples/chat-examples.ts'
import { readConversation } from '../train/examples/conversation.ts'
import type { BaseModel } from '../train/fine-tune/base-model.ts'
import { openBaseModel } from '../train/fine-tune/base-model.node.ts'
import { conversation, madeModel } from '../train/fine-tune/fine-tune.fixtures.ts'
import { readTask, type Task } from './task.ts'

const hash = '5'.repeat(64)

/** For tests: a task as one is proposed, with other fields in the place of some. */
export function taskOf(other: Partial<Record<keyof Task, unknown>> = {}): Task {
  return readTask({
    format: 1, id: 'task 1', name: 'Evenings', model: { hash, name: 'starter' }, aggregation: 'ffa', adapter: { rank: 4, alpha: 8, seed: 'seed' }, training: { steps: 20, rate: 0.01 }, parameters: 12_288, bytesPerParameter: 1.1, rounds: 20,
    secure: null, participants: { kind: 'personal' }, examples: { least: 8, most: 1000 }, clipNorm: 1, privacy: null, ...other
  })
}

export const privacy = { noiseMultiplier: 4, sampleRate: 1, noiseIn: 'each', budget: { epsilon: 8, delta: 1e-5 } } as const

/** For tests: a small model that is opened to train beside, and the folder it lies in. To be closed. */
export async function tinyModel(dir: string): Promise<BaseModel> {
  const made = join(dir, 'made')
  await madeModel(dir, made, { bits: 8, block: 32, zeroPoints: false, small: true })
  return openBaseModel(made, 1)
}

/** For tests: conversations of these numbers, a tenth of them held back. */
export function talk({ text }: BaseModel, numbers: readonly number[], answer?: string): Promise<ChatExamples> {
  return conversationExamples(numbers.map(index => readConversation({ line: index + 1, text: JSON.stringify(conversation(index, answer)) })), text, { nowMs: 0 })
}

export const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index)
