import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { silentLogger } from '../../../mesh/log.ts'
import { listen } from '../../api.node.ts'
import { failsWith } from '../../testing/throws.ts'
import { targetSchema } from './config.ts'
import { mcpLimits, type McpLimits } from './limits.ts'
import { noteServer } from './server.fixtures.ts'
import { openMcpServers } from './servers.node.ts'
import type { McpServers } from './servers.ts'

async function withServers(work: (servers: McpServers) => Promise<void>, limits: Partial<McpLimits> = {}): Promise<void> {
  const servers = openMcpServers({ home: { readJson: () => undefined, write: async () => undefined }, log: silentLogger, start: true, waitMs: 60_000, limits: { ...mcpLimits, ...limits } })
  try {
    await work(servers)
  } finally {
    await servers.close()
  }
}

type Request = { id?: number; method: string }
type Answer = (response: ServerResponse, asked: Request) => void

const json = (response: ServerResponse, id: number | undefined, result: object) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }))
/** What every server has to answer before it can do harm. */
const wellBehaved: Answer = (response, { id, method }) => {
  if (id === undefined) response.writeHead(202).end()
  else if (method === 'initialize') json(response, id, { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'h', version: '1' } })
  else json(response, id, { tools: [{ name: 'note', inputSchema: { type: 'object' } }] })
}

/** A server by hand; `answer` says how it answers a call. */
async function withHttp(answer: Answer, work: (url: string, heard: IncomingMessage[]) => Promise<void>, before: Answer = wellBehaved): Promise<void> {
  const heard: IncomingMessage[] = []
  const server = createServer((request, response) => {
    heard.push(request)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Request
      ;(asked.method === 'tools/call' ? answer : before)(response, asked)
    })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, heard)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

const call = async (servers: McpServers, signal?: AbortSignal) => (await servers.tools())[0]!.run({ path: 'x' }, signal)

test('a server of the SDK over streamable HTTP, with its headers', async () => {
  const seen: (string | null)[] = []
  const server = await listen(async request => {
    seen.push(request.headers.get('x-key'))
    const transport = new WebStandardStreamableHTTPServerTransport()
    // The types of the SDK are not made for exactOptionalPropertyTypes.
    await noteServer().connect(transport as never)
    return transport.handleRequest(request)
  }, 0)
  try {
    await withServers(async servers => {
      const { state, tools, target } = await servers.add('notes', { url: `${server.url}/mcp`, headers: { 'X-Key': 'secret' } })
      assert.equal([state, tools.length, target], ['ready', 3, `${server.url}/mcp`])
      assert.is(await call(servers), 'the note x')
      assert.ok(seen.length >= 3 && seen.every(key => key === 'secret'))
    })
  } finally {
    await server.close()
  }
})

test('a redirect is not followed, so that headers go nowhere else', () => withHttp(wellBehaved, (elsewhere, there) => withHttp((response) => void response.writeHead(307, { location: elsewhere }).end(), url => withServers(async servers => {
  assert.is((await servers.add('evil', { url, headers: { Authorization: 'Bearer secret' } })).state, 'ready')
  await failsWith('McpRedirected', () => call(servers))
  assert.equal([there.length, servers.list()[0]?.state], [0, 'failed'])
}))))

const stream = { 'content-type': 'text/event-stream' }
const pourOut = (response: ServerResponse, text: string) => {
  const more = () => {
    while (!response.destroyed && response.write(text));
    response.once('drain', more)
  }
  more()
}
const ways: [string, string, Answer, Partial<McpLimits>?][] = [
  ['huge', 'McpTooLarge', response => pourOut(response.writeHead(200, { 'content-type': 'application/json' }), 'x'.repeat(100_000))],
  ['a huge event', 'McpTooLarge', response => pourOut(response.writeHead(200, stream), `data: ${'x'.repeat(100_000)}`)],
  ['a flood of events', 'McpFlood', response => pourOut(response.writeHead(200, stream), 'data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n')],
  ['malformed', 'McpFailed', response => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>')],
  ['an odd type', 'McpFailed', response => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  ['an error', 'McpFailed', response => void response.writeHead(500).end('x'.repeat(5000))],
  ['slow', 'McpTimeout', () => undefined, { callMs: 50 }],
  ['a stream that says nothing', 'McpTimeout', response => void response.writeHead(200, stream).write(': \n\n'), { callMs: 50 }],
  ['cut off', 'McpFailed', response => void response.destroy()]
]
for (const [way, code, answer, limits] of ways) {
  test(`a hostile server over HTTP: ${way}`, () => withHttp(answer, url => withServers(async servers => {
    assert.is((await servers.add('evil', { url, headers: {} })).state, 'ready')
    const error = await failsWith(code, () => call(servers))
    assert.not.match(error.message, /x{10}|html/)
  }, limits)))
}

test('addresses that are none, are no HTTP, or hold a password are refused', () => {
  for (const url of ['file:///etc/passwd', 'ftp://x/', 'notes', 'http://user:pass@host/', 'javascript:1', 'x'.repeat(3000)]) assert.not.ok(v.safeParse(targetSchema, { url }).success, url)
  for (const odd of [{}, { url: 'http://h/', command: 'x' }, { command: '' }, { command: 'a\nb' }, { command: 'a', shell: true }, { url: 'http://h/', headers: { 'a b': 'c' } }]) assert.not.ok(v.safeParse(targetSchema, odd).success, JSON.stringify(odd))
  assert.ok(v.safeParse(targetSchema, { url: 'https://host:1/mcp' }).success)
})

test.run()
