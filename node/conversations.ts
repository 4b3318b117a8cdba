export type Role = 'user' | 'assistant'

/** One thing said. `at` is Unix ms. */
export type Turn = { readonly id: string; readonly role: Role; readonly text: string; readonly at: number }

/** What the turns of a conversation up to and with `through` (a turn) were about. */
export type TurnsSummary = { readonly through: string; readonly text: string }

export type ConversationSummary = { readonly id: string; readonly startedAt: number; readonly lastAt: number; readonly turns: number }

/** A turn of the user's from which nothing was learned yet. `space`: where what is learned of it is kept, if the user said. */
export type ToLearn = { readonly conversation: string; readonly turn: Turn; readonly space: string | undefined }

/**
 * What was said on this device, word for word. It never leaves it: nothing that implements or uses this may hand a text of it
 * to mesh/ or sync/, and ids are random so that they may be named elsewhere.
 */
export type Conversations = {
  /** On disk when it returns. @throws `StoreFailed` */
  append(conversation: string, role: Role, text: string, at: number, toLearn?: Pick<ToLearn, 'space'>): Turn
  /** Oldest first. */
  turns(conversation: string): Turn[]
  /** The last `count`, oldest first. */
  last(conversation: string, count: number): Turn[]
  /** The last `count` of the turns that are not summed up yet, oldest first, and what was summed up. */
  recent(conversation: string, count: number): { readonly summary: TurnsSummary | undefined; readonly turns: Turn[] }
  /** Keeps a summary in the place of the one before. False when that turn is not there any more. @throws `StoreFailed` */
  sumUp(conversation: string, summary: TurnsSummary): boolean
  /** The last used first. */
  list(limit: number): ConversationSummary[]
  /** With its summary. False when there was none. */
  remove(conversation: string): boolean
  /** Turns that were appended `toLearn` and not `learned` yet, oldest first; all of them without a limit. @throws `StoreFailed` */
  toLearn(limit?: number): ToLearn[]
  /** Notes on disk that a turn is being looked at, and gives how often that was begun; -1 takes one back. 0 when there is nothing to learn of it any more. @throws `StoreFailed` */
  learning(turn: string, begun?: 1 | -1): number
  isToLearn(turn: string): boolean
  /** Nothing more is to be learned of a turn, or of all of them. @throws `StoreFailed` */
  learned(turn?: string): void
  /** The last `count` before a turn of the same conversation, oldest first. */
  before(turn: string, count: number): Turn[]
  /** Whether another conversation has the same words of the user's in the same place: after the same ones, or at the beginning of one that went on. It is the same conversation then, told again. */
  isRepeated(turn: string): boolean
  /** Whether the user said exactly this before, in another conversation. */
  wasSaid(turn: string): boolean
  newId(): string
  close(): void
}
