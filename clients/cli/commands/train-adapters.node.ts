import { readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import { chooseAdapter, chosenAdapter } from '../../../node/model/chosen-adapter.node.ts'
import { diskError, isMissing } from '../../../node/model/store/files.node.ts'
import { openRunFolder } from '../../../node/train/fine-tune/run-file.node.ts'
import type { Io } from '../io.node.ts'
import { oneLine, table } from '../show.ts'
import { withRunning } from './model-shown.node.ts'

/** What a list shows of a report. */
const reportSchema = v.object({ model: v.object({ id: v.string(), name: v.string() }), rank: v.number(), made: v.number(), holdoutLoss: v.nullable(v.object({ before: v.number(), after: v.number() })) })

export async function listAdapters(home: string, io: Io): Promise<void> {
  const dir = join(home, 'adapters')
  const chosen = await chosenAdapter(dir)
  const names = (await namesIn(dir)).filter(isAdapter)
  const adapters = await Promise.all(names.map(async name => ({ name, dir: join(dir, name), current: name === chosen?.name, ...(await reportOf(join(dir, name))) })))
  const waiting = []
  for (const name of await namesIn(join(home, 'training'))) if ((await namesIn(join(home, 'training', name))).includes('training.json')) waiting.push(name)
  io.document({ adapters, interrupted: waiting })
  if (adapters.length === 0) io.say('no adapter was trained here yet: kinmesh train --help')
  else io.say(table(['', 'NAME', 'FOR', 'RANK', 'STEPS', 'HELD OUT'], adapters.map(({ name, current, model, rank, made, holdoutLoss }) => [current ? '*' : '', name, model?.name ?? 'unknown', String(rank ?? ''), String(made ?? ''), holdoutLoss ? `${holdoutLoss.before.toFixed(3)} → ${holdoutLoss.after.toFixed(3)}` : '']), { width: io.width, head: text => io.style('bold', text) }))
  for (const name of waiting) io.say(`${io.style('yellow', '!')} the training ${oneLine(name)} was interrupted: the command that began it goes on with it, kinmesh train remove ${oneLine(name)} forgets it`)
}

/** Has the model in use answer through it; a device that runs takes it at once. @throws KinmeshError `NoModel` · `UnknownAdapterName` · `AdapterMismatch` · `ModelNotLoaded` */
export async function useAdapter(home: string, name: string | undefined, io: Io): Promise<void> {
  const { openDeviceModels } = await import('../../../node/model/device-models.node.ts')
  const dir = join(home, 'adapters')
  const model = await (await openDeviceModels(join(home, 'models'))).current()
  if (!model) throw new KinmeshError('NoModel', 'no model is in use: choose one first with kinmesh model use NAME')
  const trainedFor = name === undefined ? undefined : (await reportOf(join(dir, name))).model
  if (trainedFor && trainedFor.id !== model.id) throw new KinmeshError('AdapterMismatch', `${name} was trained beside ${trainedFor.name}, and the model in use is ${model.manifest.name}: choose that one first with kinmesh model use, or train anew`)
  await chooseAdapter(dir, name === undefined ? undefined : { name, model: model.id })
  const device = await reloaded(home, io)
  if (device && device.modelProblem !== null) throw new KinmeshError('ModelNotLoaded', `${name ?? 'none'} is chosen, but ${device.modelProblem}`)
  io.document({ name: name ?? null, model: model.manifest.name, running: device !== undefined })
  io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} answers ${name === undefined ? 'as its makers made it' : `through ${oneLine(name)}`}`)
}

/** Has the device of this home, where it runs, take what was chosen. */
function reloaded(home: string, io: Io): Promise<{ modelProblem: string | null } | undefined> {
  return withRunning({ dir: home, io }, client => client.request('POST', '/api/model/reload'))
}

/** Both the adapter of this name and what is kept of an interrupted training. @throws KinmeshError `UnknownAdapterName` · `TrainingBusy` · `StoreFailed` */
export async function removeAdapter(home: string, name: string, io: Io): Promise<void> {
  const [adapter, work] = [join(home, 'adapters', name), join(home, 'training', name)]
  const wasThere = (await namesIn(join(home, 'adapters'))).filter(isAdapter).includes(name)
  const wasInterrupted = (await namesIn(join(home, 'training'))).includes(name)
  if (!wasThere && !wasInterrupted) throw new KinmeshError('UnknownAdapterName', `there is no adapter ${name} here: list them with kinmesh train list`)
  const folder = await openRunFolder(work)
  try {
    await folder.clear()
    if (wasThere) {
      // Gone in one step: half an adapter is none.
      const gone = join(home, 'adapters', `.${name}.removed`)
      await rm(gone, { recursive: true, force: true })
      if ((await chosenAdapter(join(home, 'adapters')))?.name === name) {
        await chooseAdapter(join(home, 'adapters'), undefined)
        await reloaded(home, io)
      }
      await rename(adapter, gone)
      await rm(gone, { recursive: true, force: true })
    }
  } catch (cause) {
    throw diskError(adapter, cause)
  } finally {
    folder.release()
  }
  await rm(work, { recursive: true, force: true })
  io.document({ name, removed: true })
  io.say(`${io.style('green', '✓')} removed ${oneLine(name)}`)
}

/** Neither what is being made or removed, nor which one is chosen. */
function isAdapter(name: string): boolean {
  return !name.startsWith('.')
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort()
  } catch (cause) {
    if (isMissing(cause)) return []
    throw diskError(dir, cause)
  }
}

/** Nothing where it is not one of ours. */
async function reportOf(dir: string): Promise<Partial<v.InferOutput<typeof reportSchema>>> {
  try {
    return v.parse(reportSchema, JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')))
  } catch {
    return {} // an adapter of others has no report, and is an adapter all the same
  }
}
