import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { fail, ok, warn, type Check } from './check.ts'

/** The group and port of mDNS (RFC 6762). */
const mdnsGroup = '224.0.0.251'
const mdnsPort = 5353
/** Interfaces of containers, virtual machines and private networks: other devices of a home are not behind them. */
const virtualInterface = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|utun|wg|tailscale|zt|ppp)/

/** An IPv4 or IPv6 address of this machine, loopback left out. */
export type LocalAddress = { readonly interface: string; readonly address: string; readonly cidr: string }

/** `address`: the one that a question by multicast leaves from; `problem`: why it cannot leave. */
export type MulticastRoute = { readonly address: string } | { readonly problem: string }

export function localAddresses(): LocalAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).filter(({ internal, cidr }) => !internal && cidr !== null).map(({ address, cidr }) => ({ interface: name, address, cidr: cidr ?? '' }))
  )
}

/** True when `host` is in the network of one of `local`: no router lies between. */
export function isNear(host: string, local: readonly LocalAddress[]): boolean {
  const nets = new BlockList()
  for (const { cidr } of local) {
    const [net = '', bits = ''] = cidr.split('/')
    nets.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4')
  }
  return nets.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

/** Whether others can reach this device at all. `host`: what the settings say it listens at. */
export function checkInterface(local: readonly LocalAddress[], host: string | undefined): Check {
  if (host !== undefined && isLoopback(host)) return warn('interface', `kinmesh listens at ${host} only, where no other machine can reach it`, 'kinmesh up --host 0.0.0.0')
  const v4 = local.filter(({ address }) => isIPv4(address))
  if (v4.length === 0) return warn('interface', 'no network interface with an IPv4 address but loopback', 'connect this device to the network that the others are in')
  if (v4.every(({ address }) => address.startsWith('169.254.'))) return warn('interface', `only an address that this machine made up itself (${v4[0]?.address}): the router gave it none`, 'check the cable or the Wi-Fi password, and that the router gives out addresses (DHCP)')
  const listening = host === undefined || host === '0.0.0.0' || host === '::' ? v4 : local.filter(({ address }) => address === host)
  const [first] = listening
  if (!first) return fail('interface', `kinmesh is to listen at ${host}, which this machine has not got (it has ${v4.map(({ address }) => address).join(', ')})`, 'kinmesh up --host 0.0.0.0')
  if (listening.every(each => virtualInterface.test(each.interface))) return warn('interface', `kinmesh listens at ${first.address} on ${first.interface} only, an interface for containers or a private network`, 'kinmesh up --host 0.0.0.0')
  return ok('interface', listening.map(each => `${each.interface} ${each.address}`).join(', '))
}

/** Whether devices can find each other by themselves. `route`: undefined when multicast is off. */
export function checkMulticast({ local, host, route }: { local: readonly LocalAddress[]; host: string | undefined; route: MulticastRoute | undefined }): Check {
  if (!route) return ok('multicast', 'off, as set: devices meet at the addresses that they know')
  const real = local.filter(each => isIPv4(each.address) && !virtualInterface.test(each.interface))
  const wanted = real.find(({ address }) => address === host) ?? real[0]
  const fix = `sudo ip route replace 224.0.0.0/4 dev ${wanted?.interface ?? 'eth0'}, or join with the whole kinmesh: link`
  if ('problem' in route) return warn('multicast', `there is no route for it (${route.problem}), so devices do not find each other by themselves`, fix)
  const through = local.find(({ address }) => address === route.address)
  if (through && wanted && through.interface !== wanted.interface && (virtualInterface.test(through.interface) || wanted.address === host)) {
    return warn('multicast', `it leaves through ${through.interface} (${through.address}), and the other devices are likely behind ${wanted.interface} (${wanted.address})`, fix)
  }
  return ok('multicast', `leaves through ${through ? `${through.interface} (${through.address})` : route.address}`)
}

/** Asks the system for a route without sending anything: connecting a UDP socket looks one up. */
export async function multicastRoute(): Promise<MulticastRoute> {
  const socket = createSocket('udp4')
  try {
    socket.connect(mdnsPort, mdnsGroup)
    await once(socket, 'connect')
    return { address: socket.address().address }
  } catch (error) {
    return { problem: error instanceof Error && 'code' in error ? String(error.code) : String(error) }
  } finally {
    socket.close()
  }
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}
