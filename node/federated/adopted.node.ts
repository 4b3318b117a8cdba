import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'
import { readAdapter } from '../model/adapter.ts'
import { chooseAdapter, chosenAdapter } from '../model/chosen-adapter.node.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { isFolder } from '../model/store/choice-file.node.ts'
import { diskError, isMissing, writeAtomic } from '../model/store/files.node.ts'
import { modelId } from '../model/store/manifest.ts'
import type { AdapterFiles } from '../train/adapter-files/adapter-file.ts'
import { writeAdapter } from '../train/adapter-files/adapter-file.node.ts'
import { toString } from 'uint8arrays/to-string'
import { sha256 } from '../../mesh/crypto.ts'
import { type Adoption, inUseOf, lastAdoption, readAdoptions, settled, writeAdoptions } from './adopted.ts'

const historyFile = '.adopted.json'

/** Of a model, as an adapter was trained for. */
export type ForModel = { readonly id: string; readonly config: DecoderConfig }

/** The id that `readAdapter` gives: the name of its folder. */
export function adapterId(files: AdapterFiles): string {
  return modelId({ files: Object.entries(files).map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: toString(sha256(bytes), 'base16') })) })
}

/**
 * The adapters of rounds on this device, in HOME/adapters beside those that a person trained: a folder each, named by the hash of what it holds, and never changed. Which one the model answers through is what
 * `chosenAdapter` says, as for all adapters; the history says how that came. One process at a time has it, as it has the home.
 */
export class AdoptedAdapters {
  readonly #dir: string
  readonly #clock: () => number
  #before: Promise<unknown> = Promise.resolve()

  /** `dir`: by custom HOME/adapters. `clock`: Unix ms. */
  constructor(dir: string, clock: () => number) {
    this.#dir = dir
    this.#clock = clock
  }

