import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AddressInfo } from 'node:net'
import type { Memory } from '../../node/memory.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused, up } from './testing/processes.node.ts'

test('commands find the running device; it stops cleanly, and its name is kept', () =>
  withTempDir(async home => {
    const device = await up(home, ['--name', 'mini PC'])
    try {
      assert.is(device.device.name, 'mini PC')
      assert.ok(device.addrs.length > 0 && device.addrs.every(addr => addr.endsWith(device.device.id)))
      const status = await document<{ device: { id: string; name: string }; online: boolean; addrs: string[] }>(home, ['status'])
      assert.equal([status.device, status.online, status.addrs], [device.device, true, device.addrs])
      await document(home, ['remember', 'tea at five'])
      assert.match(await refused(home, ['up'], 'HomeInUse'), String(device.pid))
      const { checks } = await document<{ checks: { name: string; result: string }[] }>(home, ['doctor'])
      assert.equal(checks.filter(check => check.result === 'fail'), [])
    } finally {
      assert.is(await device.stop(), 0)
    }
    assert.match(device.stderr(), 'mesh started')
    assert.not.match(device.stderr(), 'tea at five')
    const again = await document<{ device: { name: string }; online: boolean }>(home, ['status'])
    assert.equal([again.device.name, again.online], ['mini PC', false])
  }))

test('a device told not to relay does not, and keeps that', () =>
  withTempDir(async home => {
    for (const args of [['--no-relay'], []]) {
      const device = await up(home, args)
      await device.stop()
      assert.match(device.stderr(), /mesh started.*relays=false/)
    }
  }))

test('kill -9 loses nothing that was acknowledged, and the home is free at once', () =>
  withTempDir(async home => {
    const device = await up(home)
    const texts = Array.from({ length: 5 }, (_, n) => `memory number ${n}`)
    for (const text of texts) await document(home, ['remember', text])
    await device.stop('SIGKILL')
    const { memories } = await document<{ memories: Memory[] }>(home, ['memories'])
    assert.equal(memories.map(memory => memory.text).sort(), texts)
    const again = await up(home)
    assert.equal(again.device, device.device)
    await again.stop()
  }))

test('a port in use is named', () =>
  withTempDir(async home => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    try {
      const { port } = taken.address() as AddressInfo
      for (const first of [port, port - 1]) {
        // As the API's port, and as the first one of the mesh.
        const message = await refused(home, ['up', '--host', '127.0.0.1', '--no-mdns', '--port', String(first)], 'PortInUse')
        assert.match(message, String(port))
      }
    } finally {
      taken.close()
    }
  }))

test('bad settings are named', () =>
  withTempDir(async home => {
    assert.match(await refused(home, ['up', '--name', ' '], 'BadSetting'), 'name')
    assert.match(await refused(home, ['up', '--host', 'nowhere.example'], 'BadSetting'), 'host')
    const ran = await kinmesh(home, ['up', '--port', 'x'])
    assert.is(ran.code, 2)
  }))

test.run()
