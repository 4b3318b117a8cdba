import { execFileSync } from 'node:child_process'
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Check } from '../../node/doctor/check.ts'
import { startDevice } from '../../node/device.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, up } from './testing/processes.node.ts'

// Each layer is broken for real, in network namespaces where it is one of the network, and the doctor must name it.

type Place = { within?: readonly string[] }

/** The findings of `kinmesh doctor` by layer; whether it fails must show in its exit code. */
async function doctor(home: string, place: Place = {}): Promise<Map<string, Check>> {
  const { code, stdout } = await kinmesh(home, ['doctor', '--json'], place)
  const { checks } = JSON.parse(stdout) as { checks: Check[] }
  assert.is(code, checks.some(({ result }) => result === 'fail') ? 1 : 0)
  return new Map(checks.map(check => [check.name, check]))
}

function finds(checks: Map<string, Check>, layer: string, result: Check['result'], ...words: string[]): void {
  const check = checks.get(layer)
  assert.is(check?.result, result, `${layer} in ${JSON.stringify([...checks.values()])}`)
  for (const word of words) assert.ok(`${check?.text} ${check?.fix}`.includes(word), `${word} in ${JSON.stringify(check)}`)
}

test('store: a damaged page is found under a device that runs and has not read it', () =>
  withTempDir(async home => {
    await document(home, ['remember', 'tea at five'])
    const file = join(home, 'sync.db')
    const device = await up(home)
    try {
      finds(await doctor(home), 'store', 'ok', 'whole')
      await device.stop()
      // The last page belongs to some table; the header and the list of tables stay whole.
      const db = openSync(file, 'r+')
      writeSync(db, new Uint8Array(4096).fill(0xab), 0, 4096, statSync(file).size - 4096)
      closeSync(db)
      finds(await doctor(home), 'store', 'fail', 'damaged', 'away')
    } finally {
      await device.stop()
    }
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

if (process.getuid?.() === 0 && hasIp()) {
  test('network: no interface, no route for multicast, the wrong interface, another network', () =>
    withTempDir(home =>
      withNamespaces(async ([a, b], ip) => {
        finds(await doctor(home, a), 'interface', 'warn', 'but loopback')
        finds(await doctor(home, a), 'multicast', 'warn', 'no route')
        ip(`-n ${b.name} link set lan0 up`, `-n ${a.name} link set lan0 up`, `-n ${a.name} addr add 10.91.0.1/24 dev lan0`)
        finds(await doctor(home, a), 'interface', 'ok', 'lan0 10.91.0.1')
        finds(await doctor(home, a), 'multicast', 'warn', 'no route', 'dev lan0')
        ip(`-n ${a.name} link add tun0 type veth peer name far0`, `-n ${a.name} link set far0 up`, `-n ${a.name} addr add 10.92.0.1/24 dev tun0`, `-n ${a.name} link set tun0 up`, `-n ${a.name} route add default dev tun0`)
        finds(await doctor(home, a), 'multicast', 'warn', 'leaves through tun0', 'dev lan0')
        ip(`-n ${a.name} route replace 224.0.0.0/4 dev lan0`)
        finds(await doctor(home, a), 'multicast', 'ok', 'lan0')
      })
    ))

  test('port and peers: a device that is off, cut off, or in another network; a port closed by a firewall', () =>
    withTempDir(home =>
      withTempDir(otherHome =>
        withNamespaces(async ([a, b], ip) => {
          for (const [{ name }, address] of [[a, '10.91.0.1/24'], [b, '10.91.0.2/24']] as const) ip(`-n ${name} addr add ${address} dev lan0`, `-n ${name} link set lan0 up`, `-n ${name} link set lo up`, `-n ${name} route add default dev lan0`)
          const laptop = await up(home, ['--name', 'laptop', '--host', '10.91.0.1'], a)
          const phone = await up(otherHome, ['--name', 'phone', '--host', '10.91.0.2'], b)
          try {
            const { uri } = await document<{ uri: string }>(home, ['invite', '--yes'], a)
            await document(otherHome, ['join', uri], b)
            finds(await doctor(home, a), 'peer phone', 'ok', 'connected')
            finds(await doctor(home, a), 'port', 'ok', 'open')
            await phone.stop()
            finds(await doctor(home, a), 'peer phone', 'warn', '10.91.0.2 is on', 'closed', 'kinmesh up')
            ip(`-n ${b.name} addr del 10.91.0.2/24 dev lan0`)
            finds(await doctor(home, a), 'peer phone', 'warn', '10.91.0.2', 'does not answer', 'firewall')
            // Rules with ports stand before the table of local addresses, as a packet filter does.
            const port = laptop.addrs.flatMap(addr => /^\/ip4\/10\.91\.0\.1\/tcp\/(\d+)\/p2p/.exec(addr)?.[1] ?? [])[0]
            ip(`-n ${a.name} rule add pref 10 table local`, `-n ${a.name} rule del pref 0`, `-n ${a.name} rule add pref 5 ipproto tcp dport ${port} prohibit`)
            finds(await doctor(home, a), 'port', 'fail', `10.91.0.1 port ${port}`, 'firewall')
            ip(`-n ${a.name} addr add 10.95.0.1/24 dev lan0`, `-n ${a.name} addr del 10.91.0.1/24 dev lan0`)
            finds(await doctor(home, a), 'peer phone', 'warn', 'in none of the networks', '10.95.0.1')
            finds(await doctor(home, a), 'interface', 'fail', '10.91.0.1')
          } finally {
            await Promise.all([laptop.stop(), phone.stop()])
          }
        })
      )
    ))
}

type Namespace = { readonly name: string; readonly within: readonly string[] }

/** Two namespaces with a cable between them: lan0 in each, down and without an address. Gone when `work` ends. */
async function withNamespaces(work: (namespaces: [Namespace, Namespace], ip: (...commands: string[]) => void) => Promise<void>): Promise<void> {
  const ip = (...commands: string[]) => commands.forEach(command => void execFileSync('ip', command.split(' ')))
  const namespace = (side: string): Namespace => {
    const name = `kinmesh-doctor-${process.pid}-${side}`
    return { name, within: ['ip', 'netns', 'exec', name] }
  }
  const [a, b] = [namespace('a'), namespace('b')]
  try {
    ip(`netns add ${a.name}`, `netns add ${b.name}`, `link add lan0 netns ${a.name} type veth peer name lan0 netns ${b.name}`)
    await work([a, b], ip)
  } finally {
    for (const { name } of [a, b]) ip(`netns del ${name}`)
  }
}

function hasIp(): boolean {
  try {
    execFileSync('ip', ['netns', 'list'])
    return true
  } catch {
    return false
  }
}

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
