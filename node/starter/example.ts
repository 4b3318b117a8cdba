import type { Tool } from '../model/grammar/tool-grammar.ts'
import type { Call, Message } from '../model.ts'
import type { Fact } from './facts/fact.ts'
import type { LearnedItem, ShownMemory } from './prompt.ts'
import type { Split } from './split.ts'

/** What an answer has to be. Texts are compared by `normalised`, as whole words. */
export type Check =
  /** Says one text of each group, and none of `none`; calls nothing, and does not say that it doesn't know. */
  | { readonly kind: 'says'; readonly all: readonly (readonly string[])[]; readonly none: readonly string[] }
  /** Says that it doesn't know (or cannot), and none of `none`; calls nothing. */
  | { readonly kind: 'abstains'; readonly none: readonly string[] }
  /** Calls these, in any order, and nothing else. */
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  /** Is the JSON of these items, in any order. */
  | { readonly kind: 'learns'; readonly items: readonly LearnedItem[] }
  /** Says something, none of `none`, and calls nothing. */
  | { readonly kind: 'talks'; readonly none: readonly string[] }

/** A turn of the assistant's that is learned, or scored: the message at `index`, after those before it. */
export type Target = { readonly index: number; readonly check: Check }

/** A conversation. `learns`: its answer is held to `learnedSchema`. */
export type Example = {
  readonly task: string
  readonly seed: number
  readonly split: Split
  readonly messages: readonly Message[]
  /** What its first message shows, with the days, and of what it was made. */
  readonly memories: readonly (ShownMemory & { readonly fact?: Fact })[]
  /** When it is, `2026-03-10T14:05`. */
  readonly now: string
  readonly tools: readonly Tool[]
  readonly learns: boolean
  readonly targets: readonly Target[]
  /** Phrases of the user's that it is made of, so that splits can be checked. */
  readonly phrases: readonly string[]
}
