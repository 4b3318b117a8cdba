import { maxAddrChars, maxAddrsPerDevice } from './addresses.ts'
import { nextFrame } from './channel.ts'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from './codec.ts'
import { maxMembers } from './statement.ts'
import type { Channel, DeviceId } from './types.ts'

/** Says where this device and the others listen, and by answering that it is alive. */
export const greetingProtocol = '/kinmesh/hello/1'

/** Of another device: its best few, so that a greeting about a full mesh fits one frame. */
export const maxAddrsTold = 3
/** Characters of a device id: an Ed25519 PeerId has 52. */
const maxIdChars = 64

export type Greeting = {
  /** Where the sender listens. */
  readonly addrs: readonly string[]
  /** Where it last found other devices: two that only ever met a third find each other so, where multicast does not reach. */
  readonly others: readonly { readonly id: DeviceId; readonly addrs: readonly string[] }[]
  /** The sender relays between members. */
  readonly relays: boolean
}

/** Sends ours and returns the peer's. @throws KinmeshError `MalformedBytes`, `ChannelClosed` */
export async function greet(channel: Channel, greeting: Greeting): Promise<Greeting> {
  await channel.send(encodeGreeting(greeting))
  return readGreeting(channel)
}

/** The other end of `greet`. */
export async function answerGreeting(channel: Channel, greeting: Greeting): Promise<Greeting> {
  const theirs = await readGreeting(channel)
  await channel.send(encodeGreeting(greeting))
  return theirs
}

function encodeGreeting({ addrs, others, relays }: Greeting): Uint8Array {
  return encodeCbor([addrs.slice(0, maxAddrsPerDevice), others.slice(0, maxMembers).map(({ id, addrs: told }) => [id, told.slice(0, maxAddrsTold)]), relays])
}

async function readGreeting(channel: Channel): Promise<Greeting> {
  const frame = await nextFrame(channel)
  if (!frame) throw malformed('greeting', 'is missing')
  const fields = new FieldReader(decodeCbor(frame), 'greeting')
  const addrs = fields.list('addresses', maxAddrsPerDevice, readAddr)
  const others = fields.list('others', maxMembers, value => {
    const other = new FieldReader(value, 'greeting')
    const told = { id: other.text('id', maxIdChars), addrs: other.list('addresses', maxAddrsTold, readAddr) }
    other.end()
    return told
  })
  const relays = fields.bool('relays')
  fields.end()
  return { addrs, others, relays }
}

function readAddr(addr: CborValue): string {
  if (typeof addr === 'string' && addr.length <= maxAddrChars) return addr
  throw malformed('greeting', 'an address is not a short text')
}
