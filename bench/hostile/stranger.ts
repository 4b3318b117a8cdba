import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Random } from '../../sync/random.fixtures.ts'
import type { Deeds, Order, StrangerAttack } from './orders.ts'

/** Connections a second, of the storms. */
const perSecond = 100
/** Another address of loopback, as another machine of the network has another one than the honest devices. */
const localAddress = '127.0.0.66'

const text = (value: string) => new TextEncoder().encode(value)
/** multistream-select: a length, then a line. */
const line = (value: string) => new Uint8Array([value.length + 1, ...text(`${value}\n`)])
const opening = new Uint8Array([...line('/multistream/1.0.0'), ...line('/noise')])

type Raid = { readonly random: Random; readonly deeds: Deeds; readonly ports: readonly number[]; readonly until: number; readonly frames: number }

/** Attacks the ports of a device with bytes alone: it has no key that anybody knows. */
export async function attackAsStranger(order: Order): Promise<Deeds> {
  const ports = order.target.addrs.flatMap(addr => /\/tcp\/(\d+)/.exec(addr)?.[1] ?? []).map(Number)
  const raid: Raid = { random: new Random(order.seed), deeds: { sent: 0, begun: 0, ended: 0 }, ports: [...new Set(ports)], until: Date.now() + order.seconds * 1000, frames: order.frames }
  const act = acts[order.attack as StrangerAttack]
  const open = new Set<Socket>()
  for (let due = Date.now(); Date.now() < raid.until && raid.deeds.sent < raid.frames; due += 1000 / perSecond) {
    await wait(Math.max(0, due - Date.now()))
    const socket = connect({ port: raid.random.pick(raid.ports), host: '127.0.0.1', localAddress })
    open.add(socket)
    raid.deeds.begun++
    socket.on('error', () => raid.deeds.ended++)
    socket.on('close', () => open.delete(socket))
    // The victim hung up on it, which the listener above has counted.
    act(raid, socket).catch(() => socket.destroy())
  }
  for (const socket of open) socket.destroy()
  return raid.deeds
}

async function write(raid: Raid, socket: Socket, bytes: Uint8Array): Promise<void> {
  raid.deeds.sent++
  if (!socket.write(bytes)) await once(socket, 'drain')
}

const acts: Record<StrangerAttack, (raid: Raid, socket: Socket) => Promise<void>> = {
  async storm(_raid, socket) {
    await once(socket, 'connect')
    socket.destroy()
  },
  /** Begins, and never ends: a byte now and then. */
  async handshakes(raid, socket) {
    for (const byte of opening) {
      await write(raid, socket, new Uint8Array([byte]))
      await wait(500)
      if (socket.destroyed) return
    }
  },
  async garbage(raid, socket) {
    for (let count = 0; count < 20 && !socket.destroyed; count++) await write(raid, socket, raid.random.bytes(1 + raid.random.below(5000)))
  },
  /** A handshake with flipped bits, and noise messages that declare more than comes. */
  async flips(raid, socket) {
    const bytes = new Uint8Array([...opening, 0, 32, ...raid.random.bytes(32), 255, 255, ...raid.random.bytes(200)])
    for (let flips = raid.random.below(6); flips > 0; flips--) bytes[raid.random.below(bytes.length)]! ^= 1 << raid.random.below(8)
    await write(raid, socket, bytes)
    await wait(1000)
    socket.destroy()
  },
  async invited(raid, socket) {
    await acts[raid.random.chance(0.5) ? 'flips' : 'garbage'](raid, socket)
  }
}
