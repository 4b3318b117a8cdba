import type { PeerSync } from '../../sync/types.ts'
import { ok, warn, type Check } from './check.ts'

/** Clocks of devices that set them by the network differ by less than a second; two minutes are no longer chance. */
const toleratedMs = 2 * 60_000
const setClock = '(on Linux: timedatectl set-ntp true)'

/** Times order what was said on different devices, so that a wrong clock lets old words win. `behindMs`: since the last run. */
export function checkClock(behindMs: number, peers: readonly Pick<PeerSync, 'name' | 'clockOffsetMs'>[]): Check {
  if (behindMs > 0) return warn('clock', `the clock is ${amount(behindMs)} behind what it was when kinmesh last ran`, `set the clock of this device ${setClock}`)
  const compared = peers.flatMap(({ name, clockOffsetMs }) => (clockOffsetMs === undefined ? [] : [{ name, offsetMs: clockOffsetMs }]))
  const wrong = compared.filter(({ offsetMs }) => Math.abs(offsetMs) > toleratedMs)
  const [first] = wrong
  if (!first) return ok('clock', `${new Date().toISOString()}${compared.length === 0 ? '' : `, as on ${compared.map(({ name }) => name).join(', ')}`}`)
  const text = `this device's clock is ${amount(first.offsetMs)} ${first.offsetMs > 0 ? 'behind' : 'ahead of'} that of ${wrong.map(({ name }) => name).join(', ')}`
  // Against several that agree, this one is wrong; against one of two, nobody can say.
  const mine = wrong.length > 1 && wrong.length === compared.length
  return warn('clock', text, `set the clock ${mine ? 'of this device' : 'that is wrong'} ${setClock}`)
}

function amount(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
