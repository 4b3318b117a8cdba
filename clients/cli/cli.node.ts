import { Command, CommanderError } from 'commander'
import { isKinmeshError } from '../../mesh/errors.ts'
import { version } from '../../node/version.node.ts'
import { addDeviceCommands } from './commands/devices.node.ts'
import { addDocumentCommands } from './commands/documents.node.ts'
import { addSimulateCommand } from './commands/federated-simulate.node.ts'
import { addListCommands } from './commands/lists.node.ts'
import { addMcpCommands } from './commands/mcp.node.ts'
import { addMemoryCommands } from './commands/memories.node.ts'
import { addModelCommands } from './commands/model.node.ts'
import { addPairingCommands } from './commands/pairing.node.ts'
import { addPermissionCommands } from './commands/permissions.node.ts'
import { addReminderCommands } from './commands/reminders.node.ts'
import { addSkillCommands } from './commands/skill.node.ts'
import { addSystemCommands } from './commands/system.node.ts'
import { addTalkCommands } from './commands/talk.node.ts'
import { addTrainCommands } from './commands/train.node.ts'
import { addUpCommand } from './commands/up.node.ts'
import { UsageError } from './usage.ts'

const failed = 1
const usage = 2

export function createProgram(): Command {
  const program = new Command('kinmesh')
    .description('One private assistant on all of your devices. What it remembers is shared between them; what you say to it stays where you said it.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => {}, ...(isJson() ? { writeErr: () => {} } : {}) })
    .configureHelp({ showGlobalOptions: true })
    .option('--home <dir>', 'folder of the device (default: KINMESH_HOME, else ~/.kinmesh)')
    .option('--json', 'print one JSON document, for programs')
    .option('--verbose', 'log everything to stderr')
    .option('--quiet', 'log nothing but errors')
    .addHelpText('after', '\nStart with:\n  kinmesh up                     on each device\n  kinmesh invite                 on one of them, then kinmesh join … on the other\n\nExit: 0 done, 1 failed, 2 called in a way that cannot be.')
  addUpCommand(program)
  addPairingCommands(program)
  addDeviceCommands(program)
  addMemoryCommands(program)
  addDocumentCommands(program)
  addListCommands(program)
  addReminderCommands(program)
  addTalkCommands(program)
  addPermissionCommands(program)
  addMcpCommands(program)
  addSkillCommands(program)
  addModelCommands(program)
  addTrainCommands(program)
  addSimulateCommand(program.command('federated').description('learning together'))
  addSystemCommands(program)
  program
    .command('demo')
    .description('three devices on this machine: pair, share, answer, crash, recover')
    .action(async (_: unknown, command: Command) => {
      const { demo } = await import('./demo.node.ts')
      await demo(command.optsWithGlobals())
    })
  return program
}

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  // Everything in a home is for its owner only, the files that SQLite makes included.
  process.umask(0o077)
  const json = isJson()
  // A reader that left (| head) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : failed))
  try {
    await createProgram().parseAsync()
  } catch (error) {
    process.exitCode = report(error, json)
  }
  // A command that has ended, its device stopped, does not wait for the timers that libraries leave behind (up to seconds).
  await Promise.all([process.stdout, process.stderr].map(flushed))
  process.exit()
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', () => resolve())
  })
}

/** Looked up by hand, since an error in the command line may come before --json is read. */
function isJson(): boolean {
  // What follows -- is another program's.
  const end = process.argv.indexOf('--')
  return process.argv.slice(0, end < 0 ? undefined : end).includes('--json')
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0 // --help and --version have printed already
  const isUsage = error instanceof CommanderError || error instanceof UsageError
  const code = isUsage ? 'Usage' : isKinmeshError(error) ? error.code : 'Internal'
  const message = messageOf(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
  process.stderr.write(`kinmesh: ${message}\n`)
  if (code === 'Internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return isUsage ? usage : failed
}

function messageOf(error: unknown): string {
  if (error instanceof CommanderError && error.code === 'commander.help') return 'which command? See kinmesh --help'
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
}
