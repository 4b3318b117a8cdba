import { request } from 'node:http'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogFields, Logger } from '../mesh/log.ts'
import { listen } from './api.node.ts'
import { maxBodyBytes, routes } from './api/app.ts'
import { openAiRoutes } from './api/openai/routes.ts'
import type { ConversationSummary, Turn } from './conversations.ts'
import { startDevice, type Device } from './device.ts'
import type { Check } from './doctor/check.ts'
import type { Memory } from './memory.ts'
import type { Recalled } from './context/recall.ts'
import type { ShownMember, ShownPeer } from './status.ts'
import { withTempDir } from './testing/temp.node.ts'
import { failsWith } from './testing/throws.ts'

function withDevice(work: (device: Device, logged: string[]) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const logged: string[] = []
    const write = (message: string, fields?: LogFields) => void logged.push(`${message} ${JSON.stringify(fields)}`)
    const log: Logger = { debug: write, info: write, warn: write, error: write }
    const device = await startDevice({ home: dir, online: false, log, model: null })
    try {
      await work(device, logged)
    } finally {
      await device.stop()
    }
  })
}

/** The fields of all replies; a test reads those of the route that it called. */
type Body = {
  error: { code: string; message: string }
  id: string
  space: string
  durable: boolean
  memories: Recalled[]
  next: string | null
  forgotten: Memory
  text: string
  model: string | null
  conversation: string
  conversations: ConversationSummary[]
  turns: Turn[]
  device: { id: string; name: string }
  devices: ShownMember[]
  peers: ShownPeer[]
  online: boolean
  spaces: { name: string; memories: number }[]
  checks: Check[]
  paths: Record<string, Record<string, { summary: string; parameters: { name: string; in: string; required: boolean }[]; requestBody?: unknown; responses: Record<string, unknown> }>>
}
type Reply = { status: number; json: Body }
type Event = { event: string; space: { name: string; memories: number } }

async function call(device: Device, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const init: RequestInit = { method, headers: { authorization: `Bearer ${device.token}`, ...headers } }
  if (body !== undefined) init.body = body instanceof Uint8Array || typeof body === 'string' ? (body as string) : JSON.stringify(body)
  const response = await device.fetch(new Request(`http://127.0.0.1${path}`, init))
  return { status: response.status, json: (await response.json()) as Body }
}

async function* events(device: Device, method: string, path: string, signal: AbortSignal, body?: unknown): AsyncGenerator<Event> {
  const init: RequestInit = { method, signal, headers: { authorization: `Bearer ${device.token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await device.fetch(new Request(`http://127.0.0.1${path}`, init))
  assert.is(response.headers.get('content-type'), 'application/x-ndjson')
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) for (const line of new TextDecoder().decode(chunk).split('\n')) if (line) yield JSON.parse(line) as Event
}

test('remember, recall, list in pages, forget', () =>
  withDevice(async device => {
    const ids: string[] = []
    for (const text of ['Anna likes tulips', 'the boiler is from 1998', 'Anna is 40', 'tea at five']) {
      const { status, json } = await call(device, 'POST', '/api/memories', { text })
      assert.equal([status, json.space, json.durable], [200, 'personal', true])
      ids.push(json.id)
    }
    await call(device, 'POST', '/api/memories', { text: 'only here', space: 'device', kind: 'note' })
    const found = await call(device, 'GET', '/api/recall?query=anna+tulips&k=1')
    assert.equal(found.json.memories.map(memory => [memory.id, memory.text, memory.kind, memory.space, memory.device]), [[ids[0], 'Anna likes tulips', 'fact', 'personal', device.id]])
    assert.ok(found.json.memories.every(memory => memory.score > 0 && memory.at <= Date.now()))

    const listed: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Reply = await call(device, 'GET', `/api/memories?limit=2${next ? `&after=${encodeURIComponent(next)}` : ''}`)
      listed.push(...page.json.memories.map(memory => memory.text))
      assert.ok(page.json.memories.length <= 2)
      next = page.json.next
    }
    assert.equal(listed.sort(), ['Anna is 40', 'Anna likes tulips', 'only here', 'tea at five', 'the boiler is from 1998'])
    assert.is((await call(device, 'DELETE', `/api/memories/${ids[0]}`)).json.forgotten.text, 'Anna likes tulips')
    const again = await call(device, 'DELETE', `/api/memories/${ids[0]}`)
    assert.equal([again.status, again.json.error.code], [404, 'NoSuchMemory'])
  }))

