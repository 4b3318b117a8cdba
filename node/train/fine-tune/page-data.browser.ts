import { KinmeshError } from '../../../mesh/errors.ts'
import { piecesOf } from '../../model/cache/fetch-model.ts'
import type { ModelText } from '../../model/model-text.ts'
import { type ChatExamples, conversationExamples, lineExamples } from '../examples/chat-examples.ts'
import { type TrainingConversation, conversationOf } from '../examples/conversation.ts'
import { textLines } from '../examples/json-lines.ts'
import type { PageConversations } from './page-fine-tune.ts'

/** As many as a device looks at of its own. */
const maxConversations = 100_000

/** @throws KinmeshError `BadTrainingData` · `NoTrainingData` · `TooMuchTrainingData` · `InvalidOption` */
export function readConversations(given: PageConversations, text: ModelText, startedAt: number): Promise<ChatExamples> {
  return given instanceof Blob ? lineExamples(textLines(piecesOf(given)), text, { nowMs: startedAt }) : conversationExamples(conversations(given), text, { nowMs: startedAt })
}

function* conversations(given: readonly unknown[]): Generator<TrainingConversation> {
  if (!Array.isArray(given)) throw new KinmeshError('InvalidOption', 'conversations: a list of them, or a file with one in JSON on each line')
  if (given.length > maxConversations) throw new KinmeshError('TooMuchTrainingData', `there are more than ${maxConversations} conversations: train on a part of them`)
  for (const [index, each] of given.entries()) yield conversationOf(Array.isArray(each) ? { messages: each as unknown[] } : each, `conversation ${index + 1}`)
}
