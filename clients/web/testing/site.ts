import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { serve, type Served } from '../../../tools/browser/pages.ts'

const web = join(import.meta.dirname, '..')

/** One build of the page as it is published, and of the page of tests beside it; served at a new origin, with a new device, as often as it is asked. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'kinmesh-site-'))

  static async build(): Promise<Site> {
    const site = new Site()
    await build({
      configFile: join(web, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: site.folder, rolldownOptions: { input: [join(web, 'index.html'), join(web, 'testing', 'tools.html')] } }
    })
    return site
  }

  async serve(): Promise<Served & { readonly tools: string }> {
    const served = await serve(this.folder)
    return { ...served, tools: `${served.url}testing/tools.html` }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
