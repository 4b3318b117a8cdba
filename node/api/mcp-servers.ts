import * as v from 'valibot'
import { serverNameSchema, targetSchema } from '../agent/mcp/config.ts'
import type { McpServer } from '../agent/mcp/servers.ts'
import { route, type Route } from './route.ts'
import { doneSchema } from './schemas.ts'

const serverSchema = v.object({
  name: v.string(),
  kind: v.picklist(['stdio', 'http']),
  target: v.string(),
  state: v.picklist(['off', 'connecting', 'ready', 'failed']),
  problem: v.nullable(v.string()),
  tools: v.array(v.string()),
  leftOut: v.array(v.string()),
  pid: v.nullable(v.number())
})

export const mcpServerRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/mcp/servers',
    summary: 'The MCP servers whose tools this device offers to its model, and how they are. What is secret of them is not told.',
    reply: v.object({ servers: v.array(serverSchema) }),
    handle: async ({ mcpServers }) => ({ servers: mcpServers.list().map(sent) })
  }),
  route({
    method: 'post',
    path: '/api/mcp/servers',
    summary: 'Add an MCP server: a program to run (stdio) or an address (streamable HTTP). It answers once the server does, or does not; its tools wait for permission.',
    body: v.strictObject({ name: serverNameSchema, target: targetSchema }),
    reply: serverSchema,
    handle: async ({ mcpServers }, { body: { name, target } }) => sent(await mcpServers.add(name, target))
  }),
  route({
    method: 'delete',
    path: '/api/mcp/servers/:name',
    summary: 'End an MCP server and forget it. What was allowed to its tools stays until it is revoked.',
    reply: doneSchema,
    async handle({ mcpServers }, { params: { name = '' } }) {
      await mcpServers.remove(name)
      return { done: true as const }
    }
  })
]

function sent({ tools, leftOut, ...server }: McpServer): v.InferInput<typeof serverSchema> {
  return { ...server, tools: [...tools], leftOut: [...leftOut] }
}
