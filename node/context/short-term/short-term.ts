import type { Logger } from '../../../mesh/log.ts'
import type { Conversations, Turn } from '../../conversations.ts'
import type { ModelSlot } from '../../model.ts'
import { isStarter } from '../../starter/is-starter.ts'
import { promptBudget } from '../prompt-budget.ts'
import { countTokens } from '../token-budget.ts'
import { summarize } from './summarize.ts'

/** What a model is shown of a conversation: the last turns, and in short what came before. */
export type Remembered = { readonly earlier: string | undefined; readonly turns: readonly Turn[] }

/** The short-term memory of this device. It lives with the conversations, and like them it never leaves; nothing is learned from a summary. */
export type ShortTerm = {
  /** The last turns that fit the model's budget, but for questions that have no answer, and the summary of those before. Begins with a turn of the user. @throws KinmeshError `StoreFailed` */
  of(conversation: string): Promise<Remembered>
  /** Sums up in the background what does not fit any more. */
  fold(conversation: string): void
  /** Resolves when nothing is being summed up. */
  settled(): Promise<void>
  /** Always finishes. */
  close(): Promise<void>
}

/** Turns that are looked at. Many short ones are no help to a model either. */
const mostTurns = 60
/** Tokens that a chat template puts around a turn. */
const aroundTurn = 8
/** Of the budget that turns may take when older ones were summed up. Half, and not all: so the beginning of the prompt stays the same for some turns, and what a model read of it is kept. */
const keptShare = 0.5

export type ShortTermParts = { readonly conversations: Conversations; readonly model: ModelSlot; readonly log: Logger }

export function createShortTerm({ conversations, model: slot, log }: ShortTermParts): ShortTerm {
  const closing = new AbortController()
  let folding = Promise.resolve()

  const look = async (conversation: string) => {
    const { summary, turns } = conversations.recent(conversation, mostTurns)
    const budget = await promptBudget(slot.current)
    const [own = 0, ...tokens] = await countTokens([summary?.text ?? '', ...turns.map(({ text }) => text)], budget.count)
    // The starter is shown no summary, and so none takes room from its turns.
    const taken = slot.current && isStarter(slot.current) ? 0 : own
    return { summary, turns, tokens: tokens.map(each => each + aroundTurn), room: budget.turns - taken }
  }

  const sumUp = async (conversation: string) => {
    const { summary, turns, tokens, room } = await look(conversation)
    if (sum(tokens) <= room && turns.length < mostTurns) return
    const older = turns.slice(0, firstThatFits(turns, tokens, room * keptShare, mostTurns * keptShare))
    const last = older.at(-1)
    if (!last || closing.signal.aborted) return
    conversations.sumUp(conversation, { through: last.id, text: await summarize(summary?.text, older, slot.current, closing.signal) })
  }

  return {
    async of(conversation) {
      const { summary, turns, tokens, room } = await look(conversation)
      return { earlier: summary?.text, turns: turns.slice(firstThatFits(turns, tokens, room, mostTurns)).filter(isAnswered) }
    },
    fold(conversation) {
      folding = folding.then(() => (closing.signal.aborted ? undefined : sumUp(conversation))).catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn('a conversation could not be summed up', { error: error instanceof Error ? error.name : String(error) })
      })
    },
    settled: () => folding,
    close() {
      closing.abort()
      return folding
    }
  }
}

/** Whether a turn of the user has an answer, which it lacks where that failed or was stopped. Many templates refuse two turns of the user behind each other. */
function isAnswered({ role }: Turn, index: number, turns: readonly Turn[]): boolean {
  return role !== 'user' || turns[index + 1]?.role === 'assistant'
}

/** The first turn of the user from which on all turns fit; their count, where not even the last ones do. */
function firstThatFits(turns: readonly Turn[], tokens: readonly number[], room: number, most: number): number {
  const first = turns.findIndex((_, index) => turns.length - index <= most && sum(tokens.slice(index)) <= room)
  const user = first < 0 ? -1 : turns.findIndex(({ role }, index) => index >= first && role === 'user')
  return user < 0 ? turns.length : user
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
