import type { Command } from 'commander'
import type { ShownMember } from '../../../node/status.ts'
import { withDevice, type Session } from '../session.node.ts'
import { ago, duration, oneLine, table } from '../show.ts'

export function addDeviceCommands(program: Command): void {
  const devices = program.command('devices').description('list your devices').action(withDevice('offline', list))
  devices
    .command('remove')
    .description('cut a device off; the others get a new key')
    .argument('<device>', 'its name or id')
    .addHelpText('after', '\nA removed device gets nothing new. What it has already, it keeps: nobody can take back what was read.')
    .action(withDevice('offline', remove))
}

async function list({ client, io }: Session): Promise<void> {
  const reply = await client.request<{ devices: ShownMember[] }>('GET', '/api/devices')
  io.document(reply)
  const now = Date.now()
  const rows = reply.devices.map(device => [device.name, device.role === 'keeper' ? 'keeper' : 'full', stateOf(device, now, client.alone), device.place, ago(device.addedAt, now), device.id])
  io.say(table(['NAME', 'ROLE', 'STATE', 'PLACE', 'ADDED', 'ID'], rows, { width: Infinity, head: text => io.style('bold', text) }))
}

function stateOf({ self, connected, synced, gap, lagMs, lastSeen }: ShownMember, now: number, alone: boolean): string {
  if (self) return 'this device'
  if (alone) return 'unknown while this device does not run'
  if (!connected) return lastSeen > 0 ? `away, seen ${ago(lastSeen, now)}` : 'away'
  if (gap) return 'no longer has all that is missing here: turn on another device'
  return `${synced ? 'in sync' : 'syncing'}${lagMs === null ? '' : `, lag ${duration(lagMs)}`}`
}

async function remove({ client, io }: Session, [device = '']: readonly string[]): Promise<void> {
  const { removed } = await client.request<{ removed: { id: string; name: string } }>('POST', '/api/devices/remove', { device })
  io.document({ removed })
  io.say(`${io.style('green', '✓')} removed "${oneLine(removed.name)}"; it gets nothing new, and keeps what it has read`)
  if (client.alone) io.say('this device does not run, so the others hear of it when it does: kinmesh up')
}
