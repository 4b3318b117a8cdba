import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { Command } from 'commander'
import { once } from 'node:events'
import type { McpServer } from '../../../node/agent/mcp/servers.ts'
import { maxBodyBytes } from '../../../node/api/app.ts'
import { whenAborted } from '../../../node/feed.ts'
import { isHomeFree, readRunning, readToken } from '../../../node/home.node.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { oneLine } from '../show.ts'
import { UsageError } from '../usage.ts'

/** Waits so long for the lock of the home before it counts as taken, in ms. */
const lookMs = 50

type AddOptions = CommonOptions & { url?: string; env?: string[]; header?: string[] }

export function addMcpCommands(program: Command): void {
  const mcp = program.command('mcp').description('servers of the Model Context Protocol, whose tools the assistant may use once you allow them')
  mcp
    .command('add')
    .description('add a server: a command to run, or an address')
    .argument('<name>', 'small letters, digits and "-"')
    .argument('[command...]', 'after --')
    .option('--url <url>', 'of a server that speaks streamable HTTP')
    .option('--env <name=value...>', 'for the command; it gets little else')
    .option('--header <name=value...>', 'for the address, a key for instance')
    .addHelpText('after', '\nA command runs as you, as any program that you start: add only what you trust that far. None of its tools is used before you allow it.\n\nExamples:\n  kinmesh mcp add files -- npx -y @modelcontextprotocol/server-filesystem ~/notes\n  kinmesh mcp add weather --url https://weather.example/mcp --header Authorization="Bearer …"')
    .action(withDevice<AddOptions>('offline', add))
  mcp
    .command('serve')
    .description('give other apps recall and remember, over stdio: for the settings of an app that takes MCP servers')
    .addHelpText('after', '\nThe device has to run (kinmesh up). Apps that speak streamable HTTP can also ask it directly: POST /mcp, with the token in HOME/api-token. What the space device keeps is not told to apps.\n\nIn the settings of an app:\n  {"command": "kinmesh", "args": ["mcp", "serve"]}')
    .action(withDevice('never', serve))
  mcp.command('list').description('the servers, how they are, and their tools').action(withDevice('offline', list))
  mcp.command('remove').description('end a server and forget it').argument('<name>').action(withDevice('offline', remove))
}

async function add({ client, io }: Session, [name = '', command, ...args]: readonly string[], { url, env, header }: AddOptions): Promise<void> {
  if ((url === undefined) === (command === undefined)) throw new UsageError('give a command after --, or an address with --url')
  if ((env && url !== undefined) || (header && url === undefined)) throw new UsageError('--env is for a command, and --header for an address')
  const target = url === undefined ? { command, args, env: pairs(env) } : { url, headers: pairs(header) }
  const server = await client.request<McpServer>('POST', '/api/mcp/servers', { name, target })
  io.document(server)
  say({ io }, server)
  if (server.tools.length > 0) io.say(io.style('dim', 'allow them when they are to be used, or with kinmesh permissions allow'))
}

/** Every message goes to the device that runs and its answer back; where it is started again, the next one finds it. */
async function serve({ dir, io }: Session): Promise<void> {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js')
  const app = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: maxBodyBytes })
  const underway = new Set<Promise<void>>()
  app.onerror = error => io.log.warn('the app sent what cannot be read', { reason: error.name })
  app.onmessage = message => {
    const done = pass(dir, message).then(answer => (answer === undefined ? undefined : app.send(answer))).finally(() => underway.delete(done))
    underway.add(done)
  }
  await app.start()
  await Promise.race([once(process.stdin, 'end'), whenAborted(io.signal)])
  await Promise.all(underway)
}

/** What the device answers; undefined to a notification. What fails is told as the protocol has it. */
async function pass(dir: string, message: JSONRPCMessage): Promise<JSONRPCMessage | undefined> {
  const failed = (text: string): JSONRPCMessage | undefined => ('id' in message && 'method' in message ? { jsonrpc: '2.0', id: message.id, error: { code: -32000, message: text } } : undefined)
  try {
    const { api } = readRunning(dir) ?? {}
    if (!api || isHomeFree(dir, lookMs)) return failed('no kinmesh device runs: start it with kinmesh up')
    const headers = { authorization: `Bearer ${readToken(dir)}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    const response = await fetch(`${api}/mcp`, { method: 'POST', headers, body: JSON.stringify(message) })
    if (response.status === 202) return undefined
    const answer = (await response.json()) as JSONRPCMessage | { error: { message: string } }
    return 'jsonrpc' in answer ? answer : failed('error' in answer ? answer.error.message : 'the device does not answer')
  } catch {
    return failed('the kinmesh device stopped answering: start it again with kinmesh up')
  }
}

async function list({ client, io }: Session): Promise<void> {
  const { servers } = await client.request<{ servers: McpServer[] }>('GET', '/api/mcp/servers')
  io.document({ servers })
  if (servers.length === 0) io.say('there is no MCP server: kinmesh mcp add')
  for (const server of servers) say({ io }, server)
}

async function remove({ client, io }: Session, [name = '']: readonly string[]): Promise<void> {
  await client.request('DELETE', `/api/mcp/servers/${encodeURIComponent(name)}`)
  io.document({ name, removed: true })
  io.say(`${io.style('green', '✓')} removed`)
}

function say({ io }: Pick<Session, 'io'>, { name, target, state, problem, tools, leftOut }: McpServer): void {
  const shownState = state === 'off' ? 'not running: kinmesh up' : state
  io.say(`${io.style('bold', name)}  ${io.style(state === 'failed' ? 'yellow' : 'dim', shownState)}  ${oneLine(target)}`)
  if (problem !== null) io.say(`  ${io.style('yellow', '!')} ${oneLine(problem)}`)
  for (const tool of tools) io.say(`  ${oneLine(tool)}`)
  for (const each of leftOut) io.say(io.style('dim', `  left out: ${oneLine(each)}`))
}

function pairs(given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(given.map(each => {
    const at = each.indexOf('=')
    if (at < 1) throw new UsageError(`"${oneLine(each)}" is no NAME=VALUE`)
    return [each.slice(0, at), each.slice(at + 1)]
  }))
}
