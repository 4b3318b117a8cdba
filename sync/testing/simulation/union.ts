import { MembershipLog } from '../../../mesh/membership.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import type { SimulatedDevice } from './simulated-device.ts'

type Group = { readonly ids: Set<DeviceId>; readonly log: MembershipLog }

/**
 * The members of each space by all that its running devices can come to know of it: what a device's own statements say is only what it
 * has heard so far, and one that was removed by somebody it no longer meets goes on believing that it belongs to the others.
 *
 * Two devices tell each other when each is a member by what the other knows. Who is a member to none of them cannot tell them anything,
 * not even that its own removal does not count: the gate keeps it out on purpose (mesh/PROTOCOL.md, What counts). So there may be several
 * groups; the mesh is the largest, of equal ones the one that knows most.
 */
export async function membersByAll(devices: readonly SimulatedDevice[]): Promise<Map<string, ReadonlySet<DeviceId>>> {
  const groups = new Map<string, Group[]>()
  for (const device of devices) {
    if (!device.ready) continue
    const { id, state } = device.personal
    const group = { ids: new Set([device.id]), log: await MembershipLog.load(state.membership.statements()) }
    groups.set(id, [...(groups.get(id) ?? []), group])
  }
  const running = new Set(devices.filter(({ ready }) => ready).map(({ id }) => id))
  const members = new Map<string, ReadonlySet<DeviceId>>()
  for (const [space, apart] of groups) {
    const [mesh] = (await joined(apart)).sort((a, b) => belonging(b).length - belonging(a).length || b.log.statements().length - a.log.statements().length)
    if (mesh) members.set(space, new Set([...mesh.log.members().keys()].filter(id => mesh.ids.has(id) || !running.has(id))))
  }
  return members
}

/** Lets groups that can talk to each other tell all that they know, until no two are left that can. */
async function joined(groups: readonly Group[]): Promise<Group[]> {
  for (const a of groups) {
    const b = groups.find(other => other !== a && canTell(a, other))
    if (!b) continue
    await a.log.merge(b.log.statements())
    return joined([...groups.filter(group => group !== a && group !== b), { ids: new Set([...a.ids, ...b.ids]), log: a.log }])
  }
  return [...groups]
}

function canTell(a: Group, b: Group): boolean {
  return [...a.ids].some(id => b.log.members().has(id)) && [...b.ids].some(id => a.log.members().has(id))
}

function belonging({ ids, log }: Group): DeviceId[] {
  return [...ids].filter(id => log.members().has(id))
}
