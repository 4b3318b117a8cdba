import { openModel } from '../../node/model/open-model.node.ts'
import type { Message } from '../../node/model.ts'
import { heldTo } from '../../node/agent/answer-prompt.ts'
import { chatTemplate } from '../../node/starter/chat-template.ts'
import { answerPrompt } from '../../node/starter/prompt.ts'
import { maxPositions } from '../../node/starter/tokenizer-files.ts'
import { builtInTools } from '../../node/starter/tools.ts'

// node measure.ts DIR: loads a model and answers once, as a device asks it; prints how long that took, and what it holds.

const [, , folder = ''] = process.argv
// Not an example: what writes them takes memory that no device needs.
const question = 'Where does my sister live?'
const told = ['My sister lives in Porto.', 'My sister has a dog named Bruno.', 'I work as a nurse.', "My brother's birthday is on 4 May.", 'My brother lives in Ghent.', 'The spare key is under the blue pot.', "I'm allergic to walnuts.", 'The wifi of the cabin is called Fjord.']
const asked: Message[] = [answerPrompt({ memories: told.map((text, index) => ({ day: `2026-03-0${index + 1}`, text })), now: '2026-03-10T14:05', asked: [question] }), { role: 'user', text: question }]
const startedMs = performance.now()
const opened = await openModel(folder, 'starter', { positions: maxPositions, slots: 1 })
const loadMs = performance.now() - startedMs
const askedMs = performance.now()
let firstTokenMs = 0
await opened.model.generate(asked, { ...heldTo({ template: chatTemplate }, asked, { tools: builtInTools }), maxTokens: 32, sampling: { temperature: 0 }, onToken: () => void (firstTokenMs ||= performance.now() - askedMs) })
// An answer that is a call has no text.
firstTokenMs ||= performance.now() - askedMs
const rssMB = process.memoryUsage.rss() / 1e6
await opened.close()
process.stdout.write(JSON.stringify({ loadMs, firstTokenMs, rssMB }))
