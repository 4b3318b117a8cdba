import { KinmeshError } from '../../../mesh/errors.ts'
import { type ChatMessage, type ChatTemplate, type RenderOptions, roles } from './chat-template.ts'
import type { Tokenizer } from './tokenizer.ts'

export type PromptOptions = Omit<RenderOptions, 'named'>

/** Levels of what a tool is described by or called with. */
const maxLevels = 64

/**
 * Ids of a conversation. Control tokens come out of the template alone: what a message, a tool or a variable says is text, also where it spells one. Only what
 * the assistant itself said keeps its markup, such as `</think>`.
 *
 * @throws KinmeshError `TemplateRefused` · `TemplateFailed` · `InvalidOption`
 */
export function encodePrompt(tokenizer: Tokenizer, template: ChatTemplate, messages: readonly ChatMessage[], options: PromptOptions): number[] {
  const text = template.render(messages.map(message => shieldedMessage(tokenizer, message)), {
    ...options,
    tools: shielded(tokenizer, options.tools) as RenderOptions['tools'],
    variables: shielded(tokenizer, options.variables) as RenderOptions['variables'],
    named: tokenizer.named
  })
  return tokenizer.encode(text)
}

function shieldedMessage(tokenizer: Tokenizer, { role, content, reasoning_content, ...rest }: ChatMessage): ChatMessage {
  // Templates build control tokens out of the role, so it is the one thing that is not shielded.
  if (!roles.includes(role)) throw new KinmeshError('InvalidOption', `the role of a message is one of ${roles.join(', ')}`)
  const by = role === 'assistant' ? 'generated' : 'typed'
  return {
    ...(shielded(tokenizer, rest) as typeof rest),
    role,
    content: tokenizer.shield(content, by),
    ...(reasoning_content === undefined ? {} : { reasoning_content: tokenizer.shield(reasoning_content, by) })
  }
}

/** The same value, with every text in it shielded, keys included. */
function shielded(tokenizer: Tokenizer, value: unknown, levelsLeft = maxLevels): unknown {
  if (typeof value === 'string') return tokenizer.shield(value, 'quoted')
  if (typeof value !== 'object' || value === null) return value
  if (levelsLeft === 0) throw new KinmeshError('InvalidOption', `what a tool is described by has at most ${maxLevels} levels`)
  if (Array.isArray(value)) return (value as unknown[]).map(each => shielded(tokenizer, each, levelsLeft - 1))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [tokenizer.shield(key, 'quoted'), shielded(tokenizer, each, levelsLeft - 1)]))
}
