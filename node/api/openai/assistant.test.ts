import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ChatCompletion, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { systemPrompt } from '../../agent/answer-prompt.ts'
import type { Message, TextOptions } from '../../model.ts'
import { fakeModel, refusal, withApi } from './device.fixtures.ts'

const user = (content: string): ChatCompletionMessageParam => ({ role: 'user', content })
const about = (completion: ChatCompletion) => (completion as ChatCompletion & { kinmesh: { memories: string[]; conversation?: string } }).kinmesh
const textOf = (completion: ChatCompletion) => completion.choices[0]?.message.content ?? ''

/** Hears what it is asked, and answers "So it is.". */
function listener() {
  const asked: { messages: readonly Message[]; options: TextOptions }[] = []
  const model = fakeModel(async (messages, { signal: _, onToken, ...options }) => {
    asked.push({ messages, options })
    for (const piece of ['So ', 'it ', 'is.']) onToken?.(piece)
    return { text: 'So it is.', tokens: { prompt: 9, completion: 3 } }
  })
  return { asked, model }
}

test('without a model the assistant answers from memory, and whoever wants a model is told', () => withApi({ model: null }, async (client, device) => {
  await device.assistant.ask('remember that Anna likes tulips')
  assert.equal((await client.models.list()).data.map(({ id }) => id), ['kinmesh'])
  const answer = await client.chat.completions.create({ model: 'kinmesh', messages: [user('what does Anna like?')] })
  assert.match(textOf(answer), /tulips[^]*from memory only/)
  assert.equal([about(answer).memories.length, answer.usage?.total_tokens], [1, 0])
  let text = ''
  for await (const { choices: [piece] } of await client.chat.completions.create({ model: 'kinmesh', messages: [user('what does Anna like?')], stream: true })) text += piece?.delta.content ?? ''
  assert.is(text, textOf(answer))
  for (const body of [{ model: 'someone/tiny' }, { model: 'kinmesh', response_format: { type: 'json_object' as const } }, { model: 'kinmesh', tools: [{ type: 'function' as const, function: { name: 'f' } }] }]) {
    const { status, code, message } = await refusal(client.chat.completions.create({ ...body, messages: [user('x')] }))
    assert.equal([status, code], [404, 'model_not_found'])
    assert.match(message, /kinmesh model pull/)
  }
  const { code, message } = await refusal(client.embeddings.create({ model: 'someone/vectors', input: 'x' }))
  assert.is(code, 'model_not_found')
  assert.match(message, /no encoder is installed/)
}))

test('a model gets what it is asked, and no more; what is not said is as its makers have it', () => {
  const { asked, model } = listener()
  return withApi({ model }, async (client, device) => {
    await device.assistant.ask('remember that Anna likes tulips')
    const messages: ChatCompletionMessageParam[] = [
      { role: 'developer', content: 'be brief' }, user('what does Anna like?'),
      { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at": "Anna"}' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: 'roses' }, { role: 'assistant', content: 'Roses.' }, { ...user('sure?'), name: 'Bob' } as ChatCompletionMessageParam
    ]
    const older = { seed: -1, max_tokens: 7, user: 'me' }
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    await client.chat.completions.create({ model: 'fake', messages })
    await client.chat.completions.create({
      model: 'fake', messages: [user('x')], temperature: 0, top_p: 0.5, presence_penalty: 1, frequency_penalty: -1, stop: ['a', 'b'], store: false, n: 1, ...older,
      response_format: { type: 'json_schema', json_schema: { name: 's', schema } }
    })
    assert.equal(asked[0]?.messages, [
      { role: 'system', text: 'be brief' }, { role: 'user', text: 'what does Anna like?' }, { role: 'assistant', text: '', calls: [{ id: 'call_1', name: 'look', arguments: { at: 'Anna' } }] },
      { role: 'tool', text: 'roses', callId: 'call_1', name: 'look' }, { role: 'assistant', text: 'Roses.' }, { role: 'user', text: 'sure?' }
    ])
    assert.equal(asked[0]?.options, { maxTokens: 4096, stop: [], sampling: {}, schema: undefined, tools: [], toolChoice: undefined, whole: true })
    assert.equal(asked[1]?.options, {
      maxTokens: 7, stop: ['a', 'b'], sampling: { temperature: 0, topP: 0.5, presencePenalty: 1, frequencyPenalty: -1, seed: Number.MAX_SAFE_INTEGER }, schema, tools: [], toolChoice: undefined, whole: true
    })
  })
})

test('the assistant shows the model the memories that fit the last question, wherever it stands', () => {
  const { asked, model } = listener()
  return withApi({ model }, async (client, device) => {
    await device.assistant.ask('remember that Anna likes tulips')
    const calls: ChatCompletionMessageParam[] = [{ role: 'assistant', content: '', tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }] }, { role: 'tool', tool_call_id: 'c', content: 'red' }]
    const answer = await client.chat.completions.create({ model: 'kinmesh', messages: [user('hello'), { role: 'assistant', content: 'Hi.' }, { role: 'system', content: 'be brief' }, user('what does Anna like?'), ...calls] })
    assert.equal([textOf(answer), answer.usage?.completion_tokens, answer.model, about(answer).memories.length], ['So it is.', 3, 'kinmesh', 1])
    const [system, hello, hi, question, , result] = asked[0]?.messages ?? []
    assert.equal([system?.text, hello?.text, hi?.text, result?.text], [`${systemPrompt}\n\nbe brief`, 'hello', 'Hi.', 'red'])
    assert.match(question?.text ?? '', /^Memories:\n- \d{4}-\d\d-\d\d: Anna likes tulips\nNow: \w+ \d{4}-\d\d-\d\d \d\d:\d\d\n\nwhat does Anna like\?$/)
    assert.is(asked[0]?.options.whole, undefined, 'a long conversation loses its oldest turns, as it does elsewhere')
  })
})

