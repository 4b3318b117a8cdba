import { sayings } from '../answers.ts'
import type { TaskName } from '../generate.ts'
import { untold } from '../prompt.ts'

/**
 * What an answer without a tool is: what a memory tells, whether it is so, all that is told, what the clock shows, or one of `sayings`. What no memory tells is asked for in the same words as what one does.
 */
export type AnswerKind = 'ask' | 'whether' | 'all' | 'time' | 'date' | 'day' | Exclude<keyof typeof sayings, 'untold'>
const isKind = (name: string): name is Exclude<keyof typeof sayings, 'untold'> => name !== 'untold'
export const answerKinds: readonly AnswerKind[] = ['ask', 'whether', 'all', 'time', 'date', 'day', ...Object.keys(sayings).filter(isKind)]

const saidBy = new Map<string, AnswerKind>(Object.keys(sayings).filter(isKind).map(name => [sayings[name], name]))
/** Tasks whose questions are for something else than one line of a memory. */
const asking: Partial<Readonly<Record<TaskName, AnswerKind>>> = { yes_no: 'whether', several: 'all' }
const [clock, date] = [/\d:\d\d\.$/, /\d{4}-\d\d-\d\d\.$/]

/** Of an answer of the examples; undefined where none of these kinds has it: there is no tool for what was asked. */
export function answerKindOf(task: string, text: string): AnswerKind | undefined {
  const said = saidBy.get(text)
  if (said) return said === 'noTool' ? undefined : said
  if (text === untold || text.includes('"')) return asking[task as TaskName] ?? 'ask'
  return clock.test(text) ? 'time' : date.test(text) ? 'date' : 'day'
}
