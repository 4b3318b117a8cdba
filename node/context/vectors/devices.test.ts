import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Device, startDevice } from '../../device.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { testEncoder } from './encoder.fixtures.ts'

const holds = (bytes: Uint8Array, wanted: Buffer): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(wanted)
const filesWith = (home: string, wanted: Buffer): string[] => globSync('**', { cwd: home, withFileTypes: true }).filter(file => file.isFile() && holds(readFileSync(join(file.parentPath, file.name)), wanted)).map(file => file.name)

/** Resolves when `wanted` holds, looking at every change of the space. */
async function until({ sync }: Device, wanted: () => boolean): Promise<void> {
  const space = sync.space('personal')
  while (!wanted()) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = space.subscribe(() => resolve())
    await promise
    stop()
  }
}

test('each device makes its own vectors, none of which leaves it; what is forgotten on one is gone from the files of both', () =>
  withTempDir(async dir => {
    const sent: Uint8Array[] = []
    const encoder = testEncoder({ dimensions: 64 })
    const start = (name: string) => startDevice({ home: join(dir, name), name, port: 0, host: '127.0.0.1', mdns: false, webrtc: false, model: null, encoder, tap: ({ bytes }) => void sent.push(bytes.slice()) })
    const [one, two] = [await start('one'), await start('two')]
    try {
      const invite = await one.pairing.invite({ unattended: true })
      await two.pairing.join(invite.uri, { signal: AbortSignal.timeout(20_000), onProgress() {} })
      const { id } = await one.sync.space('personal').put({ v: 1, kind: 'fact', text: 'the boat is named Marlin' })
      await until(two, () => two.sync.space('personal').get(id) !== undefined)
      await Promise.all([one.recall.settled(), two.recall.settled()])
      const [vector] = (await (await encoder.ready())?.encoder.embed(['the boat is named Marlin'])) ?? []
      const bytes = Buffer.from(vector?.buffer ?? new ArrayBuffer())
      for (const name of ['one', 'two']) assert.ok(filesWith(join(dir, name), bytes).some(file => file.startsWith('vectors.db')), name)
      const request = new Request(`${one.api}/api/memories/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${one.token}`, host: '127.0.0.1' } })
      assert.is((await one.fetch(request)).status, 200)
      assert.equal(filesWith(join(dir, 'one'), bytes), [])
      await until(two, () => two.sync.space('personal').get(id) === undefined)
      await two.recall.ready()
      assert.equal(filesWith(join(dir, 'two'), bytes), [])
      assert.ok(sent.length > 0 && !sent.some(each => holds(each, bytes)))
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
  }))

test.run()
