import { KinmeshError } from '../../../mesh/errors.ts'
import { type Flood, tooLarge } from './limits.ts'

/**
 * `fetch` for a server that is not trusted: to its own origin only, without redirects, so that its headers go nowhere else; an answer of so many bytes, and so long, at most. No standing stream (GET): what a
 * server wants to say unasked is not needed, and its tools are looked at again by themselves. `violated` hears what it did.
 */
export function boundedFetch(server: URL, maxBytes: number, violated: (error: KinmeshError) => void, flood: Flood, longestMs: number): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init = {}) => {
    if (new URL(url).origin !== server.origin) throw new KinmeshError('McpFailed', 'the MCP server names another address: it was not asked')
    if ((init.method ?? 'GET') === 'GET') return new Response(null, { status: 405 })
    // The SDK gives up waiting, and leaves the connection open.
    const late = AbortSignal.timeout(longestMs)
    const response = await fetch(url, { ...init, redirect: 'manual', signal: init.signal ? AbortSignal.any([init.signal, late]) : late })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      const error = new KinmeshError('McpRedirected', 'the MCP server sends to another address: add it with the address that it is at')
      violated(error)
      throw error
    }
    if (!response.body) return response
    let bytes = 0
    const isStream = response.headers.get('content-type')?.includes('event-stream') === true
    const bounded = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        try {
          if (bytes > maxBytes) throw tooLarge(maxBytes)
          // Each event ends in an empty line; JSON in one piece has hardly any.
          if (isStream) for (const byte of chunk) if (byte === 10) flood.count()
          controller.enqueue(chunk)
        } catch (error) {
          violated(error as KinmeshError)
          controller.error(error)
        }
      }
    }))
    return new Response(bounded, { status: response.status, statusText: response.statusText, headers: response.headers })
  }
}
