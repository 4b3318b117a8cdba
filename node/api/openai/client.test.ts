import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type OpenAI from 'openai'
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { accepts } from '../../model/grammar/schemas.fixtures.ts'
import { decoderName, encoderName, installDecoder, installEncoder, refusal, withApi } from './device.fixtures.ts'

// OpenAI's own client, over a port, of a whole device with models in threads. Weights are random: what these texts keep to, the device holds them to.

const ask: ChatCompletionMessageParam[] = [{ role: 'user', content: 'hello' }]
const place = { type: 'object', properties: { city: { enum: ['Rome', 'Zürich', '東京'] }, days: { type: 'integer', minimum: 1, maximum: 14 } }, required: ['city'] }
const weather: ChatCompletionTool = { type: 'function', function: { name: 'weather', description: 'tells it', parameters: place } }
const now: ChatCompletionTool = { type: 'function', function: { name: 'now' } }
/** As hot as the API allows. */
const hot = (seed: number) => ({ model: decoderName, temperature: 2, seed })

const withDecoder = (work: (client: OpenAI) => Promise<void>) => withApi({ prepare: installDecoder }, work)

test('models are listed and looked up, with slashes in their names', () => withApi({ prepare: async home => { await installDecoder(home); await installEncoder(home) } }, async client => {
  const ids: string[] = []
  for await (const { id, object, created } of client.models.list()) {
    ids.push(id)
    assert.ok(object === 'model' && Math.abs(created - Date.now() / 1000) < 600)
  }
  assert.equal(ids, ['kinmesh', decoderName, encoderName])
  for (const id of ids) assert.is((await client.models.retrieve(id)).id, id)
  assert.equal(await refusal(client.models.retrieve('gpt-9')).then(({ status, code }) => [status, code]), [404, 'model_not_found'])
}))

test('an answer, whole and in pieces, is the same for the same seed, with its usage', () => withDecoder(async client => {
  const whole = await client.chat.completions.create({ ...hot(4), messages: ask, max_completion_tokens: 40 })
  const [choice] = whole.choices
  assert.equal([whole.object, whole.model, whole.choices.length, choice?.finish_reason, choice?.message.role], ['chat.completion', decoderName, 1, 'length', 'assistant'])
  assert.equal([whole.usage?.completion_tokens, whole.usage?.total_tokens], [40, 40 + (whole.usage?.prompt_tokens ?? 0)])
  assert.ok((whole.usage?.prompt_tokens ?? 0) > 5 && (choice?.message.content?.length ?? 0) > 0)

  const stream = await client.chat.completions.create({ ...hot(4), messages: [{ role: 'user', content: [{ type: 'text', text: 'hel' }, { type: 'text', text: 'lo' }] }], max_completion_tokens: 40, stream: true, stream_options: { include_usage: true } })
  let text = ''
  const [finishes, usages]: [unknown[], unknown[]] = [[], []]
  for await (const { choices: [piece], usage, id } of stream) {
    assert.match(id, /^chatcmpl-/)
    text += piece?.delta.content ?? ''
    finishes.push(piece?.finish_reason)
    usages.push(usage)
  }
  assert.is(text, choice?.message.content)
  assert.equal([finishes.at(-2), finishes.at(-1), usages.at(-1), usages.slice(0, -1).every(usage => usage === null)], ['length', undefined, whole.usage, true])
  assert.not.equal((await client.chat.completions.create({ ...hot(8), messages: ask, max_completion_tokens: 40 })).choices, whole.choices)

  // A word of the answer as a stop string: the same answer up to there.
  const stop = Array.from(choice?.message.content ?? '').slice(5, 8).join('')
  const stopped = await client.chat.completions.create({ ...hot(4), messages: ask, max_completion_tokens: 40, stop })
  assert.equal([stopped.choices[0]?.message.content, stopped.choices[0]?.finish_reason], [choice?.message.content?.slice(0, choice.message.content.indexOf(stop)), 'stop'])
}))

test('the client puts a stream together by itself', () => withDecoder(async client => {
  const stream = client.chat.completions.stream({ ...hot(3), messages: ask, tools: [weather], tool_choice: 'required', parallel_tool_calls: false, max_completion_tokens: 200 })
  const { choices: [choice] } = await stream.finalChatCompletion()
  assert.equal([choice?.finish_reason, choice?.message.tool_calls?.map(call => call.type === 'function' && call.function.name)], ['tool_calls', ['weather']])
}))

