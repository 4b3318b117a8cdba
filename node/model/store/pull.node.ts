import { setTimeout } from 'node:timers/promises'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { silentLogger, type Logger } from '../../../mesh/log.ts'
import { version } from '../../version.node.ts'
import { fetchFiles } from './fetch-files.node.ts'
import { pathProblem, pathsProblem } from './file-path.ts'
import { openHttp } from './http.node.ts'
import { readHub, type HubFile, type HubModel } from './hub.ts'
import { bytesOf, maxFiles, type Manifest, type ModelKind } from './manifest.ts'
import { createMeter } from './meter.ts'
import { kindOf, pick } from './pick.ts'
import { createTeller, type PullProgress } from './progress.ts'
import { checkEndpoint, checkRepo, checkRevision, defaultEndpoint } from './repo-name.ts'
import type { ModelStore, Staging, StoredModel, WorkOptions } from './store.ts'

/** Silence after which a connection counts as dead, in ms. */
const defaultIdleMs = 30_000

/** Makes another model of the one that was fetched, which stays until this has succeeded, so that nothing is fetched twice. */
export type Convert = {
  /** Whether a model of the store, of the same source and kind, is what `run` would make: nothing is done then. */
  isResult(manifest: Manifest): boolean
  /** Writes its files into `out.dir` and returns their manifest. What it reads in `fetched.dir` has been checked, and is not to be changed. */
  run(fetched: { readonly dir: string; readonly manifest: Manifest }, out: Staging, options: WorkOptions): Promise<Manifest>
}

export type PullOptions = {
  store: ModelStore
  /** Else HF_ENDPOINT, else huggingface.co. */
  endpoint?: string | undefined
  /** A branch, a tag or a commit; main when it is not given. */
  revision?: string | undefined
  /** What the hub says it is for, when it is not given. */
  kind?: ModelKind | undefined
  /** Else HF_TOKEN. */
  token?: string | undefined
  /** Of decoders. Without it the model is added as it was fetched. */
  convert?: Convert | undefined
  onProgress?: ((progress: PullProgress) => void) | undefined
  /** Stops the work. What was fetched stays, for the next time. */
  signal?: AbortSignal | undefined
  /** Hears of every failure that is tried again. */
  log?: Logger
  clock?: () => number
  idleMs?: number
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export type Pulled = {
  readonly model: StoredModel
  /** It was in the store before. */
  readonly wasThere: boolean
}

/**
 * Gets a model of a hub into the store. One that was cut off goes on where it was.
 * @throws KinmeshError `BadModelName`, `BadRevision`, `BadEndpoint`, `ModelNotFound`, `ModelUnusable`, `ModelBusy`, `DownloadFailed`, `WrongHash`, `DiskFull`, `StoreFailed`
 */
export async function pullModel(name: string, options: PullOptions): Promise<Pulled> {
  const { store, signal, clock = Date.now, wait = pause, idleMs = defaultIdleMs, log = silentLogger } = options
  const repo = checkRepo(name)
  const revision = checkRevision(options.revision ?? 'main')
  const token = (options.token ?? process.env['HF_TOKEN']) || undefined
  const endpoint = checkEndpoint((options.endpoint ?? process.env['HF_ENDPOINT']) || defaultEndpoint, token)
  const tell = createTeller(options.onProgress)
  const http = openHttp({ endpoint, token, idleMs, wait, log, signal })

  const hub = await tell('list', undefined, () => readHub(repo, revision, { endpoint, fetch: http.api }))
  const kind = options.kind ?? kindOf(hub.task, hub.files.map(({ path }) => path))
  const files = pickFiles(hub, kind)
  // An encoder is published as it runs.
  const convert = kind === 'decoder' ? options.convert : undefined
  const source = { repo: hub.repo, revision: hub.commit, ...(endpoint === defaultEndpoint ? {} : { endpoint }) }
  const there = await ofSource(store, source, kind)
  const asWanted = there.find(({ manifest }) => (convert ? convert.isResult(manifest) : manifest.recipe === null))
  if (asWanted) return { model: asWanted, wasThere: true }

  const add = async (room: Staging, manifest: Manifest): Promise<StoredModel> => {
    const meter = createMeter(bytesOf(manifest), clock)
    return tell('check', meter, () => store.add(room, manifest, { onBytes: bytes => meter.add(bytes, true), signal }))
  }
  const converted = async (convert: Convert, fetched: { dir: string; manifest: Manifest }): Promise<StoredModel> => {
    const out = await store.stage()
    try {
      return await add(out, await tell('convert', undefined, () => convert.run(fetched, out, { signal })))
    } finally {
      await out.release()
    }
  }

  const asFetched = there.find(({ manifest }) => manifest.recipe === null)
  if (convert && asFetched) {
    const model = await store.open(asFetched.id)
    try {
      return { model: await converted(convert, model), wasThere: false }
    } finally {
      model.release()
    }
  }
  // One room for all revisions: what did not change between them is fetched once.
  const staging = await store.stage(`pull ${endpoint} ${repo.toLowerCase()} ${kind}`)
  try {
    const meter = createMeter(files.reduce((sum, { bytes }) => sum + bytes, 0), clock)
    const base = `${repo}/resolve/${hub.commit}`
    const fetched = await tell('fetch', meter, () => fetchFiles(files, { http, store, staging, meter, base, wait, log, signal }))
    const manifest: Manifest = { format: 1, name: hub.repo, kind, source, licence: hub.licence, recipe: null, files: fetched, madeAt: clock(), madeBy: `kinmesh ${version}` }
    if (!convert) return { model: await add(staging, manifest), wasThere: false }
    const model = await converted(convert, { dir: staging.dir, manifest })
    await staging.discard()
    return { model, wasThere: false }
  } finally {
    await staging.release()
  }
}

/** @throws KinmeshError `ModelUnusable` */
function pickFiles({ files }: HubModel, kind: ModelKind): HubFile[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  const picked = pick([...byPath.keys()], kind).flatMap(path => byPath.get(path) ?? [])
  const paths = picked.map(({ path }) => path)
  const problem = paths.map(pathProblem).find(each => each !== undefined) ?? pathsProblem(paths) ?? (paths.length > maxFiles ? `it has more than ${maxFiles} files` : undefined)
  if (problem !== undefined) throw new KinmeshError('ModelUnusable', `this model cannot be used here (${problem}): choose another one`)
  // The small ones first: what is wrong with a model shows before gigabytes have come.
  return picked.sort((a, b) => a.bytes - b.bytes)
}

/** Models of the store that were made of these files. */
async function ofSource(store: ModelStore, source: { repo: string; revision: string; endpoint?: string }, kind: ModelKind): Promise<StoredModel[]> {
  const found: StoredModel[] = []
  for (const model of (await store.list()).models) {
    const { source: its, kind: itsKind } = model.manifest
    if (itsKind !== kind || !('repo' in its) || its.repo !== source.repo || its.revision !== source.revision || its.endpoint !== source.endpoint) continue
    try {
      const opened = await store.open(model.id)
      opened.release()
      found.push(model)
    } catch (error) {
      if (!isKinmeshError(error, 'ModelDamaged', 'UnknownModelName')) throw error // one that lost files is fetched anew
    }
  }
  return found
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal ? { signal } : {})
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause
  }
}
