import { type JsonPiece, readJson } from './json-piece.ts'

/**
 * How a model writes that it wants a tool.
 *
 * - `hermes` (Hermes, Qwen 2.5 and 3, SmolLM3): `<tool_call>{"name": …, "arguments": {…}}</tool_call>`
 * - `llama` (Llama 3): nothing but `{"name": …, "parameters": {…}}`, several of them after another, or after `<|python_tag|>`
 * - `mistral`: `[TOOL_CALLS] [{"name": …, "arguments": {…}}, …]`, newer ones `[TOOL_CALLS]name[ARGS]{…}`
 */
export type ToolConvention = 'hermes' | 'llama' | 'mistral'

export type ToolCall = { readonly name: string; readonly arguments: Readonly<Record<string, unknown>>; readonly id?: string }
/** A call that cannot be made. `raw`: what the model wrote, cut; it may be told so and try again. */
export type ToolRefusal = { readonly reason: string; readonly raw: string }
export type ToolCalls = {
  /** What was said besides. */
  readonly text: string
  readonly calls: readonly ToolCall[]
  readonly refusals: readonly ToolRefusal[]
}

/** Calls of one answer that are read: above what a person could follow. */
export const maxToolCalls = 32
const maxRawChars = 2000
/** As OpenAI's API allows, and MCP servers name their tools. */
export const toolName = /^[\w.:/-]{1,128}$/

const whiteSpace = /\s*/y
/** What stands between two calls of Llama. */
const separators = /(?:[\s;]|<\|python_tag\|>)*/y

/** Undefined: the template knows no tools, or another convention (XML arguments, for instance). */
export function toolConventionOf(templateSource: string): ToolConvention | undefined {
  const has = (part: string) => templateSource.includes(part)
  if (has('[TOOL_CALLS]')) return 'mistral'
  // Qwen3-Coder and GLM use the same tags around XML.
  if (has('<tool_call>')) return has('<function=') || has('<arg_key>') ? undefined : 'hermes'
  return has('<|python_tag|>') || (has('ipython') && has('"parameters"')) ? 'llama' : undefined
}

/** Tokens whose text a token stream has to show, although some vocabularies call them special. */
export const toolMarkers: Readonly<Record<ToolConvention, readonly string[]>> = {
  hermes: ['<tool_call>', '</tool_call>'],
  llama: ['<|python_tag|>'],
  mistral: ['[TOOL_CALLS]', '[ARGS]', '[CALL_ID]']
}

/** Never throws: what is no call is text or a refusal. */
export function parseToolCalls(text: string, convention: ToolConvention): ToolCalls {
  const found = new Found()
  if (convention === 'hermes') readHermes(text, found)
  else if (convention === 'mistral') readMistral(text, found)
  else readLlama(text, found)
  return { text: found.text.join('').trim(), calls: found.calls, refusals: found.refusals }
}

class Found {
  readonly text: string[] = []
  readonly calls: ToolCall[] = []
  readonly refusals: ToolRefusal[] = []

  refuse(reason: string, raw: string): void {
    // Refusals are bounded as calls are.
    if (this.refusals.length < maxToolCalls) this.refusals.push({ reason, raw: raw.trim().slice(0, maxRawChars) })
  }

  /** One call, or a list of them. */
  take({ value, raw }: JsonPiece): void {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const call = callOf(each)
      if (typeof call === 'string') this.refuse(call, raw)
      else if (this.calls.length >= maxToolCalls) this.refuse(`more than ${maxToolCalls} calls`, raw)
      else this.calls.push(call)
    }
  }
}

function readHermes(text: string, found: Found): void {
  const [open, close] = ['<tool_call>', '</tool_call>']
  let at = 0
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    found.text.push(text.slice(at, start))
    const inside = start + open.length
    const piece = readJson(text, inside)
    if (typeof piece === 'string') {
      const end = text.indexOf(close, inside)
      at = end < 0 ? text.length : end + close.length
      found.refuse(piece, text.slice(inside, end < 0 ? undefined : end))
      continue
    }
    found.take(piece)
    // The closing tag is missing where the generation stopped at it.
    const rest = pastAny(text, piece.end, whiteSpace)
    at = text.startsWith(close, rest) ? rest + close.length : piece.end
  }
  found.text.push(text.slice(at))
}

function readMistral(text: string, found: Found): void {
  const mark = '[TOOL_CALLS]'
  let at = 0
  for (let start = text.indexOf(mark); start >= 0; start = text.indexOf(mark, at)) {
    found.text.push(text.slice(at, start))
    const inside = start + mark.length
    const [before = '', name, id] = /^\s*(?:([\w.:/-]+)\s*(?:\[CALL_ID\]\s*([\w-]+)\s*)?(?:\[ARGS\]\s*)?)?/.exec(text.slice(inside, inside + 512)) ?? []
    const piece = readJson(text, inside + before.length)
    if (typeof piece === 'string') {
      const next = text.indexOf(mark, inside)
      at = next < 0 ? text.length : next
      found.refuse(piece, text.slice(inside, at))
      continue
    }
    found.take(name === undefined ? piece : { ...piece, value: { name, arguments: piece.value, ...(id === undefined ? {} : { id }) } })
    at = piece.end
  }
  found.text.push(text.slice(at))
}

function readLlama(text: string, found: Found): void {
  const mark = '<|python_tag|>'
  const bare = readJson(text, 0)
  const begins = typeof bare !== 'string' && looksLikeCall(bare.value)
  const start = text.indexOf(mark)
  if (!begins && start < 0) {
    // Without the mark, only what begins as a call does was meant as one: JSON may be an answer.
    if (typeof bare === 'string' && /^\s*\{\s*"(name|type)"\s*:/.test(text)) found.refuse(bare, text)
    else found.text.push(text)
    return
  }
  let at = begins ? 0 : start + mark.length
  if (!begins) found.text.push(text.slice(0, start))
  at = pastAny(text, at, separators)
  if (text[at] !== '{') {
    found.refuse('code instead of a call', text.slice(at))
    return
  }
  while (text[at] === '{') {
    const piece = readJson(text, at)
    if (typeof piece === 'string') {
      found.refuse(piece, text.slice(at))
      return
    }
    found.take(piece)
    at = pastAny(text, piece.end, separators)
  }
  found.text.push(text.slice(at))
}

function looksLikeCall(value: unknown): boolean {
  return isObject(value) && typeof value['name'] === 'string' && ('parameters' in value || 'arguments' in value)
}

/** The call, or what is wrong with it. */
function callOf(value: unknown): ToolCall | string {
  if (!isObject(value)) return 'a call is an object with a name and arguments'
  // Some models repeat the form in which OpenAI's API gives calls back.
  const { name, arguments: given, parameters } = isObject(value['function']) ? value['function'] : value
  if (typeof name !== 'string' || !toolName.test(name)) return 'the call has no name of a tool'
  const args = asObject(given ?? parameters ?? {})
  if (!args) return 'the arguments are no object'
  const id = value['id']
  return { name, arguments: args, ...(typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? { id } : {}) }
}

/** Arguments may be JSON within JSON. */
function asObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'string') return isObject(value) ? value : undefined
  const piece = readJson(value, 0)
  return typeof piece !== 'string' && value.slice(piece.end).trim() === '' && isObject(piece.value) ? piece.value : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pastAny(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}
