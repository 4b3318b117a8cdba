import { greetingProtocol } from '../../mesh/greeting.ts'
import { createMesh } from '../../mesh/mesh.ts'
import { pairingProtocol } from '../../mesh/pairing-messages.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'
import { syncProtocol } from '../../sync/sessions.ts'

/** For one attempt, in ms: the others are on this machine and answer at once, or not at all. */
const attemptMs = 5000
/** What members speak, and what strangers may. */
const protocols = [syncProtocol, greetingProtocol, pairingProtocol]

/**
 * Tries to reach members with the keys and the addresses of a device that was removed, by a program that holds them for members
 * still. Counts the streams over which anything came back.
 */
export async function intrude(identity: Identity, members: readonly { id: DeviceId; addrs: readonly string[] }[], attempts: number): Promise<{ opened: number; reasons: Set<string> }> {
  const addrs = Object.fromEntries(members.map(member => [member.id, member.addrs.map(addr => addr.replace(/\/p2p\/[^/]+$/, ''))]))
  const mesh = await createMesh({ identity, name: 'removed', place: 'elsewhere', port: 0, host: '127.0.0.1', mdns: false, addressBook: { load: async () => addrs, save: async () => {} } })
  const reasons = new Set<string>()
  let opened = 0
  try {
    mesh.setMembers(new Set(members.map(({ id }) => id)))
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const { id } of members) {
        try {
          const channel = await mesh.open(id, protocols[attempt % protocols.length] ?? '', { signal: AbortSignal.timeout(attemptMs) })
          // A stream may open on this side before the other has cut the connection: only an answer counts.
          const first = await channel.frames[Symbol.asyncIterator]().next()
          if (first.done) reasons.add('closed without a word')
          else opened++
        } catch (error) {
          reasons.add(error instanceof Error ? error.name : String(error))
        }
      }
    }
  } finally {
    await mesh.stop()
  }
  return { opened, reasons }
}
