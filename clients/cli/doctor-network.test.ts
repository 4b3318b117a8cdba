import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { doctor, finds } from './testing/doctor.node.ts'
import { document, up } from './testing/processes.node.ts'

// Each layer of the network is broken for real, in network namespaces, and the doctor must name it.

export const missing = mayMakeNamespaces() ? undefined : 'root and iproute2'

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

function mayMakeNamespaces(): boolean {
  const name = `kinmesh-doctor-${process.pid}-try`
  try {
    for (const act of ['add', 'del']) execFileSync('ip', ['netns', act, name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.run()
