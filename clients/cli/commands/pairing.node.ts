import type { Command } from 'commander'
import { renderUnicodeCompact } from 'uqr'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { InviteEvent, JoinStep, ShownDevice } from '../../../node/pairing.ts'
import { programName, UsageError } from '../usage.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { oneLine } from '../show.ts'

type Invite = { ref: string; uri: string; code: string; expiresAt: number }
type JoinEvent = { event: 'step'; step: JoinStep } | { event: 'joined'; inviter: ShownDevice; keeper: boolean } | { event: 'failed'; error: { code: string; message: string } }

type InviteOptions = { yes?: boolean; keeper?: boolean }

const keeperText =
  'A keeper holds what your devices write, sealed, until those that were away have it: for up to 30 days.\n' +
  'It can read none of it and adds nothing. It sees the names of your devices, and when each of them writes how much.'

const stepTexts: Record<JoinStep, string> = {
  looking: 'looking for the device that invited',
  connecting: 'connecting',
  proving: 'proving the code',
  'waiting-for-confirmation': 'waiting for somebody to say yes on the other device',
  admitted: 'admitted'
}

export function addPairingCommands(program: Command): void {
  program
    .command('invite')
    .description('let another of your devices in: shows a code for kinmesh join')
    .option('-y, --yes', 'let whoever proves the code in without asking')
    .option('--keeper', 'as a keeper: it holds what your devices write, sealed, for those that are away, and can read none of it')
    .addHelpText('after', '\nThe code is good for ten minutes, one device and five tries. Then, on the other device:\n  kinmesh join kinmesh:…        the whole address, found anywhere the device can be reached\n  kinmesh join ABCD-EFGH-…      the short code, found by multicast in the same network')
    .action(withDevice<CommonOptions & InviteOptions>('online', invite))
  program
    .command('join')
    .description('join the devices of an invite')
    .argument('<invite>', 'kinmesh:… or the short code')
    .option('-a, --address <address...>', 'where to look for a short code when multicast does not reach: 192.168.1.7:4455 or a multiaddr')
    .addHelpText('after', '\nExamples:\n  kinmesh join ABCD-EFGH-JKMN-PQRS\n  kinmesh join ABCD-EFGH-JKMN-PQRS --address 192.168.1.7:4455')
    .action(withDevice<CommonOptions & { address?: string[] }>('online', join))
}

async function invite({ client, io }: Session, _: readonly string[], { yes = false, keeper = false }: InviteOptions): Promise<void> {
  const canAsk = io.interactive
  if (!yes && !canAsk && (!io.json || client.alone)) throw new UsageError('nobody can be asked here, as this is no terminal: add --yes to let whoever proves the code in')
  const { ref, uri, code, expiresAt } = await client.request<Invite>('POST', '/api/invites', { unattended: yes, keeper })
  io.document({ uri, code, expiresAt })
  if (keeper) io.say(`${keeperText}\n`)
  io.say(renderUnicodeCompact(uri, { border: 2 }))
  io.say(`On the other device, within ${Math.round((expiresAt - Date.now()) / 60_000)} minutes:\n`)
  io.say(`  ${programName()} join ${io.style('bold', code)}`)
  // Quoted, since a shell takes its & for the end of the command.
  io.say(`  ${io.style('dim', `${programName()} join '${uri}'`)}\n`)
  if (io.json && !client.alone && (yes || !canAsk)) {
    if (!yes) io.note('the invite stays open, but a newcomer has to be confirmed: run kinmesh invite in a terminal, or with --yes')
    return
  }
  try {
    await watch({ client, io }, ref, { yes, keeper })
  } catch (error) {
    if (io.signal.aborted) await client.request('DELETE', `/api/invites/${ref}`)
    throw error
  }
}

/** Until the newcomer is in: asks about it when it has proven the code. */
async function watch({ client, io }: Pick<Session, 'client' | 'io'>, ref: string, { yes, keeper }: Required<InviteOptions>): Promise<void> {
  let refused: string | undefined
  for await (const event of client.stream<InviteEvent>('GET', `/api/invites/${ref}/events`, { signal: io.signal })) {
    // What a refusal says is for the newcomer.
    if (event.event === 'failed') throw new KinmeshError(event.error.code, refused === undefined ? event.error.message : `${refused} was not let in: kinmesh invite makes a new invite`)
    const name = `"${oneLine(event.device.name)}" (${oneLine(event.device.place)})`
    if (event.event === 'newcomer') {
      io.note(`${name} has the code`)
      if (yes) continue
      const accept = await io.confirm(keeper ? `Let ${name} in as a keeper? It will see no memories.` : `Let ${name} in? It will see all memories in personal.`)
      if (!accept) refused = name
      await client.request('POST', `/api/invites/${ref}/decision`, { accept })
    } else {
      io.say(`${io.style('green', '✓')} ${name} is in${keeper ? ', as a keeper' : ''}`)
      return
    }
  }
}

async function join({ client, io }: Session, [given = '']: readonly string[], { address }: { address?: string[] }): Promise<void> {
  const body = { invite: given, ...(address ? { addresses: address } : {}) }
  for await (const event of client.stream<JoinEvent>('POST', '/api/join', { body, signal: io.signal })) {
    if (event.event === 'failed') throw new KinmeshError(event.error.code, event.error.message)
    if (event.event === 'step') {
      io.note(`${io.json ? '' : io.style('dim', '· ')}${stepTexts[event.step]}`)
      continue
    }
    io.document({ joined: true, inviter: event.inviter, keeper: event.keeper })
    io.say(`${io.style('green', '✓')} joined "${oneLine(event.inviter.name)}"${event.keeper ? ' as a keeper: this device holds sealed entries for the others and can read none' : ''}${client.alone ? '; now start this device with: kinmesh up' : ''}`)
    return
  }
  throw new KinmeshError('DeviceGone', 'the device stopped before it had joined: start it again with kinmesh up')
}