test('what is wrong is named, with the right status', () =>
  withDevice(async device => {
    const cases: [string, string, unknown, number, string, RegExp?][] = [
      ['POST', '/api/memories', { text: 'x', space: 'famliy' }, 404, 'UnknownSpace', /famliy.*device, personal/],
      ['POST', '/api/memories', { text: 'x'.repeat(8193) }, 413, 'TextTooLong'],
      ['POST', '/api/memories', { text: 'x'.repeat(maxBodyBytes) }, 413, 'BodyTooLarge'],
      ['POST', '/api/memories', '{"text": "half \\ud83d"}', 400, 'InvalidText'],
      ['POST', '/api/memories', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'InvalidText', /UTF-8/],
      ['POST', '/api/memories', '{"text": ', 400, 'BadRequest', /not JSON/],
      ['POST', '/api/memories', { text: 1 }, 400, 'BadRequest', /text/],
      ['POST', '/api/memories', { text: 'x', color: 'red' }, 400, 'BadRequest', /color/],
      ['POST', '/api/memories', { text: 'x', kind: 'poem' }, 400, 'BadRequest', /kind/],
      ['GET', '/api/recall?query=x&k=0', undefined, 400, 'BadRequest', /k:/],
      ['GET', '/api/recall?query=x&asOf=yesterday', undefined, 400, 'BadRequest', /asOf/],
      ['GET', '/api/recall?query=x&asOf=9999999999999999', undefined, 400, 'BadRequest', /asOf/],
      ['POST', '/api/memories', { text: 'x', supersedes: 'nowhere' }, 404, 'NoSuchMemory', /kinmesh memories/],
      ['GET', '/api/recall', undefined, 400, 'BadRequest', /query/],
      ['POST', '/api/devices/remove', { device: 'toaster' }, 404, 'NoSuchDevice', /toaster/],
      ['POST', '/api/invites', {}, 409, 'Offline'],
      ['GET', '/api/invites/x/events', undefined, 404, 'NoSuchInvite'],
      ['POST', '/api/held/x', { accept: true }, 404, 'NoSuchItem'],
      ['GET', '/api/conversations/x', undefined, 404, 'NoSuchConversation'],
      ['GET', '/api/nothing', undefined, 404, 'NoSuchRoute']
    ]
    for (const [method, path, body, status, code, message] of cases) {
      const reply = await call(device, method, path, body)
      assert.equal([reply.status, reply.json.error.code], [status, code], `${method} ${path}`)
      assert.not.match(reply.json.error.message, '\n')
      if (message) assert.match(reply.json.error.message, message)
    }
    assert.is((await call(device, 'GET', '/api/status')).json.spaces.find(space => space.name === 'personal')?.memories, 0)
  }))

test('nobody gets in without the token, or under a foreign name', () =>
  withDevice(async device => {
    const denied = [{ authorization: '' }, { authorization: 'Bearer wrong' }, { authorization: `Basic ${device.token}` }, { authorization: `Bearer ${device.token.slice(1)}` }]
    for (const headers of denied) {
      for (const path of ['/api/status', '/metrics', '/api/openapi.json']) {
        const reply = await call(device, 'GET', path, undefined, headers)
        assert.ok(reply.status === 401 || reply.status === 400, String(reply.status))
        assert.is(reply.json.error.code, 'Unauthorized')
      }
    }
    const rebound = await device.fetch(new Request('http://evil.example/api/status', { headers: { authorization: `Bearer ${device.token}` } }))
    assert.is(rebound.status, 403)
  }))

