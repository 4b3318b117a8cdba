import { InvalidArgumentError, type Command } from 'commander'
import { basename, extname, join, resolve } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { homeDir } from '../../../node/home.node.ts'
import type { StoredModel } from '../../../node/model/store/store.ts'
import type { FineTuneOptions, FineTuneReport, FineTuneSource } from '../../../node/train/fine-tune/fine-tune-report.ts'
import type { PreparedFineTune } from '../../../node/train/fine-tune/fine-tune.node.ts'
import type { Io } from '../io.node.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { oneLine } from '../show.ts'
import { UsageError } from '../usage.ts'
import { interrupted } from './model-shown.node.ts'
import { listAdapters, removeAdapter, useAdapter } from './train-adapters.node.ts'
import { progressText, sayReport, saySummary } from './train-shown.ts'

type TrainOptions = CommonOptions & { data?: string; conversations?: boolean; epochs?: number; rank?: number; rate?: number; maxMemory?: number; out?: string; name?: string; restart?: boolean; yes?: boolean }

/** The name of what is learned from them, where none is given. */
const ofConversations = 'conversations'
/** A name is a folder on every system. */
const adapterName = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
const mib = 1024 ** 2

export function addTrainCommands(program: Command): void {
  const train = program
    .command('train')
    .description('teach the model in use from conversations: an adapter beside it, made and kept on this device')
    .option('--data <file>', 'a jsonl file, on each line a conversation: {"messages": [{"role", "content"}, …]}')
    .option('--conversations', 'what was said on this device')
    .option('--epochs <count>', 'times through the data (default: 3, and 100 steps at least)', above0)
    .option('--rank <rank>', 'how much an adapter can learn (default: 8)', above0)
    .option('--rate <rate>', 'how far a step goes (default: 0.002)', above0)
    .option('--max-memory <mib>', 'what it may take (default: half of what is free)', above0)
    .option('--name <name>', 'of the adapter (default: that of the file, or: conversations)')
    .option('--out <dir>', 'where the adapter is to lie (default: HOME/adapters/NAME)')
    .option('--restart', 'begin anew instead of going on with an interrupted training')
    .option('--yes', 'do not ask')
    .addHelpText('after', `
Nothing leaves this device: data, adapter and report stay here. An adapter holds what it learned; give it to nobody who may not know that.
A tenth of the conversations is held back, to measure with. Where training makes no held-out answer likelier, nothing is written.
Interrupted, even by a crash, the same command goes on where it was. It works while the device runs, too.

Of what was said on this device, answers that a model wrote are learned, except those that you corrected in your next turn ("No, …", "That's wrong", in English);
what the model was shown of your memories then is not stored, and so is not learned.

Examples:
  kinmesh train --data letters.jsonl
  kinmesh train --conversations --name evenings --max-memory 800`)
    .action(async (_: unknown, command: Command) => trainModel(command.optsWithGlobals<TrainOptions>()))
  train.command('list').description('the adapters that were trained here').action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>()
    await listAdapters(homeDir(options.home), ioFor(options, 'warn'))
  })
  train.command('use').description('have the model in use answer through an adapter that was trained beside it, or through none').argument('[name]').option('--none', 'as its makers made it').action(async (name: string | undefined, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & { none?: boolean }>()
    if ((name === undefined) === (options.none !== true)) throw new UsageError('which adapter? Either a NAME of kinmesh train list, or --none')
    await useAdapter(homeDir(options.home), name === undefined ? undefined : checkedName(name), ioFor(options, 'warn'))
  })
  train.command('remove').description('remove an adapter, or what is kept of an interrupted training').argument('<name>').action(async (name: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>()
    await removeAdapter(homeDir(options.home), checkedName(name), ioFor(options, 'warn'))
  })
}

async function trainModel(options: TrainOptions): Promise<void> {
  const io = ioFor(options, 'warn')
  const home = homeDir(options.home)
  const source = sourceOf(options, home)
  const name = checkedName(options.name ?? (source.kind === 'file' ? basename(source.path, extname(source.path)) : ofConversations))
  if (!io.interactive && options.yes !== true) throw new UsageError('nobody can be asked here: add --yes')
  const { openDeviceModels } = await import('../../../node/model/device-models.node.ts')
  const store = await openDeviceModels(join(home, 'models'))
  const model = await store.current()
  if (!model) throw new KinmeshError('NoModel', 'no model is in use: choose one with kinmesh model use NAME, or get one with kinmesh model pull OWNER/NAME')
  // Held, so that nobody removes it meanwhile; a folder elsewhere is its owner's affair.
  const held = (await store.list()).models.some(({ dir }) => dir === model.dir) ? await store.open(model.id) : undefined
  try {
    const { rank, rate, epochs, maxMemory, restart } = options
    const out = options.out === undefined ? join(home, 'adapters', name) : resolve(options.out)
    await trainInThread(io, model, { model: model.dir, source, work: join(home, 'training', name), out, rank, rate, epochs, restart, ...(maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * mib }) }, { name, asks: options.yes !== true, isUsable: options.out === undefined })
  } finally {
    held?.release()
  }
}

async function trainInThread(io: Io, model: StoredModel, options: FineTuneOptions, { name, asks, isUsable }: { readonly name: string; readonly asks: boolean; readonly isUsable: boolean }): Promise<void> {
  const { openFineTune } = await import('../../../node/train/fine-tune/threaded-fine-tune.node.ts')
  io.progress(`${oneLine(model.manifest.name)}  reads and plans`)
  let tuning: PreparedFineTune | undefined
  let report: FineTuneReport
  let began = false
  try {
    tuning = await openFineTune(options, io.signal)
    io.progress()
    saySummary(io, tuning.summary, options.source)
    if (asks && !(await io.confirm('Train now?'))) throw new KinmeshError('Declined', 'nothing was trained')
    began = true
    report = await tuning.run({ signal: io.signal, onProgress: progress => io.progress(progressText(name, progress)) })
    io.progress()
  } catch (error) {
    io.progress()
    if (!io.signal.aborted) throw error
    throw interrupted(began ? 'what was learned is kept, and the same command goes on with it' : 'nothing was trained', error)
  } finally {
    await tuning?.close()
  }
  io.document({ name, dir: options.out, ...report })
  sayReport(io, { name, dir: options.out, isUsable }, report)
}

function sourceOf({ data, conversations }: TrainOptions, home: string): FineTuneSource {
  if ((data === undefined) === (conversations !== true)) throw new UsageError('what is to be learned from? Either --data FILE.jsonl or --conversations')
  return data === undefined ? { kind: 'conversations', database: join(home, 'conversations.db') } : { kind: 'file', path: resolve(data) }
}

function checkedName(name: string): string {
  if (!adapterName.test(name)) throw new KinmeshError('InvalidOption', 'the name of an adapter has 1 to 64 letters, digits and . _ -, and begins with a letter or a digit: give one with --name')
  return name
}

function above0(given: string): number {
  const number = Number(given)
  if (!(number > 0 && number < Infinity)) throw new InvalidArgumentError('Give a number above 0.')
  return number
}
