import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { NodeDevice } from './testing/node-device.ts'
import { Screen } from './testing/screen.ts'
import { Site } from './testing/site.ts'

/** Two pages can call nobody but a Node device, and it brings them together. */
export const missing = missingBrowser

const temp = mkdtempSync(join(tmpdir(), 'kinmesh-pages-'))
const site = missing === undefined ? await Site.build() : undefined
const browser = new Browser()

test.after(async () => {
  await browser.remove()
  site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

test('two pages meet through a Node device, and go on without it', async () => {
  if (!site) return
  const relay = await NodeDevice.start(join(temp, 'relay'), 'relay')
  const origins = [await site.serve(), await site.serve()]
  const errors: string[] = []
  try {
    const screens: Screen[] = []
    for (const { url } of origins) {
      const screen = await new Screen(await browser.open(url, errors)).ready()
      await screen.join((await relay.invite()).uri)
      screens.push(screen)
    }
    const [one, two] = screens
    if (!one || !two) return assert.unreachable()
    for (const screen of screens) {
      await screen.device('relay', 'connected, in sync')
      await screen.device('Chrome on Linux', 'connected, in sync')
    }
    // Over WebRTC now: the relay is a device like any other, and may go.
    await relay.stop()
    for (const screen of screens) await screen.device('relay', 'away')
    await one.add('from page to page')
    await two.memory('from page to page').waitFor()
    await two.add('and back')
    await one.memory('and back').waitFor()
    for (const screen of screens) await screen.device('Chrome on Linux', 'connected, in sync')
    assert.equal(errors, [])
  } finally {
    await browser.remove()
    await relay.stop()
    for (const { close } of origins) await close()
  }
})

test.run()
