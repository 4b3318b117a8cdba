import { InvalidArgumentError, Option, type Command } from 'commander'
import { stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { homeDir } from '../../../node/home.node.ts'
import { type ConvertRecipe, bitChoices, blockChoices } from '../../../node/model/convert-recipe.ts'
import { bytesOf, kinds, type ModelKind } from '../../../node/model/store/manifest.ts'
import type { modelSummary } from '../../../node/model/store/model-summary.ts'
import type { MatrixError } from '../../../node/model/write-weights.ts'
import type { ModelStore, StoredModel } from '../../../node/model/store/store.ts'
import type { Io } from '../io.node.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { duration, oneLine, size, table } from '../show.ts'
import { defaultBlock, defaultRevision, pull, type PullCommandOptions } from './model-pull.node.ts'
import { interrupted, recipeText, shownIdLength, summary, withRunning, type Holder, type ModelSession } from './model-shown.node.ts'

const shownErrors = 5

export function addModelCommands(program: Command): void {
  const model = program
    .command('model')
    .description('the models on this device: those that write, and those that make vectors of texts')
    .addHelpText('after', '\nModels lie in HOME/models. These commands work while the device runs, too.')
  model.command('list').description('which models are here and on your other devices, and which are in use').action(withStore(list))
  model
    .command('pull')
    .description('get a model from your other devices, or else from a hub; one that was cut off goes on where it was')
    .argument('<name>', 'as the hub names it: OWNER/NAME; or what kinmesh model list shows of another device')
    .option('--revision <revision>', 'a branch, a tag or a commit', defaultRevision)
    .option('--from <device>', 'this device and no other, or: hub')
    .addOption(new Option('--kind <kind>', 'what it is for; the hub says so when it is not given').choices(kinds))
    .option('--bits <bits>', 'of a weight of the model that is made of it: 4, 8 or 32', oneOf(bitChoices), 4)
    .option('--small', 'without the second set of weights, which reads prompts about three times as quickly')
    .option('--as-published', 'keep it as it comes, and make nothing of it')
    .addHelpText('after', '\nDevices of yours that are connected are asked first, and the hub only when none of them has it. --from hub also looks for a newer one.\n\nHF_ENDPOINT: another hub than https://huggingface.co. HF_TOKEN: a key to it, for private and gated models; it goes to the hub alone.\n\nExample:\n  kinmesh model pull Qwen/Qwen2.5-0.5B-Instruct')
    .action(withStore<PullCommandOptions>(pull))
  model
    .command('use')
    .description('choose the model that answers, or the encoder that makes vectors of texts')
    .argument('<name|dir|none>', 'its name or the beginning of its id, or a model directory, which stays where it is; none: memories alone answer')
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
    .command('bench')
    .description('how quickly a model runs on this machine, in a few seconds')
    .argument('[name|dir]', 'its name or the beginning of its id, or a model directory (default: the model in use)')
    .addHelpText('after', '\nA running device keeps its own model loaded meanwhile: stop it, or let it be idle, for figures that mean something.')
    .action(withStore(bench))
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
    const { openDeviceModels } = await import('../../../node/model/device-models.node.ts')
    await action({ dir, io, store: await openDeviceModels(join(dir, 'models')) }, command.args[0] ?? '', options)
  }
}

