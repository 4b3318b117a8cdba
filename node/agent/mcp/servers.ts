import type { ForeignTool } from '../tools/guarded.ts'
import type { McpTarget } from './config.ts'

/** `off`: only a device that goes on running starts servers. `problem`: why it does not work. `leftOut`: tools that cannot be offered, and why. */
export type McpServer = {
  readonly name: string
  readonly kind: 'stdio' | 'http'
  /** The command, or the address. */
  readonly target: string
  readonly state: 'off' | 'connecting' | 'ready' | 'failed'
  readonly problem: string | null
  /** Names as a model sees them. */
  readonly tools: readonly string[]
  readonly leftOut: readonly string[]
  /** Process id of one that runs here. */
  readonly pid: number | null
}

/** The MCP servers of this device. */
export type McpServers = {
  list(): McpServer[]
  /** Keeps a server and connects to it; what came of that stands in its state. @throws KinmeshError `McpExists` · `TooManyServers` · `StoreFailed` */
  add(name: string, target: McpTarget): Promise<McpServer>
  /** @throws KinmeshError `NoSuchServer` · `StoreFailed` */
  remove(name: string): Promise<void>
  /** Tools of those that answer now. One that is slow is not waited for. */
  tools(): Promise<ForeignTool[]>
  /** Ends all of them. Always finishes. */
  close(): Promise<void>
}
