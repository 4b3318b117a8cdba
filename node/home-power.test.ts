import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { parseIdentity } from '../mesh/identity.ts'
import { startDevice } from './device.ts'
import { openHome } from './home.node.ts'
import { withTempDir } from './testing/temp.node.ts'

/** Small files of a home. Each is written beside, synced and renamed: a power cut leaves the old one or the new one. These tests ask for more: any prefix of each. */
const smallFiles = ['identity', 'config.json', 'api-token', 'clock.json', 'peers.json', 'certificate'] as const
/** Where a file is cut in a whole start of a device; reading alone is tried at every byte. */
const shares = [0, 0.01, 0.3, 0.5, 0.9]

type Given = { readonly id: string; readonly name: string }

async function start(home: string): Promise<Given> {
  const device = await startDevice({ home, port: 0, host: '127.0.0.1', mdns: false, webrtc: false })
  const given = { id: device.id, name: device.name }
  await device.stop()
  return given
}

test('a small file cut anywhere is named, or the device starts as it was', () =>
  withTempDir(async dir => {
    const home = join(dir, 'home')
    const device = await startDevice({ home, name: 'laptop', port: 0, host: '127.0.0.1', mdns: false })
    await device.stop()
    writeFileSync(join(home, 'peers.json'), JSON.stringify({ [device.id]: ['/ip4/127.0.0.1/tcp/4455'] }))
    for (const file of smallFiles) {
      const whole = readFileSync(join(home, file))
      for (const share of [...shares.map(part => Math.floor(part * whole.length)), whole.length - 2, whole.length - 1]) {
        const copy = join(dir, 'copy')
        rmSync(copy, { recursive: true, force: true })
        mkdirSync(copy)
        cpSync(home, copy, { recursive: true })
        writeFileSync(join(copy, file), whole.subarray(0, share))
        try {
          assert.equal(await start(copy), { id: device.id, name: 'laptop' }, `${file} cut at byte ${share}`)
        } catch (error) {
          assert.ok(isKinmeshError(error, 'FileCorrupt', 'BadIdentity', 'BadCertificate'), `${file} cut at byte ${share}: ${String(error)}`)
          assert.equal(readFileSync(join(copy, file)).length, share, 'it was not touched')
        }
      }
    }
  }))

test('every prefix of an identity is refused by name', () =>
  withTempDir(async dir => {
    const { id } = await start(join(dir, 'home'))
    const whole = readFileSync(join(dir, 'home', 'identity'))
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => parseIdentity(whole.subarray(0, length)), (error: unknown) => isKinmeshError(error, 'BadIdentity'), `cut at byte ${length}`)
    }
    assert.is(parseIdentity(whole).id, id)
  }))

test('what a write left beside its file when the power went, at whatever length, is not taken for the file', () =>
  withTempDir(async dir => {
    const home = join(dir, 'home')
    const before = await start(home)
    const identity = readFileSync(join(home, 'identity'))
    for (let length = 0; length <= identity.length; length += 16) {
      writeFileSync(join(home, 'identity.0a1b2c3d.tmp'), identity.subarray(0, length))
      const opened = await openHome(home)
      assert.equal(opened.read('identity'), identity)
      assert.equal(readdirSync(home).filter(name => name.endsWith('.tmp')), [])
      opened.close()
    }
    assert.equal(await start(home), before)
  }))

test.run()
