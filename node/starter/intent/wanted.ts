import { termsOf } from '../../context/text/terms.ts'
import type { Tool, ToolChoice } from '../../model/grammar/tool-grammar.ts'
import type { Message } from '../../model.ts'
import { areSame } from '../fitting/terms.ts'
import { isStatement } from '../statement.ts'
import { builtInTools } from '../tools.ts'
import { type AnswerKind, answerKinds } from './answer-kinds.ts'
import { askedIn, otherClass, sayMark } from './intent.ts'
import { intent } from './learned.ts'

/** Of the likeliest one's share, what another tool or kind of answer must have to be left to the model to choose. */
const leastOfBest = 0.5
/** What is told, as its words show, wants no tool most of the time: "I moved to Lyon last week" no reminder. */
const leastOfTold = 0.9
/** A tool that forgets is there only where it is as likely as this: of 7,500 messages of the validation split that want something else, one is ("I alwyas forget my keys"). */
const leastToForget = 0.5

const mayForget = 'forget'
/** Letters of a word that says what a tool is for. */
const shortestSpoken = 4
const builtIn: ReadonlySet<string> = new Set(builtInTools.map(({ name }) => name))

/** Tools that may be called, whether one has to be, and what may be said instead: `answers` is empty then. */
export type Wanted = { readonly tools: readonly Tool[]; readonly choice: ToolChoice; readonly answers: readonly AnswerKind[] }

/**
 * What the words of the user's last message want. A model of a few million parameters takes a wrong tool now and then, and forgets what it was asked about; one that nobody spoke of is not there to be taken. While the results of tools are
 * being answered, each is there.
 */
export function wantedIn(tools: readonly Tool[], messages: readonly Message[]): Wanted {
  const last = messages.at(-1)
  if (last?.role !== 'user') return { tools, choice: 'auto', answers: [] }
  const [shares, isTold] = [intent.shares(askedIn(messages)), isStatement(last.text)]
  const ofTool = toolShares(shares, tools, termsOf(last.text))
  const offered = tools.filter(tool => ofTool(tool) >= Math.max(isTold ? leastOfTold : 0, tool.name === mayForget ? leastToForget : 0))
  const kinds = answerKinds.map(kind => ({ kind, share: kind === 'noTool' && !isTold ? missingShare(shares, tools.filter(tool => builtIn.has(tool.name) || ofTool(tool) > 0)) : (shares.get(`${sayMark}${kind}`) ?? 0) })).sort((a, b) => b.share - a.share)
  const least = leastOfBest * Math.max(kinds[0]!.share, ...offered.map(ofTool))
  const likely = offered.filter(tool => ofTool(tool) >= least)
  if (likely.length > 0 && kinds[0]!.share < least) return { tools: likely, choice: likely.length === 1 ? { name: likely[0]!.name } : 'required', answers: [] }
  return { tools: likely, choice: 'auto', answers: kinds.filter(({ share }, at) => at === 0 || share >= least).map(({ kind }) => kind) }
}

/** How likely each tool is. Of one of another program nothing was learned: whoever says its whole name means it, whatever else their words sound like; one of which no word was said is not meant. */
function toolShares(shares: ReadonlyMap<string, number>, tools: readonly Tool[], said: readonly string[]): (tool: Tool) => number {
  const others = new Map(tools.filter(({ name }) => !builtIn.has(name)).map(tool => [tool.name, { named: namedBy(tool.name, said), isMeant: isSpokenOf(tool, said) }]))
  const most = Math.max(0, ...[...others.values()].map(({ named }) => named))
  return ({ name }) => {
    const other = others.get(name)
    if (!other) return most === 1 && namedBy(name, said) === 0 ? 0 : (shares.get(name) ?? 0)
    return other.named < most || !other.isMeant ? 0 : other.named === 1 ? 1 : (shares.get(otherClass) ?? 0)
  }
}

/** Of a tool that is wanted and not there. */
function missingShare(shares: ReadonlyMap<string, number>, there: readonly Tool[]): number {
  const names = new Set(there.map(({ name }) => (builtIn.has(name) ? name : otherClass)))
  return Math.max(0, ...[...shares].map(([name, share]) => (name.startsWith(sayMark) || names.has(name) ? 0 : share)))
}

/** Of the words in the name of a tool (`play_music`, `playMusic`), the share that was said. */
export function namedBy(tool: string, said: readonly string[]): number {
  const words = termsOf(tool.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_.:/-]+/g, ' '))
  return words.length === 0 ? 0 : words.filter(word => said.some(other => areSame(other, word))).length / words.length
}

/** By a word of its name, or a longer one of its description. */
function isSpokenOf({ name, description = '' }: Tool, said: readonly string[]): boolean {
  return namedBy(name, said) > 0 || termsOf(description).some(term => term.length >= shortestSpoken && said.some(other => areSame(other, term)))
}
