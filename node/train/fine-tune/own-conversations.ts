import { isWrittenByCode } from '../../assistant.ts'
import type { Turn } from '../../conversations.ts'
import type { TrainingConversation } from '../examples/conversation.ts'

/** Turns of a conversation that are learned together; an answer seldom rests on what was said longer ago. */
const turnsPerPiece = 10

/** How people begin who correct an answer, in English. A "no" that declines an offer is none. */
const correction = /^\s*(?:no\b(?!,?\s+(?:thanks|thank you|need))|nope\b|wrong\b|incorrect\b|not quite\b|that(?:'s|’s| is| was)(?: (?:wrong|incorrect|false)| not (?:right|correct|true|what))|that isn['’]t|you(?:'re|’re| are) (?:wrong|mistaken)|actually,|i (?:meant|said)\b)/iu

/**
 * What of a conversation can be learned, in pieces of some turns. Learned are answers that a model wrote. One that the person corrects in the next turn is read and not
 * learned: what would have been right nobody said in the assistant's words; the answer to the correction is learned. The memories that an answer rested on are stored nowhere, and so are not in it.
 * `system`: what the system said before, by the time of the first turn.
 */
export function* ownConversations(turns: readonly Turn[], system: (at: number) => string): Generator<TrainingConversation> {
  for (const piece of pieces(turns)) {
    const isLearned = piece.map(({ role, text }, index) => role === 'assistant' && index > 0 && !isWrittenByCode(text) && !isCorrected(text, piece[index + 1]))
    if (!isLearned.includes(true)) continue
    yield { messages: [{ role: 'system', content: system(piece[0]!.at) }, ...piece.map(({ role, text }) => ({ role, content: text }))], isLearned: [false, ...isLearned], tools: [] }
  }
}

/** Each begins with a turn of the person, and ends where the next one begins. */
function* pieces(turns: readonly Turn[]): Generator<readonly Turn[]> {
  let from = turns.findIndex(({ role }) => role === 'user')
  while (from >= 0 && from < turns.length) {
    let to = Math.min(turns.length, from + turnsPerPiece)
    while (to < turns.length && turns[to]!.role !== 'user') to++
    yield turns.slice(from, to)
    from = to
  }
}

function isCorrected(answer: string, next: Turn | undefined): boolean {
  return next?.role === 'user' && !answer.trimEnd().endsWith('?') && correction.test(next.text)
}
