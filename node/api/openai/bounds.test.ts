import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import OpenAI from 'openai'
import type { Model } from '../../model.ts'
import { openModelStore } from '../../model/store/store.node.ts'
import { openThreadedModel } from '../../model/worker/threaded-model.node.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { decoderName, fakeModel, installDecoder, refusal, withApi } from './device.fixtures.ts'

const messages = [{ role: 'user' as const, content: 'hello' }]
const nextTurn = () => new Promise<void>(resolve => { setImmediate(resolve) })
type ErrorBody = { error: { message: string; type: string; param: string | null; code: string } }

test('what cannot be done is refused by name', () => withApi({ model: fakeModel(async () => ({})) }, async (client, { api, token }) => {
  const post = async (path: string, body: unknown) => {
    const reply = await fetch(`${api}/v1/${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: typeof body === 'string' ? body : JSON.stringify(body) })
    const { error } = (await reply.json()) as ErrorBody
    assert.equal(error && Object.keys(error).sort(), ['code', 'message', 'param', 'type'], JSON.stringify(body).slice(0, 200))
    assert.not.match(error.message, '\n')
    return [reply.status, error.code, error.param]
  }
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const cases: [unknown, number, string, string | null][] = [
    [{ model: 'fake', messages, n: 2 }, 400, 'BadRequest', 'n'],
    [{ model: 'fake', messages, logprobs: true }, 400, 'BadRequest', 'logprobs'],
    [{ model: 'fake', messages, logit_bias: { 1: 1 } }, 400, 'unsupported_parameter', 'logit_bias'],
    [{ model: 'fake', messages, functions: [] }, 400, 'unsupported_parameter', 'functions'],
    [{ model: 'fake', messages, modalities: ['text', 'audio'] }, 400, 'BadRequest', 'modalities[1]'],
    [{ model: 'fake', messages, top_k: 5 }, 400, 'unknown_parameter', 'top_k'],
    [{ model: 'fake', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] }, 400, 'BadRequest', 'messages[0].content'],
    [{ model: 'fake', messages: [{ role: 'robot', content: 'x' }] }, 400, 'BadRequest', 'messages[0].role'],
    [{ model: 'fake', messages: [{ role: 'user' }] }, 400, 'BadRequest', 'messages[0].content'],
    [{ model: 'fake', messages: [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: '[' } }] }] }, 400, 'BadRequest', 'messages[0].tool_calls[0].function.arguments'],
    [{ model: 'fake', messages: [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: deep } }] }] }, 400, 'BadRequest', 'messages[0].tool_calls[0].function.arguments'],
    [`{"model": "fake", "messages": [{"role": "user", "content": "x"}], "tools": [{"type": "function", "function": {"name": "f", "parameters": ${deep}}}]}`, 400, 'BadRequest', 'tools[0].function.parameters'],
    [{ model: 'fake', messages: [{ role: 'assistant' }] }, 400, 'BadRequest', 'messages[0].content'],
    [{ model: 'fake', messages: [] }, 400, 'BadRequest', 'messages'],
    [{ model: 'fake', messages: Array(4097).fill(messages[0]) }, 400, 'BadRequest', 'messages'],
    [{ model: 'fake' }, 400, 'BadRequest', 'messages'],
    [{ messages }, 400, 'BadRequest', 'model'],
    [{ model: 'fake', messages, temperature: 3 }, 400, 'BadRequest', 'temperature'],
    [{ model: 'fake', messages, stop: ['a', 'b', 'c', 'd', 'e'] }, 400, 'BadRequest', 'stop'],
    [{ model: 'fake', messages, max_tokens: 0 }, 400, 'BadRequest', 'max_tokens'],
    [{ model: 'fake', messages, max_tokens: 1, max_completion_tokens: 2 }, 400, 'BadRequest', 'max_tokens'],
    [{ model: 'fake', messages, stream_options: { include_usage: true } }, 400, 'BadRequest', 'stream_options'],
    [{ model: 'fake', messages, tools: Array(129).fill({ type: 'function', function: { name: 'f' } }) }, 400, 'BadRequest', 'tools'],
    [{ model: 'fake', messages, tools: Array(2).fill({ type: 'function', function: { name: 'f' } }) }, 400, 'BadRequest', 'tools[1].function.name'],
    [{ model: 'fake', messages, tools: [{ type: 'custom', custom: { name: 'f' } }] }, 400, 'BadRequest', 'tools[0].type'],
    [{ model: 'fake', messages, tool_choice: 'required' }, 400, 'BadRequest', 'tool_choice'],
    [{ model: 'fake', messages, tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: { type: 'function', function: { name: 'g' } } }, 400, 'BadRequest', 'tool_choice'],
    [{ model: 'fake', messages, tools: [{ type: 'function', function: { name: 'f' } }], response_format: { type: 'json_object' } }, 400, 'BadRequest', 'response_format'],
    [{ model: 'fake', messages, response_format: { type: 'xml' } }, 400, 'BadRequest', 'response_format.type'],
    [{ model: 'gpt-4o', messages }, 404, 'model_not_found', null],
    ['{"model": ', 400, 'BadRequest', null],
    ['[]', 400, 'BadRequest', null]
  ]
  for (const [body, status, code, param] of cases) assert.equal(await post('chat/completions', body), [status, code, param], JSON.stringify(body).slice(0, 200))
  assert.equal(await post('completions', {}), [404, 'unknown_url', null])
  // Null is as if it were not there.
  const absent = { stop: null, logit_bias: null, seed: null, max_tokens: null, store: null }
  await client.chat.completions.create({ model: 'fake', messages, ...absent })
}))

test('a message of 10 MB is refused before it is read, said to be so long or not', () => withApi({ model: null }, async (client, { api, token }) => {
  const content = 'x'.repeat(10_000_000)
  assert.equal(await refusal(client.chat.completions.create({ model: 'kinmesh', messages: [{ role: 'user', content }] })).then(({ status, code }) => [status, code]), [413, 'BodyTooLarge'])
  const sent = request(`${api}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' } })
  sent.on('error', () => undefined) // the rest of it is not wanted
  sent.write(content.slice(0, 2_000_000))
  const [reply] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }]
  assert.is(reply.statusCode, 413)
  sent.destroy()
  assert.is((await client.models.list()).data.length, 1)
}))

