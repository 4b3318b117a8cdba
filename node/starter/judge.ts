import type { Call } from '../model.ts'
import type { Check } from './example.ts'
import { type LearnedItem, learnedKinds } from './prompt.ts'

/** What a model gave back. `calls`: those that could be read. */
export type Reply = { readonly text: string; readonly calls: readonly Call[] }

/** Why a reply is not what the check asks for; undefined when it is. */
export function fault(check: Check, reply: Reply): string | undefined {
  if (check.kind === 'calls') return callFault(check.calls, reply.calls)
  if (reply.calls.length > 0) return `calls ${reply.calls.map(({ name }) => name).join(', ')}`
  if (check.kind === 'learns') {
    const items = readLearned(reply.text)
    if (!items) return 'no list of items'
    const score = matchItems(check.items, items)
    return score.right === check.items.length && score.right === items.length ? undefined : `${score.right} of ${check.items.length} items, and ${items.length - score.right} others`
  }
  const said = normalised(reply.text)
  const wrong = check.none.find(text => holds(said, text))
  if (wrong !== undefined) return `says "${wrong}"`
  if (check.kind === 'abstains') return abstains(reply.text) ? undefined : 'does not say that it does not know'
  if (said.trim() === '') return 'says nothing'
  if (check.kind === 'talks') return undefined
  const missing = check.all.find(group => !group.some(text => holds(said, text)))
  if (missing) return `lacks "${missing.join('" or "')}"`
  return abstains(reply.text) ? 'says that it does not know' : undefined
}

/** Lower case, one space between words and around them, no punctuation but within words and numbers: "14:30", "3.5", "k7-90q". Accents count. */
export function normalised(text: string): string {
  const words = text.normalize('NFC').toLowerCase().replaceAll(/[’`]/g, "'").split(/[^\p{L}\p{M}\p{N}'.:@_+%€£$&/-]+/u)
  return ` ${words.map(word => word.replaceAll(/^['.:/-]+|['.:/-]+$/g, '')).filter(word => word !== '').join(' ')} `
}

/** Whether what was said has the text in it, as whole words, also as a possessive ("Ana's"). `said`: normalised. */
function holds(said: string, text: string): boolean {
  const wanted = normalised(text).trimEnd()
  return wanted !== '' && [' ', "'s ", "' "].some(end => said.includes(wanted + end))
}

const unknowing =
  /\b(?:(?:don't|do not|didn't) (?:know|have|remember|recall|see)|(?:haven't|have not|never) (?:told|said|mentioned)|not know|nobody that|no (?:idea|memory|memories|note|notes|information|record|tool)|nothing (?:about|on|for|that)|not sure|can't|cannot|can not|unknown|(?:couldn't|could not) find|found nothing)\b/i

/** Whether a text says that something is not known, or cannot be done. What it quotes was said by somebody else. */
export function abstains(text: string): boolean {
  return unknowing.test(text.replaceAll(/"[^"]*"/g, '').replaceAll(/[’`]/g, "'"))
}

function callFault(wanted: readonly Call[], made: readonly Call[]): string | undefined {
  const left = [...made]
  for (const call of wanted) {
    const found = left.findIndex(each => sameCall(call, each))
    if (found < 0) return made.length === 0 ? `does not call ${call.name}` : made.some(({ name }) => name === call.name) ? `calls ${call.name} with other arguments` : `calls ${made[0]?.name} instead of ${call.name}`
    left.splice(found, 1)
  }
  return left.length > 0 ? `also calls ${left[0]?.name}` : undefined
}

function sameCall(wanted: Call, made: Call): boolean {
  const keys = new Set([...Object.keys(wanted.arguments), ...Object.keys(made.arguments)])
  return wanted.name === made.name && [...keys].every(key => sameArgument(wanted.arguments[key], made.arguments[key]))
}

/** Texts as they are normalised; lists in any order. An expression is compared without its spaces. */
function sameArgument(wanted: unknown, made: unknown): boolean {
  if (Array.isArray(wanted) && Array.isArray(made)) return wanted.length === made.length && setOf(wanted as unknown[]) === setOf(made as unknown[])
  return typeof wanted === 'string' && typeof made === 'string' ? argumentText(wanted) === argumentText(made) : wanted === made
}

function setOf(values: readonly unknown[]): string {
  return values.map(value => argumentText(String(value))).sort().join('\n')
}

function argumentText(text: string): string {
  return /^[\d\s().+*/-]+$/.test(text) ? text.replaceAll(/\s/g, '') : normalised(text)
}

/** Undefined for a text that is no list of items. */
export function readLearned(text: string): LearnedItem[] | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return Array.isArray(value) && value.every(isItem) ? value : undefined
  } catch {
    return undefined
  }
}

function isItem(value: unknown): value is LearnedItem {
  if (typeof value !== 'object' || value === null) return false
  const { text, kind, subject, replaces } = value as Record<string, unknown>
  return typeof text === 'string' && typeof subject === 'string' && learnedKinds.some(each => each === kind) && (replaces === undefined || typeof replaces === 'string')
}

/** How many of the wanted items are there: the same words, about the same subject, replacing the same memory. The kind is counted apart: it only sorts. */
export function matchItems(wanted: readonly LearnedItem[], made: readonly LearnedItem[]): { readonly right: number; readonly kinds: number } {
  const left = [...made]
  let [right, kinds] = [0, 0]
  for (const item of wanted) {
    const at = left.findIndex(each => normalised(each.text) === normalised(item.text) && normalised(each.subject) === normalised(item.subject) && normalised(each.replaces ?? '') === normalised(item.replaces ?? ''))
    if (at < 0) continue
    right++
    if (left[at]?.kind === item.kind) kinds++
    left.splice(at, 1)
  }
  return { right, kinds }
}
