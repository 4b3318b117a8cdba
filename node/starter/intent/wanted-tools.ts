import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Message } from '../../model.ts'
import { Intent, askedIn, leastShare, unpackIntent } from './intent.ts'
import { weights } from './weights.ts'

const intent = new Intent(unpackIntent(weights))

/**
 * The tools that what the user said last may want. A model of a few million parameters takes a wrong one now and then, and forgets what it was asked about; one that nobody spoke of is not there to be taken. Tools of other programs
 * are all there, as nothing is known of them; and so is each tool while the results of others are being answered.
 */
export function wantedTools(tools: readonly Tool[], messages: readonly Message[]): readonly Tool[] {
  if (messages.at(-1)?.role !== 'user') return tools
  const shares = intent.shares(askedIn(messages))
  return tools.filter(({ name }) => (shares.get(name) ?? 1) >= leastShare)
}
