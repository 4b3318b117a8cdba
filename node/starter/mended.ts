import { sayings } from './answers.ts'
import { unable, untold, youSaid } from './prompt.ts'

// What code sees of an answer of a model of a few million parameters, and need not be said that way.

const asksFor = /^(?:(?:and|so|but|ok|okay|please)[ ,]+)*(?:what|where|which|who|whom|whose|when|how|why)\b/i
const verb = "(?:is|isn't|are|aren't|was|were|has|have|had|will|won't|can|can't|cannot|does|doesn't|did|likes?|loves?|hates?|prefers?|lives?|works?|needs?|wants?|owns?|plays?|eats?|drinks?|speaks?|starts?|ends?|costs?|expires?|comes?|goes|moved|got|went|came|bought|sold|left|broke|died|became|turned|married|met|lost|found|born|called|retired|studies)"
const owner = "(?:\\p{L}[\\p{L}-]*(?:'s)?)"
/** Somebody or something, and what is so of it. */
const tells = new RegExp(`^(?:(?:[Ii]|[Ww]e) \\p{L}|(?:[Ii]'m|[Ww]e're|[Ii]'ve|[Ww]e've) |(?:[Mm]y|[Oo]ur|[Tt]he) (?:${owner} ){1,4}?${verb} |(?:[Hh]e|[Ss]he|[Tt]hey|\\p{Lu}${owner}(?: (?:and )?${owner}){0,2}) ${verb} )`, 'u')
/** Words that begin a question or a wish, and may be written large. */
const asks = /^(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|should|may|set|add|put|make|write|show|give|list|find|search|look|convert|count|call|delete|cancel|stop|start|say|spell|thanks?|hello|hi|hey|good|please|yes|no|ok|okay)\b/i
const asksInside = /\?|\b(?:what|where|which|who|whose|when|how|why|whether|if|know|tell|remind|need|want|wonder|remember|forgot)\b/i
const conclusion = /\n+So (?:yes|no)\.\s*$/
/** What is said to questions and wishes only. */
const toQuestions: ReadonlySet<string> = new Set([sayings.untold, sayings.unknowing, sayings.unable, sayings.noTool, sayings.abilities, sayings.self, sayings.program, sayings.privacy, sayings.size, sayings.joke, sayings.fine, sayings.here, sayings.hello])
const callMark = '<tool_call>'
/** As it says what it is, to whoever asks. */
const aboutItself = /^I'm a small program\b/
const asksAboutIt = /\b(?:you|your|yourself|kinmesh)\b/i

/** Whether it is told and nothing is asked, as far as words show it. */
export function isStatement(said: string): boolean {
  const text = said.trim()
  return tells.test(text) && !asks.test(text) && !asksInside.test(text)
}

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