async function list(session: ModelSession): Promise<void> {
  const { io, store } = session
  const others = (await withRunning(session, client => client.request<{ devices: OtherDevice[] }>('GET', '/api/models/others')))?.devices ?? null
  const { models, broken } = await store.list()
  const [writer, encoder] = [await inUse(store, 'decoder'), await inUse(store, 'encoder')]
  const builtIn = await store.builtIn()
  const chosen = [writer.current, encoder.current].filter(model => model !== null)
  const problems = [writer.problem, encoder.problem].filter(problem => problem !== null)
  const outside = chosen.filter(({ dir }) => dir !== builtIn?.dir && !models.some(model => model.dir === dir))
  const shown = [...(builtIn ? [builtIn] : []), ...models].map(model => ({ ...summary(model), builtIn: model === builtIn, current: chosen.some(({ dir }) => dir === model.dir) }))
  const problem = problems.length === 0 ? null : problems.join('; ')
  io.document({ models: shown, broken, current: writer.current && summary(writer.current), encoder: encoder.current && summary(encoder.current), problem, others })
  const rows = [...shown, ...outside.map(model => ({ ...summary(model), builtIn: false, current: true }))].map(each => [
    each.current ? '*' : '', each.builtIn ? `${each.name} (comes with kinmesh)` : each.name, each.kind, size(each.bytes), recipeText(each.recipe), each.licence ?? 'unknown', each.id.slice(0, shownIdLength)
  ])
  if (rows.length > 0) io.say(table(['', 'NAME', 'KIND', 'SIZE', 'WEIGHTS', 'LICENCE', 'ID'], rows, { width: Infinity, head: text => io.style('bold', text) }))
  else if (broken.length === 0) io.say('no model is here yet: kinmesh model pull OWNER/NAME')
  for (const { dir, manifest } of outside) io.say(`\n* ${oneLine(manifest.name)} is in ${oneLine(dir)}`)
  for (const problem of problems) io.say(`${io.style('yellow', '!')} ${oneLine(problem)}`)
  for (const each of broken) io.say(`${io.style('yellow', '!')} ${each.id.slice(0, shownIdLength)}: ${oneLine(each.problem)}`)
  if (others) sayOthers(others, new Set(models.map(({ id }) => id)), io)
}

/** `problem`: why the device did not say what it has. */
type OtherDevice = { readonly device: Holder; readonly models: readonly ReturnType<typeof modelSummary>[]; readonly problem: string | null }

function sayOthers(others: readonly OtherDevice[], here: ReadonlySet<string>, io: Io): void {
  const rows = others.flatMap(({ device, models }) => models.map(each => [device.name, each.name, each.kind, size(each.bytes), recipeText(each.recipe), here.has(each.id) ? 'yes' : '', each.id.slice(0, shownIdLength)]))
  if (rows.length > 0) io.say(`\n${table(['ON', 'NAME', 'KIND', 'SIZE', 'WEIGHTS', 'HERE', 'ID'], rows, { width: Infinity, head: text => io.style('bold', text) })}`)
  for (const { device, problem } of others) if (problem !== null) io.say(`${io.style('yellow', '!')} ${oneLine(device.name)}: ${oneLine(problem)}`)
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

async function use(session: ModelSession, given: string): Promise<void> {
  const { io, store } = session
  if (given === 'none') {
    await store.useNone()
    const running = (await reloaded(session)) !== undefined
    io.document({ id: null, running })
    return io.say(`${io.style('green', '✓')} no model answers; memories alone do`)
  }
  const model = await choose(store, given, io.signal)
  if (model.manifest.kind === 'encoder') return useEncoder(session, model)
  const device = await reloaded(session)
  if (device && device.modelProblem !== null) throw new KinmeshError('ModelNotLoaded', `${model.manifest.name} is chosen, but does not load: ${device.modelProblem} (${device.model ?? 'no model'} answers meanwhile)`)
  io.document({ ...summary(model), running: device !== undefined })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} is the model in use`)
}

/** Loads the encoder that was chosen once: what does not load is told now, and not when something is looked up. */
async function useEncoder(session: ModelSession, model: StoredModel): Promise<void> {
  const { io } = session
  const { openThreadedEncoder } = await import('../../../node/model/encoder/threaded-encoder.node.ts')
  const encoder = await openThreadedEncoder({ dir: model.dir }).catch((error: unknown) => {
    if (!isKinmeshError(error)) throw error
    throw new KinmeshError('ModelNotLoaded', `${model.manifest.name} is chosen, but does not load: ${error.message}`, { cause: error })
  })
  await encoder.close()
  const { dimensions, isAssumed } = encoder
  const device = await reloaded(session)
  io.document({ ...summary(model), dimensions, isAssumed, running: device !== undefined })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} is the encoder in use  ${io.style('dim', `${dimensions} numbers for a text; memories get their vectors while the device runs`)}`)
  if (isAssumed) io.say(`${io.style('yellow', '!')} nothing in it says how the vectors of words become one of the text, so their mean is taken: where its makers say CLS, get their own repository`)
}

