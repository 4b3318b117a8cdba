import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createApi } from '../../node/api/app.ts'
import { listen } from '../../node/api.node.ts'
import { startDevice } from '../../node/device.ts'
import { pageFiles } from '../../node/page-files.node.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { NodeDevice } from './testing/node-device.ts'
import { Screen } from './testing/screen.ts'
import { Site } from './testing/site.ts'

/** Pages in a real browser, and a Node device in a process of its own. */
export const missing = missingBrowser

const temp = mkdtempSync(join(tmpdir(), 'kinmesh-web-'))
const site = missing === undefined ? await Site.build() : undefined
const browser = new Browser()
const laptop = new NodeDevice(join(temp, 'laptop'), 'laptop', 0)
const shared = { device: laptop }

test.before(async () => {
  shared.device = await NodeDevice.start(join(temp, 'laptop'), 'laptop')
})

test.after(async () => {
  await browser.remove()
  await shared.device.stop()
  site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

type Tabs = { open(at?: 'tools' | 'nowhere'): Promise<Screen>; readonly url: string; readonly tools: string }

/** A device of its own, as each origin has one; its tabs are closed at the end. Nothing in them may fail uncaught. */
async function withOrigin(use: (tabs: Tabs) => Promise<void>): Promise<void> {
  if (!site) return
  const { url, tools, close } = await site.serve()
  const errors: string[] = []
  const screens: Screen[] = []
  try {
    await use({
      url,
      tools,
      async open(at) {
        const screen = new Screen(await browser.open(at === 'tools' ? tools : at === 'nowhere' ? 'about:blank' : url, errors))
        screens.push(screen)
        return screen
      }
    })
    assert.equal(errors, [])
  } finally {
    await Promise.all(screens.map(({ page }) => page.close()))
    await close()
  }
}

test('a page joins by the URI of an invite, syncs both ways, and has everything after a reload', () =>
  withOrigin(async ({ open }) => {
    const { device } = shared
    await device.remember('Anna likes tulips')
    const screen = await (await open()).ready()
    await screen.add('known before joining')
    await screen.join((await device.invite()).uri)
    await screen.memory('Anna likes tulips').waitFor()
    await device.until('known before joining', true)
    await device.remember('from the laptop')
    await screen.memory('from the laptop').waitFor()
    await screen.add('from the page')
    await device.until('from the page', true)
    await screen.page.getByRole('button', { name: 'Forget: Anna likes tulips' }).click()
    await device.until('Anna likes tulips', false)
    await screen.device('laptop', 'connected, in sync')

    await screen.page.reload()
    await (await screen.ready()).shows(3)
    await screen.device('laptop', 'connected, in sync')
    await screen.add('after the reload')
    await device.until('after the reload', true)
    assert.equal((await device.texts()).sort(), ['after the reload', 'from the laptop', 'from the page', 'known before joining'])
  }))

for (const transport of ['ws', 'webrtc-direct']) {
  test(`a page reaches a Node device over ${transport} alone`, () =>
    withOrigin(async ({ open }) => {
      const { page } = await open('tools')
      const addrs = shared.device.addrs.filter(addr => addr.includes(`/${transport}`))
      assert.is(addrs.length, 1, shared.device.addrs.join(' '))
      const { code } = await shared.device.invite()
      assert.match(await page.evaluate<string>(`join(${JSON.stringify(code)}, ${JSON.stringify(addrs)})`), `/${transport}`)
    }))
}

test('edits made while the other device is off, and over a reload, arrive when it is back', () =>
  withOrigin(async ({ open }) => {
    const { device } = shared
    const screen = await (await open()).ready()
    await screen.join((await device.invite()).uri)
    await screen.device('laptop', 'connected, in sync')
    await device.stop()
    await screen.device('laptop', 'away')
    await screen.add('written alone')
    await screen.page.reload()
    await screen.ready()
    await screen.add('written alone after a reload')
    await device.remember('written while nobody ran')
    await device.start()
    // The network of the page went and came, as a browser tells it: no back-off is waited for.
    await screen.page.context().setOffline(true)
    await screen.page.context().setOffline(false)
    await screen.memory('written while nobody ran').waitFor()
    await device.until('written alone', true)
    await device.until('written alone after a reload', true)
    await screen.device('laptop', 'connected, in sync')
  }))

test('a device that moved to another address is found again through a third one', () =>
  withOrigin(async ({ open }) => {
    const { device } = shared
    const third = await NodeDevice.start(join(temp, 'third'), 'third')
    try {
      await third.join((await device.invite()).uri)
      const screen = await (await open()).ready()
      await screen.join((await device.invite()).uri)
      for (const name of ['laptop', 'third']) await screen.device(name, 'connected, in sync')
      await device.move()
      await screen.device('laptop', 'connected, in sync')
      await screen.add('to where the laptop is now')
      await device.until('to where the laptop is now', true)
    } finally {
      await third.stop()
    }
  }))

test('the page works as a device serves it, under its policy', () =>
  withTempDir(async dir => {
    if (!site) return
    const host = await startDevice({ home: dir, online: false })
    const api = createApi(host, { token: 'a token', version: '1', residentBytes: () => 1, page: pageFiles([site.folder]) })
    const server = await listen(async request => api.fetch(request), 0)
    const errors: string[] = []
    try {
      const page = await browser.open(server.url, errors)
      page.on('console', message => void (message.text().includes('Content Security Policy') && errors.push(message.text())))
      const screen = await new Screen(page).ready()
      await screen.join((await shared.device.invite()).uri)
      await screen.device('laptop', 'connected, in sync')
      await page.close()
      assert.equal(errors, [])
    } finally {
      await server.close()
      await host.stop()
    }
  }))

test('a full browser refuses the write in words, keeps nothing half, goes on reading, and writes again when there is room', () =>
  withOrigin(async ({ open, url }) => {
    const screen = await open('nowhere')
    const devtools = await screen.page.context().newCDPSession(screen.page)
    const { origin } = new URL(url)
    // Before anything is written: for half a minute the browser trusts an answer that there is room.
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 200_000 })
    await screen.page.goto(url)
    await screen.ready()
    const refused = screen.page.getByRole('alert').filter({ hasText: 'no room left' })
    const long = 'a long memory '.repeat(500)
    let kept = 0
    for (let full = false; !full; ) {
      await screen.enter(`${kept}: ${long}`)
      await refused.or(screen.page.locator('#count', { hasText: new RegExp(`^${kept + 1}$`) })).first().waitFor()
      full = await refused.isVisible()
      if (!full) kept++
    }
    assert.ok(kept > 1, 'there was some room')
    await screen.shows(kept)
    await screen.page.reload()
    await (await screen.ready()).shows(kept)
    assert.is(await screen.memory(`${kept}: `).count(), 0)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin })
    await screen.add('when there was room again')
    await screen.page.reload()
    await (await screen.ready()).shows(kept + 1)
  }))

test('a second tab says that the first has the device, and takes over when that is closed', () =>
  withOrigin(async ({ open }) => {
    const first = await (await open()).ready()
    await first.add('in the first tab')
    const second = await open()
    await second.page.getByText('Another tab has this device open').waitFor()
    await first.page.close()
    await (await second.ready()).memory('in the first tab').waitFor()
    await second.add('in the second tab')
  }))

test('a cleared view is rebuilt from the logs, and agrees with the other device', () =>
  withOrigin(async ({ open }) => {
    const screen = await (await open()).ready()
    await screen.join((await shared.device.invite()).uri)
    await screen.add('before the view was cleared')
    await shared.device.until('before the view was cleared', true)
    await screen.device('laptop', 'connected, in sync')
    const count = (await shared.device.texts()).length
    await screen.shows(count)
    await screen.page.close()
    const { page } = await open('tools')
    await page.evaluate("clear(['view', 'journal'])")
    await page.close()
    for (const _opening of ['rebuilds it', 'has it']) {
      const again = await (await open()).ready()
      await again.shows(count)
      await again.device('laptop', 'connected, in sync')
      await again.page.close()
    }
  }))

test.run()
