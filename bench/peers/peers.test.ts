import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { rejects } from '../../tools/assert.ts'
import { row, table } from '../report.ts'
import { bench, documentOf, valueOf } from '../run.fixtures.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { measurePart } from './compare.ts'
import { isInstalled } from './install.ts'
import { systems } from './systems.ts'
import { bytesOnWire, countSockets } from './wire.ts'

test('sync --peers measures ours as it measures the others, and needs none of them for it', async () => {
  const report = await documentOf('sync', '--peers', '--quick', '--only', 'kinmesh')
  for (const [metric, variant] of [
    ['edit_visible_p50', '2'], ['edit_visible_p99', '2'], ['burst_writes', undefined], ['burst_writes', 'shown on the other device'],
    ['cold_join', '300'], ['cold_join', '300, pairing included'], ['restart', '300'], ['rss', '300']
  ] as const) assert.ok(valueOf(report, metric, variant) > 0, metric)
  assert.is(valueOf(report, 'lost_on_kill', 'of 50'), 0)
  // A memory has 140 to 200 bytes of words that are drawn by chance and sealed: fewer were not all counted, and ten times as many are not one link.
  const perEdit = valueOf(report, 'bytes_on_wire', '20 edits') * 1000 / 20
  assert.ok(perEdit > 140 && perEdit < 2000, `${perEdit} bytes for an edit`)
  assert.ok(valueOf(report, 'bytes_on_wire', 'join 300') > 300 * 0.14)
})

test('a system or part that does not exist is named', async () => {
  const { code, stderr } = await bench('sync', '--peers', '--only', 'kinmesh,rejoin')
  assert.is(code, 2)
  assert.match(stderr, /not "rejoin"/)
})

test('a peer that fails or takes too long is left out with a word why, and ours fails the bench', () =>
  withTempDir(async dir => {
    const said: string[] = []
    const context = { dir: join(dir, 'part'), say: (text: string) => void said.push(text), profile: undefined }
    const [ours, peer] = systems
    if (!ours || !peer) throw new Error('there are no systems')
    const failing = { name: 'large', measure: () => Promise.reject(new Error('no such thing')) }
    const endless = { name: 'burst', measure: () => new Promise<never>(() => undefined) }
    assert.equal(await measurePart(context, failing, peer, 1000), [])
    assert.equal(await measurePart(context, endless, peer, 10), [])
    assert.equal(said, ['large, hocuspocus: left out: no such thing', 'burst, hocuspocus: left out: took longer than 0.01 s'])
    await rejects(() => measurePart(context, failing, ours, 1000), /no such thing/)
  }))

test('acknowledgements settle what was sent before them, in order', async () => {
  const acknowledgements = new Acknowledgements()
  const settled: string[] = []
  await acknowledgements.settled()
  acknowledgements.arrived() // of nothing that was sent: it must not count later
  const wait = (name: string) => acknowledgements.settled().then(() => void settled.push(name))
  acknowledgements.sent()
  const first = [wait('first'), wait('first again')]
  acknowledgements.sent(2)
  const third = wait('third')
  acknowledgements.arrived()
  await Promise.all(first)
  acknowledgements.arrived()
  await Promise.resolve()
  assert.equal(settled, ['first', 'first again'])
  acknowledgements.arrived(5)
  await third
  assert.equal(settled, ['first', 'first again', 'third'])
})

test('bytes are counted on sockets of both kinds, and stay counted when they close', async () => {
  countSockets()
  const before = bytesOnWire()
  const server = createServer(socket => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const socket = connect(address.port, '127.0.0.1').resume()
  socket.end(Buffer.alloc(1000))
  await once(socket, 'close')
  server.close()
  await once(server, 'close')
  // Both ends are in this process: sent, received, sent back and received.
  assert.is(bytesOnWire() - before, 4000)
})

test('peers count as installed in exactly the versions of the lock file', () =>
  withTempDir(dir => {
    const install = (name: string, version: string) => {
      mkdirSync(join(dir, 'node_modules', name), { recursive: true })
      writeFileSync(join(dir, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }))
    }
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({
      packages: { '': { dependencies: { a: '1.0.0', '@b/c': '^2.0.0' } }, 'node_modules/a': { version: '1.0.0' }, 'node_modules/@b/c': { version: '2.1.0' } }
    }))
    assert.not(isInstalled(dir))
    install('a', '1.0.0')
    assert.not(isInstalled(dir))
    install('@b/c', '2.0.0')
    assert.not(isInstalled(dir))
    install('@b/c', '2.1.0')
    assert.ok(isInstalled(dir))
  }))

test('several subjects stand side by side, and what one lacks stays empty', () => {
  const rows = [row('join', 5, 'ms', '10k'), row('join', 12.5, 'ms', '10k', 'other'), row('lost', 1234, 'count', undefined, 'other')]
  assert.is(table(rows), ['metric  case  unit   kinmesh  other', 'join    10k   ms           5   12.5', 'lost          count           1,234'].join('\n'))
})

test.run()
