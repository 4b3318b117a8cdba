import { KinmeshError } from '../../../mesh/errors.ts'
import { openModelStore } from '../store/store.node.ts'
import type { EncoderSlot } from './chosen-encoder.ts'
import type { Encoder } from './encoder.ts'
import { openThreadedEncoder } from './threaded-encoder.node.ts'

type Loaded = { readonly id: string; readonly name: string; readonly encoder: Encoder; release(): void }

/** The encoder that was chosen with `kinmesh model use`, of the store in `dir`. Which one that is is looked up each time: two small files, against a load of a second. */
export function openChosenEncoder(dir: string): EncoderSlot {
  let loaded: Loaded | undefined
  let isClosed = false
  let turn: Promise<unknown> = Promise.resolve()
  const chosen = async () => {
    const store = await openModelStore(dir)
    return { store, model: await store.current('encoder') }
  }
  const drop = async () => {
    const before = loaded
    loaded = undefined
    await before?.encoder.close()
    before?.release()
  }
  const take = async () => {
    if (isClosed) throw new KinmeshError('DeviceStopped', 'the device is shutting down')
    const { store, model } = await chosen()
    if (loaded && loaded.id === model?.id) return loaded
    await drop()
    if (!model) return null
    // Held while it is loaded, so that nobody removes it meanwhile; a folder elsewhere is its owner's affair.
    const held = (await store.list()).models.some(({ dir: each }) => each === model.dir) ? await store.open(model.id) : undefined
    const release = () => held?.release()
    try {
      loaded = { id: model.id, name: model.manifest.name, encoder: await openThreadedEncoder({ dir: model.dir }), release }
      return loaded
    } catch (error) {
      release()
      throw error
    }
  }
  /** One after the other, whether or not the one before failed. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work, work)
    turn = done.catch(() => undefined)
    return done
  }
  return {
    name: async () => (await chosen()).model?.manifest.name ?? null,
    ready: () => inTurn(take),
    close() {
      isClosed = true
      return inTurn(drop)
    }
  }
}
