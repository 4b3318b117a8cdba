import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Network, Power } from './eligibility.ts'

/** Where Linux tells about them; other places for tests. */
export type SystemFolders = { readonly platform: string; readonly powerSupplies: string; readonly routes: string }
const system: SystemFolders = { platform: process.platform, powerSupplies: '/sys/class/power_supply', routes: '/proc/net/route' }

/**
 * Linux: what /sys/class/power_supply says (Documentation/ABI/testing/sysfs-class-power). A supply that is online is mains; a battery of the machine that discharges is none; a machine without a battery has
 * nothing else. Batteries of mice and the like (scope Device) say nothing. Elsewhere unknown: it takes a program or a library that this package does without.
 */
export async function powerNow({ platform, powerSupplies }: SystemFolders = system): Promise<Power> {
  if (platform !== 'linux') return 'unknown'
  let names: string[]
  try {
    names = await readdir(powerSupplies)
  } catch {
    return 'unknown' // a kernel without it, as in some containers
  }
  const supplies = await Promise.all(names.map(async name => {
    const [type, online, status, scope] = await Promise.all(['type', 'online', 'status', 'scope'].map(file => word(join(powerSupplies, name, file))))
    return { type, online, status, scope }
  }))
  const own = supplies.filter(({ scope }) => scope !== 'Device')
  const batteries = own.filter(({ type }) => type === 'Battery')
  if (own.some(({ type, online }) => type !== 'Battery' && online === '1')) return 'mains'
  if (batteries.length === 0) return own.some(({ online }) => online === '0') ? 'unknown' : 'mains'
  if (batteries.some(({ status }) => status === 'Discharging')) return 'battery'
  return batteries.every(({ status }) => status === 'Charging' || status === 'Full' || status === 'Not charging') ? 'mains' : 'unknown'
}

/** Mobile broadband, as Linux and its drivers name such devices. */
const mobile = /^(?:wwan|wwp|wwx|wwu|rmnet|ccmni|ppp)/

/**
 * Linux: metered where everything goes out through mobile broadband, by the name of the interface of the default route. A Wi-Fi may be a telephone's, a cable a satellite's: that is unknown, and for the person to say. Elsewhere
 * unknown.
 */
export async function networkNow({ platform, routes }: SystemFolders = system): Promise<Network> {
  if (platform !== 'linux') return 'unknown'
  let table: string
  try {
    table = await readFile(routes, 'utf8')
  } catch {
    return 'unknown' // a kernel without it
  }
  // Interface, destination, gateway, flags, …, mask: the default route has neither destination nor mask.
  const interfaces = table.split('\n').slice(1).map(line => line.split('\t')).filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000').map(([name = '']) => name)
  return interfaces.length > 0 && interfaces.every(name => mobile.test(name)) ? 'metered' : 'unknown'
}

/** Empty where there is no such file. */
async function word(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return '' // each kind of supply has some of the files
  }
}
