import type { Command } from 'commander'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Permission } from '../../../node/agent/permissions.ts'
import type { OfferedTool } from '../../../node/agent/toolbox.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { ago, lines, oneLine, table } from '../show.ts'

export function addPermissionCommands(program: Command): void {
  const permissions = program
    .command('permissions')
    .description('what you allowed tools of other programs to do, on all of your devices')
    .addHelpText('after', '\nMCP servers and skills bring tools. None of them runs before you allow it: in kinmesh chat, when it is to be used, or here. What you allow is a tool as it is; when it changes, you are asked again.')
    .action(withDevice('offline', list))
  permissions.command('tools').description('the tools that MCP servers and skills offer here now').action(withDevice('offline', showTools))
  permissions
    .command('allow')
    .description('allow a tool, as it is now, on all of your devices')
    .argument('<tool>')
    .option('--yes', 'do not ask')
    .action(withDevice<CommonOptions & { yes?: boolean }>('offline', allow))
  permissions.command('revoke').description('take back all that is allowed to a tool, on all of your devices').argument('<tool|id>').action(withDevice('offline', revoke))
}

async function list({ client, io }: Session): Promise<void> {
  const reply = await client.request<{ permissions: Permission[] }>('GET', '/api/permissions')
  io.document(reply)
  const now = Date.now()
  const rows = reply.permissions.map(({ id, tool, at, shown }) => [id, tool, ago(at, now), shown])
  io.say(rows.length === 0 ? 'no tool is allowed anything: see what there is with kinmesh permissions tools' : table(['ID', 'TOOL', 'ALLOWED', 'OF'], rows, { width: io.width, head: text => io.style('bold', text) }))
}

async function showTools({ client, io }: Session): Promise<void> {
  const reply = await client.request<{ tools: OfferedTool[] }>('GET', '/api/tools')
  io.document(reply)
  if (reply.tools.length === 0) io.say('no MCP server and no skill offers a tool here: kinmesh mcp add, kinmesh skill add')
  for (const tool of reply.tools) sayTool({ io }, tool)
}

async function allow({ client, io }: Session, [name = '']: readonly string[], { yes }: { yes?: boolean }): Promise<void> {
  const { tools } = await client.request<{ tools: OfferedTool[] }>('GET', '/api/tools')
  const tool = tools.find(each => each.name === name)
  if (!tool) throw new KinmeshError('NoSuchTool', `no MCP server and no skill offers "${oneLine(name)}" here now: list what there is with kinmesh permissions tools`)
  sayTool({ io }, tool)
  if (!yes) {
    if (!io.interactive) throw new KinmeshError('NotConfirmed', 'nobody can be asked here: look at it with kinmesh permissions tools, and add --yes')
    if (!(await io.confirm('Allow it, on all of your devices?'))) throw new KinmeshError('NotConfirmed', 'nothing was allowed')
  }
  const permission = await client.request<Permission>('POST', '/api/permissions', { tool: name, hash: tool.hash })
  io.document(permission)
  io.say(`${io.style('green', '✓')} allowed  ${io.style('dim', permission.id)}`)
}

async function revoke({ client, io }: Session, [named = '']: readonly string[]): Promise<void> {
  const reply = await client.request<{ revoked: Permission[] }>('DELETE', `/api/permissions/${encodeURIComponent(named)}`)
  io.document(reply)
  for (const { tool, id } of reply.revoked) io.say(`${io.style('green', '✓')} ${oneLine(tool)} has to ask again  ${io.style('dim', id)}`)
}

function sayTool({ io }: Pick<Session, 'io'>, { name, from, shown, allowed, told }: OfferedTool): void {
  io.say(`${io.style('bold', oneLine(name))}  ${io.style('dim', oneLine(from))}${allowed ? `  ${io.style('green', 'allowed')}` : ''}${told ? '' : io.style('yellow', '  no room: remove servers or skills that are not needed')}`)
  for (const line of lines(shown).split('\n')) io.say(`  ${line}`)
}
