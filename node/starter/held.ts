import { termsOf } from '../context/text/terms.ts'
import type { Message } from '../model.ts'
import type { Forms } from '../model/grammar/form-grammar.ts'
import type { Tool } from '../model/grammar/tool-grammar.ts'
import { sayings, toldOf } from './answers.ts'
import { timeTold, verdict } from './concluded.ts'
import type { AnswerKind } from './intent/answer-kinds.ts'
import { type ArgumentName, argumentsIn } from './tagging/arguments.ts'
import { Tagger } from './tagging/found.ts'
import { unpackArguments } from './tagging/argument-file.ts'
import argumentWeights from './tagging/argument-weights.json' with { type: 'json' }
import valueWeights from './tagging/value-weights.json' with { type: 'json' }
import { keeping } from './tagging/keeping.ts'
import { wordsOf } from './tagging/words.ts'
import { builtInTools } from './tools.ts'
import { namedBy } from './intent/wanted.ts'
import { expressionsOf } from './expressions.ts'
import { finder } from './prompt-order.ts'
import { type ShownMemory, bestIn, learnedSchema, quotationOf, quoted, replaceable, shownIn } from './prompt.ts'

/** Longest that is quoted, in characters: what is longer was pasted, and is no memory. And of all together, as far as a grammar goes; and of all that tools gave back. */
const [maxLine, maxLines, maxTold] = [800, 4000, 12_000]
/** Words of which any run may be taken, and characters of all runs: with more, a grammar of them becomes too long. */
const [maxWords, maxRuns] = [24, 16_384]
/** What the user calls a day without naming it. */
const today = 'today'

const [spoken, valued] = [new Tagger(unpackArguments(argumentWeights)), new Tagger(unpackArguments(valueWeights, 1))]
const builtIn: ReadonlySet<string> = new Set(builtInTools.map(({ name }) => name))

type Line = Pick<ShownMemory, 'text' | 'by'>

/** Memories of the user's that are shown: the one that fits best, and others that fit as well or tell the same of the same. Whoever said what fits best. */
function fittingIn(messages: readonly Message[]): { readonly best: Line | undefined; readonly next: readonly Line[]; readonly several: boolean } {
  const system = messages.find(({ role }) => role === 'system')?.text ?? ''
  const best = bestIn(system)
  if (!best) return { best: undefined, next: [], several: false }
  const asked = messages.flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  const shown = shownIn(system).filter(({ by, text }, at, all) => by === undefined && text !== best.text && all.findIndex(other => other.text === text) === at)
  const { scores, tellSame } = finder.found([...shown, best], asked)
  return { best, next: shown.filter((_, at) => scores[at]! > finder.least || tellSame(shown.length, at)).toReversed(), several: finder.asksForSeveral(asked) }
}

/**
 * What a whole answer to these messages may be, for `TextOptions.forms`, beside calls: what is said of what tools gave back, or else each kind of answer that may be wanted, with what a memory tells in it. A model of this size writes
 * nothing of its own that is worth reading. `isAdapted`: it has learned to speak in another way since, and goes on as it likes behind what is told, or says what it likes where nothing is. Undefined where a tool is called.
 */
export function answerForms(messages: readonly Message[], kinds: readonly AnswerKind[], isAdapted = false): Forms | undefined {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1)
  if (since.length === 0 && kinds.length === 0) return undefined
  if (!isAdapted) return { texts: [...new Set(since.length > 0 ? toldSince(since) : kinds.map(kind => formOf(kind, messages)))], begins: [] }
  if (since.length > 0) return { texts: [], begins: toldSince(since).map(unended) }
  // The likeliest one: what it learned of another person's way to speak is no reason to take another.
  const [likeliest] = kinds as [AnswerKind]
  return { texts: [], begins: [manners.has(likeliest) ? '' : unended(formOf(likeliest, messages))] }
}

