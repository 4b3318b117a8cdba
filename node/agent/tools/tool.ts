import type { Tool } from '../../model/grammar/tool-grammar.ts'

/** What comes of a call. `text`: one for the model to read. `memories`: ids of those that it rests on, wrote or removed. */
export type ToolResult = { readonly text: string; readonly memories: readonly string[] }

/** What a person says when they are asked whether a tool may be used: from now on, for this call alone, or not. */
export const personAnswers = ['always', 'once', 'no'] as const
export type PersonAnswer = (typeof personAnswers)[number]
/** A use of a tool that waits for a person. `from`: who made the tool; `shown`: what it says it does. All of it but `hash` is foreign text. */
export type Question = { readonly tool: string; readonly hash: string; readonly from: string; readonly shown: string; readonly arguments: Readonly<Record<string, unknown>> }

/**
 * `said`: what the user said in this conversation, the last at the end: what is kept has to stand there. `space`: where it is kept; personal, if it is not given.
 * `approve`: asks the person who is there; without it nobody is, and what needs their word is refused.
 */
export type ToolContext = {
  readonly said: readonly string[]
  readonly turnId: string
  readonly space?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly approve?: ((question: Question) => Promise<PersonAnswer>) | undefined
}

/** A tool that can be run. What it throws the model is told, and may try again. */
export type RunnableTool = { readonly tool: Tool; run(given: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult> }
