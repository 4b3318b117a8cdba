import { KinmeshError } from '../../../mesh/errors.ts'

/** What a server may take. Times in ms. */
export type McpLimits = { readonly connectMs: number; readonly listMs: number; readonly callMs: number; readonly maxBytes: number; readonly burst: number; readonly perSecond: number }

export const mcpLimits: McpLimits = {
  // npx may have to fetch the server first.
  connectMs: 30_000,
  listMs: 10_000,
  callMs: 60_000,
  /** One message over stdio, one response over HTTP. Of a result a model gets 4 KB. */
  maxBytes: 1024 * 1024,
  // A server that tells of its progress says a few things a second.
  burst: 300,
  perSecond: 50
}

/** Counts what a server says without being asked; too much of it at a time ends the connection. A bucket that fills by time. */
export class Flood {
  readonly #limits: McpLimits
  #left: number
  #at = performance.now()

  constructor(limits: McpLimits) {
    this.#limits = limits
    this.#left = limits.burst
  }

  /** @throws KinmeshError `McpFlood` */
  count(): void {
    const now = performance.now()
    this.#left = Math.min(this.#limits.burst, this.#left + ((now - this.#at) / 1000) * this.#limits.perSecond)
    this.#at = now
    if (--this.#left < 0) throw new KinmeshError('McpFlood', 'the MCP server sends more than anybody could read: it was cut off')
  }
}

export function tooLarge(maxBytes: number): KinmeshError {
  return new KinmeshError('McpTooLarge', `the MCP server sent more than ${maxBytes} bytes at once: it was cut off`)
}
