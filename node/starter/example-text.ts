import type { Example } from './example.ts'
import { spacedJson } from './prompt.ts'

/** For people: who says what, and what is asked of each answer. */
export function exampleText({ task, seed, split, tools, messages, targets }: Example): string {
  const lines = [`--- ${task}, seed ${seed}, ${split}; tools: ${tools.map(({ name }) => name).join(' ') || 'none'}`]
  for (const [index, message] of messages.entries()) {
    const calls = message.role === 'assistant' ? (message.calls ?? []).map(call => ` → ${call.name}(${spacedJson(call.arguments)})`).join('') : ''
    lines.push(`${message.role.toUpperCase()}: ${message.text}${calls}`)
    const target = targets.find(each => each.index === index)
    if (target) lines.push(`    [${spacedJson(target.check)}]`)
  }
  return lines.join('\n')
}
