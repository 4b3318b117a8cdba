import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../bench.ts'
import type { Started } from './calls.ts'
import { DeviceProcess, type ProcessOptions } from './process.ts'

/** A device that runs, and the process it runs in. */
export type Running = { readonly name: string; readonly home: string; readonly process: DeviceProcess; readonly started: Started }

export type LaunchOptions = Omit<ProcessOptions, 'profile' | 'netns'>

/** Starts the device of `home` in a new process. */
export async function launch(context: Context, name: string, options: LaunchOptions = {}, home = join(context.dir, name)): Promise<Running> {
  const { netns, host } = context.placeOf?.(name) ?? {}
  const process = new DeviceProcess({ ...options, profile: context.profile, netns })
  return { name, home, process, started: await process.call('start', { home, name, host }) }
}

/** Lets `newcomer` into the mesh of `member`, with an invite, as `kinmesh invite` and `kinmesh join` do. */
export async function pair(member: Running, newcomer: Running): Promise<{ admittedAt: number }> {
  return newcomer.process.call('join', await member.process.call('invite'))
}

/** Starts and pairs `names`; resolves when each is in sync with all others. */
export async function startMesh(context: Context, names: readonly string[], options: LaunchOptions = {}): Promise<Running[]> {
  const devices: Running[] = []
  for (const name of names) devices.push(await joinMesh(context, name, devices, options))
  await inSync(devices, 0)
  return devices
}

/** Starts one more device and lets it into the mesh of `members`, all of which it can reach. */
export async function joinMesh(context: Context, name: string, members: readonly Running[], options: LaunchOptions = {}): Promise<Running> {
  const device = await launch(context, name, options)
  if (members[0]) await pair(members[0], device)
  // On a real network multicast tells the devices of each other; on loopback each would know no more than its inviter.
  return members.length > 1 ? introduce(context, device, members, options) : device
}

/** Starts a device again with the addresses of `others` in its address book; they learn its own when it calls. */
async function introduce(context: Context, { process, home, name }: Running, others: readonly Running[], options: LaunchOptions): Promise<Running> {
  await process.stop()
  const book = Object.fromEntries(others.map(({ started }) => [started.id, started.addrs.map(addr => addr.replace(/\/p2p\/[^/]+$/, ''))]))
  writeFileSync(join(home, 'peers.json'), JSON.stringify(book))
  return launch(context, name, options, home)
}

/** Resolves when each device shows `count` memories and is connected to, and in sync with, all others. */
export async function inSync(devices: readonly Running[], count: number): Promise<void> {
  await Promise.all(devices.map(device => device.process.call('reached', { count, peers: devices.length - 1 })))
}

export async function stopAll(devices: readonly Running[]): Promise<void> {
  await Promise.all(devices.map(device => device.process.stop()))
}