/** Has the device of this home, where it runs, take what was chosen. */
function reloaded(session: ModelSession): Promise<{ model: string | null; modelProblem: string | null } | undefined> {
  return withRunning(session, client => client.request('POST', '/api/model/reload'))
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
    if (io.signal.aborted) throw interrupted('nothing was left behind', error)
    throw error
  }
}

/** The greatest errors of rounding; a model with many layers has hundreds. */
function errorTable(errors: readonly MatrixError[], io: Io): string {
  const worst = [...errors].sort((a, b) => b.relativeError - a.relativeError).slice(0, shownErrors)
  return table([`ROUNDED MOST (of ${errors.length})`, 'ERROR'], worst.map(({ name, relativeError }) => [name, `${(relativeError * 100).toFixed(2)} %`]), { width: Infinity, head: text => io.style('bold', text) })
}

async function bench({ io, store }: ModelSession, given: string): Promise<void> {
  const { dir, id, name } = await toMeasure(store, given)
  const { measureModel } = await import('../../../node/model/measure.node.ts')
  try {
    const pace = await measureModel(dir, name, {
      signal: io.signal,
      onProgress: step => io.progress(`${oneLine(name)}  ${step === 'load' ? 'loads' : step === 'warm' ? 'warms up' : `reads ${step} tokens, and writes on`}`)
    })
    io.progress()
    io.document({ id, name, ...pace })
    io.say(`${io.style('bold', oneLine(name))}  loaded in ${duration(pace.loadMs)}, ${size(pace.rssBytes)} of memory, ${pace.threads} ${pace.threads === 1 ? 'thread' : 'threads'}`)
    io.say(table(['PROMPT', 'READS', 'WRITES'], pace.contexts.map(({ tokens, prefill, decode }) => [`${tokens} tokens`, `${perSecond(prefill)} tokens/s`, `${perSecond(decode)} tokens/s`]), { width: Infinity, head: text => io.style('bold', text) }))
  } catch (error) {
    io.progress()
    throw io.signal.aborted ? new KinmeshError('Interrupted', 'interrupted', { cause: error }) : error
  }
}

/** The model in use, or one by its name, or a folder that is not looked at further: what it is for is found when it is loaded. */
async function toMeasure(store: ModelStore, given: string): Promise<{ dir: string; id: string | null; name: string }> {
  if (looksLikePath(given)) return { dir: resolve(given), id: null, name: basename(resolve(given)) }
  const found = given === '' ? await store.current() : await store.find(given)
  if (!found) throw new KinmeshError('NoModel', 'no model is in use: name one of kinmesh model list, or choose one with kinmesh model use NAME')
  return { dir: found.dir, id: found.id, name: found.manifest.name }
}

function perSecond(tokens: number): string {
  return tokens < 10 ? tokens.toFixed(1) : String(Math.round(tokens))
}

/** What looks like a path is one; otherwise a model of this name comes before a folder of this name. */
async function choose(store: ModelStore, given: string, signal: AbortSignal): Promise<StoredModel> {
  if (looksLikePath(given)) return store.useFolder(given, { signal })
  try {
    return await store.use(given)
  } catch (error) {
    if (isKinmeshError(error, 'UnknownModelName') && (await isFolder(given))) return store.useFolder(given, { signal })
    throw error
  }
}

function looksLikePath(given: string): boolean {
  return isAbsolute(given) || /^\.{1,2}([/\\]|$)/.test(given)
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
