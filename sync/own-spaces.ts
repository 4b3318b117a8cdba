import { sha256 } from '../mesh/crypto.ts'
import { MembershipLog } from '../mesh/membership.ts'
import type { DeviceId, Identity } from '../mesh/types.ts'
import { hexOf } from './stage.ts'
import type { Store } from './store.ts'
import type { SpaceName } from './types.ts'

/**
 * True when this identity is no member of its mesh any more: it was removed, or let in by somebody who had been. A new one takes over what is here: a removed one can never be let in again, and some
 * device may still hold what one wrote whose admission is void, which would fork the log that it began anew.
 */
export async function wasRemoved(store: Store, identity: Identity): Promise<boolean> {
  const personal = store.spaces().find(({ name }) => name === 'personal')
  if (!personal) return false
  return !(await MembershipLog.load(store.statements(personal.id))).members().has(identity.id)
}

/** After a removal the device goes on under a new identity: what it held is carried into spaces of its own, and its person is told. */
export async function leaveSpacesOfOthers(store: Store, identity: Identity, at: number): Promise<void> {
  for (const { id, name } of store.spaces()) {
    if (name === null) continue
    const membership = await MembershipLog.load(store.statements(id))
    const known = membership.members().has(identity.id) || membership.removedDevices().has(identity.id)
    if (known) continue
    const text = 'this device was removed from its mesh, and goes on alone under a new key with what it had: kinmesh join lets it in again'
    await store.commit({ space: id, naming: [{ id, name: null, into: name }], faults: name === 'personal' ? [{ at, kind: 'Removed', device: null, text }] : [] })
  }
}

/** Writes down a space with its name; the one that had it until now keeps its items for the new one. */
export async function storeSpace(store: Store, name: SpaceName, membership: MembershipLog, leaving?: string): Promise<void> {
  const id = hexOf(membership.space)
  const left = leaving === undefined ? [] : [{ id: leaving, name: null, into: name }]
  await store.commit({ space: id, naming: [...left, { id, name }], statements: membership.statements().map(statementRow) })
}

export function isKeeper(membership: MembershipLog, device: DeviceId): boolean {
  return membership.members().get(device)?.role === 'keeper'
}

export const statementRow = (bytes: Uint8Array): { hash: Uint8Array; bytes: Uint8Array } => ({ hash: sha256(bytes), bytes })