test('nothing on the device changes, unless the caller says so', () => {
  const { asked, model } = listener()
  return withApi({ model }, async (client, device) => {
    const counts = () => [device.conversations.list(9).map(({ turns }) => turns), device.sync.spaces().reduce((sum, { count }) => sum + count, 0)]
    await client.chat.completions.create({ model: 'kinmesh', messages: [user('what is up?')] })
    const wish = await client.chat.completions.create({ model: 'kinmesh', messages: [user('Remember that Anna likes tulips')] })
    assert.match(textOf(wish), /remember and forget nothing that is said this way/)
    assert.equal([counts(), asked.length], [[[], 0], 1])

    const kept = await client.chat.completions.create({ model: 'kinmesh', messages: [user('Remember that Anna likes tulips')], store: true })
    assert.is(textOf(kept), 'I will remember: Anna likes tulips')
    assert.equal(counts(), [[2], 1])
    const { conversation = '' } = about(kept)
    const next = await client.chat.completions.create({ model: 'kinmesh', messages: [user('Remember that Anna likes tulips'), { role: 'assistant', content: textOf(kept) }, user('so?')], store: true, metadata: { conversation } })
    assert.equal([about(next).conversation, counts()], [conversation, [[4], 1]])
    assert.equal(device.conversations.turns(conversation).map(({ text }) => text), ['Remember that Anna likes tulips', 'I will remember: Anna likes tulips', 'so?', 'So it is.'])

    for (const [body, param] of [[{ model: 'fake', store: true }, 'store'], [{ model: 'kinmesh', metadata: { conversation } }, 'metadata']] as const) {
      assert.equal(await refusal(client.chat.completions.create({ ...body, messages: [user('x')] })).then(error => [error.status, error.param]), [400, param])
    }
    assert.is((await refusal(client.chat.completions.create({ model: 'kinmesh', messages: [user('x'.repeat(9000))], store: true }))).status, 413)
    assert.equal(counts(), [[4], 1])
  })
})

test('a call that cannot be made is an error, a model that fails too, and the log has none of the words', () => {
  const logged: string[] = []
  const write = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const model = fakeModel(async (messages, { onToken }) => {
    const text = messages[0]?.text ?? ''
    if (text.includes('refused')) return { refusals: [{ reason: 'the arguments are no object', raw: 'canary-raw' }] }
    if (text.includes('late')) onToken?.('begun')
    throw new Error('canary-failure')
  })
  return withApi({ model, log: { debug: write, info: write, warn: write, error: write } }, async client => {
    for (const stream of [false, true]) {
      const bad = await refusal(client.chat.completions.create({ model: 'fake', messages: [user('canary refused')], stream }))
      assert.equal([bad.status, bad.code], [500, 'invalid_tool_call'])
      const failed = await refusal(client.chat.completions.create({ model: 'fake', messages: [user('canary')], stream }))
      assert.equal([failed.status, failed.code], [500, 'Internal'])
      assert.not.match(failed.message, 'canary')
    }
    const stream = await client.chat.completions.create({ model: 'fake', messages: [user('canary late')], stream: true })
    let heard = ''
    const late = await refusal((async () => {
      for await (const { choices: [piece] } of stream) heard += piece?.delta.content ?? ''
    })())
    assert.equal([heard, late.code], ['begun', 'Internal'])
    assert.ok(logged.length > 0)
    assert.not.match(logged.join('\n'), 'canary')
  })
})

test.run()
