import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import type { ModelText } from '../../model/model-text.ts'
import { badTrainingData } from '../training-errors.ts'
import { TokenExamples } from '../trainer/token-examples.ts'
import { encodeConversation } from './conversation-tokens.ts'
import { type TrainingConversation, isHeldOut, readConversation } from './conversation.ts'
import type { TextLine } from './json-lines.ts'

export type ChatExamplesOptions = {
  /** Of the conversations; their content says which. Default 0.1. */
  readonly holdoutShare?: number
  /** Some templates write the date. */
  readonly nowMs: number
  /** Of each of both parts. */
  readonly maxTokens?: number
  /** Hears of each, and of the part that it went to. */
  readonly onConversation?: (conversation: TrainingConversation, isHeldOut: boolean) => void
}

/** `conversations`: of both parts. The holdout may be empty where there are few. */
export type ChatExamples = { readonly training: TokenExamples; readonly holdout: TokenExamples; readonly conversations: number }

type Text = Pick<ModelText, 'tokenizer' | 'template' | 'endIds'>

/** Examples out of the lines of a file. @throws KinmeshError `BadTrainingData`, with the line; `NoTrainingData` · `TooMuchTrainingData` */
export async function lineExamples(lines: AsyncIterable<TextLine>, text: Text, options: ChatExamplesOptions): Promise<ChatExamples> {
  const sorter = new Sorter(text, options)
  for await (const line of lines) {
    const conversation = readConversation(line)
    try {
      sorter.add(conversation)
    } catch (error) {
      throw isKinmeshError(error, 'BadTrainingData') ? badTrainingData(`line ${line.line}: ${error.message}`, error) : error
    }
  }
  return sorter.result('the file holds no conversation: write one object {"messages": […]} on each line')
}

/** Examples out of conversations that are there already. @throws KinmeshError `BadTrainingData` · `NoTrainingData` · `TooMuchTrainingData` */
export async function conversationExamples(conversations: AsyncIterable<TrainingConversation> | Iterable<TrainingConversation>, text: Text, options: ChatExamplesOptions): Promise<ChatExamples> {
  const sorter = new Sorter(text, options)
  for await (const conversation of conversations) sorter.add(conversation)
  return sorter.result('there is no conversation to learn from')
}

class Sorter {
  readonly #text: Text
  readonly #share: number
  readonly #nowMs: number
  readonly #onConversation: ChatExamplesOptions['onConversation']
  readonly #training: TokenExamples
  readonly #holdout: TokenExamples
  #conversations = 0

  constructor(text: Text, { holdoutShare = 0.1, nowMs, maxTokens, onConversation }: ChatExamplesOptions) {
    if (!(holdoutShare >= 0 && holdoutShare < 1)) throw new KinmeshError('InvalidOption', 'holdoutShare: a number from 0 to below 1')
    this.#text = text
    this.#share = holdoutShare
    this.#nowMs = nowMs
    this.#onConversation = onConversation
    this.#training = new TokenExamples(maxTokens)
    this.#holdout = new TokenExamples(maxTokens)
  }

  add(conversation: TrainingConversation): void {
    this.#conversations++
    const isOut = isHeldOut(conversation, this.#share)
    const part = isOut ? this.#holdout : this.#training
    this.#onConversation?.(conversation, isOut)
    for (const { ids, learned } of encodeConversation(this.#text, conversation, this.#nowMs)) {
      let stretch = 0
      part.add(ids, at => {
        while (stretch < learned.length && at >= learned[stretch]!.to) stretch++
        return stretch < learned.length && at >= learned[stretch]!.from
      })
    }
  }

  result(nothing: string): ChatExamples {
    if (this.#conversations === 0) throw new KinmeshError('NoTrainingData', nothing)
    return { training: this.#training, holdout: this.#holdout, conversations: this.#conversations }
  }
}
