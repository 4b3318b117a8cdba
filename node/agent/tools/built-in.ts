import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import type { Sync } from '../../../sync/types.ts'
import type { Recall } from '../../context/recall.ts'
import { isSupported } from '../../context/support.ts'
import { contentTerms, termsOf } from '../../context/text/terms.ts'
import { citationOf, type PassageFinder } from '../../documents/documents.ts'
import { type Memory, forget, remember } from '../../memory.ts'
import { memoryLine } from '../../starter/prompt.ts'
import { builtInTools } from '../../starter/tools.ts'
import type { Lists } from '../lists.ts'
import type { Reminders } from '../reminders.ts'
import { documentsHeading, passageLine, shownMemory } from '../shown.ts'
import { calculate } from './calculate.ts'
import { addTo, clockText, momentText, readDay, readDuration, readMoment } from './times.ts'
import type { RunnableTool, ToolContext, ToolResult } from './tool.ts'

export type BuiltInParts = {
  readonly sync: Sync
  readonly device: DeviceId
  readonly recall: Recall
  /** Not on every platform. */
  readonly documents?: PassageFinder | undefined
  readonly lists: Lists
  readonly reminders: Reminders
  readonly clock: () => number
}

/** Memories that a search shows. */
const searched = 10
/** And the tokens that they may have, by estimate. */
const searchedTokens = 800
/** And passages of documents, which are longer. */
const searchedPassages = 3
/** Memories that one call may forget; more are a matter for a person. */
const maxForgotten = 5
const forgetCandidates = 50
const maxArgument = 2000

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxArgument))
const texts = v.pipe(v.array(text), v.minLength(1), v.maxLength(16))

/** The tools of node/starter/tools.ts, with what is behind them. Results are as its prompt contract has them. */
export function builtInRunners(parts: BuiltInParts): RunnableTool[] {
  const { lists, reminders, clock } = parts
  const now = () => new Date(clock())
  const day = (words: string) => readDay(words, now()) ?? notUnderstood(words)
  const runners: Record<string, RunnableTool['run']> = {
    remember: checked({ text }, async (given, { said, turnId, space }) => {
      if (!isSupported(given.text, said)) throw new KinmeshError('NotSaid', 'the user did not say that: keep only what they said, in their words')
      const { id } = await remember(parts.sync, parts.device, { text: given.text, ref: turnId }, { space, now: clock() })
      return { text: 'ok', memories: [id] }
    }),
    recall: checked({ query: text }, async ({ query }) => {
      const found = await parts.recall.recall(query, searched, { budget: { most: searchedTokens } })
      const passages = parts.documents?.find(query, searchedPassages) ?? []
      const lines = [...found.map(memory => memoryLine(shownMemory(memory))), ...(passages.length > 0 ? [documentsHeading, ...passages.map(passageLine)] : [])]
      return { text: lines.join('\n') || 'nothing found', memories: found.map(({ id }) => id), documents: passages.map(citationOf) }
    }),
    forget: checked({ query: text }, ({ query }, { said }) => forgetAll(parts, query, said.slice(-1))),
    list_add: checked({ list: text, items: texts }, async ({ list, items }) => ({ text: 'ok', memories: await lists.add(list, items) })),
    list_remove: checked({ list: text, items: texts }, async ({ list, items }) => {
      const memories = await lists.remove(list, items)
      if (memories.length === 0) throw new KinmeshError('NotOnList', 'not on that list: show it first')
      return { text: 'ok', memories }
    }),
    list_show: checked({ list: text }, async ({ list }) => said(lists.show(list).join(', ') || 'empty')),
    set_reminder: checked({ text, when: text }, async ({ text: what, when }) => {
      const { id, due } = await reminders.set('reminder', what, (readMoment(when, now()) ?? notUnderstood(when)).getTime())
      return { text: `set for ${momentText(new Date(due))}`, memories: [id] }
    }),
    set_timer: checked({ duration: text, label: v.optional(text) }, async ({ duration, label }) => {
      const { id, due } = await reminders.set('timer', label ?? duration, clock() + (readDuration(duration) ?? notUnderstood(duration)))
      return { text: `runs until ${clockText(new Date(due)).slice(11)}`, memories: [id] }
    }),
    date_add: checked({ date: text, add: v.optional(text) }, async ({ date, add }) => {
      const from = day(date)
      return said(dated(add === undefined ? from : (addTo(from, add) ?? notUnderstood(add))))
    }),
    days_between: checked({ from: text, to: text }, async ({ from, to }) => {
      const days = Math.round((Date.parse(`${day(to)}T00:00Z`) - Date.parse(`${day(from)}T00:00Z`)) / 86_400_000)
      return said(`${days} ${Math.abs(days) === 1 ? 'day' : 'days'}`)
    }),
    calculate: checked({ expression: text }, async ({ expression }) => said(calculate(expression)))
  }
  return builtInTools.map(tool => {
    const run = runners[tool.name]
    if (!run) throw new Error(`nothing is behind the tool ${tool.name}`)
    return { tool, run }
  })
}

function checked<const Entries extends v.ObjectEntries>(entries: Entries, run: (given: v.InferOutput<v.ObjectSchema<Entries, undefined>>, context: ToolContext) => Promise<ToolResult>): RunnableTool['run'] {
  const schema = v.object(entries)
  return async (given, context) => {
    const read = v.safeParse(schema, given)
    if (!read.success) throw new KinmeshError('BadArguments', `${v.getDotPath(read.issues[0]) ?? 'arguments'}: ${read.issues[0].message}`)
    return run(read.output, context)
  }
}

/** Removes what has all the words of a query that the user said just now: what they spoke of before is not what they want to be forgotten. */
async function forgetAll({ sync, recall }: BuiltInParts, query: string, said: readonly string[]): Promise<ToolResult> {
  if (!isSupported(query, said)) throw new KinmeshError('NotSaid', 'the user did not ask to forget that: use their words')
  const wanted = contentTerms(query)
  const found = (await recall.recall(query, forgetCandidates, { everything: true })).filter(memory => hasAll(memory, wanted))
  if (found.length === 0) return { text: 'nothing found', memories: [] }
  if (found.length > maxForgotten) throw new KinmeshError('TooMany', `${found.length} memories fit: ask the user which one is meant`)
  for (const { id } of found) await forget(sync, id)
  return { text: `forgot ${found.length}`, memories: found.map(({ id }) => id) }
}

function hasAll({ text: own, subject = '' }: Memory, wanted: readonly string[]): boolean {
  const terms = new Set(termsOf(`${own} ${subject}`))
  return wanted.every(term => terms.has(term))
}

function said(result: string): ToolResult {
  return { text: result, memories: [] }
}

/** `Thursday 2026-12-24` */
function dated(day: string): string {
  return momentText(new Date(`${day}T12:00`)).slice(0, -6)
}

function notUnderstood(words: string): never {
  throw new KinmeshError('NotUnderstood', `not understood: ${JSON.stringify(words.slice(0, 64))} is no time or date that can be read`)
}
