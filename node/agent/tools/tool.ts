import type { Citation } from '../../documents/documents.ts'
import type { Tool } from '../../model/grammar/tool-grammar.ts'

/** What comes of a call. `text`: one for the model to read. `memories`: ids of those that it rests on, wrote or removed. `documents`: passages that it shows. */
export type ToolResult = { readonly text: string; readonly memories: readonly string[]; readonly documents?: readonly Citation[] }

/** `said`: what the user said in this conversation, the last at the end: what is kept has to stand there. `space`: where it is kept; personal, if it is not given. */
export type ToolContext = { readonly said: readonly string[]; readonly turnId: string; readonly space?: string | undefined; readonly signal?: AbortSignal | undefined }

/** A tool that can be run. What it throws the model is told, and may try again. */
export type RunnableTool = { readonly tool: Tool; run(given: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult> }
