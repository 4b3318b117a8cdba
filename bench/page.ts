import { missingBrowser } from '../tools/browser/chromium.ts'
import { listOf, numberOf, sizesOf, UsageError, type Bench } from './bench.ts'
import { measureEdits, measureJoin } from './page/beside-node.ts'
import { measureBundle } from './page/bundle.ts'
import { measureReload } from './page/reload.ts'
import { BenchSite } from './page/site.ts'
import type { Row } from './report.ts'

const parts = ['bundle', 'reload', 'join', 'edits']

/** A device that lives in a page, in a real browser. */
export const pageBench: Bench = {
  name: 'page',
  about: 'a device in a page: size of its code, start after a reload, joining, and edits from and to a Node device',
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, sizes: { type: 'string' }, runs: { type: 'string' }, edits: { type: 'string' } },
  help: ['--only PARTS   of bundle,reload,join,edits', '--sizes LIST   memories, such as 10k,100k', '--runs N, --edits N', '--quick        small, to see that it works'],
  async run(values, context) {
    if (missingBrowser !== undefined) throw new UsageError(`this bench needs ${missingBrowser}`)
    const quick = values['quick'] === true
    const wanted = listOf(values, 'only', parts)
    const unknown = wanted.find(part => !parts.includes(part))
    if (unknown !== undefined) throw new UsageError(`--only takes ${parts.join(', ')}, not "${unknown}"`)
    const runs = numberOf(values, 'runs', quick ? 1 : 5)
    const sizes = sizesOf(values, quick)
    const rows: Row[] = []
    if (wanted.includes('bundle')) rows.push(...(await measureBundle()))
    const site = await BenchSite.open()
    try {
      if (wanted.includes('reload')) for (const size of sizes) rows.push(...(await measureReload(context, site, { ...size, runs })))
      if (wanted.includes('join')) for (const size of sizes) rows.push(...(await measureJoin(context, site, { ...size, runs })))
      if (wanted.includes('edits')) rows.push(...(await measureEdits(context, site, { edits: numberOf(values, 'edits', quick ? 20 : 500), everyMs: 20, runs })))
    } finally {
      await site.close()
    }
    return rows
  }
}
