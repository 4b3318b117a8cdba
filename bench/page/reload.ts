import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { transformWithOxc } from 'vite'
import type { Context } from '../bench.ts'
import { row, type Row } from '../report.ts'
import { median, spread } from '../statistics.ts'
import type { BenchSite } from './site.ts'

/** Runs in the page before anything of its own. */
const script = join(import.meta.dirname, 'use-at-once.browser.ts')

type Times = { shownAt: number; usableAt: number }

/** A page with many memories: from the start of a reload until its list shows and a memory written then is on disk. */
export async function measureReload(context: Context, site: BenchSite, { memories, label, runs }: { memories: number; label: string; runs: number }): Promise<Row[]> {
  const origin = await site.origin()
  try {
    const tools = await origin.open('tools')
    context.say(`filling a page with ${label} memories`)
    await tools.evaluate(`fill(${memories})`)
    await tools.close()
    const page = await origin.open('nowhere')
    await page.addInitScript({ content: (await transformWithOxc(readFileSync(script, 'utf8'), script)).code })
    const found: Times[] = []
    // The first opening compiles the code; it is not the usual one.
    for (let run = 0; run <= runs; run++) {
      const times = await timesOf(page, () => (run === 0 ? page.goto(origin.url) : page.reload()))
      if (run > 0) found.push(times)
    }
    const usable = found.map(({ usableAt }) => usableAt)
    const shown = found.map(({ shownAt }) => shownAt)
    context.say(`${label} after a reload: list ${spread(shown)} ms, usable ${spread(usable)} ms`)
    return [row('usable_after_reload', median(usable), 'ms', label), row('usable_after_reload', median(shown), 'ms', `${label}, list shown`)]
  } finally {
    await origin.close()
  }
}

async function timesOf(page: Page, load: () => Promise<unknown>): Promise<Times> {
  await load()
  await page.waitForFunction('globalThis.times.usableAt > 0', undefined, { timeout: 60_000 })
  return page.evaluate<Times>('globalThis.times')
}
