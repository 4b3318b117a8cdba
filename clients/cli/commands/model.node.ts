import { InvalidArgumentError, Option, type Command } from 'commander'
import { stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { homeDir, isHomeFree } from '../../../node/home.node.ts'
import { type ConvertRecipe, bitChoices, blockChoices } from '../../../node/model/convert-recipe.ts'
import { bytesOf, kinds, type ModelKind, type Recipe } from '../../../node/model/store/manifest.ts'
import type { PullProgress } from '../../../node/model/store/pull.node.ts'
import type { MatrixError } from '../../../node/model/write-weights.ts'
import type { ModelStore, StoredModel } from '../../../node/model/store/store.ts'
import { connect } from '../client.node.ts'
import type { Io } from '../io.node.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { oneLine, roughly, size, table } from '../show.ts'

type ModelSession = { readonly dir: string; readonly io: Io; readonly store: ModelStore }

/** Enough of an id to name a model by. */
const shownIdLength = 12
const shownErrors = 5
/** A large block is quicker, and loses more. */
const defaultBlock = 32

export function addModelCommands(program: Command): void {
  const model = program
    .command('model')
    .description('the models on this device: those that write, and those that make vectors of texts')
    .addHelpText('after', '\nModels lie in HOME/models. These commands work while the device runs, too.')
  model.command('list').description('which models are here, and which are in use').action(withStore(list))
  model
    .command('pull')
    .description('get a model from a hub; one that was cut off goes on where it was')
    .argument('<name>', 'as the hub names it: OWNER/NAME')
    .option('--revision <revision>', 'a branch, a tag or a commit', 'main')
    .addOption(new Option('--kind <kind>', 'what it is for; the hub says so when it is not given').choices(kinds))
    .option('--bits <bits>', 'of a weight of the model that is made of it: 4, 8 or 32', oneOf(bitChoices), 4)
    .option('--small', 'without the second set of weights, which reads prompts about three times as quickly')
    .option('--as-published', 'keep it as it comes, and make nothing of it')
    .addHelpText('after', '\nHF_ENDPOINT: another hub than https://huggingface.co. HF_TOKEN: a key to it, for private and gated models; it goes to the hub alone.\n\nExample:\n  kinmesh model pull Qwen/Qwen2.5-0.5B-Instruct')
    .action(withStore<PullCommandOptions>(pull))
  model
    .command('use')
    .description('choose the model that answers, or the encoder that makes vectors of texts')
    .argument('<name|dir>', 'its name or the beginning of its id, or a model directory, which stays where it is')
    .action(withStore(use))
  model
    .command('convert')
    .description('make a model that runs here of a published one: its folder with config.json, tokenizer.json and safetensors')
    .argument('<dir>', 'the folder of the published model')
    .requiredOption('--out <dir>', 'where the new one is to lie; appears whole or not at all')
    .option('--bits <bits>', 'of a weight: 4, 8 or 32', oneOf(bitChoices), 4)
    .option('--block <weights>', 'that share a scale: 32, 64 or 128', oneOf(blockChoices), defaultBlock)
    .option('--small', 'without the second set of weights, which reads prompts about three times as quickly')
    .option('--zero-points', 'give each block a zero point of its own: a little more exact, and larger')
    .addHelpText('after', '\nExample:\n  kinmesh model convert ./SmolLM2-135M-Instruct --bits 4 --out ./smol-4bit')
    .action(withStore<ConvertCommandOptions>(convert))
  model
    .command('remove')
    .description('remove a model from this device')
    .argument('<name>', 'its name or the beginning of its id')
    .option('--force', 'although it is in use')
    .action(withStore<CommonOptions & { force?: boolean }>(remove))
}

/** Reads one of some numbers. */
function oneOf(choices: readonly number[]): (text: string) => number {
  return text => {
    const found = choices.find(choice => String(choice) === text)
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.`)
    return found
  }
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
  const [writer, encoder] = [await inUse(store, 'decoder'), await inUse(store, 'encoder')]
  const chosen = [writer.current, encoder.current].filter(model => model !== null)
  const problems = [writer.problem, encoder.problem].filter(problem => problem !== null)
  const outside = chosen.filter(({ dir }) => !models.some(model => model.dir === dir))
  const shown = models.map(model => ({ ...summary(model), current: chosen.some(({ dir }) => dir === model.dir) }))
  io.document({ models: shown, broken, current: writer.current && summary(writer.current), encoder: encoder.current && summary(encoder.current), problem: problems.length === 0 ? null : problems.join('; ') })
  const rows = [...shown, ...outside.map(model => ({ ...summary(model), current: true }))].map(each => [
    each.current ? '*' : '', each.name, each.kind, size(each.bytes), recipeText(each.recipe), each.licence ?? 'unknown', each.id.slice(0, shownIdLength)
  ])
  if (rows.length > 0) io.say(table(['', 'NAME', 'KIND', 'SIZE', 'WEIGHTS', 'LICENCE', 'ID'], rows, { width: Infinity, head: text => io.style('bold', text) }))
  else if (broken.length === 0) io.say('no model is here yet: kinmesh model pull OWNER/NAME')
  for (const { dir, manifest } of outside) io.say(`\n* ${oneLine(manifest.name)} is in ${oneLine(dir)}`)
  for (const problem of problems) io.say(`${io.style('yellow', '!')} ${oneLine(problem)}`)
  for (const each of broken) io.say(`${io.style('yellow', '!')} ${each.id.slice(0, shownIdLength)}: ${oneLine(each.problem)}`)
}

/** A list is shown even where the model in use is not what it should be. */
async function inUse(store: ModelStore, kind: ModelKind): Promise<{ current: StoredModel | null; problem: string | null }> {
  try {
    return { current: (await store.current(kind)) ?? null, problem: null }
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    return { current: null, problem: error.message }
  }
}

type PullCommandOptions = CommonOptions & { revision: string; kind?: ModelKind; bits: ConvertRecipe['bits']; small?: boolean; asPublished?: boolean }

async function pull({ io, store }: ModelSession, name: string, { revision, kind, bits, small, asPublished }: PullCommandOptions): Promise<void> {
  const { pullModel } = await import('../../../node/model/store/pull.node.ts')
  const { pullConversion } = await import('../../../node/model/convert.node.ts')
  try {
    const { model, wasThere } = await pullModel(name, { store, revision, kind, convert: asPublished ? undefined : pullConversion({ bits, block: defaultBlock, zeroPoints: false, small: small === true }), log: io.log, signal: io.signal, onProgress: progress => io.progress(progressText(name, progress)) })
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
  if (model.manifest.kind === 'encoder') return tryEncoder(io, model)
  const device = await reloaded(dir, io)
  if (device && device.modelProblem !== null) throw new KinmeshError('ModelNotLoaded', `${model.manifest.name} is chosen, but does not load: ${device.modelProblem} (${device.model ?? 'no model'} answers meanwhile)`)
  io.document({ ...summary(model), running: device !== null })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} is the model in use`)
}

/** Loads the encoder that was chosen once: what does not load is told now, and not when something is looked up. */
async function tryEncoder(io: Io, model: StoredModel): Promise<void> {
  const { openThreadedEncoder } = await import('../../../node/model/encoder/threaded-encoder.node.ts')
  const encoder = await openThreadedEncoder({ dir: model.dir }).catch((error: unknown) => {
    if (!isKinmeshError(error)) throw error
    throw new KinmeshError('ModelNotLoaded', `${model.manifest.name} is chosen, but does not load: ${error.message}`, { cause: error })
  })
  await encoder.close()
  const { dimensions, isAssumed } = encoder
  io.document({ ...summary(model), dimensions, isAssumed, running: false })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} is the encoder in use  ${io.style('dim', `${dimensions} numbers for a text; recall does not ask it yet`)}`)
  if (isAssumed) io.say(`${io.style('yellow', '!')} nothing in it says how the vectors of words become one of the text, so their mean is taken: where its makers say CLS, get their own repository`)
}

/** Has the device of this home, where it runs, take what was chosen. */
async function reloaded(dir: string, io: Io): Promise<{ model: string | null; modelProblem: string | null } | null> {
  if (isHomeFree(dir, 0)) return null
  const client = await connect(dir, { alone: 'never', log: io.log })
  try {
    return await client.request('POST', '/api/model/reload')
  } finally {
    await client.close()
  }
}

type ConvertCommandOptions = CommonOptions & { bits: ConvertRecipe['bits']; block: ConvertRecipe['block']; zeroPoints?: boolean; small?: boolean; out: string }

async function convert({ io }: ModelSession, source: string, { bits, block, zeroPoints, small, out }: ConvertCommandOptions): Promise<void> {
  const { convertFolder } = await import('../../../node/model/convert.node.ts')
  try {
    const { id, manifest, errors } = await convertFolder(source, out, { bits, block, zeroPoints: zeroPoints === true, small: small === true }, {
      signal: io.signal,
      onProgress(bytes, totalBytes) {
        io.progress(`${basename(resolve(out))}  converts  ${Math.floor((bytes / totalBytes) * 100)} %  ${size(bytes)} of ${size(totalBytes)}`)
      }
    })
    io.progress()
    io.document({ ...summary({ id, dir: resolve(out), manifest }), errors })
    io.say(`${io.style('green', '✓')} ${oneLine(resolve(out))}  ${io.style('dim', `${size(bytesOf(manifest))}, ${id.slice(0, shownIdLength)}`)}`)
    if (errors.length > 0) io.say(errorTable(errors, io))
    io.say(`use it: kinmesh model use ${oneLine(out)}`)
  } catch (error) {
    io.progress()
    if (io.signal.aborted) throw new KinmeshError('Interrupted', 'interrupted: nothing was left behind', { cause: error })
    throw error
  }
}

/** The greatest errors of rounding; a model with many layers has hundreds. */
function errorTable(errors: readonly MatrixError[], io: Io): string {
  const worst = [...errors].sort((a, b) => b.relativeError - a.relativeError).slice(0, shownErrors)
  return table([`ROUNDED MOST (of ${errors.length})`, 'ERROR'], worst.map(({ name, relativeError }) => [name, `${(relativeError * 100).toFixed(2)} %`]), { width: Infinity, head: text => io.style('bold', text) })
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