test('tools: called, answered, and gone on from', () => withDecoder(async client => {
  const first = await client.chat.completions.create({ ...hot(2), messages: ask, tools: [weather, now], tool_choice: { type: 'function', function: { name: 'weather' } }, max_completion_tokens: 200 })
  const said = first.choices[0]?.message
  const [call] = said?.tool_calls ?? []
  assert.equal([first.choices[0]?.finish_reason, said?.content, said?.tool_calls?.length], ['tool_calls', null, 1])
  assert.ok(call?.type === 'function' && call.function.name === 'weather' && accepts(place, JSON.parse(call.function.arguments)))

  const next: ChatCompletionMessageParam[] = [...ask, said!, { role: 'tool', tool_call_id: call.id, content: '21 °C' }]
  const second = await client.chat.completions.create({ ...hot(2), messages: next, tools: [weather, now], tool_choice: 'none', max_completion_tokens: 20 })
  assert.ok((second.choices[0]?.message.content?.length ?? 0) > 0 && second.choices[0]?.message.tool_calls === undefined)
  assert.ok((second.usage?.prompt_tokens ?? 0) > (first.usage?.prompt_tokens ?? 0), 'the call and what came of it are read')
  const lost = await refusal(client.chat.completions.create({ ...hot(2), messages: [...ask, { role: 'tool', tool_call_id: 'other', content: 'x' }] }))
  assert.equal([lost.status, lost.param], [400, 'messages[1].tool_call_id'])

  for (let seed = 1; seed <= 4; seed++) {
    const { choices: [choice] } = await client.chat.completions.create({ ...hot(seed), messages: ask, tools: [weather, now], tool_choice: 'required', parallel_tool_calls: false, max_completion_tokens: 300 })
    if (choice?.finish_reason !== 'length') assert.is(choice?.message.tool_calls?.length, 1)
  }
}))

test('answers in JSON: of a schema, of any object, and a schema that cannot be held is named', () => withDecoder(async client => {
  const format = (schema: Record<string, unknown>) => ({ type: 'json_schema' as const, json_schema: { name: 'place', schema, strict: true } })
  for (let seed = 1; seed <= 4; seed++) {
    const { choices: [choice] } = await client.chat.completions.create({ ...hot(seed), messages: ask, response_format: format(place), max_completion_tokens: 200 })
    assert.is(choice?.finish_reason, 'stop')
    assert.ok(accepts(place, JSON.parse(choice?.message.content ?? '')), choice?.message.content ?? '')
  }
  const { choices: [any] } = await client.chat.completions.create({ ...hot(1), messages: ask, response_format: { type: 'json_object' }, max_completion_tokens: 60 })
  assert.match(any?.message.content ?? '', /^ ?\{/)
  const bad = await refusal(client.chat.completions.create({ ...hot(1), messages: ask, response_format: format({ type: 'object', properties: { a: { type: 'string', pattern: '^a' } } }) }))
  assert.equal([bad.status, bad.code, bad.param], [400, 'InvalidOption', 'response_format'])
  assert.match(bad.message, /pattern cannot be held/)
  const streamed = await refusal(client.chat.completions.create({ ...hot(1), messages: ask, stream: true, response_format: format({ not: {} }) }))
  assert.equal([streamed.status, streamed.param], [400, 'response_format'], 'also of a stream, before it begins')
}))

test('a conversation that the context does not hold is refused, and nothing of it is left out', () => withDecoder(async client => {
  const turns = Array.from({ length: 60 }, (_, index): ChatCompletionMessageParam => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `number ${index}, and some words besides` }))
  const { status, code, message } = await refusal(client.chat.completions.create({ ...hot(1), messages: [...turns, ...ask] }))
  assert.equal([status, code], [400, 'context_length_exceeded'])
  assert.match(message, /context holds 512/)
}))

test('vectors as the encoder has them, in both encodings, and of the encoder that is chosen now', () => withApi({ prepare: installEncoder }, async (client, device) => {
  const input = ['tea at five', 'the hello works']
  const [packed, plain] = [await client.embeddings.create({ model: encoderName, input }), await client.embeddings.create({ model: encoderName, input, encoding_format: 'float' })]
  const chosen = await device.encoder.ready()
  const expected = (await chosen?.encoder.embed(input))?.map(vector => [...vector])
  assert.is(expected?.[0]?.length, 24)
  for (const reply of [packed, plain]) {
    assert.equal([reply.data.map(({ index }) => index), reply.data.map(({ embedding }) => embedding), reply.model], [[0, 1], expected, encoderName])
    assert.equal(reply.usage, { prompt_tokens: 13, total_tokens: 13 })
  }
  assert.equal((await client.embeddings.create({ model: encoderName, input: input[0]! })).data[0]?.embedding, expected?.[0])
  const wrong: [OpenAI.EmbeddingCreateParams, string][] = [
    [{ model: encoderName, input: [1, 2] }, 'input'], [{ model: encoderName, input: '' }, 'input'], [{ model: encoderName, input: [] }, 'input'], [{ model: encoderName, input, dimensions: 12 }, 'dimensions']
  ]
  for (const [body, param] of wrong) assert.equal(await refusal(client.embeddings.create(body)).then(error => [error.status, error.param]), [400, param])
  assert.is((await refusal(client.embeddings.create({ model: 'text-embedding-3-small', input }))).code, 'model_not_found')
  await installEncoder(device.home, 'someone/others', 2)
  const other = await client.embeddings.create({ model: 'someone/others', input })
  assert.not.equal(other.data[0]?.embedding, expected?.[0])
  assert.is((await refusal(client.embeddings.create({ model: encoderName, input }))).status, 404)
}))

test.run()