  /** Writes an adapter, unless it is there, and gives its name. A folder of that name with other content, as a bad disk makes it, is replaced. @throws KinmeshError `DiskFull` · `StoreFailed` · `AdapterMismatch` */
  keep(files: AdapterFiles, { config }: Pick<ForModel, 'config'>): Promise<string> {
    return this.#inTurn(async () => {
      const name = adapterId(files)
      if (await isFolder(join(this.#dir, name))) {
        if (await this.#isWhole(name, config)) return name
        await this.#removeFolder(name)
      }
      await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      await writeAdapter(join(this.#dir, name), files)
      return name
    })
  }

  /** Through this adapter the model answers from now on; the adapter is looked at first, bit by bit. @throws KinmeshError `UnknownAdapterName` · `AdapterChanged` · `StoreFailed` · `FileCorrupt` */
  adopt(name: string, { id: model, config }: ForModel, { task, round }: Pick<Adoption, 'task' | 'round'>): Promise<Adoption> {
    return this.#inTurn(async () => {
      if (!(await isFolder(join(this.#dir, name)))) throw new KinmeshError('UnknownAdapterName', `there is no adapter ${name} on this device: take part in the round again`)
      if (!(await this.#isWhole(name, config))) throw new KinmeshError('AdapterChanged', `the adapter ${name} is not what its name says: remove it, and take part in the round again`)
      const [chosen, entries] = [await chosenAdapter(this.#dir), await this.history()]
      const [inUse, last] = [inUseOf(model, chosen), lastAdoption(entries, model, chosen)]
      if (inUse === name && last) return last
      return this.#change(entries, { at: this.#clock(), action: 'adopted', task, round, model, before: inUse, after: name, done: true })
    })
  }

  /**
   * What was in use before the last adoption is in use again, in one step. `action`: a person's act, or that of code.
   * @throws KinmeshError `NothingToUndo` · `StoreFailed` · `FileCorrupt`
   */
  undo(model: string, action: 'undone' | 'rolled back' = 'undone'): Promise<Adoption> {
    return this.#inTurn(async () => {
      const [chosen, entries] = [await chosenAdapter(this.#dir), await this.history()]
      const last = lastAdoption(entries, model, chosen)
      if (!last) throw new KinmeshError('NothingToUndo', 'the adapter in use did not come from a round: choose another one with kinmesh train use NAME, or none with --none')
      // The one before may have been removed meanwhile; then none is in use.
      const after = last.before !== null && (await isFolder(join(this.#dir, last.before))) ? last.before : null
      return this.#change(entries, { at: this.#clock(), action, task: last.task, round: last.round, model, before: last.after, after, done: true })
    })
  }

  /** Oldest first. @throws KinmeshError `FileCorrupt` · `StoreFailed` */
  async history(): Promise<Adoption[]> {
    let text: string
    try {
      text = await readFile(join(this.#dir, historyFile), 'utf8')
    } catch (cause) {
      if (isMissing(cause)) return []
      throw diskError(this.#dir, cause)
    }
    return settled(readAdoptions(text), await chosenAdapter(this.#dir))
  }

  /**
   * Deletes what a task left on this device: its adapters, and none of them is in use. What a person trained stays, as do adapters that another task adopted as well. How many were deleted.
   * @throws KinmeshError `StoreFailed` · `FileCorrupt`
   */
  forget(task: string): Promise<number> {
    return this.#inTurn(async () => {
      const entries = await this.history()
      const adopted = entries.filter(({ action }) => action === 'adopted')
      const others = new Set(adopted.filter(entry => entry.task !== task).map(({ after }) => after))
      const own = new Set(adopted.flatMap(entry => (entry.task === task && entry.after !== null && !others.has(entry.after) ? [entry.after] : [])))
      const chosen = await chosenAdapter(this.#dir)
      if (chosen && own.has(chosen.name)) await chooseAdapter(this.#dir, undefined)
      let removed = 0
      for (const name of own) if (await this.#removeFolder(name)) removed++
      return removed
    })
  }

  /** Deletes one that nothing was adopted from, such as a candidate that was refused. It is no error where there is none. @throws KinmeshError `AdapterInUse` · `StoreFailed` */
  drop(name: string): Promise<void> {
    return this.#inTurn(async () => {
      if ((await chosenAdapter(this.#dir))?.name === name) throw new KinmeshError('AdapterInUse', `the model answers through ${name}: undo that first`)
      await this.#removeFolder(name)
    })
  }

  /** Written down as not done, then done, then written down as done: whichever of these a crash leaves, `settled` knows which it was. */
  async #change(entries: readonly Adoption[], entry: Adoption): Promise<Adoption> {
    const history = join(this.#dir, historyFile)
    await writeAtomic(history, writeAdoptions([...entries, { ...entry, done: false }]))
    await chooseAdapter(this.#dir, entry.after === null ? undefined : { name: entry.after, model: entry.model })
    await writeAtomic(history, writeAdoptions([...entries, entry]))
    return entry
  }

  async #isWhole(name: string, config: DecoderConfig): Promise<boolean> {
    const files = folderFiles(join(this.#dir, name))
    try {
      return (await readAdapter(files.open, config)).id === name
    } catch (error) {
      if (isKinmeshError(error, 'BadAdapter', 'UnknownAdapter', 'AdapterMismatch')) return false
      throw error
    } finally {
      await files.close()
    }
  }

  /** Gone in one step: half an adapter is none. */
  async #removeFolder(name: string): Promise<boolean> {
    const [from, gone] = [join(this.#dir, name), join(this.#dir, `.${name}.removed`)]
    try {
      await rm(gone, { recursive: true, force: true })
      await rename(from, gone)
      await rm(gone, { recursive: true, force: true })
      return true
    } catch (cause) {
      if (isMissing(cause)) return false
      throw diskError(from, cause)
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#before.then(work)
    this.#before = turn.catch(() => {}) // its caller hears of it
    return turn
  }
}
