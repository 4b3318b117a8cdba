import { MAX_ADDR_CHARS, MAX_ADDRS_PER_DEVICE } from './addresses.ts'
import { nextFrame } from './channel.ts'
import { decodeCbor, encodeCbor, FieldReader, malformed } from './codec.ts'
import type { Channel } from './types.ts'

/** Says where this device listens, and by answering that it is alive. */
export const greetingProtocol = '/kinmesh/hello/1'

/** Sends our addresses and returns the peer's. @throws KinmeshError `MalformedBytes`, `ChannelClosed` */
export async function greet(channel: Channel, addrs: readonly string[]): Promise<string[]> {
  await channel.send(encodeCbor([addrs.slice(0, MAX_ADDRS_PER_DEVICE)]))
  return readGreeting(channel)
}

/** The other end of `greet`. */
export async function answerGreeting(channel: Channel, addrs: readonly string[]): Promise<string[]> {
  const theirs = await readGreeting(channel)
  await channel.send(encodeCbor([addrs.slice(0, MAX_ADDRS_PER_DEVICE)]))
  return theirs
}

async function readGreeting(channel: Channel): Promise<string[]> {
  const frame = await nextFrame(channel)
  if (!frame) throw malformed('greeting', 'is missing')
  const fields = new FieldReader(decodeCbor(frame), 'greeting')
  const addrs = fields.list('addresses', MAX_ADDRS_PER_DEVICE, addr => {
    if (typeof addr !== 'string' || addr.length > MAX_ADDR_CHARS) throw malformed('greeting', 'an address is not a short text')
    return addr
  })
  fields.end()
  return addrs
}
