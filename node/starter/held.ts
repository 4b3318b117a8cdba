import type { Message } from '../model.ts'
import type { Forms } from '../model/grammar/form-grammar.ts'
import type { Quotes } from '../model/grammar/quote-grammar.ts'
import type { Tool } from '../model/grammar/tool-grammar.ts'
import { sayings, toldOf } from './answers.ts'
import { concluded, timeTold, verdict } from './concluded.ts'
import { type ArgumentName, Arguments } from './tagging/arguments.ts'
import { unpackArguments } from './tagging/argument-file.ts'
import { weights as argumentWeights } from './tagging/argument-weights.ts'
import { asksForWhat } from './mended.ts'
import { keeping } from './tagging/keeping.ts'
import { wordsOf } from './tagging/words.ts'
import { builtInTools } from './tools.ts'
import { allKinds } from './fitting/kinds.ts'
import { finder } from './prompt-order.ts'
import { type ShownMemory, bestIn, learnedSchema, quotationOf, quoted, replaceable, shownIn, youSaid } from './prompt.ts'

/** Longest that is quoted, in characters: what is longer was pasted, and is no memory. And of all together, as far as a grammar goes. */
const [maxLine, maxLines] = [800, 4000]
/** Words of which any run may be taken, and characters of all runs: with more, a grammar of them becomes too long. */
const [maxWords, maxRuns] = [24, 16_384]
/** What the user calls a day without naming it. */
const today = 'today'

const spoken = new Arguments(unpackArguments(argumentWeights))
const builtIn: ReadonlySet<string> = new Set(builtInTools.map(({ name }) => name))

type Line = Pick<ShownMemory, 'text' | 'by'>

/** An answer from memory begins so. */
const firstMark = `${youSaid}"`
/** What the user said besides stands behind this. */
const nextMark = '\n"'
/** A line as it stands behind its mark. */
const quotedText = (text: string) => quotationOf({ text }).slice(1)

/**
 * Of memories of the user's that are shown, first the one that fits best, where one does, and then others that fit as well, where there are any: a model of this size is led astray by what stands beside them. What else may be quoted
 * stays: what was said in the conversation, and what tools found.
 */
function fitting(quote: Quotes, { best, next, shown }: Fitting): Quotes {
  if (!best || (quote.after !== firstMark && quote.after !== nextMark)) return quote
  const may = new Set((quote.after === firstMark ? [best] : next).map(quotedText))
  const others = new Set(shown.map(quotedText))
  return may.size === 0 ? quote : { ...quote, texts: quote.texts.filter(text => may.has(text) || !others.has(text)) }
}

/** Texts of memories of the user's that are shown: all, the one that fits best, and others that fit as well. `all`: everything that fits is asked for. */
type Fitting = { readonly shown: readonly string[]; readonly best: string | undefined; readonly next: readonly string[]; readonly all: boolean }

function fittingIn(messages: readonly Message[]): Fitting {
  const system = messages.find(({ role }) => role === 'system')?.text ?? ''
  const best = bestIn(system)
  const shown = shownIn(system).filter(({ by }) => by === undefined)
  const texts = shown.map(({ text }) => text)
  if (!best || best.by !== undefined || !isVisible(best.text)) return { shown: texts, best: undefined, next: [], all: false }
  const asked = messages.flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  const scores = finder.scores(shown, asked)
  const next = [...new Set(texts.filter((text, at) => text !== best.text && scores[at]! > finder.least && isVisible(text)))]
  return { shown: texts, best: best.text, next, all: (finder.seeing.question(asked).kinds.get(allKinds) ?? 0) > 0.5 }
}

/** For `TextOptions.quotes`: what is quoted, and what follows from it, each behind its mark. */
export function heldAnswer(messages: readonly Message[]): readonly Quotes[] {
  const found = fittingIn(messages)
  const quotes = quotable(messages).map(quote => fitting(quote, found))
  // A person may be called "Shopping list".
  return [...quotes, ...concluded(messages).filter(({ after }) => quotes.every(other => !other.after.includes(after) && !after.includes(other.after)))]
}

/**
 * What a whole answer to these messages may be, for `TextOptions.forms`, beside calls: what is said of what tools gave back, or else lines that are quoted, and what is said in the same words each time. A model of this size writes
 * nothing of its own that is worth reading.
 */
