import { systemText } from '../../agent/answer-prompt.ts'
import { clockText } from '../../agent/tools/times.ts'
import { readConversations } from '../../conversations.node.ts'
import type { ModelText } from '../../model/model-text.ts'
import { type ChatExamples, type ChatExamplesOptions, conversationExamples, lineExamples } from '../examples/chat-examples.ts'
import type { TrainingConversation } from '../examples/conversation.ts'
import { fileLines } from '../examples/jsonl.node.ts'
import type { FineTuneSource } from './fine-tune-report.ts'
import { ownConversations } from './own-conversations.ts'
import type { Questions } from './probe.ts'

/** Conversations that are looked at, the last used first. */
const maxConversations = 100_000

/** `questions`: gets those that the model may be asked afterwards. @throws KinmeshError `BadTrainingData` · `NoTrainingData` · `TooMuchTrainingData` · those of the file or store; the reason of the signal */
export async function readData(source: FineTuneSource, text: ModelText, startedAt: number, questions: Questions, signal: AbortSignal | undefined): Promise<ChatExamples> {
  const options: ChatExamplesOptions = { nowMs: startedAt, onConversation: (conversation, isHeldOut) => questions.add(conversation, isHeldOut) }
  return source.kind === 'file' ? lineExamples(fileLines(source.path, signal), text, options) : conversationExamples(saidHere(source.database, text, { until: startedAt }), text, options)
}

/** What was said on this device within two times, Unix ms, in pieces as they are learned. */
export function* saidHere(database: string, { template }: Pick<ModelText, 'template'>, { since = 0, until }: { readonly since?: number; readonly until: number }): Generator<TrainingConversation> {
  const reader = readConversations(database)
  try {
    const system = (at: number) => systemText({ template: template.source }, { memories: [], documents: [], now: clockText(new Date(at)) }, [])
    for (const { id } of reader?.list(maxConversations) ?? []) yield* ownConversations(reader!.turns(id).filter(({ at }) => at >= since && at <= until), system)
  } finally {
    reader?.close()
  }
}
