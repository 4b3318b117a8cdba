import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { version } from '../../version.node.ts'
import type { ForeignTool } from '../tools/guarded.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { type McpTarget, targetText } from './config.ts'
import { type Definition, defineTool, type ToolDescription } from './definition.ts'
import { Flood, type McpLimits } from './limits.ts'
import { resultText } from './result.ts'

/** Tools of one server, and pages of their list, that are read. */
const maxTools = 64
const maxPages = 8
/** A server over HTTP cannot say that its tools changed: they are looked at again after this long, in ms. */
const freshMs = 60_000
/** A request over HTTP is ended so long after its answer is waited for no more, in ms. */
const graceMs = 1000

/**
 * A connection to one MCP server, which is not trusted: whatever it does is bounded in memory and time, ends in a named error, and leaves everything else as it was. What it may ask of a client
 * (sampling, roots, elicitation) it is not given.
 */
export class McpConnection {
  readonly #name: string
  readonly #target: McpTarget
  readonly #limits: McpLimits
  readonly #tools = new Map<string, Definition>()
  #leftOut: string[] = []
  #client: Client | undefined
  #kill: () => void = () => undefined
  #complaint: () => string = () => ''
  #violation: KinmeshError | undefined
  /** Undefined: they are not known, or changed. */
  #listedAt: number | undefined
  #closed = false

  constructor(name: string, target: McpTarget, limits: McpLimits) {
    this.#name = name
    this.#target = target
    this.#limits = limits
  }

  /** Process id of a server that runs here. */
  pid: number | undefined

  /** False once the server is gone or was cut off. */
  get isOpen(): boolean {
    return this.#client !== undefined && !this.#closed
  }

  /** What it did that ended the connection. */
  get violation(): KinmeshError | undefined {
    return this.#violation
  }

  /** Tools that cannot be offered, and why. */
  get leftOut(): readonly string[] {
    return this.#leftOut
  }

  /** Whether its tools may have changed since they were listed. */
  get isStale(): boolean {
    return this.#listedAt === undefined || ('url' in this.#target && performance.now() - this.#listedAt > freshMs)
  }

