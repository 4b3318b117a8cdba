export type Role = 'user' | 'assistant'

/** One thing said. `at` is Unix ms. */
export type Turn = { readonly id: string; readonly role: Role; readonly text: string; readonly at: number }

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
  /** The last used first. */
  list(limit: number): ConversationSummary[]
  /** False when there was none. */
  remove(conversation: string): boolean
  newId(): string
  close(): void
}
