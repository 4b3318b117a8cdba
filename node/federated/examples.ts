import type { ChatExamplesOptions } from '../train/examples/chat-examples.ts'
import { isHeldOut, type TrainingConversation } from '../train/examples/conversation.ts'

/** The share that `conversationExamples` holds back where nothing is said. */
const holdoutShare: NonNullable<ChatExamplesOptions['holdoutShare']> = 0.1

/** Conversations, in pieces as they are learned, that this device could train on, and those held back to measure with. What was said is looked at and not kept. */
export function countExamples(conversations: Iterable<TrainingConversation>): { readonly training: number; readonly heldOut: number } {
  let [training, heldOut] = [0, 0]
  for (const conversation of conversations) {
    if (isHeldOut(conversation, holdoutShare)) heldOut++
    else training++
  }
  return { training, heldOut }
}
