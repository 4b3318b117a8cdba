import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Device, startDevice } from '../device.ts'
import { remember } from '../memory.ts'
import { withTempDir } from '../testing/temp.node.ts'

function withDevice(work: (device: Device) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const device = await startDevice({ home: dir, port: 0, listen: false, mdns: false, webrtc: false, model: null })
    try {
      await work(device)
    } finally {
      await device.stop()
    }
  })
}

/** The SDK's own client, unmodified, over the loopback port. */
async function withClient({ api, token }: Device, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ name: 'app', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${api}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }) as Parameters<Client['connect']>[0])
  try {
    await work(client)
  } finally {
    await client.close()
  }
}

const textOf = ({ content }: object & { content?: unknown }) => (content as { text: string }[])[0]!.text

test("the SDK's client finds recall and remember, and nothing else", () => withDevice(device => withClient(device, async client => {
  assert.equal((await client.listTools()).tools.map(({ name }) => name), ['recall', 'remember'])
  assert.equal([client.getServerVersion()?.name, client.getServerCapabilities()?.resources, client.getServerCapabilities()?.prompts], ['kinmesh', undefined, undefined])
  const said = textOf(await client.callTool({ name: 'remember', arguments: { text: 'Anna likes tulips' } }))
  const [item] = device.sync.space('personal').list()
  assert.equal([said, item?.value['text'], item?.value['kind'], item?.value['source']], [`remembered as ${item?.id}`, 'Anna likes tulips', 'fact', { device: device.id, ref: 'mcp' }])
  assert.match(textOf(await client.callTool({ name: 'recall', arguments: { query: 'what does Anna like' } })), /^- \d{4}-\d\d-\d\d: Anna likes tulips$/)
  assert.is(textOf(await client.callTool({ name: 'recall', arguments: { query: 'volcano' } })), 'nothing found')
})))

test('what one device alone keeps is not told to apps, nor what a person allowed', () => withDevice(device => withClient(device, async client => {
  await remember(device.sync, device.id, { text: 'the password of the bank is tulip7' }, { space: 'device', now: 1 })
  await remember(device.sync, device.id, { text: 'the bank is in the main street' }, { now: 1 })
  await device.permissions.allow({ tool: 'mcp_bank_pay', hash: 'a'.repeat(64), shown: 'MCP server bank' })
  assert.is(textOf(await client.callTool({ name: 'recall', arguments: { query: 'password of the bank mcp_bank_pay' } })), '- 1970-01-01: the bank is in the main street')
})))

test('what cannot be is refused as the protocol has it', () => withDevice(device => withClient(device, async client => {
  for (const given of [{ name: 'recall', arguments: {} }, { name: 'recall', arguments: { query: 'x', k: 1000 } }, { name: 'remember', arguments: { text: ' ' } }, { name: 'remember', arguments: { text: 5 } }, { name: 'forget', arguments: {} }]) {
    assert.ok((await client.callTool(given)).isError, JSON.stringify(given))
  }
  assert.is(device.sync.space('personal').count, 0)
})))

test('behind the token, the host and the origin like everything else, and bounded', () => withDevice(async ({ api, token }) => {
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const post = async (headers: Record<string, string>, body = ping, method = 'POST') => {
    const response = await fetch(`${api}/mcp`, { method, headers: { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers }, ...(method === 'POST' ? { body } : {}) })
    await response.body?.cancel()
    return response.status
  }
  assert.is(await post({}), 200)
  assert.equal([await post({ authorization: 'Bearer x' }), await post({ origin: 'https://evil.example' }), await post({ 'sec-fetch-site': 'cross-site' })], [401, 403, 403])
  assert.equal([await post({}, `[${ping}]`), await post({}, 'no JSON'), await post({}, JSON.stringify({ x: 'y'.repeat(70_000) })), await post({}, '{"jsonrpc":"1.0"}')], [400, 400, 413, 400])
  assert.equal([await post({}, '', 'GET'), await post({}, '', 'DELETE')], [405, 405])
}))

test.run()
