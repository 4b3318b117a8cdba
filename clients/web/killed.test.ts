import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { Site } from './testing/site.ts'

/** Tabs and browsers that are killed while they write. */
export const missing = missingBrowser

const site = missing === undefined ? await Site.build() : undefined
/** Writers at once, so that commits hold several memories. */
const writers = 8

async function withBrowser(use: (browser: Browser, tools: string) => Promise<void>): Promise<void> {
  if (!site) return
  const { tools, close } = await site.serve()
  const browser = new Browser()
  try {
    await use(browser, tools)
  } finally {
    await browser.remove()
    await close()
  }
}

/** What a page said was on disk, until `kill` ended it after so many. */
async function acknowledgedUntil(enough: number, page: Page, kill: () => Promise<void>): Promise<string[]> {
  const acknowledged: string[] = []
  const reached = Promise.withResolvers<void>()
  await page.exposeFunction('acknowledged', (text: string) => {
    acknowledged.push(text)
    if (acknowledged.length === enough) reached.resolve()
  })
  page.evaluate(`writeOn('until ${enough}', ${writers}, acknowledged)`).catch(() => undefined) // it ends with the page
  await reached.promise
  await kill()
  return acknowledged
}

async function lost(acknowledged: readonly string[], browser: Browser, tools: string): Promise<string[]> {
  const page = await browser.open(tools)
  const kept = new Set(await page.evaluate<string[]>('texts()'))
  await page.close()
  return acknowledged.filter(text => !kept.has(text))
}

test('a tab that is killed while it writes loses nothing that it acknowledged', () =>
  withBrowser(async (browser, tools) => {
    for (const enough of [1, 400]) {
      const page = await browser.open(tools)
      const acknowledged = await acknowledgedUntil(enough, page, async () => {
        const gone = new Promise<void>(resolve => void page.once('crash', () => resolve()))
        const devtools = await page.context().newCDPSession(page)
        devtools.send('Page.crash').catch(() => undefined) // a page that is gone does not answer
        await gone
      })
      assert.equal(await lost(acknowledged, browser, tools), [], `killed after ${enough}`)
    }
  }))

test('a browser that is killed while it writes loses nothing that it acknowledged', () =>
  withBrowser(async (browser, tools) => {
    for (const enough of [1, 50, 600]) {
      const acknowledged = await acknowledgedUntil(enough, await browser.open(tools), () => browser.kill())
      assert.equal(await lost(acknowledged, browser, tools), [], `killed after ${enough}`)
    }
  }))

/** Takes bytes from the end of the newest file that the browser's LevelDB was writing, as a crash in the middle of that would. */
function tear(profile: string, bytes: number): void {
  const log = readdirSync(join(profile, 'Default', 'IndexedDB'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.log')).sort().at(-1)
  if (log === undefined) throw new Error('this browser writes no such file')
  const file = join(profile, 'Default', 'IndexedDB', log)
  truncateSync(file, statSync(file).size - bytes)
}

test('two crashes in the middle of writing cost the last write, and not the whole device', () =>
  withBrowser(async (browser, tools) => {
    const first = await acknowledgedUntil(50, await browser.open(tools), () => browser.kill())
    tear(browser.profile, 37)
    const torn = await lost(first, browser, tools)
    assert.ok(torn.length <= writers, `${torn.length} are gone, of which the last commit held at most ${writers}`)
    const second = await acknowledgedUntil(100, await browser.open(tools), () => browser.kill())
    assert.equal(await lost(second, browser, tools), [])
    assert.equal(await lost(first, browser, tools), torn)
  }))

test.after(() => site?.remove())

test.run()
