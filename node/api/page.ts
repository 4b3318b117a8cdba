import type { Context } from 'hono'

/** A file of the page by its path ("/index.html"); undefined for anything else. */
export type PageFiles = (path: string) => { readonly type: string; readonly bytes: Uint8Array } | undefined

/**
 * What the page may do: run its own code, WebAssembly included, and call devices wherever they are, which is what it is for. Nothing is loaded from elsewhere,
 * nobody may frame it, and forms lead nowhere. (https://www.w3.org/TR/CSP3/)
 */
const contentSecurityPolicy = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", 'img-src data:', "connect-src 'self' ws: wss:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"
].join('; ')

/** Answers with a file of the page, which holds no secrets and needs no token; undefined when there is none of this path. */
export function answerPage(c: Context, files: PageFiles): Response | undefined {
  const path = c.req.path === '/' ? '/index.html' : c.req.path
  const file = files(path)
  if (!file) return undefined
  // Names of assets change with what they hold.
  const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  return c.body(new Uint8Array(file.bytes), 200, {
    'content-type': file.type, 'cache-control': cache, 'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer',
    // Both together give the page threads, for a language model (https://html.spec.whatwg.org/#cross-origin-isolation). It loads nothing from elsewhere.
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp'
  })
}
