import type { Page } from 'playwright-core'
import { Site } from '../../clients/web/testing/site.ts'
import { Browser } from '../../tools/browser/chromium.ts'

export type Origin = { readonly url: string; open(at: 'device' | 'tools' | 'nowhere'): Promise<Page>; close(): Promise<void> }

/** Pages of kinmesh in one browser, each origin a device of its own. */
export class BenchSite {
  readonly #site: Site
  readonly #browser = new Browser()

  private constructor(site: Site) {
    this.#site = site
  }

  static async open(): Promise<BenchSite> {
    return new BenchSite(await Site.build())
  }

  async origin(): Promise<Origin> {
    const { url, tools, close } = await this.#site.serve()
    const pages: Page[] = []
    const places = { device: url, tools, nowhere: 'about:blank' }
    return {
      url,
      open: async at => {
        const page = await this.#browser.open(places[at])
        pages.push(page)
        return page
      },
      async close() {
        for (const page of pages) await page.close()
        await close()
      }
    }
  }

  async close(): Promise<void> {
    await this.#browser.remove()
    this.#site.remove()
  }
}
