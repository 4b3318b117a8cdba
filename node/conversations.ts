export type Role = 'user' | 'assistant'

/** One thing said. `at` is Unix ms. */
export type Turn = { readonly id: string; readonly role: Role; readonly text: string; readonly at: number }

/** What the turns of a conversation up to and with `through` (a turn) were about. */
export type TurnsSummary = { readonly through: string; readonly text: string }

export type ConversationSummary = { readonly id: string; readonly startedAt: number; readonly lastAt: number; readonly turns: number }

/**
 * What was said on this device, word for word. It never leaves it: nothing that implements or uses this may hand a text of it
 * to mesh/ or sync/, and ids are random so that they may be named elsewhere.
 */
export type Conversations = {
  /** On disk when it returns. @throws `StoreFailed` */
  append(conversation: string, role: Role, text: string, at: number): Turn
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
  newId(): string
  close(): void
}
