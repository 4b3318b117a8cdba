import type { Role } from '../mesh/types.ts'
import { KinmeshError } from '../mesh/errors.ts'
import type { Fault, HeldDeletion, MemberStatus, PeerSync } from '../sync/types.ts'
import { printable } from './memory.ts'
import type { DeviceParts } from './parts.ts'

export type ShownPeer = { id: string; name: string; role: Role; connected: boolean; synced: boolean; gap: boolean; lagMs: number | null }

/** What a keeper holds for the others; times are Unix ms. */
export type ShownKeeping = { entries: number; bytes: number; quotaBytes: number; ttlMs: number; oldestAt: number | null }

export type ShownMember = ShownPeer & { place: string; self: boolean; addedAt: number; lastSeen: number }

/** What the API tells of these is what sync/ says. */
export type ShownHeld = HeldDeletion
export type ShownFault = Fault

export function peersOf({ sync }: DeviceParts): ShownPeer[] {
  return sync.peers().map(shownPeer)
}

export function devicesOf({ sync, mesh, clock, name }: DeviceParts): ShownMember[] {
  const peers = new Map(sync.peers().map(peer => [peer.id, peer]))
  const seen = new Map(mesh.peers().map(peer => [peer.id, peer.lastSeen]))
  return sync.members().map(member => {
    const peer = peers.get(member.id)
    const state = peer ? shownPeer(peer) : { id: member.id, name: member.name, role: member.role, connected: member.self, synced: member.self, gap: false, lagMs: null }
    return { ...state, name: member.self ? name : member.name, place: member.place, self: member.self, addedAt: member.addedAt, lastSeen: member.self ? clock() : (seen.get(member.id) ?? 0) }
  })
}

/** Null for a device that reads. */
export function keepingOf({ sync }: DeviceParts): ShownKeeping | null {
  const kept = sync.kept()
  return kept ? { ...kept, oldestAt: kept.oldestAt ?? null } : null
}

export function spacesOf({ sync }: DeviceParts): { id: string; name: string; memories: number; digest: string }[] {
  return sync.spaces().map(space => ({ id: space.id, name: space.name, memories: space.count, digest: space.digest() }))
}

/** The one member that a person means by `nameOrId`. @throws `NoSuchDevice`, `AmbiguousDevice` */
export function findDevice(members: readonly MemberStatus[], nameOrId: string): MemberStatus {
  const exact = members.find(member => member.id === nameOrId)
  if (exact) return exact
  const named = members.filter(member => member.name.toLowerCase() === nameOrId.trim().toLowerCase())
  const [only] = named
  if (!only) throw new KinmeshError('NoSuchDevice', `there is no device "${printable(nameOrId)}": list them with kinmesh devices`)
  if (named.length > 1) throw new KinmeshError('AmbiguousDevice', `${named.length} devices are called "${printable(nameOrId)}": give the id from kinmesh devices instead`)
  return only
}

function shownPeer({ id, name, role, connected, synced, gap, lagMs }: PeerSync): ShownPeer {
  return { id, name, role, connected, synced, gap, lagMs: lagMs ?? null }
}
