import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import { startDevice } from '../../node/device.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { doctor, finds } from './testing/doctor.node.ts'
import { document, up } from './testing/processes.node.ts'

// Each layer is broken for real, and the doctor must name it; those of the network in doctor-network.test.ts.

test('store: a damaged page is found under a device that runs and has not read it', () =>
  withTempDir(async home => {
    await document(home, ['remember', 'tea at five'])
    const file = join(home, 'sync.db')
    const device = await up(home)
    try {
      finds(await doctor(home), 'store', 'ok', '1 memory,', 'whole')
      // The last page belongs to some table; the header and the list of tables stay whole.
      const db = openSync(file, 'r+')
      writeSync(db, new Uint8Array(4096).fill(0xab), 0, 4096, statSync(file).size - 4096)
      closeSync(db)
      finds(await doctor(home), 'store', 'fail', 'is damaged', 'stop this device')
    } finally {
      await device.stop()
    }
    finds(await doctor(home), 'store', 'fail', 'damaged', 'away')
  }))

test('certificate: damaged under a running device, and before a start', () =>
  withTempDir(async home => {
    const device = await up(home)
    try {
      finds(await doctor(home), 'certificate', 'ok')
      writeFileSync(join(home, 'certificate'), 'rubbish')
      finds(await doctor(home), 'certificate', 'fail', 'remove it')
    } finally {
      await device.stop()
    }
  }))

test('clock: two devices that disagree by three hours', () =>
  withTempDir(dir =>
    withTempDir(async otherDir => {
      const options = { port: 0, host: '127.0.0.1', mdns: false, webrtc: false }
      const laptop = await startDevice({ ...options, home: dir, name: 'laptop' })
      const phone = await startDevice({ ...options, home: otherDir, name: 'phone', clock: () => Date.now() - 3 * 3_600_000 })
      try {
        const invite = await laptop.mesh.invite({ confirm: async () => true, admit: card => laptop.sync.admit(card) })
        await phone.mesh.join(invite.uri, { store: statements => phone.sync.adopt(statements) })
        await known(laptop.sync.onPeers.bind(laptop.sync), () => laptop.sync.peers().some(peer => peer.clockOffsetMs !== undefined))
        finds(new Map((await laptop.examine()).map(check => [check.name, check])), 'clock', 'warn', '3 hours ahead of', 'phone')
      } finally {
        await Promise.all([laptop.stop(), phone.stop()])
      }
    })
  ))

test('port: taken by another program before the start', () =>
  withTempDir(home =>
    withTempDir(async otherHome => {
      const other = await up(otherHome)
      const taken = Number(new URL(other.api).port)
      try {
        writeFileSync(join(home, 'config.json'), JSON.stringify({ name: 'laptop', port: taken - 1 }))
        finds(await doctor(home), 'port', 'fail', String(taken), '--port')
      } finally {
        await other.stop()
      }
    })
  ))

test('interface: an address that this machine has not got keeps a device from starting', () =>
  withTempDir(async home => {
    writeFileSync(join(home, 'config.json'), JSON.stringify({ name: 'laptop', port: 0, host: '203.0.113.7' }))
    finds(await doctor(home), 'interface', 'fail', '203.0.113.7', '--host')
  }))

/** Waits on state, which `subscribe` tells of. */
function known(subscribe: (listener: () => void) => () => void, holds: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => {
    if (holds()) resolve()
  }
  const stop = subscribe(look)
  look()
  return promise.finally(stop)
}

test.run()