export function answerForms(messages: readonly Message[]): Forms {
  const question = messages.findLastIndex(({ role }) => role === 'user')
  const since = messages.slice(question + 1)
  const found = fittingIn(messages)
  const lines = quotable(messages).map(quote => fitting(quote, found)).flatMap(({ after, texts }) => texts.map(text => `${after}${text}`))
  const [further, first] = [lines.filter(isFurther).map(line => line.slice(1)), lines.filter(line => !isFurther(line))]
  const calls = since.flatMap(message => (message.role === 'assistant' ? (message.calls ?? []) : []))
  const told = since.flatMap(message => {
    if (message.role !== 'tool') return []
    const { name = '', callId, text } = message
    return toldOf(name, calls.find(({ id, name: called }) => (callId === undefined ? called === name : id === callId))?.arguments ?? {}, text)
  })
  const [only, another] = first
  // One line is not told twice, and who asks what it is is not told yes.
  const next = [
    ...further.filter(line => another !== undefined || only !== `${youSaid}${line}`), ...first.filter(line => another !== undefined && !line.startsWith(youSaid)),
    ...(asksForWhat(messages[question]?.text ?? '') ? [] : verdict(messages))
  ]
  if (since.some(message => message.role === 'tool' && message.name === 'recall')) return { texts: told.length > 0 ? told : [sayings.untold], first, next }
  if (told.length > 0) return { texts: told, first: [], next: [] }
  const texts = [...Object.values(sayings), ...timeTold(messages)]
  // Where everything is asked for, where to end is no choice.
  if (found.all && found.best !== undefined && found.next.length > 0) return { texts: [...texts, quoted([found.best, ...found.next].map(text => ({ text })))], first: [], next: [] }
  return { texts, first, next }
}

/** Whether there is one way to answer, and a model only has to say it. */
export function isSettled(messages: readonly Message[]): boolean {
  const { texts, first } = answerForms(messages)
  return texts.length === 1 && first.length === 0
}

/** A line of the user's below another one, for which the mark is not said again. */
function isFurther(line: string): boolean {
  return line.startsWith('\n')
}

/**
 * What an answer to these messages may quote, for `TextOptions.quotes`: memories that were shown, what `recall` found, and what the user said before. A model of this size misses a token of a line now and then; held to the lines,
 * it has only to find the right one, and nobody is quoted with what they did not say.
 */
export function quotable(messages: readonly Message[]): readonly Quotes[] {
  const question = messages.findLastIndex(({ role }) => role === 'user')
  const lines = messages.flatMap((message, index): Line[] => {
    if (message.role === 'system') return shownIn(message.text)
    if (message.role === 'tool') return foundIn(message.text)
    return message.role === 'user' && index !== question ? [{ text: message.text, by: undefined }] : []
  })
  const marks = new Map<string, Set<string>>()
  let room = maxLines
  for (const line of lines) {
    // Of a line as an answer has it: what stands before its first quotation mark, and what comes then.
    const [, mark = '', text = ''] = /^([^"]*")(.*)$/s.exec(quotationOf(line)) ?? []
    if (text.length > maxLine || text.length > room || !isVisible(mark + text)) continue
    room -= text.length
    // Several lines are told below each other, and who said them only once where that is the user.
    for (const each of line.by === undefined ? [`${youSaid}${mark}`, `\n${mark}`] : [mark]) marks.set(each, (marks.get(each) ?? new Set()).add(text))
  }
  const all = [...marks.keys()]
  // A name that ends like another's would be two marks at one place.
  return [...marks].filter(([mark]) => !all.some(other => other !== mark && mark.includes(other))).map(([after, texts]) => ({ after, texts: [...texts] }))
}

/** Others no answer is held to. */
function isVisible(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text)
}

/** Memories in what `recall` gave back, in the form of `memoryLine`. */
function foundIn(result: string): Line[] {
  return Array.from(result.matchAll(/^- \d{4}-\d{2}-\d{2}(?:, ([^:\n]+))?: (.+)$/gm), ([, by, text = '']) => ({ text, by }))
}

