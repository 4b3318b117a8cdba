import type { Message } from '../model.ts'
import type { Check, Example } from './example.ts'
import { type Reply, fault } from './judge.ts'
import { learnedText } from './prompt.ts'

/** What is wrong with an example as data: an answer that its own check refuses, a check that accepts what is wrong, a call that its tool does not take, words that nobody typed, traces of a phrase. */
export function problemsOf(example: Example): string[] {
  const { messages, targets, tools } = example
  const found: string[] = []
  if (targets.length === 0) found.push('nothing is learned')
  for (const { index, check } of targets) {
    const message = messages[index]
    if (message?.role !== 'assistant') {
      found.push(`message ${index} is not the assistant's`)
      continue
    }
    const reply = { text: message.text, calls: message.calls ?? [] }
    const own = fault(check, reply)
    if (own !== undefined) found.push(`the check of message ${index} refuses its own answer: ${own}`)
    for (const wrong of wrongReplies(check)) if (fault(check, wrong) === undefined) found.push(`the check of message ${index} accepts ${JSON.stringify(wrong)}`)
    for (const call of reply.calls) {
      const tool = tools.find(({ name }) => name === call.name)
      const problem = tool ? misfit(tool.parameters ?? {}, call.arguments) : 'there is no such tool'
      if (problem !== undefined) found.push(`the call of ${call.name}: ${problem}`)
    }
    if (check.kind === 'learns') {
      const heard = messages[index - 1]?.text ?? ''
      for (const { text, replaces } of check.items) {
        if (!heard.includes(text)) found.push(`"${text}" was not said`)
        if (replaces !== undefined && !messages[0]?.text.includes(`"${replaces}"\n`)) found.push(`"${replaces}" is no memory that is shown`)
      }
    }
  }
  for (const message of messages) found.push(...traces(message))
  return found
}

/** Replies that no check may accept. */
function wrongReplies(check: Check): Reply[] {
  const silent: Reply = { text: '', calls: [] }
  if (check.kind === 'calls') return [silent, { text: 'Done.', calls: [] }, { text: '', calls: check.calls.map(call => ({ ...call, arguments: {} })) }, { text: '', calls: [...check.calls, ...check.calls] }]
  if (check.kind === 'learns') return [silent, check.items.length > 0 ? { text: '[]', calls: [] } : { text: learnedText([{ text: 'x', kind: 'fact', subject: 'user' }]), calls: [] }]
  const called: Reply = { text: 'Done.', calls: [{ name: 'recall', arguments: { query: 'x' } }] }
  const says = check.none.map((text): Reply => ({ text: `It is ${text}.`, calls: [] }))
  if (check.kind === 'abstains') return [silent, called, { text: 'It is 7.', calls: [] }, ...says.map(({ text }): Reply => ({ text: `I don't know that. ${text}`, calls: [] }))]
  return check.kind === 'talks' ? [silent, called, ...says] : [silent, called, { text: "I don't know that.", calls: [] }, ...says]
}

/** Why an object is none that the schema allows, as far as tools here have schemas. */
export function misfit(schema: Readonly<Record<string, unknown>>, value: Readonly<Record<string, unknown>>): string | undefined {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, { readonly type?: string; readonly minItems?: number; readonly maxItems?: number }>>
  const missing = ((schema['required'] ?? []) as readonly string[]).find(key => !(key in value))
  if (missing !== undefined) return `${missing} is missing`
  for (const [key, each] of Object.entries(value)) {
    const type = properties[key]?.type
    if (type === undefined) return `${key} is no argument`
    if (type === 'string' && (typeof each !== 'string' || each.trim() === '')) return `${key} is no text`
    if (type === 'array' && (!Array.isArray(each) || each.length < (properties[key]?.minItems ?? 0) || each.length > (properties[key]?.maxItems ?? Infinity))) return `${key} is no list`
  }
  return undefined
}

/** What a phrase leaves behind where something was not filled in. */
function traces({ role, text }: Message): string[] {
  const json = role === 'assistant' && text.startsWith('[')
  const found = /undefined|\[object|NaN| {2}|[<>|]|\(|\s[,.?!](?:\s|$)/.exec(json ? text.replaceAll(/[[\]{}]/g, '') : text)
  return found && !/^\d+ [<>]/.test(text) ? [`"${found[0]}" in ${role}: ${text.slice(0, 200)}`] : []
}
