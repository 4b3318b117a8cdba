import { openModel } from '../../node/model/open-model.node.ts'
import { generate } from '../../node/starter/generate.ts'
import { answerForms, heldTools } from '../../node/starter/held.ts'
import { wantedTools } from '../../node/starter/intent/wanted-tools.ts'
import { maxPositions } from '../../node/starter/tokenizer-files.ts'

// node measure.ts DIR: loads a model and answers once, as a device asks it; prints how long that took, and what it holds.

const [, , folder = ''] = process.argv
const { messages, tools } = generate(0, 'test', 'grounded')
const startedMs = performance.now()
const opened = await openModel(folder, 'starter', { positions: maxPositions, slots: 1 })
const loadMs = performance.now() - startedMs
const askedMs = performance.now()
let firstTokenMs = 0
const asked = messages.slice(0, -1)
await opened.model.generate(asked, { tools: heldTools(wantedTools(tools, asked), asked), forms: answerForms(asked), maxTokens: 32, sampling: { temperature: 0 }, onToken: () => void (firstTokenMs ||= performance.now() - askedMs) })
// An answer that is a call has no text.
firstTokenMs ||= performance.now() - askedMs
const rssMB = process.memoryUsage.rss() / 1e6
await opened.close()
process.stdout.write(JSON.stringify({ loadMs, firstTokenMs, rssMB }))