/**
 * `learnedSchema` for a prompt of `learnPrompt`: what is kept of the last message, whom it is about and what it replaces is found by what was made for it (tagging/), and the model says of which kind it is. Of a message that is too long for that the model says
 * all of it. `maxItems` is 0 where nothing is to be kept.
 */
export function learnedSchemaOf(messages: readonly Message[]): { readonly type: string; readonly maxItems: number; readonly [key: string]: unknown } {
  const [system, last] = [messages.find(({ role }) => role === 'system')?.text ?? '', messages.findLast(({ role }) => role === 'user')?.text ?? '']
  if (last.length > maxLine) return learnedSchema
  const { kind } = learnedSchema.items.properties
  const items = keeping.of(last, replaceable(system)).slice(0, learnedSchema.maxItems).map(({ text, subject, replaces }) => ({
    ...learnedSchema.items, properties: { text: { const: text }, kind, subject: { const: subject }, ...(replaces === undefined ? {} : { replaces: { const: replaces } }) },
    required: replaces === undefined ? learnedSchema.items.required : [...learnedSchema.items.required, 'replaces']
  }))
  return { type: 'array', ...(items.length > 0 ? { prefixItems: items } : {}), minItems: items.length, maxItems: items.length }
}

/**
 * Tools for a conversation: an argument that is a text is words that the user said in it, to the letter, as the descriptions of `builtInTools` ask for; or `today`. Which words, of a tool that comes with kinmesh, is found by what was
 * made for it (tagging/), where it finds any; and then what need not be there is there or not as it was said. Not an expression, which the model has to make of words, and nothing that a schema says more about. Names of tools and
 * arguments are the same, and so is what a prompt says of them.
 */
export function heldTools(tools: readonly Tool[], messages: readonly Message[]): readonly Tool[] {
  if (tools.length === 0) return tools
  const turns = lastTurns(messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])))
  const said = turns.flatMap(runsOf)
  if (said.length === 0) return tools
  const $defs = { said: { enum: [...new Set([...said, today])] } }
  const anyOf = (value: unknown): unknown => (isPlainText(value) ? { $ref: '#/$defs/said' } : isList(value) ? { ...value, items: anyOf(value.items) } : value)
  return tools.map(tool => {
    const { properties, required } = tool.parameters ?? {}
    if (tool.name === 'calculate' || typeof properties !== 'object' || properties === null || tool.parameters?.['$defs'] !== undefined) return tool
    if (!builtIn.has(tool.name)) return { ...tool, parameters: { ...tool.parameters, $defs, properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, anyOf(value)])) } }
    const needed = required as readonly string[]
    const found = turns.map(text => spoken.of(tool.name, text))
    const held = Object.entries(properties).flatMap(([key, value]): [string, unknown][] => {
      // What was said last counts; what it does not say was said before.
      const words = found.find(each => each.has(key as ArgumentName))?.get(key as ArgumentName)
      if (!words) return needed.includes(key) ? [[key, anyOf(value)]] : []
      return [[key, isList(value) ? { type: 'array', prefixItems: words.map(each => ({ const: each })), minItems: words.length, maxItems: words.length } : { enum: [...new Set(words)] }]]
    })
    return { ...tool, parameters: { ...tool.parameters, $defs, properties: Object.fromEntries(held), required: held.map(([key]) => key) } }
  })
}

function isPlainText(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'string' && Object.keys(schema).every(key => key === 'type' || key === 'description' || key === 'title')
}

function isList(schema: unknown): schema is { readonly items: unknown } {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'array' && 'items' in schema
}

/** The last message, and those before it that there is room for, the last first: "remind me to call Ana" – "When?" – "at five". */
function lastTurns(said: readonly string[]): string[] {
  let room = maxWords
  const turns = said.toReversed()
  const end = turns.findIndex(text => (room -= wordsOf(text).length) < 0)
  return end < 0 ? turns : turns.slice(0, end)
}

/** Every run of whole words, with the marks in between and without those at its ends; none where there are too many. */
function runsOf(text: string): string[] {
  const words = wordsOf(text)
  const runs = words.length > maxWords ? [] : [...new Set(words.flatMap(({ from }, first) => words.slice(first).map(({ to }) => text.slice(from, to))))]
  return runs.reduce((sum, run) => sum + run.length, 0) > maxRuns ? [] : runs
}
