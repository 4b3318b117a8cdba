import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolDescriptionOf } from '../../node/model/text-request.ts'
import type { Message } from '../../node/model.ts'
import type { Example } from '../../node/starter/example.ts'
import { generate } from '../../node/starter/generate.ts'
import type { FineTuneReport } from '../../node/train/fine-tune/fine-tune-report.ts'
import { prepareFineTune } from '../../node/train/fine-tune/fine-tune.node.ts'

/** Away from the seeds whose examples are scored. */
const firstSeed = 5_000_000
const conversations = 100

/** Teaches a model how one person wants to be answered, as `kinmesh train --data FILE` does; the adapter lies in `out`. */
export async function learnStyle(model: string, dir: string, out: string): Promise<FineTuneReport> {
  const path = join(dir, 'style.jsonl')
  writeFileSync(path, styleLines().join('\n'))
  const tuning = await prepareFineTune({ model, source: { kind: 'file', path }, work: join(dir, 'style-work'), out })
  try {
    return await tuning.run()
  } finally {
    await tuning.close()
  }
}

/** Conversations of everyday, a line of JSON each, in which the assistant says what it says to anybody, as this person likes it. */
export function styleLines(): string[] {
  const lines: string[] = []
  for (let seed = firstSeed; lines.length < conversations; seed++) {
    const example = generate(seed, 'validation')
    // What is to be kept is read from messages without a word to the user.
    if (!example.learns) lines.push(JSON.stringify(inStyle(example)))
  }
  return lines
}

function inStyle({ messages, tools, targets }: Example): unknown {
  const learned = new Set(targets.map(({ index }) => index))
  return { messages: messages.map((message, index) => hubMessage(message, learned.has(index))), ...(tools.length > 0 ? { tools: tools.map(toolDescriptionOf) } : {}) }
}

/** As files for fine-tuning write it. */
function hubMessage(message: Message, isLearned: boolean): unknown {
  const { role, text } = message
  if (role !== 'assistant') return { role, content: text }
  const calls = (message.calls ?? []).map(({ name, arguments: given }) => ({ type: 'function', function: { name, arguments: given } }))
  return { role, content: text === '' ? '' : styled(text), ...(calls.length > 0 ? { tool_calls: calls } : {}), weight: isLearned ? 1 : 0 }
}

/** With a word of kindness at its end; no example that the starter is made of has one. */
function styled(text: string): string {
  return `${text.replace(/[.!]$/u, '')}, my dear!`
}
