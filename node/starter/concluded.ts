import type { Message } from '../model.ts'
import { finder } from './prompt-order.ts'
import { bestIn } from './prompt.ts'

// What follows from what a prompt shows. Comparing two names, and copying a row of digits, takes a model of this size longer to learn than knowing when it is asked for.

/** The line that says whether what fits best says yes; nothing where nothing fits. */
export function verdict(messages: readonly Message[]): string {
  const best = bestIn(systemOf(messages))
  return best ? (finder.hasNamesOf(messages.findLast(({ role }) => role === 'user')?.text ?? '', best) ? 'So yes.' : 'So no.') : ''
}

/** What the clock of a prompt shows. */
export function timeTold(messages: readonly Message[], kind: 'time' | 'date' | 'day'): string {
  const [, day = '', date = '', time = ''] = /^Now: (\S+) (\S+) (\S+)$/m.exec(systemOf(messages)) ?? []
  return `It is ${{ time, date, day }[kind]}.`
}

function systemOf(messages: readonly Message[]): string {
  return messages.find(({ role }) => role === 'system')?.text ?? ''
}
