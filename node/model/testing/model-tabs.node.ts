import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import type { Browser } from '../../../tools/browser/chromium.ts'
import type { WrittenText } from '../language-model.ts'
import type { LoadProgress, ModelLoad } from '../load.ts'
import { manifestFile } from '../store/file-path.ts'
import { bytesOf, parseManifest } from '../store/manifest.ts'
import type { PageStart } from '../worker/model-calls.ts'
import type { Fault, ModelSite } from './model-site.node.ts'

export type Loaded = { load: ModelLoad; progress: LoadProgress[] }
export type PageText = WrittenText & { pieces: string[] }

/** `prelude`: a script that workers run before anything else. */
export type TabOptions = { readonly isolated?: boolean; readonly host?: string; readonly prelude?: string }

/** For tests: pages of a site, in a browser. `models`: the folder that holds the models. */
export class ModelTabs {
  readonly #browser: Browser
  readonly #site: ModelSite | undefined
  readonly #models: string

  constructor(browser: Browser, site: ModelSite | undefined, models: string) {
    this.#browser = browser
    this.#site = site
    this.#models = models
  }

  /** A page of an origin of its own, with nothing kept. Nothing in it may fail uncaught. */
  async with(use: (tab: Tab, site: ModelSite) => Promise<void>, { isolated = true, host = '127.0.0.1', prelude = '' }: TabOptions = {}): Promise<void> {
    const site = this.#site
    if (!site) return
    const errors: string[] = []
    const url = (await site.serve({ isolated, prelude })).replace('127.0.0.1', host)
    const page = await this.#browser.open('about:blank', errors)
    try {
      await page.goto(url)
      await use(new Tab(page, url, this.#models), site)
      assert.equal(errors, [])
    } finally {
      await page.close()
      site.requests.length = 0
      site.isRefusing = false
    }
  }
}

export class Tab {
  readonly page: Page
  readonly url: string
  readonly #models: string

  constructor(page: Page, url: string, models: string) {
    this.page = page
    this.url = url
    this.#models = models
  }

  /** On the processor, unless it is said otherwise. */
  start(name: string, more: Omit<PageStart, 'source'> = {}): PageStart {
    return { source: { url: `${this.url}models/${name}/` }, gpu: 'never', ...more }
  }

  load(start: PageStart): Promise<Loaded | string> {
    return this.page.evaluate<Loaded | string>(`load(${JSON.stringify(start)})`)
  }

  async loaded(start: PageStart): Promise<Loaded> {
    const result = await this.load(start)
    if (typeof result === 'string') throw new Error(result)
    return result
  }

  /** Resolves when so many bytes of the weights of what is being loaded are there; they come last. */
  async reached(name: string, bytes: number): Promise<void> {
    const manifest = manifestOf(this.#models, name)
    await this.page.evaluate(`reached(${bytesOf(manifest) - weightBytes(manifest) + bytes})`)
  }

  /** The weights are cut off after 50,000 bytes. */
  async loadedAfterCut(name: string, site: ModelSite, ...more: Fault[]): Promise<Loaded> {
    site.fault(`${name}/weights.bin`, { stallAfter: 50_000 }, ...more)
    const loading = this.loaded(this.start(name))
    await this.reached(name, 50_000)
    site.cut()
    return loading
  }

  async error(start: PageStart): Promise<string> {
    const result = await this.load(start)
    return typeof result === 'string' ? result : 'it was loaded'
  }

  write(text: string, maxTokens = 12): Promise<PageText> {
    return this.page.evaluate<PageText>(`write(${JSON.stringify(text)}, ${maxTokens})`)
  }
}

export function manifestOf(models: string, name: string): ReturnType<typeof parseManifest> {
  return parseManifest(readFileSync(join(models, name, manifestFile)))
}

export function weightBytes({ files }: Pick<ReturnType<typeof parseManifest>, 'files'>): number {
  return files.find(({ path }) => path === 'weights.bin')?.bytes ?? 0
}
