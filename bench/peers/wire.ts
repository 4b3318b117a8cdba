import diagnostics from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const sockets = new Set<Socket>()

/** Counts what passes the TCP sockets of this process from now on: what the kernel is given and gives, sealing, framing and repeated greetings included. */
export function countSockets(): void {
  for (const channel of ['net.client.socket', 'net.server.socket']) {
    diagnostics.subscribe(channel, message => {
      sockets.add((message as { socket: Socket }).socket)
    })
  }
}

/** Bytes in both directions, closed sockets included. */
export function bytesOnWire(): number {
  let bytes = 0
  for (const { bytesRead, bytesWritten } of sockets) bytes += bytesRead + bytesWritten
  return bytes
}
