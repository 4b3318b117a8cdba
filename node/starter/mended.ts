import { sayings } from './answers.ts'
import { unable, untold, youSaid } from './prompt.ts'
import { isStatement } from './statement.ts'

// What code sees of an answer of a model of a few million parameters, and need not be said that way.

const asksFor = /^(?:(?:and|so|but|ok|okay|please)[ ,]+)*(?:what|where|which|who|whom|whose|when|how|why)\b/i
const conclusion = /\n+So (?:yes|no)\.\s*$/
/** What is said to questions and wishes only. */
const toQuestions: ReadonlySet<string> = new Set([sayings.untold, sayings.unknowing, sayings.unable, sayings.noTool, sayings.abilities, sayings.self, sayings.program, sayings.privacy, sayings.size, sayings.joke, sayings.fine, sayings.here, sayings.hello])
const callMark = '<tool_call>'
/** As it says what it is, to whoever asks. */
const aboutItself = /^I'm a small program\b/
const asksAboutIt = /\b(?:you|your|yourself|kinmesh)\b/i

/** Whether it asks for more than yes or no. */
export function asksForWhat(said: string): boolean {
  return asksFor.test(said.trim())
}

/** `answer` as a person is shown it. `nearest`: lines of what comes nearest in memory, if anything does. */
export function mended(said: string, answer: string, nearest: string): string {
  const text = answer.trim()
  // It has learned to find what fits a question, or to say why not, and does so with what is none.
  if (isStatement(said) && (toQuestions.has(text) || text.startsWith(youSaid))) return heard
  if (text.includes(callMark)) return unable
  if (text === untold || (aboutItself.test(text) && !asksAboutIt.test(said))) return nearest === '' ? untold : `${unsure}\n${nearest}`
  const once = [...new Set(answer.split('\n'))].join('\n')
  return asksForWhat(said) ? once.replace(conclusion, '') : once
}

/** To what is told. */
export const heard = 'Okay.'
/** What was not told in these words may have been in others: a person sees for themselves. */
export const unsure = "I'm not sure. This comes nearest:"
