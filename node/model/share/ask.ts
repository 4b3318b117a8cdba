import { concat } from 'uint8arrays/concat'
import { nextFrame } from '../../../mesh/channel.ts'
import { hashBytes } from '../../../mesh/crypto.ts'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import type { Timers } from '../../../mesh/timers.ts'
import type { Channel, DeviceId } from '../../../mesh/types.ts'
import { maxManifestBytes, modelId, parseManifest, type Manifest } from '../store/manifest.ts'
import { chunkBytes, chunkMs, hashesPerFrame, manifestPartBytes, maxListBytes, maxOffered, partBytes, silenceMs } from './limits.ts'
import { decodeAnswer, encodeQuestion, type Answer, type Question } from './messages.ts'
import { Pace } from './pace.ts'
import { within } from './within.ts'

export type Offer = { readonly id: string; readonly manifest: Manifest }
/** A file by its content: SHA-256, 32 bytes. */
export type Wanted = { readonly content: Uint8Array; readonly bytes: number }

/** Sent what it must not, for which it is not asked again: an error of this code is the peer's fault, never the line's. */
export const wrongCode = 'PeerWrong'
/** It has not got what was asked for, or not for this device. */
export const withoutCode = 'PeerWithout'

/** Asks one device about its models. A failed question leaves a stream that is of no more use: close it. */
export class ModelLink {
  readonly peer: DeviceId
  readonly #channel: Channel
  readonly #timers: Timers
  readonly #now: () => number
  readonly #pace = new Pace()

  constructor(channel: Channel, { timers, now }: { timers: Timers; now: () => number }) {
    this.peer = channel.peer
    this.#channel = channel
    this.#timers = timers
    this.#now = now
  }

  /** What the device offers, each named by its content. @throws KinmeshError `PeerWrong`, `PeerWithout`, `PeerRefused`, `PeerSilent`, `ChannelClosed` */
  async list(): Promise<Offer[]> {
    await this.#ask({ type: 'list' })
    const offers: Offer[] = []
    let pieces: Uint8Array[] = []
    let [ofOne, ofAll] = [0, 0]
    for (;;) {
      const answer = await this.#answer()
      if (answer.type === 'listed' && pieces.length === 0) return offers
      if (answer.type !== 'manifest') throw wrong(`answered a list with ${answer.type}`)
      // Whole pieces, so that nobody can be kept busy with crumbs.
      if (answer.more && answer.bytes.length !== manifestPartBytes) throw wrong('sends a manifest in crumbs')
      pieces.push(answer.bytes)
      ofOne += answer.bytes.length
      ofAll += answer.bytes.length
      if (ofOne > maxManifestBytes || ofAll > maxListBytes || offers.length === maxOffered) throw wrong('lists more than a list may hold')
      if (answer.more) continue
      const manifest = readManifest(concat(pieces, ofOne))
      // What a newer kinmesh made cannot be used here, and is nobody's fault.
      if (manifest) offers.push({ id: modelId(manifest), manifest })
      pieces = []
      ofOne = 0
    }
  }

  /** SHA-256 of every chunk of a file, one behind the other, as this device says. @throws as `list` */
  async hashes({ content, bytes }: Wanted): Promise<Uint8Array> {
    const hashes = new Uint8Array(Math.ceil(bytes / chunkBytes) * hashBytes)
    await this.#ask({ type: 'hashes', content })
    for (let at = 0; ; ) {
      const answer = await this.#answer()
      if (answer.type !== 'hashed') throw wrong(`answered a question for hashes with ${answer.type}`)
      if (at + answer.bytes.length > hashes.length || (answer.more && answer.bytes.length !== hashesPerFrame * hashBytes)) throw wrong('sends another number of hashes than the file has chunks')
      hashes.set(answer.bytes, at)
      at += answer.bytes.length
      if (answer.more) continue
      if (at !== hashes.length) throw wrong('sends fewer hashes than the file has chunks')
      return hashes
    }
  }

  /** A file, chunk by chunk, from the chunk `first` on; each is good until the next is asked for. Nothing of it was checked but lengths. @throws as `list` */
  async *chunks({ content, bytes }: Wanted, first: number): AsyncGenerator<Uint8Array> {
    const ordered: { length: number; at: number }[] = []
    const room = new Uint8Array(chunkBytes)
    let next = first * chunkBytes
    for (let start = next; start < bytes; start += chunkBytes) {
      const chunk = room.subarray(0, Math.min(chunkBytes, bytes - start))
      const since = this.#now()
      for (let filled = 0; filled < chunk.length; ) {
        while (next < bytes && ordered.length < this.#pace.orders) {
          // Parts end where chunks do.
          const length = Math.min(partBytes, chunkBytes - (next % chunkBytes), bytes - next)
          await this.#ask({ type: 'read', content, offset: next, length })
          ordered.push({ length, at: this.#now() })
          next += length
        }
        const part = await this.#answer(Math.min(silenceMs, since + chunkMs - this.#now()))
        const order = ordered.shift()
        if (part.type !== 'part' || part.bytes.length !== order?.length) throw wrong(`answered an order of ${order?.length} bytes with ${part.type === 'part' ? `${part.bytes.length} bytes` : part.type}`)
        this.#pace.answered(this.#now() - order.at)
        chunk.set(part.bytes, filled)
        filled += part.bytes.length
      }
      yield chunk
    }
  }

  /** Always finishes. */
  close(): void {
    this.#channel.abort(new Error('nothing more to ask'))
  }

  async #ask(question: Question): Promise<void> {
    try {
      await within(this.#channel.send(encodeQuestion(question)), silenceMs, this.#timers, () => silent(silenceMs))
    } catch (error) {
      // Why the other device closed it may have said, which is still to be read.
      if (!isKinmeshError(error, 'ChannelClosed')) throw error
    }
  }

  async #answer(ms = silenceMs): Promise<Answer> {
    const frame = await within(nextFrame(this.#channel), Math.max(1, ms), this.#timers, () => silent(ms))
    if (!frame) throw new KinmeshError('PeerRefused', 'the other device ended the stream')
    let answer: Answer
    try {
      answer = decodeAnswer(frame)
    } catch (cause) {
      throw wrong('sends what is no answer', cause)
    }
    if (answer.type === 'refused') throw refusal(answer.code)
    return answer
  }
}

function readManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    return parseManifest(bytes)
  } catch (error) {
    if (isKinmeshError(error, 'ManifestNewer')) return undefined
    throw wrong('offers a model with a manifest that cannot be', error)
  }
}

export function wrong(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError(wrongCode, `the other device ${problem}`, { cause })
}

/** What another try will not change is told apart. */
function refusal(code: string): KinmeshError {
  const isForGood = ['UnknownContent', 'Damaged', 'NotYourDevice'].includes(code)
  return new KinmeshError(isForGood ? withoutCode : 'PeerRefused', `the other device refuses (${/^[A-Za-z]+$/.test(code) ? code : 'it does not say why'})`)
}

function silent(ms: number): KinmeshError {
  return new KinmeshError('PeerSilent', `the other device did not answer within ${Math.round(ms / 1000)} s`)
}
