// Asks the device that runs here with OpenAI's own client, as any program may: node -C development tools/openai-example.ts [HOME]
// The four lines that matter to your program are those of `new OpenAI`.
import OpenAI from 'openai'
import { homeDir, readRunning, readToken } from '../node/home.node.ts'

const home = homeDir(process.argv[2])
const api = readRunning(home)?.api
if (!api) throw new Error(`no device runs in ${home}: start one with kinmesh up`)

const client = new OpenAI({ baseURL: `${api}/v1`, apiKey: readToken(home) })

/** Shows what a call gives, or the error that it ends with. */
async function show(title: string, work: () => Promise<unknown>): Promise<void> {
  console.log(`\n== ${title}`)
  try {
    console.log(await work())
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error
    console.log(`${error.constructor.name} ${error.status} ${error.code}: ${error.message}`)
  }
}

const models: string[] = []
for await (const { id } of client.models.list()) models.push(id)
console.log(`${api}/v1 has ${models.join(', ')}`)
// The assistant is always first; what comes next, if anything, is the model in use, or an encoder.
const [, model = 'none'] = models

await show('the assistant, with the memories that fit', async () => {
  const answer = await client.chat.completions.create({ model: 'kinmesh', messages: [{ role: 'user', content: 'When is Anna’s birthday?' }], max_completion_tokens: 60 })
  return [answer.choices[0]?.message.content, answer.usage]
})

await show(`${model}, as it comes`, async () => {
  const stream = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Say hello.' }], max_completion_tokens: 20, temperature: 0, stream: true, stream_options: { include_usage: true } })
  const pieces: string[] = []
  for await (const { choices: [piece], usage } of stream) {
    if (piece?.delta.content) pieces.push(piece.delta.content)
    if (usage) return [pieces.join('|'), usage]
  }
  return pieces
})

await show(`${model}, held to a JSON schema`, async () => {
  const schema = { type: 'object', properties: { city: { enum: ['Rome', 'Oslo'] }, days: { type: 'integer', minimum: 1, maximum: 14 } }, required: ['city', 'days'] }
  const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Where to, and for how long?' }], response_format: { type: 'json_schema', json_schema: { name: 'journey', schema } } })
  return JSON.parse(answer.choices[0]?.message.content ?? '') as unknown
})

await show(`${model}, with a tool that it has to call`, async () => {
  const weather: OpenAI.ChatCompletionTool = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { enum: ['Rome', 'Oslo'] } }, required: ['city'] } } }
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather in Rome?' }]
  const { choices: [first] } = await client.chat.completions.create({ model, messages, tools: [weather], tool_choice: 'required', parallel_tool_calls: false, max_completion_tokens: 100 })
  const call = first?.message.tool_calls?.[0]
  if (!first || call?.type !== 'function') return first
  messages.push(first.message, { role: 'tool', tool_call_id: call.id, content: 'sunny, 21 °C' })
  const { choices: [second] } = await client.chat.completions.create({ model, messages, tools: [weather], tool_choice: 'none', max_completion_tokens: 20 })
  return [`${call.function.name}(${call.function.arguments})`, second?.message.content]
})

await show('vectors of texts', async () => {
  const { data, usage } = await client.embeddings.create({ model: models.at(-1) ?? '', input: ['tea at five', 'coffee at six'] })
  return [data.map(({ embedding }) => `${embedding.length} numbers: ${embedding.slice(0, 3).map(each => each.toFixed(3)).join(', ')} …`), usage]
})