test('no token, a foreign name, and web pages: refused as everywhere, in the words of the API', () => withApi({}, async (_, { api, token, fetch: inside }) => {
  const bearer = { authorization: `Bearer ${token}` }
  const cases: [string, Record<string, string>, number, string][] = [
    ['GET', {}, 401, 'invalid_api_key'],
    ['GET', { authorization: 'Bearer wrong' }, 401, 'invalid_api_key'],
    ['POST', { ...bearer, origin: 'https://evil.example' }, 403, 'CrossSite'],
    ['POST', { ...bearer, origin: 'null' }, 403, 'CrossSite'],
    ['POST', { ...bearer, origin: 'http://localhost:3000' }, 403, 'CrossSite'],
    ['OPTIONS', { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }, 403, 'CrossSite'],
    ['GET', { ...bearer, 'sec-fetch-site': 'cross-site' }, 403, 'CrossSite'],
    ['GET', { ...bearer, 'sec-fetch-site': 'same-site' }, 403, 'CrossSite'],
    ['GET', { ...bearer, host: 'evil.example' }, 403, 'WrongHost']
  ]
  for (const path of ['/v1/models', '/v1/chat/completions', '/v1/embeddings', '/api/status', '/metrics']) {
    for (const [method, headers, status, code] of cases) {
      const sent = request(`${api}${path}`, { method, headers }).end()
      const [reply] = (await once(sent, 'response')) as [AsyncIterable<Uint8Array> & { statusCode: number; headers: Record<string, string> }]
      let text = ''
      for await (const chunk of reply) text += new TextDecoder().decode(chunk)
      const { error } = JSON.parse(text) as ErrorBody
      const what = `${method} ${path} ${JSON.stringify(headers)}`
      assert.is(reply.statusCode, status, what)
      assert.equal(Object.keys(error).sort(), path.startsWith('/v1/') ? ['code', 'message', 'param', 'type'] : ['code', 'message'], what)
      if (path.startsWith('/v1/')) assert.is(error.code, code, what)
      assert.equal(Object.keys(reply.headers).filter(name => name.startsWith('access-control')), [], what)
    }
  }
  // The device's own page, and programs that say where they are.
  for (const headers of [{ ...bearer, origin: api }, { ...bearer, 'sec-fetch-site': 'same-origin' }]) assert.is((await fetch(`${api}/v1/models`, { headers })).status, 200)
  const health = await inside(new Request('http://127.0.0.1/health'))
  assert.equal([health.status, await health.json()], [200, { status: 'ok' }])
  assert.is((await inside(new Request('http://127.0.0.1/health', { headers: { origin: 'https://evil.example' } }))).status, 403)
  assert.is((await inside(new Request('http://evil.example/health'))).status, 403)
}))

test('so many requests at once and no more; each that ends makes room', () => {
  const waiting: (() => void)[] = []
  const model = fakeModel((_, { signal }) => new Promise((resolve, reject) => {
    waiting.push(() => resolve({ text: 'done' }))
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  }))
  return withApi({ model }, async client => {
    const ask = (stream: boolean, signal?: AbortSignal) => client.chat.completions.create({ model: 'fake', messages, stream }, { signal })
    const leave = new AbortController()
    const asked = [...Array.from({ length: 8 }, () => ask(false)), ...Array.from({ length: 7 }, () => ask(true)), ask(false, leave.signal)]
    const ended = Promise.allSettled(asked)
    while (waiting.length < 16) await nextTurn()
    const { status, code, headers } = await refusal(client.models.list())
    assert.equal([status, code, headers?.get('retry-after')], [429, 'rate_limit_exceeded', '1'])
    leave.abort()
    // The device hears of it by the socket.
    while ((await client.models.list().then(() => undefined, (error: unknown) => error)) instanceof OpenAI.RateLimitError) await nextTurn()
    for (const done of waiting) done()
    const results = await ended
    assert.equal(results.map(each => each.status), [...Array<string>(15).fill('fulfilled'), 'rejected'])
    for (const each of results) if (each.status === 'fulfilled' && Symbol.asyncIterator in each.value) for await (const piece of each.value) assert.ok(piece)
    assert.is((await client.models.list()).data.length, 2)
  })
})

