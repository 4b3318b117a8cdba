import { isKinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { Citation } from '../documents/documents.ts'
import type { Call, Generated, Message, Model, TextOptions } from '../model.ts'
import { heldTo } from './answer-prompt.ts'
import type { RunnableTool, ToolContext } from './tools/tool.ts'

/** What a tool was asked, and what came of it. `error`: the code of what it failed with. */
export type AgentStep = { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>>; readonly result: string; readonly error?: string }
/** `tokens`: of all rounds. `memories`: ids of those that tools gave, wrote or removed. `documents`: passages that they showed. */
export type AgentAnswer = Generated & { readonly memories: readonly string[]; readonly documents: readonly Citation[]; readonly steps: readonly AgentStep[] }

/** Times that a model may call tools before it has to answer. */
export const maxSteps = 6
/** A result that is longer would push the conversation out of the context. In characters. */
const maxResult = 4000

/**
 * Has a model answer, with tools. Each call is run and told, what failed as well, and the model goes on until it calls nothing. A model that knows no tools, or has no room for them, answers without.
 * @throws what the model throws; the reason of the signal
 */
export async function runAgent(model: Model, messages: readonly Message[], tools: readonly RunnableTool[], context: ToolContext, options: TextOptions, log: Logger): Promise<AgentAnswer> {
  const all: Message[] = [...messages]
  const steps: AgentStep[] = []
  const memories = new Set<string>()
  const documents: Citation[] = []
  const tokens = { prompt: 0, completion: 0 }
  for (let round = 0; ; round++) {
    // Still told of them, so that the beginning of the prompt stays what was read.
    const written = await write(model, all, { ...options, tools: tools.map(({ tool }) => tool), toolChoice: round < maxSteps ? 'auto' : 'none' })
    const { text, calls, refusals } = written
    tokens.prompt += written.tokens.prompt
    tokens.completion += written.tokens.completion
    // One that calls in the end all the same has had its turns: without a bound it could go on for ever.
    if (round === maxSteps || (calls.length === 0 && refusals.length === 0)) return { ...written, tokens, memories: [...memories], documents, steps }
    all.push({ role: 'assistant', text, calls })
    for (const call of calls) {
      options.signal?.throwIfAborted()
      const { result, found, passages = [], error } = await run(call, tools, context, log)
      for (const id of found) memories.add(id)
      documents.push(...passages)
      steps.push({ tool: call.name, arguments: call.arguments, result, ...(error === undefined ? {} : { error }) })
      all.push({ role: 'tool', text: result, callId: call.id, name: call.name })
    }
    for (const { reason } of refusals) all.push({ role: 'tool', text: `error: ${reason}` })
  }
}

async function write(model: Model, messages: readonly Message[], asked: TextOptions): Promise<Generated> {
  // Anew for each round: what a tool found may be quoted, too.
  const { tools, toolChoice, ...options } = heldTo(model, messages, asked)
  try {
    return await model.generate(messages, { ...options, tools, toolChoice })
  } catch (error) {
    // Where the tools leave no room for the question, an answer without them is better than none.
    if (!isKinmeshError(error, 'NoTools') && !isKinmeshError(error, 'PromptTooLong')) throw error
    return model.generate(messages, options)
  }
}

async function run({ name, arguments: given }: Call, tools: readonly RunnableTool[], context: ToolContext, log: Logger): Promise<{ result: string; found: readonly string[]; passages?: readonly Citation[]; error?: string }> {
  const runner = tools.find(({ tool }) => tool.name === name)
  if (!runner) return { result: `error: there is no tool ${name}`, found: [], error: 'NoSuchTool' }
  try {
    const { text, memories, documents = [] } = await runner.run(given, context)
    return { result: text.length > maxResult ? `${text.slice(0, maxResult)} … (cut)` : text, found: memories, passages: documents }
  } catch (error) {
    if (context.signal?.aborted) throw context.signal.reason
    // What to do about it is for people; the model is told what is wrong.
    if (isKinmeshError(error)) return { result: `error: ${error.message.split(':', 1)[0]}`, found: [], error: error.code }
    log.warn('a tool failed', { tool: name, reason: error instanceof Error ? error.message : String(error) })
    return { result: 'error: the tool failed', found: [], error: 'ToolFailed' }
  }
}
