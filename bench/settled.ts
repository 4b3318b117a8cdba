import { setTimeout as wait } from 'node:timers/promises'
import { now } from './device/clock.ts'

/** A value has settled when it stayed within 1 % for this long, in ms; looked at this often; given up on after that. */
const calmMs = 3000
const lookMs = 250
const patienceMs = 30_000

/** What `look` says when it has stopped changing. */
export async function settled(look: () => Promise<number>): Promise<number> {
  const giveUpAt = now() + patienceMs
  let since = now()
  let reference = await look()
  let latest = reference
  while (now() - since < calmMs && now() < giveUpAt) {
    await wait(lookMs)
    latest = await look()
    if (Math.abs(latest - reference) <= reference / 100) continue
    reference = latest
    since = now()
  }
  return latest
}
