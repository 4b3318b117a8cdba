import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../tools/browser/chromium.ts'
import { serveScript } from '../tools/browser/pages.ts'

/** The suite of all stores and what only a browser's store meets, in a page of a real browser. */
export const missing = missingBrowser

const browser = new Browser()
const alias = [{ find: /^uvu$/, replacement: join(import.meta.dirname, '..', 'tools', 'browser', 'page-suite.ts') }]
const seed = process.env['KINMESH_SEED']
const served = missing === undefined ? await serveScript('sync/testing/store-page.browser.ts', { resolve: { alias } }) : undefined
const page = served ? await browser.open(`${served.url}${seed === undefined ? '' : `?seed=${seed}`}`) : undefined

for (const name of (await page?.evaluate<string[]>('names()')) ?? []) test(name, async () => page?.evaluate<void>(`runOne(${JSON.stringify(name)})`))

/** A second tab beside the first, as a person opens one. */
async function withTab(use: (tab: Page, other: Page) => Promise<void>): Promise<void> {
  if (!served || !page) return
  const tab = await browser.open(served.url)
  try {
    await use(tab, page)
  } finally {
    await tab.close()
  }
}

test('browser store: a second tab hears who has it, or waits and takes over with all that was kept', () =>
  withTab(async (tab, other) => {
    await other.evaluate<void>("open('shared').then(async store => { globalThis.held = store; await store.commit({ space: 's', meta: { a: '1' } }) })")
    assert.match(await tab.evaluate<string>("open('shared').then(() => 'opened', error => `${error.code}: ${error.message}`)"), /^HomeInUse: another tab/)
    assert.match(await tab.evaluate<string>("open('shared', { wait: AbortSignal.abort() }).then(() => 'opened', error => error.code)"), /^HomeInUse$/)
    const waiting = tab.evaluate<string>("open('shared', { wait: new AbortController().signal }).then(store => { globalThis.held = store; return store.meta('a') })")
    await other.evaluate("(globalThis.held.commit({ space: 's', meta: { a: '2' } }), globalThis.held.close())")
    assert.is(await waiting, '2', 'also what was under way when the first tab closed')
    await tab.evaluate('(globalThis.held.close(), globalThis.held.released)')
  }))

test('browser store: a tab that is killed lets the next one in', () =>
  withTab(async (tab, other) => {
    await tab.evaluate<void>("open('killed').then(store => store.commit({ space: 's', meta: { a: '1' } }))")
    const waiting = other.evaluate<string>("open('killed', { wait: new AbortController().signal }).then(async store => { const kept = store.meta('a'); store.close(); await store.released; return kept })")
    const gone = new Promise<void>(resolve => void tab.once('crash', () => resolve()))
    const devtools = await tab.context().newCDPSession(tab)
    devtools.send('Page.crash').catch(() => undefined) // no answer comes from a page that is gone
    await gone
    assert.is(await waiting, '1')
  }))

test.after(async () => {
  await browser.remove()
  await served?.close()
})

test.run()
