import type { Message } from '../model.ts'
import type { Quotes } from '../model/grammar/quote-grammar.ts'
import { errorMark } from './answers.ts'
import { isSlip } from './fitting/terms.ts'
import { finder } from './prompt-order.ts'
import { bestIn } from './prompt.ts'

/** Of answers (tasks/): what a sum, a date, a list or a tool of another program gave back. */
const [resultMarks, failureMark, timeMark, conclusionMark] = [['It is ', 'It says: ', ' list: '], "That didn't work: ", 'It is ', '\nSo '] as const

/**
 * What follows from what stands there, behind the words that answers begin with: what tools gave back, what the clock shows of what was asked, and whether what was quoted says yes. Copying a row of digits, and comparing two
 * names, takes a model of this size longer to learn than knowing when it is asked for.
 */
export function concluded(messages: readonly Message[]): readonly Quotes[] {
  const question = messages.findLastIndex(({ role }) => role === 'user')
  const results = messages.slice(question + 1).flatMap(({ role, text }) => (role === 'tool' && text !== '' && !/[\p{Cc}\p{Cs}]/u.test(text) ? [text] : []))
  if (results.length > 0) {
    const failed = results.filter(text => text.startsWith(errorMark)).map(text => `${text.slice(errorMark.length)}.`)
    const right = results.filter(text => !text.startsWith(errorMark)).map(text => `${text}.`)
    return [...(right.length > 0 ? resultMarks.map(after => ({ after, texts: right })) : []), ...(failed.length > 0 ? [{ after: failureMark, texts: failed }] : [])]
  }
  const behind = (mark: string, lines: readonly string[]) => lines.map((line): Quotes => ({ after: mark, texts: [line.slice(mark.trimStart().length)] }))
  return [...behind(conclusionMark, verdict(messages)), ...behind(timeMark, timeTold(messages))]
}

/** The line that says whether what was quoted says yes; none where nothing fits. */
export function verdict(messages: readonly Message[]): string[] {
  const { asked, system } = askedOf(messages)
  const best = bestIn(system)
  return best ? [finder.hasNamesOf(asked, best) ? 'So yes.' : 'So no.'] : []
}

/** What is said to who asks for the time; nothing where nobody does, or a tool was asked. */
export function timeTold(messages: readonly Message[]): string[] {
  if (messages.at(-1)?.role !== 'user') return []
  const { asked, system } = askedOf(messages)
  const time = timeIn(system, asked)
  return time === undefined ? [] : [`${timeMark}${time}.`]
}

function askedOf(messages: readonly Message[]): { readonly asked: string; readonly system: string } {
  return { asked: messages.findLast(({ role }) => role === 'user')?.text ?? '', system: messages.find(({ role }) => role === 'system')?.text ?? '' }
}

/** "tme" is one for the time: that it may be told does not say that it is. */
const shortestWord = 3

/** The hour, the date or the day, by which a question speaks of. */
function timeIn(system: string, asked: string): string | undefined {
  const [, weekday, date, time] = /^Now: (\S+) (\S+) (\S+)$/m.exec(system) ?? []
  const said = asked.toLowerCase().match(/\p{L}+/gu) ?? []
  const kinds = [{ words: ['time', 'clock', 'late', 'hour'], told: time }, { words: ['date'], told: date }, { words: ['today', 'day', 'weekday'], told: weekday }]
  const first = (isMeant: (word: string, other: string) => boolean) => kinds.find(({ words }) => words.some(word => said.some(other => isMeant(word, other))))
  // "date" is a slip of "late", and itself.
  return (first((word, other) => word === other) ?? first((word, other) => isSlip(word, other, shortestWord)))?.told
}