  /** Connects and lists the tools. @throws KinmeshError `McpNotStarted` · `McpTimeout` · `McpGone` · `McpFailed` · `McpFlood` · `McpTooLarge` · `McpRedirected` */
  async open(): Promise<void> {
    const [{ Client: SdkClient }, { ToolListChangedNotificationSchema }] = await Promise.all([import('@modelcontextprotocol/sdk/client/index.js'), import('@modelcontextprotocol/sdk/types.js')])
    // Its schemas of outputs are not compiled: nothing rests on them, and they could be made to run for ever.
    const client = new SdkClient({ name: 'kinmesh', version }, { jsonSchemaValidator: { getValidator: () => input => ({ valid: true, data: input as never, errorMessage: undefined }) } })
    this.#client = client
    client.onclose = () => {
      this.#closed = true
    }
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.#listedAt = undefined
    })
    await this.#bounded(async () => client.connect(await this.#transport(), { timeout: this.#limits.connectMs }))
    await this.list()
  }

  /** Lists the tools anew. @throws as `open` does */
  async list(): Promise<void> {
    const client = this.#opened()
    // Before it is asked: what changes meanwhile is seen the next time.
    this.#listedAt = performance.now()
    const described: ToolDescription[] = []
    try {
      let cursor: string | undefined
      for (let page = 0; page < maxPages && described.length <= maxTools; page++) {
        const { tools, nextCursor } = await this.#bounded(() => client.listTools(cursor === undefined ? {} : { cursor }, { timeout: this.#limits.listMs }))
        described.push(...tools)
        if (nextCursor === undefined) break
        cursor = nextCursor
      }
    } catch (error) {
      this.#listedAt = undefined
      throw error
    }
    this.#tools.clear()
    this.#leftOut = described.length > maxTools ? [`all after the first ${maxTools}`] : []
    for (const tool of described.slice(0, maxTools)) {
      const defined = this.#tools.has(tool.name) ? 'it is there twice' : defineTool(this.#name, targetText(this.#target), tool)
      if (typeof defined === 'string') this.#leftOut.push(`${tool.name.slice(0, 64)}: ${defined}`)
      else this.#tools.set(tool.name, defined)
    }
  }

  /** Those that can be offered, as they were listed last. */
  tools(): ForeignTool[] {
    const from = `MCP server ${this.#name}: ${targetText(this.#target)}`
    return [...this.#tools].map(([name, { tool, hash, shown }]) => ({ tool, hash, from, shown, run: (given, signal) => this.#call(name, hash, given, signal) }))
  }

  /** Always finishes. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#client?.close().catch(() => undefined)
    this.#kill()
  }

  async #call(name: string, hash: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<string> {
    const client = this.#opened()
    // The person may have thought for a while about what they allow.
    if (this.isStale) await this.list()
    if (this.#tools.get(name)?.hash !== hash) throw new KinmeshError('ToolChanged', `the tool ${name} is not any more what it was: the user has to look at it again`)
    return resultText(await this.#bounded(() => client.callTool({ name, arguments: given }, undefined, { timeout: this.#limits.callMs, ...(signal ? { signal } : {}) }), signal))
  }

  #opened(): Client {
    if (this.#violation) throw this.#violation
    if (!this.#client || this.#closed) throw this.#gone()
    return this.#client
  }

  #gone(cause?: unknown): KinmeshError {
    const complaint = this.#complaint().replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, 200)
    return new KinmeshError('McpGone', `the MCP server ${this.#name} is gone: see kinmesh mcp list${complaint === '' ? '' : ` (it said "${complaint}")`}`, { cause })
  }

  async #transport(): Promise<Transport> {
    const [{ StdioTransport }, { StreamableHTTPClientTransport }] = await Promise.all([import('./stdio.node.ts'), import('@modelcontextprotocol/sdk/client/streamableHttp.js')])
    // Nothing is started any more.
    if (this.#closed) throw this.#gone()
    const { maxBytes, callMs, connectMs } = this.#limits
    const flood = new Flood(this.#limits)
    const violated = (error: KinmeshError) => this.#violate(error)
    if (!('url' in this.#target)) {
      const transport = new StdioTransport({ target: this.#target, maxBytes, flood, violated, onStarted: pid => (this.pid = pid) })
      this.#kill = () => transport.kill()
      this.#complaint = () => transport.complaint
      return transport
    }
    const url = new URL(this.#target.url)
    // The types of the SDK are not made for exactOptionalPropertyTypes.
    return new StreamableHTTPClientTransport(url, { fetch: boundedFetch(url, maxBytes, violated, flood, Math.max(callMs, connectMs) + graceMs), requestInit: { headers: this.#target.headers }, reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1000, maxReconnectionDelay: 1000, reconnectionDelayGrowFactor: 1 } }) as Transport
  }

  #violate(error: KinmeshError): void {
    this.#violation ??= error
    this.#closed = true
    this.#kill()
    void this.#client?.close().catch(() => undefined)
  }

  /** What the SDK throws, by a name of ours: its own messages may be the server's words. */
  async #bounded<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      signal?.throwIfAborted()
      if (this.#violation) throw this.#violation
      if (isKinmeshError(cause)) throw cause
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      if (code === requestTimeout) throw new KinmeshError('McpTimeout', `the MCP server ${this.#name} did not answer in time: try again later`, { cause })
      if (code === connectionClosed || this.#closed) throw this.#gone(cause)
      throw new KinmeshError('McpFailed', `the MCP server ${this.#name} does not do what was asked${typeof code === 'number' ? ` (${code})` : ''}: see kinmesh mcp list`, { cause })
    }
  }
}

/** Of the SDK (types.js, ErrorCode). */
const connectionClosed = -32000
const requestTimeout = -32001
