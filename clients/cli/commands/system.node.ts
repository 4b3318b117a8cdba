import type { Command } from 'commander'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { failedStart, type Check } from '../../../node/doctor/check.ts'
import { homeDir } from '../../../node/home.node.ts'
import type { ShownFault, ShownHeld, ShownKeeping, ShownPeer } from '../../../node/status.ts'
import { connect } from '../client.node.ts'
import { ioFor, withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { ago, duration, oneLine, size, table } from '../show.ts'
import type { Io, Style } from '../io.node.ts'

type Status = {
  device: { id: string; name: string }
  online: boolean
  removed: boolean
  peers: ShownPeer[]
  spaces: { id: string; name: string; memories: number; digest: string }[]
  keeping: ShownKeeping | null
  model: string | null
  modelProblem: string | null
  held: ShownHeld[]
  faults: ShownFault[]
}

/** Faults that a status shows; the newest ones matter. */
const shownFaults = 5
const marks: Record<Check['result'], [Style, string]> = { ok: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'] }

export function addSystemCommands(program: Command): void {
  program.command('status').description('how this device and its peers are').action(withDevice('offline', status))
  program
    .command('doctor')
    .description('look for what may be wrong, and say what to do')
    .action(async (_: unknown, command: Command) => doctor(command.optsWithGlobals<CommonOptions>()))
  const held = program.command('held').description('large deletions by other devices that wait for you').action(withDevice('offline', listHeld))
  held.command('accept').description('carry the deletion out').argument('<ref>').action(withDevice('offline', settle(true)))
  held.command('undo').description('keep what was to be deleted, on every device').argument('<ref>').action(withDevice('offline', settle(false)))
}

async function status({ client, io }: Session): Promise<void> {
  const state = await client.request<Status>('GET', '/api/status')
  io.document(state)
  const bold = (text: string) => io.style('bold', text)
  io.say(`${bold(oneLine(state.device.name))}  ${io.style('dim', state.device.id)}`)
  if (state.removed) io.say(io.style('red', 'This device was removed from its mesh: it keeps what it has, and no longer syncs.'))
  io.say(state.online ? `model: ${state.model ?? 'none; it answers from memory only'}` : 'not running: start it with kinmesh up')
  if (state.modelProblem !== null) io.say(`${io.style('yellow', '!')} ${oneLine(state.modelProblem)}`)
  if (state.keeping) io.say(keepingText(state.keeping))
  io.say()
  io.say(table(['SPACE', 'MEMORIES', 'DIGEST'], state.spaces.map(space => [space.name, String(space.memories), space.digest.slice(0, 16)]), { width: io.width, head: bold }))
  if (state.peers.length > 0) {
    const rows = state.peers.map(peer => [peer.name, `${peer.role === 'keeper' ? 'keeper, ' : ''}${peer.connected ? 'connected' : 'away'}`, peer.synced ? 'yes' : peer.gap ? 'no: turn on another device' : 'no', peer.lagMs === null ? '' : duration(peer.lagMs)])
    io.say(`\n${table(['PEER', 'STATE', 'IN SYNC', 'LAG'], rows, { width: io.width, head: bold })}`)
  }
  if (state.held.length > 0) io.say(`\n${io.style('yellow', '!')} ${state.held.length} large deletions wait for you: kinmesh held`)
  for (const fault of state.faults.slice(-shownFaults)) io.say(`\n${io.style('yellow', '!')} ${ago(fault.at, Date.now())}: ${oneLine(fault.text)}`)
}

function keepingText({ entries, bytes, quotaBytes, ttlMs, oldestAt }: ShownKeeping): string {
  const now = Date.now()
  const held = entries === 0 ? 'nothing now, as far as it knows all have everything' : `${entries} ${entries === 1 ? 'entry' : 'entries'}, ${size(bytes)}${oldestAt === null ? '' : `, the oldest from ${ago(oldestAt, now)}`}`
  return `keeper: it holds sealed entries for your other devices and can read none\nkeeps: ${held} (at most ${size(quotaBytes)}, and ${Math.round(ttlMs / 86_400_000)} days)`
}

/** A device that cannot start is the one that needs a doctor most: what keeps it from starting is then the finding. */
async function doctor(options: CommonOptions): Promise<void> {
  const io = ioFor(options, 'error')
  const checks = await examine(homeDir(options.home), io)
  io.document({ checks })
  for (const { name, result, text, fix } of checks) {
    io.say(`${io.style(...marks[result])} ${io.style('bold', name)}  ${oneLine(text)}`)
    if (fix !== undefined) io.say(`  ${io.style('dim', `→ ${oneLine(fix)}`)}`)
  }
  const failed = checks.filter(check => check.result === 'fail').length
  if (failed > 0) process.exitCode = 1
}

async function examine(dir: string, io: Io): Promise<Check[]> {
  try {
    const client = await connect(dir, { alone: 'offline', log: io.log })
    try {
      return (await client.request<{ checks: Check[] }>('GET', '/api/doctor')).checks
    } finally {
      await client.close()
    }
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    return [failedStart(error)]
  }
}

async function listHeld({ client, io }: Session): Promise<void> {
  const reply = await client.request<{ held: ShownHeld[] }>('GET', '/api/held')
  io.document(reply)
  const rows = reply.held.map(each => [each.ref, String(each.count), ago(each.at, Date.now()), each.device])
  io.say(rows.length === 0 ? 'no deletion waits for you' : table(['REF', 'MEMORIES', 'WHEN', 'DEVICE'], rows, { width: Infinity, head: text => io.style('bold', text) }))
  if (rows.length > 0) io.say('\ncarry one out with kinmesh held accept REF, or keep the memories with kinmesh held undo REF')
}

function settle(accept: boolean): (session: Session, args: readonly string[]) => Promise<void> {
  return async ({ client, io }, [ref = '']) => {
    await client.request('POST', `/api/held/${encodeURIComponent(ref)}`, { accept })
    io.document({ ref, accepted: accept })
    io.say(`${io.style('green', '✓')} ${accept ? 'deleted' : 'kept'}, on every device`)
  }
}