test('over a real socket: loopback only, the Host header is checked, a port in use is named', () =>
  withDevice(async device => {
    const server = await listen(each => device.fetch(each), 0)
    try {
      const status = (host?: string) =>
        new Promise<number | undefined>((resolve, reject) => {
          const sent = request(`${server.url}/api/status`, { headers: { authorization: `Bearer ${device.token}`, ...(host ? { host } : {}) } }, reply => resolve(reply.resume().statusCode))
          sent.on('error', reject).end()
        })
      assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.is(await status(), 200)
      assert.is(await status(`localhost:${server.port}`), 200)
      assert.is(await status('evil.example'), 403)
      const error = await failsWith('PortInUse', () => listen(each => device.fetch(each), server.port))
      assert.match(error.message, String(server.port))
    } finally {
      await server.close()
    }
  }))

test('events tell the state at once, then every change, until the reader leaves', () =>
  withDevice(async device => {
    const leave = new AbortController()
    const seen: string[] = []
    for await (const event of events(device, 'GET', '/api/events', leave.signal)) {
      if (event.event !== 'space' || event.space.name !== 'personal') continue
      seen.push(`${event.space.memories}`)
      if (event.space.memories < 2) await device.assistant.ask(`remember that the number is ${event.space.memories}`)
      else break
    }
    leave.abort()
    assert.equal(seen, ['0', '1', '2'])
  }))

test('ask answers and streams; conversations are listed, shown and deleted; the log has none of the words', () =>
  withDevice(async (device, logged) => {
    await call(device, 'POST', '/api/memories', { text: 'Anna likes tulips' })
    const canary = 'what does Anna like, xylophone-canary?'
    const answer = await call(device, 'POST', '/api/ask', { text: canary })
    assert.match(answer.json.text, 'tulips')
    assert.equal([answer.json.model, answer.json.memories.length], [null, 1])
    const streamed: Event[] = []
    for await (const event of events(device, 'POST', '/api/ask/stream', new AbortController().signal, { text: 'and more?', conversation: answer.json.conversation })) streamed.push(event)
    assert.is(streamed.at(-1)?.event, 'answer')
    const { json } = await call(device, 'GET', '/api/conversations')
    assert.equal(json.conversations.map(each => [each.id, each.turns]), [[answer.json.conversation, 4]])
    const path = `/api/conversations/${answer.json.conversation}`
    assert.is((await call(device, 'GET', path)).json.turns[0]?.text, canary)
    assert.is((await call(device, 'DELETE', path)).status, 200)
    assert.is((await call(device, 'GET', path)).status, 404)
    assert.not.match(logged.join('\n'), 'xylophone-canary')
  }))

test('status, devices, doctor and metrics', () =>
  withDevice(async device => {
    const status = (await call(device, 'GET', '/api/status')).json
    assert.equal([status.device, status.peers, status.model, status.online], [{ id: device.id, name: device.name }, [], null, false])
    assert.equal(status.spaces.map(space => [space.name, space.memories]), [['device', 0], ['personal', 0]])
    const { devices } = (await call(device, 'GET', '/api/devices')).json
    assert.equal(devices.map(each => [each.id, each.self]), [[device.id, true]])
    const { checks } = (await call(device, 'GET', '/api/doctor')).json
    for (const name of ['home', 'disk', 'store', 'clock', 'certificate', 'port', 'interface', 'multicast']) assert.ok(checks.some(check => check.name === name), name)
    for (const check of checks) assert.ok(check.result === 'ok' || check.fix, check.name)
    const metrics = await device.fetch(new Request('http://localhost/metrics', { headers: { authorization: `Bearer ${device.token}` } }))
    assert.match(await metrics.text(), /^kinmesh_memories\{space="personal"\} 0$/m)
  }))

