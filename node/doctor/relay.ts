import type { DeviceId, RelayStatus } from '../../mesh/types.ts'
import { ok, warn, type Check } from './check.ts'

const letAnotherRelay = 'let another device of yours relay, too: one that is always on and can be reached, started without --no-relay'

/** Whether devices that cannot reach each other meet through this one, and this one through others. */
export function checkRelay({ serving, reservations, maxReservations, relayed, maxRelayed, using, refused }: RelayStatus, nameOf: (id: DeviceId) => string): Check {
  if (serving && (reservations >= maxReservations || relayed >= maxRelayed)) {
    return warn('relay', `full: ${reservations} of ${maxReservations} devices can be found through this one, and ${relayed} of ${maxRelayed} connections pass through it`, letAnotherRelay)
  }
  const at = (reason: (code: string) => boolean) => refused.filter(each => reason(each.reason)).map(({ relay }) => nameOf(relay)).join(', ')
  const full = at(code => code === 'RelayFull')
  if (using.length === 0 && full) return warn('relay', `full at ${full}: devices that cannot reach this one directly do not find it`, letAnotherRelay)
  const unwilling = at(code => code !== 'RelayFull')
  if (using.length === 0 && unwilling) return warn('relay', `${unwilling} did not relay for this device`, 'look at kinmesh doctor there: it may run an older kinmesh')
  const found = using.length > 0 ? `this device can be found through ${using.map(nameOf).join(', ')}` : 'not needed here'
  return ok('relay', serving ? `${found}; relays for ${reservations} ${reservations === 1 ? 'other' : 'others'}` : `${found}; does not relay, as set`)
}
