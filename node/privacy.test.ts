import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogFields, Logger } from '../mesh/log.ts'
import { startDevice, type Device } from './device.ts'
import { withTempDir } from './testing/temp.node.ts'

// Promise 1: raw conversation never leaves the device. The first sentences are said, one stands in a document, and the last is remembered and has to arrive.
const said = 'my secret canary is called Xylander-4711'
const saidToo = 'what do you know about Quetzal-0815'
const written = 'the vault of Zebulon-1620 is in the attic'
const meant = 'the boat is named Marlin-2342'

type Watched = { device: Device; sent: Uint8Array[]; payloads: Uint8Array[]; logged: string[]; home: string }

async function start(home: string, name: string): Promise<Watched> {
  const [sent, payloads, logged]: [Uint8Array[], Uint8Array[], string[]] = [[], [], []]
  const write = (message: string, fields?: LogFields) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const log: Logger = { debug: write, info: write, warn: write, error: write }
  const device = await startDevice({ home, name, port: 0, host: '127.0.0.1', mdns: false, webrtc: false, model: null, log, tap: ({ layer, bytes }) => void (layer === 'frame' ? sent : payloads).push(bytes.slice()) })
  return { device, sent, payloads, logged, home }
}

const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text)
const filesWith = (home: string, text: string): string[] => globSync('**', { cwd: home, withFileTypes: true }).filter(file => file.isFile() && holds(readFileSync(join(file.parentPath, file.name)), text)).map(file => file.name)

/** Resolves when `wanted` holds, looking at every change of the spaces and peers of the device. */
async function until({ sync }: Device, wanted: () => boolean): Promise<void> {
  while (!wanted()) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stops = [sync.onPeers(resolve), ...sync.spaces().map(space => space.subscribe(() => resolve()))]
    await promise
    for (const stop of stops) stop()
  }
}

test('what is said on a device, and what its documents say, is in no byte that leaves it, in no other home and in no log; what is remembered arrives', () =>
  withTempDir(async dir => {
    const [one, two] = [await start(join(dir, 'one'), 'one'), await start(join(dir, 'two'), 'two')]
    try {
      const invite = await one.device.pairing.invite({ unattended: true })
      await two.device.pairing.join(invite.uri, { signal: AbortSignal.timeout(20_000), onProgress() {} })
      await one.device.assistant.ask(said)
      await one.device.assistant.ask(saidToo)
      writeFileSync(join(dir, 'Zebulon.txt'), written)
      await one.device.documents.add(join(dir, 'Zebulon.txt'))
      assert.match((await one.device.assistant.ask('what is in the attic?')).text, written)
      const { memories } = await one.device.assistant.ask(`please remember that ${meant}`)
      const id = memories[0] ?? ''
      await until(two.device, () => two.device.sync.space('personal').get(id) !== undefined && two.device.sync.peers().every(peer => peer.synced))
      assert.match((await two.device.assistant.ask('what is the boat named?')).text, meant)
    } finally {
      await Promise.all([one.device.stop(), two.device.stop()])
    }
    // The tap works: the memory passed it, readable before it was sealed and unreadable after.
    assert.ok(one.sent.length > 0 && one.payloads.some(bytes => holds(bytes, meant)))
    assert.not(one.sent.some(bytes => holds(bytes, meant)))
    assert.ok(filesWith(one.home, 'Xylander-4711').includes('conversations.db'))
    for (const canary of [said, 'Xylander-4711', saidToo, 'Quetzal-0815', 'please remember that', written, 'Zebulon']) {
      for (const bytes of [...one.sent, ...one.payloads, ...two.sent, ...two.payloads]) assert.not(holds(bytes, canary), `${canary} left the device`)
      assert.equal(filesWith(two.home, canary), [], canary)
      for (const line of [...one.logged, ...two.logged]) assert.not.match(line, canary)
    }
    for (const line of [...one.logged, ...two.logged]) assert.not.match(line, 'Marlin-2342')
  }))

test.run()
