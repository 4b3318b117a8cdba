import { KinmeshError } from '../../../mesh/errors.ts'
import type { ConvertRecipe } from '../../../node/model/convert-recipe.ts'
import type { WantedModel } from '../../../node/model/share/share.ts'
import type { modelSummary } from '../../../node/model/store/model-summary.ts'
import { bytesOf, type ModelKind } from '../../../node/model/store/manifest.ts'
import type { PullProgress } from '../../../node/model/store/progress.ts'
import { checkEndpoint, defaultEndpoint } from '../../../node/model/store/repo-name.ts'
import type { StoredModel } from '../../../node/model/store/store.ts'
import type { Client } from '../client.node.ts'
import type { CommonOptions } from '../session.node.ts'
import { oneLine, roughly, size } from '../show.ts'
import { UsageError } from '../usage.ts'
import { interrupted, shownIdLength, summary, withRunning, type Holder, type ModelSession } from './model-shown.node.ts'

export type PullCommandOptions = CommonOptions & { revision: string; kind?: ModelKind; bits: ConvertRecipe['bits']; small?: boolean; asPublished?: boolean; from?: string }

type Pulled = { readonly model: StoredModel; readonly wasThere: boolean; readonly from: 'hub' | readonly Holder[] }
type PullEvent =
  | ({ event: 'progress'; device: Holder | null } & PullProgress)
  | { event: 'pulled'; model: ReturnType<typeof modelSummary>; wasThere: boolean; devices: Holder[] }
  | { event: 'none'; away: Holder[] }
  | { event: 'failed'; error: { code: string; message: string } }

/** A large block is quicker, and loses more. */
export const defaultBlock = 32
/** What the revision is when nobody says; a device that has the model had it from there at some time. */
export const defaultRevision = 'main'
/** In the place of a device's name. */
const hub = 'hub'

/** The person's own devices are asked first, and the hub only for what they do not have. */
export async function pull(session: ModelSession, name: string, options: PullCommandOptions): Promise<void> {
  const { io } = session
  try {
    const asked = options.from === hub ? undefined : await withRunning(session, async client => ({ pulled: await pullFromDevices(client, session, name, options) }))
    if (options.from !== undefined && options.from !== hub && !asked) throw new KinmeshError('NotRunning', 'no device runs here, so that no other one can be asked: start it with kinmesh up')
    if (!asked && options.from === undefined) io.say('no device runs here, so your other devices are not asked: kinmesh up')
    const { model, wasThere, from } = asked?.pulled ?? (await pullFromHub(session, name, options))
    io.progress()
    io.document({ ...summary(model), wasThere, from, devicesAsked: asked !== undefined })
    const origin = from === hub ? '' : `, from ${oneLine(from.map(each => each.name).join(' and '))}`
    io.say(`${io.style('green', '✓')} ${oneLine(model.manifest.name)} ${wasThere ? 'was here already' : 'is here'}  ${io.style('dim', `${size(bytesOf(model.manifest))}, ${model.id.slice(0, shownIdLength)}${wasThere ? '' : origin}`)}`)
  } catch (error) {
    io.progress()
    if (io.signal.aborted) throw interrupted('what was fetched is kept, and the same command goes on from there', error)
    throw error
  }
}

/** Undefined: the hub is to be asked. */
async function pullFromDevices(client: Client, { io, store }: ModelSession, name: string, { revision, kind, bits, small, asPublished, from }: PullCommandOptions): Promise<Pulled | undefined> {
  const isCommit = /^[0-9a-f]{40}$/.test(revision)
  if (!isCommit && revision !== defaultRevision) {
    // What a branch or a tag stands for only the hub knows.
    if (from !== undefined) throw new UsageError('a device knows a model by its commit: give that with --revision, or leave it out')
    return undefined
  }
  const { recipeFields } = await import('../../../node/model/convert.node.ts')
  const endpoint = checkEndpoint(process.env['HF_ENDPOINT'] || defaultEndpoint, undefined)
  const wanted: WantedModel = {
    name, kind: kind ?? null, revision: isCommit ? revision : null, endpoint: endpoint === defaultEndpoint ? null : endpoint,
    recipe: asPublished ? null : recipeFields({ bits, block: defaultBlock, zeroPoints: false, small: small === true })
  }
  for await (const event of client.stream<PullEvent>('POST', '/api/models/pull', { body: { ...wanted, ...(from === undefined ? {} : { from }) }, signal: io.signal })) {
    if (event.event === 'progress') io.progress(progressText(name, event, event.device))
    if (event.event === 'failed') throw new KinmeshError(event.error.code, event.error.message)
    if (event.event === 'none' && event.away.length > 0 && from === undefined) io.say(`${oneLine(event.away.map(each => each.name).join(' and '))} ${event.away.length > 1 ? 'are' : 'is'} not connected and could not be asked`)
    if (event.event === 'pulled') return { model: await store.find(event.model.id), wasThere: event.wasThere, from: event.devices }
  }
  const isId = /^[0-9a-f]{8,64}$/i.test(name)
  if (from === undefined && !isId) return undefined
  throw new KinmeshError('UnknownModelName', from === undefined ? `no device that is connected has a model ${oneLine(name)}: see kinmesh model list` : `${oneLine(from)} does not offer ${oneLine(name)} in this form: kinmesh model list shows what it has, and the id of a model stands for it in any form`)
}

async function pullFromHub({ io, store }: ModelSession, name: string, { revision, kind, bits, small, asPublished }: PullCommandOptions): Promise<Pulled> {
  const { pullModel } = await import('../../../node/model/store/pull.node.ts')
  const { pullConversion } = await import('../../../node/model/convert.node.ts')
  const convert = asPublished ? undefined : pullConversion({ bits, block: defaultBlock, zeroPoints: false, small: small === true })
  return { ...(await pullModel(name, { store, revision, kind, convert, log: io.log, signal: io.signal, onProgress: progress => io.progress(progressText(name, progress, null)) })), from: hub }
}

function progressText(name: string, { phase, bytes, totalBytes, bytesPerSecond, leftMs }: PullProgress, device: Holder | null): string {
  if (phase === 'list') return `${name}  looks what there is`
  if (phase === 'convert') return `${name}  converts`
  const share = totalBytes === 0 ? 0 : Math.floor((bytes / totalBytes) * 100)
  const rate = bytesPerSecond === null ? '' : `  ${size(bytesPerSecond)}/s`
  const left = leftMs === null || leftMs === 0 ? '' : `  ${roughly(leftMs)} left`
  const verb = phase === 'check' ? 'checks' : device ? `gets from ${oneLine(device.name)}` : 'gets'
  return `${name}  ${verb}  ${share} %  ${size(bytes)} of ${size(totalBytes)}${rate}${left}`
}
