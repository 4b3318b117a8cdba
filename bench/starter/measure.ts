import { openModel } from '../../node/model/open-model.node.ts'
import type { Message, TextOptions } from '../../node/model.ts'
import { heldTo } from '../../node/agent/answer-prompt.ts'
import { chatTemplate } from '../../node/starter/chat-template.ts'
import { answerPrompt } from '../../node/starter/prompt.ts'
import { maxPositions } from '../../node/starter/tokenizer-files.ts'
import { builtInTools } from '../../node/starter/tools.ts'

// node measure.ts DIR: loads a model, has it answer once as a device asks it, write a token of its own, and call a tool; prints how long that took, and what it holds then.

const [, , folder = ''] = process.argv
// Not examples: what writes them takes memory that no device needs.
const told = ['My sister lives in Porto.', 'My sister has a dog named Bruno.', 'I work as a nurse.', "My brother's birthday is on 4 May.", 'My brother lives in Ghent.', 'The spare key is under the blue pot.', "I'm allergic to walnuts.", 'The wifi of the cabin is called Fjord.']
const prompt = (text: string): Message[] => [answerPrompt({ memories: told.map((each, index) => ({ day: `2026-03-0${index + 1}`, text: each })), now: '2026-03-10T14:05', asked: [text] }), { role: 'user', text }]
const startedMs = performance.now()
const opened = await openModel(folder, 'starter', { positions: maxPositions, slots: 1 })
const loadMs = performance.now() - startedMs

/** Until something is heard; a call is heard whole at its end. */
async function firstMs(messages: readonly Message[], options: TextOptions): Promise<number> {
  const askedMs = performance.now()
  let first = 0
  await opened.model.generate(messages, { ...options, sampling: { temperature: 0 }, onToken: () => void (first ||= performance.now() - askedMs) })
  return first || performance.now() - askedMs
}

const [question, order] = [prompt('Where does my sister live?'), prompt('Set a timer for ten minutes')]
const held = (messages: Message[]) => heldTo({ template: chatTemplate }, messages, { tools: builtInTools })
const answerMs = await firstMs(question, held(question))
const writtenMs = await firstMs(question, { maxTokens: 1 })
const callMs = await firstMs(order, held(order))
const rssMB = process.memoryUsage.rss() / 1e6
await opened.close()
process.stdout.write(JSON.stringify({ loadMs, answerMs, writtenMs, callMs, rssMB }))
