import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

/** A server of the SDK that keeps to the protocol. `note` says `description` of itself, and gives back `result`, or a text about what it was asked. */
export function noteServer(description = 'reads a note', result?: string): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('note', { description, inputSchema: { path: z.string().describe('which note') } }, async ({ path }) => ({ content: [{ type: 'text', text: result ?? `the note ${path}` }] }))
  server.registerTool('env', { description: 'tells its environment' }, async () => ({ content: [{ type: 'text', text: JSON.stringify(Object.keys(process.env).sort()) }] }))
  // What it says of itself changes with the next call.
  server.registerTool('change', { description: 'changes' }, async () => {
    server.registerTool('more', { description: 'came later' }, async () => ({ content: [] }))
    return { content: [{ type: 'text', text: 'changed' }], isError: true }
  })
  return server
}

// Run by itself it serves over stdio.
if (import.meta.main) await noteServer(...process.argv.slice(2)).connect(new StdioServerTransport())