test('the OpenAPI document names every route', () =>
  withDevice(async device => {
    const { json } = await call(device, 'GET', '/api/openapi.json')
    for (const route of [...routes, ...openAiRoutes]) {
      const operation = json.paths[route.path.replaceAll(/:(\w+)(\{.+\})?/g, '{$1}')]?.[route.method]
      assert.ok(operation?.summary && operation.responses['200'], route.path)
      assert.is(Boolean(operation.requestBody), route.body !== undefined)
    }
    assert.ok(json.paths['/v1/models/{id}'] && json.paths['/health'])
    assert.equal(json.paths['/api/recall']?.['get']?.parameters.map(each => [each.name, each.in, each.required]), [['query', 'query', true], ['k', 'query', false], ['tokens', 'query', false], ['asOf', 'query', false]])
  }))

test('what changed is known as it is, and as it was', () =>
  withDevice(async device => {
    const remember = async (text: string, day: number, supersedes?: string) => (await call(device, 'POST', '/api/memories', { text, observedAt: day, supersedes })).json.id
    const recalled = async (asOf = '') => (await call(device, 'GET', `/api/recall?query=Anna+lives${asOf}`)).json.memories.map(({ text, validTo, supersedes }) => [text, validTo, supersedes])
    const first = await remember('Anna lives in Rome', 10)
    await remember('Anna lives in Oslo', 20, first)
    assert.equal([await recalled(), await recalled('&asOf=19'), await recalled('&asOf=9')], [[['Anna lives in Oslo', undefined, first]], [['Anna lives in Rome', 20, undefined]], []])
  }))

test('a damaged file keeps the device from starting, is named, and stays as it is', async () => {
  const rubbish = 'rubbish, and enough of it to be noticed. '.repeat(30)
  const cases: [string, string][] = [['identity', 'BadIdentity'], ['api-token', 'FileCorrupt'], ['config.json', 'FileCorrupt'], ['clock.json', 'FileCorrupt'], ['sync.db', 'StoreCorrupt'], ['conversations.db', 'StoreCorrupt']]
  for (const [file, code] of cases) {
    await withTempDir(async dir => {
      await (await startDevice({ home: dir, online: false })).stop()
      writeFileSync(join(dir, file), rubbish)
      // Twice: the first failure must let the home go.
      for (let n = 0; n < 2; n++) await failsWith(code, () => startDevice({ home: dir, online: false }))
      assert.is(readFileSync(join(dir, file), 'utf8'), rubbish)
    })
  }
})

test('a disk that takes nothing more: writing says so, reading goes on, and so does writing once there is room', () =>
  withTempDir(async dir => {
    const device = await startDevice({ home: dir, online: false })
    try {
      const texts = async () => (await call(device, 'GET', '/api/memories')).json.memories.map(memory => memory.text).sort()
      await call(device, 'POST', '/api/memories', { text: 'kept' })
      const other = new DatabaseSync(join(dir, 'sync.db'))
      other.exec("CREATE TRIGGER noRoom BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
      const reply = await call(device, 'POST', '/api/memories', { text: 'lost' })
      assert.equal([reply.status, reply.json.error.code], [507, 'StoreFailed'])
      assert.equal(await texts(), ['kept'])
      assert.is((await call(device, 'GET', '/api/recall?query=kept')).json.memories.length, 1)
      other.exec('DROP TRIGGER noRoom')
      other.close()
      await call(device, 'POST', '/api/memories', { text: 'room again' })
      assert.equal(await texts(), ['kept', 'room again'])
    } finally {
      await device.stop()
    }
    const again = await startDevice({ home: dir, online: false })
    assert.equal((await call(again, 'GET', '/api/memories')).json.memories.length, 2)
    await again.stop()
  }))

test('a clock in the past is refused, unless it is trusted', () =>
  withTempDir(async dir => {
    const now = Date.now()
    await (await startDevice({ home: dir, online: false, clock: () => now })).stop()
    const error = await failsWith('ClockInPast', () => startDevice({ home: dir, online: false, clock: () => now - 86_400_000 }))
    assert.match(error.message, '--trust-clock')
    const device = await startDevice({ home: dir, online: false, trustClock: true, clock: () => now - 86_400_000 })
    assert.is((await device.examine()).find(check => check.name === 'clock')?.result, 'warn')
    await device.stop()
    await (await startDevice({ home: dir, online: false, clock: () => now - 86_400_000 })).stop()
  }))

test.run()
