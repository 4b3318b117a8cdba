import { existsSync } from 'node:fs'
import { spawn, spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../tools/assert.ts'
import { Network } from './lan/network.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

const vswitch = process.env['KINMESH_VSWITCH'] ?? ''
const able = process.getuid?.() === 0 && existsSync('/dev/net/tun') && spawnSync('ip', ['netns', 'list']).status === 0
export const missing = able && existsSync(vswitch) ? undefined : 'root, iproute2, /dev/net/tun and a virtual switch, its path in KINMESH_VSWITCH'

const namespaces = () => spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.split('\n').filter(line => line.includes(`kinlan${process.pid}`))

test('sync --lan --quick measures edits on a slow and lossy link', async () => {
  const report = await documentOf('sync', '--lan', '--quick', '--vswitch', vswitch, '--rtt', '60', '--loss', '1', '--rate', '20')
  const p50 = valueOf(report, 'edit_visible_p50', '60 ms, 1 %, 20 Mbit/s')
  assert.ok(p50 > 30, `an edit cannot show before half a round trip, and did after ${p50} ms`)
  assert.ok(p50 <= valueOf(report, 'edit_visible_p99', '60 ms, 1 %, 20 Mbit/s'))
})

test('a round trip takes as long as the link says, and a cable that is out lets nothing through', async () => {
  const network = await Network.create(vswitch, 2, { rttMs: 80, lossPercent: 0, rateMbit: 0 })
  try {
    const [a, b] = [network.placeOf('a'), network.placeOf('b')]
    assert.equal(network.placeOf('a'), a)
    assert.throws(() => network.placeOf('c'), /room for 2/)
    const ping = () => spawnSync('ip', ['netns', 'exec', a.netns, process.execPath, '-e', roundTrip, b.host], { encoding: 'utf8' })
    const server = spawn('ip', ['netns', 'exec', b.netns, process.execPath, '-e', 'require("net").createServer(s => s.pipe(s)).listen(7000)'])
    try {
      const took = Number(ping().stdout)
      assert.ok(took >= 160 && took < 400, `opening a connection and an echo took ${took} ms`)
      network.plug('b', false)
      assert.not.ok(Number(ping().stdout) > 0)
      network.plug('b', true)
      assert.ok(Number(ping().stdout) >= 160)
    } finally {
      server.kill()
    }
  } finally {
    network.close()
  }
  assert.equal(namespaces(), [])
})

/** Prints how long a connection and an echo took, in ms. */
const roundTrip = `const at = Date.now(); const again = () => {
  const socket = require('net').connect({ host: process.argv[1], port: 7000 }, () => socket.end('x'))
  socket.on('data', () => { console.log(Date.now() - started); process.exit() }).on('error', () => Date.now() - at < 3000 ? setTimeout(again, 50) : process.exit(1))
  const started = Date.now()
}; again(); setTimeout(() => process.exit(1), 4000)`

test('what the machine lacks is named', async () => {
  const { code, stderr } = await bench('sync', '--lan', '--quick', '--vswitch', '/nowhere/vswitch')
  assert.is(code, 1)
  assert.match(stderr, /NeedsSwitch: there is no virtual switch at \/nowhere\/vswitch/)
  await rejects(Network.create('/bin/false', 2, { rttMs: 1, lossPercent: 0, rateMbit: 0 }), /virtual switch ended with 1/)
  assert.equal(namespaces(), [])
})

test.run()