/** Whether what tools gave back leaves one way to answer, and a model only has to say it. */
export function isSettled(messages: readonly Message[]): boolean {
  return messages.at(-1)?.role === 'tool' && answerForms(messages, [])?.texts.length === 1
}

/** What says nothing but that somebody listens: as anybody likes to say it. */
const manners: ReadonlySet<AnswerKind> = new Set(['okay', 'okayMore', 'hello', 'welcome', 'goodbye', 'fine', 'thanks', 'sorry', 'listening'] satisfies AnswerKind[])

/** Without the mark at its end. */
function unended(text: string): string {
  return text.replace(/[.!]$/, '')
}

/** What may be said of what tools gave back. */
function toldSince(since: readonly Message[]): string[] {
  const calls = since.flatMap(message => (message.role === 'assistant' ? (message.calls ?? []) : []))
  const told = since.flatMap(message => {
    if (message.role !== 'tool') return []
    const { name = '', callId, text } = message
    const lines = name === 'recall' ? quotedLines(foundIn(text)) : undefined
    return lines === undefined ? toldOf(name, calls.find(({ id, name: called }) => (callId === undefined ? called === name : id === callId))?.arguments ?? {}, text) : [lines]
  })
  let room = maxTold
  return told.length > 0 ? told.filter(text => (room -= text.length) >= 0) : [sayings.untold]
}

/** An answer of a kind. */
function formOf(kind: AnswerKind, messages: readonly Message[]): string {
  if (kind in sayings) return sayings[kind as keyof typeof sayings]
  if (kind === 'time' || kind === 'date' || kind === 'day') return timeTold(messages, kind)
  const { best, next, several } = fittingIn(messages)
  const quote = best && quotedLines(kind === 'all' || (kind === 'ask' && several) ? [best, ...next] : [best])
  return quote === undefined ? sayings.untold : kind === 'whether' ? `${quote}\n${verdict(messages)}` : quote
}

/** As they may be told: those that can be, up to as many as there is room for. */
function quotedLines(lines: readonly Line[]): string | undefined {
  let room = maxLines
  const told = lines.filter(line => line.text.length <= maxLine && isVisible(quotationOf(line)) && (room -= line.text.length) >= 0)
  return told.length === 0 ? undefined : quoted(told)
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
 * made for it (tagging/), where it finds any; and then what need not be there is there or not as it was said. A sum is of the numbers that were said. Nothing that a schema says more about is held. Names of tools and
 * arguments are the same, and so is what a prompt says of them.
 */
export function heldTools(tools: readonly Tool[], messages: readonly Message[]): readonly Tool[] {
  if (tools.length === 0) return tools
  const turns = lastTurns(messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])))
  const said = turns.flatMap(runsOf)
  if (said.length === 0) return tools
  const $defs = { said: { enum: [...new Set([...said, today])] } }
  const anyOf = (value: unknown): unknown => (isPlainText(value) ? { $ref: '#/$defs/said' } : isList(value) ? { ...value, items: anyOf(value.items) } : value)
  const sums = turns.map(expressionsOf).find(each => each.length > 0)
  return tools.map(tool => {
    const { properties, required } = tool.parameters ?? {}
    if (typeof properties !== 'object' || properties === null || tool.parameters?.['$defs'] !== undefined) return tool
    if (tool.name === 'calculate') return sums ? { ...tool, parameters: { ...tool.parameters, properties: { expression: { enum: sums } } } } : tool
    if (!builtIn.has(tool.name)) {
      // Whoever names the tool says no value of it with that.
      const isValue = (words: string) => namedBy(tool.name, termsOf(words)) === 0
      const values = [turns.flatMap(text => valued.in(text).runs.map(run => run.text)), [...said, today]].map(each => each.filter(isValue)).find(each => each.length > 0) ?? said
      return { ...tool, parameters: { ...tool.parameters, $defs: { said: { enum: [...new Set(values)] } }, properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, anyOf(value)])) } }
    }
    const [needed, found] = [required as readonly string[], turns.map(text => argumentsIn(spoken, tool.name, text))]
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
