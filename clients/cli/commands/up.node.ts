import { InvalidArgumentError, type Command } from 'commander'
import { whenAborted } from '../../../node/feed.ts'
import { homeDir } from '../../../node/home.node.ts'
import { maxKeepMiB } from '../../../node/settings.ts'
import { listening, oneLine } from '../show.ts'
import { programName } from '../usage.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { reminderLine } from './reminders.node.ts'

type UpOptions = CommonOptions & { name?: string; port?: number; host?: string; mdns?: boolean; relay?: boolean; keepMib?: number; trustClock?: boolean }

/** How long to wait for a command that has the home open, in ms. */
const waitMs = 3000

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('run this device; the first time, make it')
    .option('-n, --name <name>', 'what the device is called; at first the name of the machine')
    .option('-p, --port <port>', 'of the API, on loopback; the mesh takes the next three (TCP, WebSocket, WebRTC). 0: any free ones; at first 4454', parsePort)
    .option('--host <address>', 'interface for the mesh; every one if not given')
    .option('--no-mdns', 'do not look for devices by multicast')
    .option('--no-relay', 'do not pass on between devices of yours that cannot reach each other')
    .option('--keep-mib <n>', 'what this device holds at most for the others when it is a keeper, in MiB; at first 256', parseMiB)
    .option('--trust-clock', 'go on although the clock is behind the last run')
    .addHelpText('after', '\nName, port, host, mdns, relay and keep-mib are kept in HOME/config.json for the next start.\nWith --json the first and only line on stdout says that the device is ready:\n  {"ready":true,"device":{"id","name"},"api":"http://127.0.0.1:4454","addrs":[…]}\nCtrl-C stops it.')
    .action(async (_: unknown, command: Command) => up(command.optsWithGlobals<UpOptions>()))
}

async function up({ name, port, host, mdns, relay, keepMib, trustClock, ...common }: UpOptions): Promise<void> {
  const io = ioFor(common, 'info')
  const dir = homeDir(common.home)
  const { startDevice } = await import('../../../node/device.ts')
  // commander says `mdns: true` when nothing was said, and `relay` alike.
  const device = await startDevice({ home: dir, name, port, host, mdns: mdns === false ? false : undefined, relay: relay === false ? false : undefined, keepMiB: keepMib, trustClock: trustClock === true, waitMs, log: io.log })
  const addrs = device.mesh.addrs()
  io.document({ ready: true, device: { id: device.id, name: device.name }, api: device.api, addrs })
  const dim = (text: string) => io.style('dim', text)
  const model = await device.model.ready()
  io.say(`${io.style('bold', `kinmesh · ${device.name}`)} is up\n`)
  io.say(`  ${dim('device')}   ${device.id}`)
  io.say(`  ${dim('home')}     ${dir}`)
  io.say(`  ${dim('api')}      ${device.api}`)
  if (device.page !== undefined) io.say(`  ${dim('page')}     ${device.page}  ${dim('a device of its own, in the browser that opens it')}`)
  for (const [index, line] of listening(addrs).entries()) io.say(`  ${dim(index === 0 ? 'listens' : '       ')}  ${line}`)
  io.say(`  ${dim('model')}    ${model?.name ?? 'none; it answers from memory only'}\n`)
  if (device.model.problem !== null) io.say(`${io.style('yellow', '!')} ${oneLine(device.model.problem)}\n`)
  const others = device.sync.members().length - 1
  io.say(others > 0 ? `It looks for its ${others === 1 ? 'other device' : `${others} other devices`}. Try, in another terminal:` : 'Next, in another terminal:')
  const self = programName()
  if (others === 0) io.say(`  ${self} invite                        ${dim('let another of your devices in')}`)
  io.say(`  ${self} remember "Anna likes tulips"  ${dim('it is then known on all of them')}`)
  io.say(`  ${self} ask "what does Anna like?"    ${dim('this stays on this device')}`)
  io.say(`\n${dim('Ctrl-C stops this device.')}`)
  // Where somebody may look at this terminal.
  if (process.stdout.isTTY && !io.json) device.reminders.onDue(reminder => io.say(reminderLine(io, reminder)))
  await Promise.race([device.stopped, whenAborted(io.signal)])
  await device.stop()
}

function parsePort(given: string): number {
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65532) throw new InvalidArgumentError('Give a port from 0 to 65532; the three after it are used too.')
  return port
}

function parseMiB(given: string): number {
  const mib = Number(given)
  if (!/^\d{1,7}$/.test(given) || mib < 1 || mib > maxKeepMiB) throw new InvalidArgumentError(`Give a number of MiB from 1 to ${maxKeepMiB}.`)
  return mib
}
