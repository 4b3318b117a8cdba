import { KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import type { Home } from '../../home.node.ts'
import { printable } from '../../memory.ts'
import type { ForeignTool } from '../tools/guarded.ts'
import { maxServers, mcpFile, mcpSchema, type McpTarget, targetText } from './config.ts'
import { McpConnection } from './connection.node.ts'
import { mcpLimits, type McpLimits } from './limits.ts'
import type { McpServer, McpServers } from './servers.ts'

export type McpServersOptions = {
  readonly home: Pick<Home, 'readJson' | 'write'>
  readonly log: Logger
  /** False: nothing is started. */
  readonly start: boolean
  readonly limits?: McpLimits
  /** An answer waits so long for servers that are still connecting, or list their tools anew, in ms. */
  readonly waitMs?: number
}

/** A server that is gone is started again when tools are wanted, but not so soon after the last time. In ms. */
const retryMs = 30_000

/** Opens the servers of a home. @throws KinmeshError `FileCorrupt` */
export function openMcpServers({ home, log, start, limits = mcpLimits, waitMs = 2000 }: McpServersOptions): McpServers {
  const servers = new Map(Object.entries(home.readJson(mcpFile, mcpSchema)?.servers ?? {}).map(([name, target]) => [name, new Server(name, target, limits, log)]))
  const save = () => home.write(mcpFile, `${JSON.stringify({ servers: Object.fromEntries([...servers].map(([name, { target }]) => [name, target])) }, null, 2)}\n`)
  if (start) for (const server of servers.values()) void server.refresh()
  return {
    list: () => [...servers.values()].map(server => server.shown()),
    async add(name, target) {
      if (servers.has(name)) throw new KinmeshError('McpExists', `there is an MCP server "${name}" already: remove it first, or choose another name`)
      if (servers.size >= maxServers) throw new KinmeshError('TooManyServers', `there are ${maxServers} MCP servers, which is the most: remove one first`)
      const server = new Server(name, target, limits, log)
      servers.set(name, server)
      try {
        await save()
      } catch (error) {
        servers.delete(name)
        throw error
      }
      if (start) await server.refresh()
      return server.shown()
    },
    async remove(name) {
      const server = servers.get(name)
      if (!server) throw new KinmeshError('NoSuchServer', `there is no MCP server "${printable(name)}": list them with kinmesh mcp list`)
      servers.delete(name)
      await server.close()
      await save()
    },
    async tools() {
      if (!start) return []
      await within(waitMs, Promise.all([...servers.values()].map(server => server.refresh())))
      return [...servers.values()].flatMap(server => server.tools())
    },
    async close() {
      await Promise.all([...servers.values()].map(server => server.close()))
    }
  }
}

/** One server, and its connection as long as that holds. */
class Server {
  readonly target: McpTarget
  readonly #name: string
  readonly #limits: McpLimits
  readonly #log: Logger
  #connection: McpConnection | undefined
  #refreshing: Promise<void> | undefined
  #problem: string | null = null
  #triedAt = -Infinity
  #closed = false

  constructor(name: string, target: McpTarget, limits: McpLimits, log: Logger) {
    this.#name = name
    this.target = target
    this.#limits = limits
    this.#log = log
  }

  /** Connects, or lists the tools anew, where that is due; one at a time. Never throws. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** None while they may have changed. */
  tools(): ForeignTool[] {
    return this.#connection?.isOpen && !this.#connection.isStale ? this.#connection.tools() : []
  }

  shown(): McpServer {
    const connection = this.#connection
    const problem = connection?.violation?.message ?? this.#problem
    const state = this.#refreshing ? 'connecting' : connection?.isOpen ? 'ready' : problem === null && !connection ? 'off' : 'failed'
    return {
      name: this.#name, kind: 'url' in this.target ? 'http' : 'stdio', target: targetText(this.target), state,
      problem: state === 'failed' ? (problem ?? `the MCP server ${this.#name} ended`) : null,
      // As they were listed last: some servers say that they changed as soon as they were listed.
      tools: connection?.isOpen ? connection.tools().map(({ tool }) => tool.name) : [], leftOut: connection?.leftOut ?? [], pid: (state === 'ready' && connection?.pid) || null
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#connection?.close()
    await this.#refreshing
    await this.#connection?.close()
  }

  async #refresh(): Promise<void> {
    const known = this.#connection
    if (this.#closed || (known?.isOpen && !known.isStale)) return
    if (!known?.isOpen && performance.now() - this.#triedAt < retryMs) return
    try {
      if (known?.isOpen) await known.list()
      else {
        this.#triedAt = performance.now()
        await known?.close()
        this.#connection = new McpConnection(this.#name, this.target, this.#limits)
        await this.#connection.open()
      }
      this.#problem = null
    } catch (error) {
      this.#problem = error instanceof KinmeshError ? error.message : 'it failed inside'
      if (!this.#closed) this.#log.warn('an MCP server does not work', { server: this.#name, reason: error instanceof KinmeshError ? error.code : String(error) })
      await this.#connection?.close()
    }
  }
}

/** Waits for `work`, and not longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
