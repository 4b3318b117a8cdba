import type { Turn } from '../../conversations.ts'
import type { Model } from '../../model.ts'
import { isStarter } from '../../starter/is-starter.ts'
import { contentTerms, termsOf } from '../text/terms.ts'
import { estimateTokens } from '../token-budget.ts'
import { type Sentence, extract, sentencesOf } from './extract.ts'

/** Tokens of a summary. */
export const summaryTokens = 200
/** Characters that so many tokens have at most, in any language. */
const longestSummary = 1600
/** Share of the words of a summary that have to stand in what it sums up. A small model makes up more than that when it does not understand what it is asked. */
const groundedShare = 0.6

const summaryPrompt = 'Sum up this part of a conversation in at most five short sentences: what the user told, wants and decided. Take only what is there. Do not answer it.'

/** One summary of the one before and the turns that came after it. By the model, if there is one that can and what it writes is there; else the sentences that say most. The starter only ever quotes. */
export async function summarize(before: string | undefined, turns: readonly Turn[], model: Model | null, signal: AbortSignal): Promise<string> {
  return (model && !isStarter(model) && (await written(before, turns, model, signal))) || quoted(before, turns)
}

async function written(before: string | undefined, turns: readonly Turn[], model: Model, signal: AbortSignal): Promise<string | undefined> {
  const told = [...(before === undefined ? [] : [`Before that: ${before}`]), ...turns.map(turn => `${nameOf(turn)}: ${turn.text}`)].join('\n')
  try {
    const { text } = await model.generate([{ role: 'system', text: summaryPrompt }, { role: 'user', text: told }], { maxTokens: summaryTokens, signal, whole: true })
    return isGrounded(text, told) ? text.trim().replaceAll(/\s+/g, ' ') : undefined
  } catch (error) {
    if (signal.aborted) throw error
    return undefined // there is another way
  }
}

function isGrounded(text: string, told: string): boolean {
  if (text.trim() === '' || text.length > longestSummary) return false
  const [heard, own] = [new Set(termsOf(told)), contentTerms(text)]
  return own.filter(term => heard.has(term)).length >= groundedShare * own.length
}

function quoted(before: string | undefined, turns: readonly Turn[]): string {
  const earlier = (before ?? '').split('\n').flatMap(line => {
    const [, by = '', text = line] = /^(User|Assistant): (.*)$/.exec(line) ?? []
    return sentencesOf(text, by)
  })
  const sentences = [...earlier, ...turns.flatMap(turn => sentencesOf(turn.text, nameOf(turn)))]
  return extract(sentences, summaryTokens, each => estimateTokens(lineOf(each))).map(lineOf).join('\n')
}

function lineOf({ by, text }: Sentence): string {
  return by === '' ? text : `${by}: ${text}`
}

function nameOf({ role }: Turn): string {
  return role === 'user' ? 'User' : 'Assistant'
}
