import { MembershipLog } from '../../../mesh/membership.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import type { SimulatedDevice } from './simulated-device.ts'

/**
 * The members of each space by all that any running device knows of it: what its own statements say is only what it has heard so far,
 * and a device that was removed by somebody it no longer meets goes on believing that it belongs to the others.
 */
export async function membersByAll(devices: readonly SimulatedDevice[]): Promise<Map<string, ReadonlySet<DeviceId>>> {
  const logs = new Map<string, MembershipLog>()
  for (const device of devices) {
    if (!device.ready) continue
    const { id, state } = device.personal
    const statements = state.membership.statements()
    const log = logs.get(id)
    if (log) await log.merge(statements)
    else logs.set(id, await MembershipLog.load(statements))
  }
  return new Map([...logs].map(([id, log]) => [id, new Set(log.members().keys())]))
}
