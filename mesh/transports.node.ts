import { createSocket } from 'node:dgram'
import { createServer, isIPv6 } from 'node:net'
import { tcp } from '@libp2p/tcp'
import { webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { loadCertificate } from './certificate.ts'
import { discovery } from './discovery.node.ts'
import { KinmeshError } from './errors.ts'
import { RelayServer } from './relay-server.ts'
import { portsPerDevice, type TransportOptions, type TransportSetup } from './transports.ts'

/** Tries at three free ports in a row; ports are mostly free, so the first try mostly succeeds. */
const maxPortTries = 64
/** Where any free ports are looked for: above what services register, below what Linux and macOS hand out by themselves for outgoing sockets. */
const portRange = { from: 20_000, to: 32_000 }

/**
 * TCP, WebSocket and webrtc-direct on three ports in a row. The native listener of webrtc-direct (node-datachannel 0.33.4) often keeps its UDP port
 * until the process ends, though it was stopped: a second mesh in one process needs other ports. @throws KinmeshError `PortInUse` */
export async function openTransports({ port, host, certificate, mdns, webrtc, listen, relay, isMember, log, onFound }: TransportOptions): Promise<TransportSetup> {
  const base = !listen || port === 0 ? await anyFreePorts(host) : await checkPorts(host, port)
  const relayServer = relay && new RelayServer({ limits: relay, isMember, log })
  const ip = isIPv6(host) ? `/ip6/${host}` : `/ip4/${host}`
  return {
    transports: [
      tcp(),
      webSockets(),
      // No STUN: the library's default asks public servers for this device's address.
      ...(webrtc ? [webRTCDirect({ rtcConfiguration: { iceServers: [] }, certificate: await loadCertificate(certificate, Date.now()) })] : [])
    ],
    listen: listen ? [`${ip}/tcp/${base}`, `${ip}/tcp/${base + 1}/ws`, ...(webrtc ? [`${ip}/udp/${base + 2}/webrtc-direct`] : [])] : [],
    services: { ...(mdns ? { discovery: discovery(onFound) } : {}), ...(relayServer ? { relay: relayServer.service } : {}) },
    relayServer,
    canUpgrade: false
  }
}

async function checkPorts(host: string, base: number): Promise<number> {
  const taken = await firstTaken(host, base)
  if (taken === undefined) return base
  throw new KinmeshError('PortInUse', `port ${taken} is in use by another program: choose another with --port (${portsPerDevice} in a row are needed)`)
}

async function anyFreePorts(host: string): Promise<number> {
  for (let tries = 0; tries < maxPortTries; tries++) {
    const base = portRange.from + Math.floor(Math.random() * (portRange.to - portRange.from))
    if ((await firstTaken(host, base)) === undefined) return base
  }
  throw new KinmeshError('PortInUse', `found no ${portsPerDevice} free ports in a row: choose one with --port`)
}

/** libp2p reports a taken UDP port as a native error without a code, so all three are tried beforehand, in one way. */
async function firstTaken(host: string, base: number): Promise<number | undefined> {
  if (await isTakenTcp(host, base)) return base
  if (await isTakenTcp(host, base + 1)) return base + 1
  if (await isTakenUdp(host, base + 2)) return base + 2
  return undefined
}

function isTakenTcp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', error => settle(error, resolve, reject))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}

function isTakenUdp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    socket.once('error', error => {
      socket.close()
      settle(error, resolve, reject)
    })
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(false)))
  })
}

function settle(error: NodeJS.ErrnoException, resolve: (taken: boolean) => void, reject: (error: Error) => void): void {
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(true)
  else if (error.code === 'EADDRNOTAVAIL') reject(new KinmeshError('BadHost', 'this machine has no such address to listen at: choose another with --host', { cause: error }))
  else reject(error)
}
