import { dirname, join } from 'node:path'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { ModelSlot, TextOptions } from '../model.ts'
import { type ChosenAdapter, chosenAdapter } from './chosen-adapter.node.ts'
import { openDeviceModels } from './device-models.node.ts'
import type { ModelStore, StoredModel } from './store/store.ts'
import type { ThreadedModel } from './worker/model-calls.ts'
import { type FolderModel, openThreadedModel } from './worker/threaded-model.node.ts'

type Loaded = { readonly id: string; readonly adapter: string | undefined; readonly model: ThreadedModel; release(): void }

/**
 * The model that was chosen with `kinmesh model use`, of the store in `dir`, or the one that comes with kinmesh; through the adapter that was chosen for it with `kinmesh train use`. It is loaded when it is first asked for, or told to.
 * One that does not load leaves the one before in its place; an adapter that does not leaves the model as it is.
 */
export function openChosenModel(dir: string, log: Logger, adapters = join(dirname(dir), 'adapters')): ModelSlot {
  let loaded: Loaded | undefined
  let problem: string | null = null
  let turn = Promise.resolve()
  let state: 'new' | 'open' | 'closed' = 'new'

  const load = async () => {
    try {
      const store = await openDeviceModels(dir)
      const chosen = await store.current()
      problem = null
      const choice = chosen && (await chosenAdapter(adapters).catch((error: unknown) => void (problem = isKinmeshError(error) ? error.message : String(error))))
      const wanted = choice?.model === chosen?.id ? choice : undefined
      if (chosen?.id === loaded?.id && wanted?.name === loaded?.adapter) return
      const opened = chosen && (await open(store, chosen, log))
      const next = opened && (await adapted(opened, adapters, wanted, told => (problem = told)))
      const before = loaded
      loaded = next
      // What it is writing it writes to its end.
      await before?.model.idle()
      await drop(before)
      if (!next) return
      log.info('the language model is loaded', { model: next.model.name })
      await store.dropPacked(next.id).catch((error: unknown) => log.warn('the packed weights of another model stay on the disk', { error: String(error) }))
    } catch (error) {
      problem = isKinmeshError(error) ? error.message : String(error)
      log.error('the language model does not load', { error: problem, ...(loaded ? { instead: loaded.model.name } : {}) })
    }
  }
  // One after the other; none of them fails.
  const inTurn = (work: () => Promise<void>) => (turn = turn.then(work))
  const reload = () => {
    if (state === 'closed') return turn
    state = 'open'
    return inTurn(load)
  }
  return {
    get current() {
      return loaded?.model ?? null
    },
    get problem() {
      return problem
    },
    async ready() {
      await (state === 'new' ? reload() : turn)
      return loaded?.model ?? null
    },
    reload,
    async close() {
      state = 'closed'
      await inTurn(async () => {
        await drop(loaded)
        loaded = undefined
      })
    }
  }
}

type Opened = Omit<Loaded, 'adapter' | 'model'> & { readonly model: FolderModel }

/** Held while it is loaded, so that nobody removes it meanwhile; a folder elsewhere is its owner's affair. */
async function open(store: ModelStore, chosen: StoredModel, log: Logger): Promise<Opened> {
  const held = (await store.list()).models.some(({ dir }) => dir === chosen.dir) ? await store.open(chosen.id) : undefined
  try {
    const model = await openThreadedModel({ dir: chosen.dir, name: chosen.manifest.name, packed: store.packedDir(chosen.id) }, note => log.info(note))
    return { id: chosen.id, model, release: () => held?.release() }
  } catch (error) {
    held?.release()
    throw error
  }
}

/** Answers through an adapter, where it loads. */
async function adapted({ model, ...rest }: Opened, adapters: string, choice: ChosenAdapter | undefined, onProblem: (problem: string) => void): Promise<Loaded> {
  if (!choice) return { ...rest, model, adapter: undefined }
  try {
    const adapter = await model.loadAdapter(join(adapters, choice.name))
    return { ...rest, adapter: choice.name, model: { ...model, isAdapted: true, name: `${model.name} + ${shownName(choice.name)}`, generate: (messages, options?: TextOptions) => model.generate(messages, { ...options, adapter: options?.adapter ?? adapter }) } }
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    onProblem(`the adapter ${choice.name} does not load, so ${model.name} answers without it: ${error.message}`)
    return { ...rest, model, adapter: undefined }
  }
}

/** One that came out of a round is named by a hash; the beginning of it tells it from others. */
function shownName(adapter: string): string {
  return /^[0-9a-f]{64}$/.test(adapter) ? adapter.slice(0, 12) : adapter
}

async function drop(loaded: Loaded | undefined): Promise<void> {
  await loaded?.model.close()
  loaded?.release()
}
