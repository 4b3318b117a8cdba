import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build, type InlineConfig } from 'vite'

const root = join(import.meta.dirname, '..', '..')
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.mjs': 'text/javascript; charset=utf-8', '.wasm': 'application/wasm' }

/** What a page needs to have threads (https://html.spec.whatwg.org/#cross-origin-isolation). */
export const isolationHeaders = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } as const

/** `headers` go with every answer. `answer` gives what is not in the folder: true, if it does. */
export type ServeOptions = { readonly port?: number; readonly headers?: Readonly<Record<string, string>>; readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean }

/** A folder of files on 127.0.0.1, for as long as a test or bench runs. */
export type Served = { readonly url: string; close(): Promise<void> }

export async function serve(folder: string, { port = 0, headers = {}, answer }: ServeOptions = {}): Promise<Served> {
  const server: Server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (answer?.(request, response)) return
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname))
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    try {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file))
    } catch {
      response.writeHead(404).end() // also for a folder: there is nothing to list
    }
  })
  await new Promise<void>(resolve => void server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise<void>(resolve => void server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    }
  }
}

/** Bundles one script for a page without a look; returns the folder, which is the caller's to remove. `script` is a path from the root of the checkout. */
export async function bundleScript(script: string, more: InlineConfig = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kinmesh-page-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // Without "development": what a page of ours loads is what is published.
    resolve: { conditions: ['module', 'browser', 'production'], ...more.resolve },
    worker: { format: 'es' },
    build: { outDir: folder, minify: false, modulePreload: false, copyPublicDir: false, target: 'es2024', rolldownOptions: { input: join(root, script), output: { entryFileNames: 'page.js' } } }
  })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>kinmesh</title><script type="module" src="/page.js"></script>')
  return folder
}

/** The same, served. */
export async function serveScript(script: string, more: InlineConfig = {}): Promise<Served> {
  const folder = await bundleScript(script, more)
  const served = await serve(folder)
  return {
    url: served.url,
    async close() {
      await served.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}
