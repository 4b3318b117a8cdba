import { Option, type Command } from 'commander'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { homeDir, isHomeFree } from '../../../node/home.node.ts'
import { bytesOf, kinds, type ModelKind, type Recipe } from '../../../node/model/store/manifest.ts'
import type { PullProgress } from '../../../node/model/store/pull.node.ts'
import type { ModelStore, StoredModel } from '../../../node/model/store/store.ts'
import type { Io } from '../io.node.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { oneLine, roughly, size, table } from '../show.ts'

type ModelSession = { readonly dir: string; readonly io: Io; readonly store: ModelStore }

/** Enough of an id to name a model by. */
const shownIdLength = 12

export function addModelCommands(program: Command): void {
  const model = program
    .command('model')
    .description('the language models on this device')
    .addHelpText('after', '\nModels lie in HOME/models. These commands work while the device runs, too.')
  model.command('list').description('which models are here, and which one is in use').action(withStore(list))
  model
    .command('pull')
    .description('get a model from a hub; one that was cut off goes on where it was')
    .argument('<name>', 'as the hub names it: OWNER/NAME')
    .option('--revision <revision>', 'a branch, a tag or a commit', 'main')
    .addOption(new Option('--kind <kind>', 'what it is for; the hub says so when it is not given').choices(kinds))
    .addHelpText('after', '\nHF_ENDPOINT: another hub than https://huggingface.co. HF_TOKEN: a key to it, for private and gated models; it goes to the hub alone.\n\nExample:\n  kinmesh model pull Qwen/Qwen2.5-0.5B-Instruct')
    .action(withStore<CommonOptions & { revision: string; kind?: ModelKind }>(pull))
  model
    .command('use')
    .description('choose the model that answers')
    .argument('<name|dir>', 'its name or the beginning of its id, or a model directory, which stays where it is')
    .action(withStore(use))
  model
    .command('remove')
    .description('remove a model from this device')
    .argument('<name>', 'its name or the beginning of its id')
    .option('--force', 'although it is in use')
    .action(withStore<CommonOptions & { force?: boolean }>(remove))
}

/** The models of a home have a lock of their own: these commands work beside a device that runs, and without one they start none. */
function withStore<Options extends CommonOptions>(action: (session: ModelSession, name: string, options: Options) => Promise<void>): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const options = command.optsWithGlobals<Options>()
    const io = ioFor(options, 'warn')
    const dir = homeDir(options.home)
    const { openModelStore } = await import('../../../node/model/store/store.node.ts')
    await action({ dir, io, store: await openModelStore(join(dir, 'models')) }, command.args[0] ?? '', options)
  }
}

async function list({ io, store }: ModelSession): Promise<void> {
  const { models, broken } = await store.list()
  const { current, problem } = await inUse(store)
  const isOutside = current !== null && !models.some(({ dir }) => dir === current.dir)
  const shown = models.map(model => ({ ...summary(model), current: model.dir === current?.dir }))
  io.document({ models: shown, broken, current: current && summary(current), problem })
  const rows = [...shown, ...(isOutside ? [{ ...summary(current), current: true }] : [])].map(each => [
    each.current ? '*' : '', each.name, each.kind, size(each.bytes), recipeText(each.recipe), each.licence ?? 'unknown', each.id.slice(0, shownIdLength)
  ])
  if (rows.length > 0) io.say(table(['', 'NAME', 'KIND', 'SIZE', 'WEIGHTS', 'LICENCE', 'ID'], rows, { width: Infinity, head: text => io.style('bold', text) }))
  else if (broken.length === 0) io.say('no model is here yet: kinmesh model pull OWNER/NAME')
  if (isOutside) io.say(`\n* is in ${oneLine(current.dir)}`)
  if (problem !== null) io.say(`${io.style('yellow', '!')} ${oneLine(problem)}`)
  for (const each of broken) io.say(`${io.style('yellow', '!')} ${each.id.slice(0, shownIdLength)}: ${oneLine(each.problem)}`)
}

/** A list is shown even where the model in use is not what it should be. */
async function inUse(store: ModelStore): Promise<{ current: StoredModel | null; problem: string | null }> {
  try {
    return { current: (await store.current()) ?? null, problem: null }
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    return { current: null, problem: error.message }
  }
}

async function pull({ io, store }: ModelSession, name: string, { revision, kind }: { revision: string; kind?: ModelKind }): Promise<void> {
  const { pullModel } = await import('../../../node/model/store/pull.node.ts')
  try {
    const { model, wasThere } = await pullModel(name, { store, revision, kind, log: io.log, signal: io.signal, onProgress: progress => io.progress(progressText(name, progress)) })
    io.progress()
    io.document({ ...summary(model), wasThere })
    io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} ${wasThere ? 'was here already' : 'is here'}  ${io.style('dim', `${size(bytesOf(model.manifest))}, ${model.id.slice(0, shownIdLength)}`)}`)
  } catch (error) {
    io.progress()
    if (io.signal.aborted) throw new KinmeshError('Interrupted', 'interrupted: what was fetched is kept, and the same command goes on from there', { cause: error })
    throw error
  }
}

function progressText(name: string, { phase, bytes, totalBytes, bytesPerSecond, leftMs }: PullProgress): string {
  if (phase === 'list') return `${name}  looks what there is`
  if (phase === 'convert') return `${name}  converts`
  const share = totalBytes === 0 ? 0 : Math.floor((bytes / totalBytes) * 100)
  const rate = bytesPerSecond === null ? '' : `  ${size(bytesPerSecond)}/s`
  const left = leftMs === null || leftMs === 0 ? '' : `  ${roughly(leftMs)} left`
  return `${name}  ${phase === 'check' ? 'checks' : 'gets'}  ${share} %  ${size(bytes)} of ${size(totalBytes)}${rate}${left}`
}

async function use({ dir, io, store }: ModelSession, given: string): Promise<void> {
  const model = await choose(store, given, io.signal)
  const isRunning = !isHomeFree(dir, 0)
  io.document({ ...summary(model), running: isRunning })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} is the model in use${isRunning ? '; the device that runs takes it at its next start' : ''}`)
}

/** What looks like a path is one; otherwise a model of this name comes before a folder of this name. */
async function choose(store: ModelStore, given: string, signal: AbortSignal): Promise<StoredModel> {
  if (isAbsolute(given) || /^\.{1,2}([/\\]|$)/.test(given)) return store.useFolder(given, { signal })
  try {
    return await store.use(given)
  } catch (error) {
    if (isKinmeshError(error, 'UnknownModelName') && (await isFolder(given))) return store.useFolder(given, { signal })
    throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

async function remove({ io, store }: ModelSession, given: string, { force }: { force?: boolean }): Promise<void> {
  const { id, name } = await store.remove(given, { force: force === true })
  io.document({ id, name, removed: true })
  io.say(`${io.style('green', '✓')} removed ${oneLine(name ?? id.slice(0, shownIdLength))}`)
}

function summary({ id, dir, manifest }: StoredModel) {
  const { name, kind, source, licence, recipe, madeAt } = manifest
  return { id, name, kind, bytes: bytesOf(manifest), licence, recipe, source, madeAt, dir }
}

function recipeText(recipe: Recipe | null): string {
  if (!recipe) return 'as published'
  return `${recipe.bits} bits${recipe.block === null ? '' : ` by ${recipe.block}`}`
}
