import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Message } from '../../model.ts'
import { isStatement } from '../mended.ts'
import { Intent, askedIn, leastShare, unpackIntent } from './intent.ts'
import { weights } from './weights.ts'

/** Of the likeliest tool's share, what another one must have to be offered beside it. And what makes one sure: of 661 in the validation split 660 are right. */
const [leastOfBest, sureShare] = [0.5, 0.98]
/** What is told, as its words show, wants no tool most of the time: "I moved to Lyon last week" no reminder. */
const leastOfTold = 0.9

const intent = new Intent(unpackIntent(weights))

/**
 * The tools that what the user said last may want. A model of a few million parameters takes a wrong one now and then, and forgets what it was asked about; one that nobody spoke of is not there to be taken. Tools of other programs
 * are all there, as nothing is known of them; and so is each tool while the results of others are being answered.
 */
export function wantedTools(tools: readonly Tool[], messages: readonly Message[]): readonly Tool[] {
  if (messages.at(-1)?.role !== 'user') return tools
  const shares = intent.shares(askedIn(messages))
  const least = Math.max(isStatement(messages.at(-1)?.text ?? '') ? leastOfTold : leastShare, leastOfBest * Math.max(0, ...tools.map(({ name }) => shares.get(name) ?? 0)))
  return tools.filter(({ name }) => (shares.get(name) ?? 1) >= least)
}

/** The tool that what the user said last wants so surely that a model need not be asked whether. Never one that forgets: there two have to agree. */
export function surelyWanted(tools: readonly Tool[], messages: readonly Message[]): string | undefined {
  if (messages.at(-1)?.role !== 'user') return undefined
  const shares = intent.shares(askedIn(messages))
  return tools.find(({ name }) => name !== 'forget' && (shares.get(name) ?? 0) >= sureShare)?.name
}
