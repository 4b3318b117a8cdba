import type { Message } from '../model.ts'
import type { Quotes } from '../model/grammar/quote-grammar.ts'
import { hasNamesOf } from './prompt-order.ts'
import { bestIn } from './prompt.ts'

/** What a tool gives back that failed begins so. */
const errorMark = 'error: '
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
  const [asked, system] = [messages[question]?.text ?? '', messages.find(({ role }) => role === 'system')?.text ?? '']
  const [best, time] = [bestIn(system), timeIn(system, asked)]
  return [...(best ? [{ after: conclusionMark, texts: [hasNamesOf(asked, best) ? 'yes.' : 'no.'] }] : []), ...(time ? [{ after: timeMark, texts: [`${time}.`] }] : [])]
}

/** The hour, the date or the day, by which a question speaks of. */
function timeIn(system: string, asked: string): string | undefined {
  const [, weekday, date, time] = /^Now: (\S+) (\S+) (\S+)$/m.exec(system) ?? []
  if (/\b(?:time|clock|late|hour)\b/i.test(asked)) return time
  if (/\bdate\b/i.test(asked)) return date
  return /\b(?:to)?day\b/i.test(asked) ? weekday : undefined
}
