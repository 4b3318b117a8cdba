import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import { badModelFile, quoted } from '../model-errors.ts'
import { BoundedInterpreter, TemplateLimit } from './bounded-interpreter.ts'
import { Environment } from './jinja.ts'
import { strftime } from './strftime.ts'
import { type TemplatePlan, planTemplate } from './template-plan.ts'

export const roles = ['system', 'user', 'assistant', 'tool'] as const

/** Fields are spelled as published templates read them. What is absent must be absent: templates ask `'tool_calls' in message`. */
export type ChatMessage = {
  readonly role: (typeof roles)[number]
  readonly content: string
  readonly name?: string
  readonly reasoning_content?: string
  readonly tool_calls?: readonly ToolCallRecord[]
  readonly tool_call_id?: string
}

/** A call that the model made earlier. Arguments are an object: templates write them as JSON themselves. Mistral's want an `id` of nine letters and digits. */
export type ToolCallRecord = { readonly type: 'function'; readonly id?: string; readonly function: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> } }

/** A tool as OpenAI describes it; `parameters` is a JSON schema. */
export type ToolDescription = { readonly type: 'function'; readonly function: { readonly name: string; readonly description?: string; readonly parameters?: Readonly<Record<string, unknown>> } }

export type RenderOptions = {
  readonly tools?: readonly ToolDescription[] | undefined
  /** Ends with the beginning of the assistant's turn; default true. */
  readonly addGenerationPrompt?: boolean | undefined
  /** `bos_token`, `eos_token` …: the tokenizer's `named`. */
  readonly named?: Readonly<Record<string, string>> | undefined
  /** Further variables that a template knows, such as `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  /** Some templates write the date. */
  readonly nowMs: number
}

export interface ChatTemplate {
  /** The template that is used when there are tools: its text tells how the model calls them. */
  readonly source: string
  /** The model has no template of its own. It then has no token that ends a turn either: generate with `stops`. */
  readonly isDefault: boolean
  readonly stops: readonly string[]
  /** @throws KinmeshError `TemplateRefused`: the template does not take such a conversation · `TemplateFailed`: it is broken, or does more than it may */
  render(messages: readonly ChatMessage[], options: RenderOptions): string
}

/** Longest part of a template's own words that an error repeats. */
const maxReasonChars = 200
/** Elements of `range`: as many as a template may take turns over. */
const maxRange = 10_000

/** For base models: a dialogue as it stands in books and web pages. */
const defaultSource = `{{ bos_token }}{% for message in messages %}{{ {'system': 'Instructions', 'user': 'User', 'assistant': 'Assistant', 'tool': 'Result'}[message.role] }}: {{ message.content | trim }}

{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}`
const defaultStops = ['\nUser:', '\nResult:', '\nInstructions:', '\nAssistant:']

const namedSchema = v.pipe(v.array(v.object({ name: v.string(), template: v.string() })), v.nonEmpty(), v.maxLength(16))

/**
 * `source`: text of chat_template.jinja, or `chat_template` of tokenizer_config.json, a text or a list of named ones; nothing for a model that has none.
 *
 * @throws KinmeshError `BadModelFile`
 */
export function readChatTemplate(source: unknown): ChatTemplate {
  const isDefault = source == null
  const sources = isDefault ? { plain: defaultSource, tools: defaultSource } : sourcesOf(source)
  const plain = planTemplate(sources.plain)
  const withTools = sources.tools === sources.plain ? plain : planTemplate(sources.tools)
  return {
    source: sources.tools,
    isDefault,
    stops: isDefault ? defaultStops : [],
    render: (messages, options) => render(options.tools?.length ? withTools : plain, messages, options)
  }
}

function sourcesOf(source: unknown): { plain: string; tools: string } {
  if (typeof source === 'string') return { plain: source, tools: source }
  const list = v.safeParse(namedSchema, source)
  if (!list.success) throw badModelFile(`the chat template is ${quoted(source)}, where a text or a list of named ones is expected`)
  const named = new Map(list.output.map(({ name, template }) => [name, template]))
  const plain = named.get('default') ?? named.get('tool_use')
  if (plain === undefined) throw badModelFile(`none of the chat templates is named default: ${[...named.keys()].map(quoted).join(', ')}`)
  return { plain, tools: named.get('tool_use') ?? plain }
}

class Refusal extends Error {}

function render(plan: TemplatePlan, messages: readonly ChatMessage[], options: RenderOptions): string {
  try {
    const scope = new Environment()
    const variables = {
      ...options.named,
      ...options.variables,
      ...globals(options.nowMs),
      messages,
      // As transformers calls a template: it asks whether there are none.
      tools: options.tools?.length ? options.tools : null,
      documents: null,
      add_generation_prompt: options.addGenerationPrompt ?? true
    }
    for (const [name, value] of Object.entries(variables)) if (value !== undefined) scope.set(name, value)
    const { value } = new BoundedInterpreter(plan, scope).run(plan.program)
    if (typeof value === 'string') return value
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, maxReasonChars)
    if (error instanceof Refusal) throw new KinmeshError('TemplateRefused', `the model does not take this conversation: ${reason}`)
    if (error instanceof TemplateLimit) throw new KinmeshError('TemplateFailed', `the model's chat template ${reason}: use another model, or one with another template`)
    throw new KinmeshError('TemplateFailed', `the model's chat template failed: ${reason}`, { cause: error })
  }
  throw new KinmeshError('TemplateFailed', "the model's chat template gives no text")
}

/** What the library sets up for a template, with our own clock and a bounded range. */
function globals(nowMs: number): Record<string, unknown> {
  return {
    true: true, True: true, false: false, False: false, none: null, None: null,
    range,
    raise_exception: (reason: unknown) => {
      throw new Refusal(typeof reason === 'string' ? reason : 'it does not say why')
    },
    strftime_now: (format: unknown) => strftime(typeof format === 'string' ? format.slice(0, 100) : '%Y-%m-%d', nowMs)
  }
}

function range(first: unknown, second?: unknown, by: unknown = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  if (![start, stop, by].every(Number.isSafeInteger) || by === 0) throw new Error('range() takes whole numbers')
  const [from, to, step] = [start, stop, by] as [number, number, number]
  const length = Math.max(0, Math.ceil((to - from) / step))
  if (length > maxRange) throw new TemplateLimit(`counts to more than ${maxRange}`)
  return Array.from({ length }, (_, index) => from + index * step)
}
