import { readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { bundleScript, isolationHeaders, serve } from '../../../tools/browser/pages.ts'

/** What goes wrong with one request of a file: used up in order, one each. */
export type Fault =
  | { readonly status: number }
  /** Nothing more comes after so many bytes; the connection stays, until `cut`. */
  | { readonly stallAfter: number }
  | { readonly content: Uint8Array }
  /** The whole file, whatever part was asked for. */
  | { readonly range: 'ignored' }

export type Seen = { readonly path: string; readonly range: string | undefined }

/** A page for tests, and folders of models, which it finds below `models/`. */
export class ModelSite {
  readonly requests: Seen[] = []
  readonly #page: string
  readonly #models: string
  readonly #faults = new Map<string, Fault[]>()
  readonly #stalled: ServerResponse[] = []
  readonly #stops: (() => Promise<void>)[] = []
  /** Models are away, as a network is. */
  isRefusing = false

  private constructor(page: string, models: string) {
    this.#page = page
    this.#models = models
  }

  /** `models`: the folder that holds the folders. `script`: of the page. */
  static async build(models: string, script = 'node/model/testing/model-page.browser.ts'): Promise<ModelSite> {
    const alias = [{ find: /^uvu$/, replacement: join(import.meta.dirname, '..', '..', '..', 'tools', 'browser', 'page-suite.ts') }]
    return new ModelSite(await bundleScript(script, { resolve: { alias } }), models)
  }

  /** Another origin each time. `isolated`: with what threads need. `prelude`: a script that workers run before anything else, to be in a browser that lacks something. */
  async serve({ isolated, prelude = '' }: { readonly isolated: boolean; readonly prelude?: string | undefined }): Promise<string> {
    const { url, close } = await serve(this.#page, {
      headers: isolated ? isolationHeaders : {},
      answer: (request, response) => this.#answer(request, response) || this.#answerWorker(request, response, prelude)
    })
    this.#stops.push(close)
    return url
  }

  /** `path`: of a file, below `models/`. */
  fault(path: string, ...faults: Fault[]): void {
    this.#faults.set(path, [...(this.#faults.get(path) ?? []), ...faults])
  }

  /** Ends the connections that stall. */
  cut(): void {
    for (const response of this.#stalled.splice(0)) response.destroy()
  }

  async remove(): Promise<void> {
    for (const stop of this.#stops) await stop()
    rmSync(this.#page, { recursive: true, force: true, maxRetries: 5 })
  }

  #answer({ url, headers: { range } }: IncomingMessage, response: ServerResponse): boolean {
    const path = /^\/models\/(.+)$/.exec(decodeURIComponent(url ?? ''))?.[1]
    if (path === undefined) return false
    this.requests.push({ path, range })
    if (this.isRefusing) response.destroy()
    else this.#send(response, path, range)
    return true
  }

  #answerWorker({ url = '' }: IncomingMessage, response: ServerResponse, prelude: string): boolean {
    if (!/^\/assets\/worker\.browser-[\w-]+\.js$/.test(url)) return false
    response.setHeader('content-type', 'text/javascript').end(`${prelude}\n${readFileSync(join(this.#page, url), 'utf8')}`)
    return true
  }

  #send(response: ServerResponse, path: string, range: string | undefined): void {
    const fault = this.#faults.get(path)?.shift()
    if (fault && 'status' in fault) return void response.writeHead(fault.status).end()
    const content = fault && 'content' in fault ? fault.content : this.#read(path)
    if (!content) return void response.writeHead(404).end()
    const from = fault && 'range' in fault ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const part = content.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, 'content-type': 'application/octet-stream', ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}) })
    if (!fault || !('stallAfter' in fault)) return void response.end(part)
    response.write(part.subarray(0, fault.stallAfter))
    this.#stalled.push(response)
  }

  #read(path: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.#models, normalize(`/${path}`)))
    } catch {
      return undefined // also for a folder: there is nothing to list
    }
  }
}
