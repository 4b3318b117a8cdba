import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { existsSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Permission } from '../../node/agent/permissions.ts'
import type { McpServer } from '../../node/agent/mcp/servers.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused, up } from './testing/processes.node.ts'

const fixture = new URL('../../node/agent/mcp/server.fixtures.ts', import.meta.url).pathname
const main = new URL('./main.ts', import.meta.url).pathname
const serve = [process.execPath, '-C', 'development', fixture]

test('a server is added, its tools are allowed as they are and revoked; after kill -9 of the device it is gone too', () => withTempDir(async home => {
  const device = await up(home)
  // What stands behind -- is the server's, --json as well.
  const added = JSON.parse((await kinmesh(home, ['--json', 'mcp', 'add', 'notes', '--env', 'KEY=v=1', '--', ...serve])).stdout) as McpServer
  assert.equal([added.state, added.tools], ['ready', ['mcp_notes_note', 'mcp_notes_env', 'mcp_notes_change']])
  await refused(home, ['permissions', 'allow', 'mcp_notes_note'], 'NotConfirmed')
  await refused(home, ['permissions', 'allow', 'mcp_notes_none', '--yes'], 'NoSuchTool')
  const { id, tool } = await document<Permission>(home, ['permissions', 'allow', 'mcp_notes_note', '--yes'])
  assert.is(tool, 'mcp_notes_note')
  assert.match((await kinmesh(home, ['permissions', 'tools'])).stdout, /mcp_notes_note {2}MCP server notes: .* allowed\n {2}reads a note/)
  assert.match((await kinmesh(home, ['permissions'])).stdout, new RegExp(`${id} .*mcp_notes_note`))
  assert.equal((await document<{ revoked: Permission[] }>(home, ['permissions', 'revoke', id])).revoked.map(each => each.tool), ['mcp_notes_note'])
  await refused(home, ['permissions', 'revoke', id], 'NoSuchPermission')
  await device.stop('SIGKILL')
  // Its input ended.
  while (existsSync(`/proc/${added.pid}`)) await new Promise(resolve => setImmediate(resolve))
  assert.equal((await document<{ servers: McpServer[] }>(home, ['mcp', 'list'])).servers.map(({ name, state }) => [name, state]), [['notes', 'off']])
  await document(home, ['mcp', 'remove', 'notes'])
  await refused(home, ['mcp', 'remove', 'notes'], 'NoSuchServer')
}))

test("another app starts kinmesh mcp serve, with the SDK's own client", () => withTempDir(async home => {
  await refused(home, ['mcp', 'serve'], 'NotRunning')
  const device = await up(home)
  const client = new Client({ name: 'app', version: '1' })
  const transport = new StdioClientTransport({ command: process.execPath, args: ['-C', 'development', main, 'mcp', 'serve', '--home', home] })
  await client.connect(transport as Parameters<Client['connect']>[0])
  try {
    assert.equal((await client.listTools()).tools.map(({ name }) => name), ['recall', 'remember'])
    await client.callTool({ name: 'remember', arguments: { text: 'Anna likes tulips' } })
    assert.match(JSON.stringify(await client.callTool({ name: 'recall', arguments: { query: 'tulips' } })), 'Anna likes tulips')
    await device.stop()
    assert.match(String(await client.callTool({ name: 'recall', arguments: { query: 'tulips' } }).catch((error: unknown) => error)), 'start it')
  } finally {
    await client.close()
    await device.stop()
  }
}))

test('ways of adding that cannot be', () => withTempDir(async home => {
  for (const args of [['x'], ['x', '--header', 'A=b', '--', 'c'], ['x', '--env', 'Ab', '--', 'c']]) await refused(home, ['--json', 'mcp', 'add', ...args], 'Usage', { exit: 2 })
  await refused(home, ['mcp', 'add', 'x', '--url', 'file:///x'], 'BadRequest')
}))

test.run()
