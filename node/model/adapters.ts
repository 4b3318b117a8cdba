import { KinmeshError } from '../../mesh/errors.ts'
import { type Adapter, readAdapter } from './adapter.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { FileSource } from './safetensors.ts'

/** Held at once; one for each member of a household, and a few that are on trial. */
export const maxAdapters = 16
/** That all of them take in memory. */
export const maxHeldBytes = 1024 * 1024 * 1024

/** The adapters of one model that requests may name. */
export class Adapters {
  readonly #config: DecoderConfig
  readonly #admit: () => Promise<void>
  readonly #held = new Map<string, Adapter>()

  /** `admit`: makes the decoder ready for adapters. */
  constructor(config: DecoderConfig, admit: () => Promise<void>) {
    this.#config = config
    this.#admit = admit
  }

  /** Reads one from its files and holds it; its id. The same one twice is held once. @throws KinmeshError those of `readAdapter` and of `admit`; `TooManyAdapters` */
  async load(files: (name: string) => Promise<FileSource | undefined>): Promise<string> {
    const adapter = await readAdapter(files, this.#config)
    await this.#admit()
    const others = [...this.#held.values()].filter(({ id }) => id !== adapter.id)
    const bytes = others.reduce((sum, each) => sum + each.bytes, adapter.bytes)
    if (others.length >= maxAdapters || bytes > maxHeldBytes) {
      throw new KinmeshError('TooManyAdapters', `${others.length + 1} adapters of together ${bytes} bytes are more than the ${maxAdapters} of ${maxHeldBytes} bytes that are held at once: unload one first`)
    }
    this.#held.set(adapter.id, adapter)
    return adapter.id
  }

  /** Texts that are being written through it are written to their end. @throws KinmeshError `AdapterNotLoaded` */
  unload(id: string): void {
    this.get(id)
    this.#held.delete(id)
  }

  /** @throws KinmeshError `AdapterNotLoaded` */
  get(id: string): Adapter {
    const adapter = this.#held.get(id)
    if (!adapter) throw new KinmeshError('AdapterNotLoaded', 'this model holds no adapter of that id: load it first')
    return adapter
  }
}