test('a client that leaves ends the work within a step, streamed or not', () => withTempDir(async dir => {
  await installDecoder(join(dir, 'home'))
  const chosen = await (await openModelStore(join(dir, 'home', 'models'))).current()
  const real = await openThreadedModel({ dir: chosen?.dir ?? '', name: decoderName })
  let heard = 0
  const outcomes: PromiseSettledResult<unknown>[] = []
  const warned: string[] = []
  const warn = (message: string) => void warned.push(message)
  let told = Promise.withResolvers<void>()
  const model: Model = {
    name: decoderName,
    async generate(given, options) {
      const [outcome] = await Promise.allSettled([real.generate(given, { ...options, onToken: piece => { heard++; options.onToken?.(piece) } })])
      outcomes.push(outcome)
      told.resolve()
      if (outcome.status === 'fulfilled') return outcome.value
      throw outcome.reason
    }
  }
  try {
    await withApi({ model, log: { debug: () => undefined, info: () => undefined, warn, error: warn } }, async client => {
      const body = { model: decoderName, messages, max_tokens: 480, temperature: 0 } as const
      const whole = await client.chat.completions.create(body)
      const all = heard
      assert.ok((whole.usage?.completion_tokens ?? 0) > 300, 'it would write long')
      for (const way of ['stream', 'whole'] as const) {
        told = Promise.withResolvers()
        heard = 0
        if (way === 'stream') {
          for await (const { choices: [piece] } of await client.chat.completions.create({ ...body, stream: true })) if (piece?.delta.content) break
        } else {
          const leave = new AbortController()
          const asked = client.chat.completions.create(body, { signal: leave.signal }).catch((error: unknown) => error)
          while (heard === 0) await nextTurn()
          leave.abort()
          assert.instance(await asked, OpenAI.APIUserAbortError)
        }
        await told.promise
        assert.is(outcomes.at(-1)?.status, 'rejected', way)
        assert.ok(heard < all, `${way}: ${heard} of ${all} pieces`)
        await client.models.list()
        assert.equal(warned, [], 'nothing went wrong')
      }
    })
  } finally {
    await real.close()
  }
}))

test('a program within the process that leaves ends the work as well', () => {
  const stopped = Promise.withResolvers<void>()
  const model = fakeModel((_, { signal, onToken }) => new Promise((__, reject) => {
    signal?.addEventListener('abort', () => { stopped.resolve(); reject(signal.reason as Error) })
    onToken?.('begun')
  }))
  return withApi({ model }, async (client, device) => {
    const reply = await device.fetch(new Request('http://127.0.0.1/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${device.token}` }, body: JSON.stringify({ model: 'fake', messages, stream: true }) }))
    await reply.body?.cancel()
    await stopped.promise
    assert.is((await client.models.list()).data.length, 2)
  })
})

test('a client that reads nothing does not hold the model, and what waits for it is bounded', () => {
  const stopped = Promise.withResolvers<number>()
  const model = fakeModel(async (_, { signal, onToken }) => {
    for (let chars = 0; ; chars += 4096) {
      if (signal?.aborted) {
        stopped.resolve(chars)
        throw signal.reason
      }
      onToken?.('x'.repeat(4096))
      await nextTurn()
    }
  })
  return withApi({ model }, async (client, { api, token }) => {
    const { port } = new URL(api)
    const socket = connect(Number(port), '127.0.0.1').pause()
    const body = JSON.stringify({ model: 'fake', messages, stream: true })
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    // The system holds a few megabytes for a socket, and the device one more.
    const chars = await stopped.promise
    assert.ok(chars > 1024 * 1024 && chars < 64 * 1024 * 1024, `${chars} characters`)
    assert.is((await client.models.list()).data.length, 2)
    socket.destroy()
  })
})

test('a slow client gets all of its answer, in fewer and larger pieces', () => {
  const count = 20_000
  const model = fakeModel(async (_, { onToken }) => {
    let text = ''
    for (let index = 0; index < count; index++) {
      const piece = `${index} `
      text += piece
      onToken?.(piece)
    }
    return { text }
  })
  return withApi({ model }, async client => {
    let [text, pieces] = ['', 0]
    for await (const { choices: [piece] } of await client.chat.completions.create({ model: 'fake', messages, stream: true })) {
      for (let turn = 0; turn < 5; turn++) await nextTurn()
      text += piece?.delta.content ?? ''
      pieces++
    }
    assert.is(text, Array.from({ length: count }, (__, index) => `${index} `).join(''))
    assert.ok(pieces < 100, `${pieces} pieces`)
  })
})

test.run()
