import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { addressOf, assemble, chunksOf, encodeManifest, manifestOf, missing, readManifest } from '../compression/chunks.ts'
import type { Payload } from './messages.ts'
import type { Blobs } from './store.ts'

// Payloads are pulled, by hash, in chunks: whoever lacks one asks those who should have it, takes each chunk once, and goes on with what it has after a crash or with another device.

/** Chunks that one device is asked for at a time: 1 MiB, the window of a channel. */
const maxOrders = 16
/** Between two tours around those who should have a payload. */
const retryMs = 1000

/** Asks a device for one piece, and gives what has that address. Rejects where it has not got it, is away or keeps silent. */
export type Ask = (peer: DeviceId, address: string, signal: AbortSignal) => Promise<Uint8Array>

export type PayloadsHost = {
  readonly blobs: Blobs
  readonly ask: Ask
  /** Resolves later, or when the signal ends. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export class Payloads {
  readonly #host: PayloadsHost
  /** A result is asked for as soon as it was made. */
  #keptLast: { readonly root: string; readonly payload: Uint8Array } | undefined

  constructor(host: PayloadsHost) {
    this.#host = host
  }

  /** Keeps bytes so that others can ask for them; nobody changes them any more. @throws KinmeshError `ChunksTooLarge` */
  async keep(bytes: Uint8Array): Promise<Payload> {
    const { blobs } = this.#host
    const { chunks, ...rest } = manifestOf(bytes)
    const list = encodeManifest({ ...rest, chunks })
    // The list last: once it is there, all of it is.
    for (const [at, chunk] of chunksOf(bytes).entries()) await blobs.put(chunks[at]!, chunk)
    const root = addressOf(list)
    await blobs.put(root, list)
    this.#keptLast = { root, payload: bytes }
    return { root, bytes: bytes.length }
  }

  /**
   * Waits until the payload is here. `from`: who should have it, the likeliest first; they are asked in turn until `signal` ends.
   * @throws KinmeshError `PayloadLies` when there are other bytes behind its name than it says; the reason of `signal`
   */
  async obtain({ root, bytes }: Payload, from: readonly DeviceId[], signal: AbortSignal): Promise<Uint8Array> {
    const { blobs } = this.#host
    if (this.#keptLast?.root === root && this.#keptLast.payload.length === bytes) return this.#keptLast.payload
    const list = readManifest((await blobs.get(root)) ?? (await this.#fetch(root, from, signal)))
    if (list.bytes !== bytes) throw new KinmeshError('PayloadLies', `a payload has ${list.bytes} bytes and was announced with ${bytes}: it is refused`)
    const have = new Map<string, Uint8Array>()
    for (const address of new Set(list.chunks)) {
      const chunk = await blobs.get(address)
      if (chunk) have.set(address, chunk)
    }
    const open = missing(have, list)
    const work = async () => {
      for (let address = open.shift(); address !== undefined; address = open.shift()) {
        have.set(address, await this.#fetch(address, from, signal))
      }
    }
    await Promise.all(Array.from({ length: Math.min(maxOrders, open.length) }, work))
    return assemble(list, have)
  }

  async #fetch(address: string, from: readonly DeviceId[], signal: AbortSignal): Promise<Uint8Array> {
    const { blobs, ask, wait } = this.#host
    for (;;) {
      for (const peer of from) {
        signal.throwIfAborted()
        try {
          const bytes = await ask(peer, address, signal)
          await blobs.put(address, bytes)
          return bytes
        } catch (error) {
          if (!(error instanceof KinmeshError)) throw error // the disk's trouble, or the end of the signal
        }
      }
      await wait(retryMs, signal)
      signal.throwIfAborted()
      const here = await blobs.get(address)
      if (here) return here
    }
  }
}
