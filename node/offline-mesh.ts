import { KinmeshError } from '../mesh/errors.ts'
import type { DeviceCard, Identity, Mesh } from '../mesh/types.ts'

/** A mesh without a network: for a command that opens a home for a moment and needs nobody else. */
export function offlineMesh(identity: Identity, { name, place }: { name: string; place: string }): Mesh {
  const card: DeviceCard = { id: identity.id, publicKey: identity.signing.publicKey, encryptionKey: identity.encryption.publicKey, name, place }
  const offline = async (): Promise<never> => {
    throw new KinmeshError('Offline', 'this device is not on the network: start it with kinmesh up')
  }
  return {
    identity,
    card,
    addrs: () => [],
    setMembers() {},
    peers: () => [],
    relay: () => ({ serving: false, reservations: 0, maxReservations: 0, relayed: 0, maxRelayed: 0, using: [], refused: [] }),
    handle() {},
    open: offline,
    onPeer: () => () => {},
    invite: offline,
    join: offline,
    wake() {},
    stop: async () => {}
  }
}
