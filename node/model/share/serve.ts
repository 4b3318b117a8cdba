import { equals } from 'uint8arrays/equals'
import { nextFrame } from '../../../mesh/channel.ts'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import type { Timers } from '../../../mesh/timers.ts'
import type { Channel, DeviceId } from '../../../mesh/types.ts'
import { TokenBucket } from '../../../sync/token-bucket.ts'
import { serializeManifest, type Manifest } from '../store/manifest.ts'
import { heavyBurst, heavyPerSecond, idleMs, manifestPartBytes, maxListBytes, maxStreams, maxStreamsPerDevice, ordersBurst, ordersPerSecond } from './limits.ts'
import { decodeQuestion, encodeAnswer, type Answer, type Question } from './messages.ts'
import { pause, within } from './within.ts'

/** What a device gives of its models. `content`: SHA-256, 32 bytes. */
export type Offers = {
  /** As of now. */
  manifests(): Promise<Manifest[]>
  /** SHA-256 of every chunk, one behind the other, in pieces of at most `hashesPerFrame`. @throws KinmeshError `UnknownContent`, `Damaged` */
  hashes(content: Uint8Array): AsyncIterable<Uint8Array>
  /** A file of this content, all of which was compared. @throws KinmeshError `UnknownContent`, `Damaged` */
  open(content: Uint8Array): Promise<OfferedFile>
}

export type OfferedFile = {
  /** The bytes are good until the next read. @throws KinmeshError `OutOfRange`, `Damaged` */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

export type ServerHost = {
  readonly offers: Offers
  readonly timers: Timers
  readonly log: Logger
  now(): number
  /** Whether this peer may know which models are here: a device of the same person that may read. */
  mayAsk(peer: DeviceId): boolean
}

type Pace = { readonly orders: TokenBucket; readonly heavy: TokenBucket }

/** What a refusal says; everything else that goes wrong here is this device's own affair. */
const toldCodes = ['UnknownContent', 'Damaged', 'OutOfRange', 'MalformedBytes', 'NotYourDevice', 'TooManyStreams', 'Idle']

/** Answers what other devices ask about models, one question after the other on each stream. */
export class ModelServer {
  readonly #host: ServerHost
  readonly #open = new Set<Channel>()
  /** Those of them on which something was asked; one device may open others, which mesh/ bounds, and they are in nobody's way. */
  readonly #asking = new Set<Channel>()
  readonly #paces = new Map<DeviceId, Pace>()
  #stopped = false

  constructor(host: ServerHost) {
    this.#host = host
  }

  /** Always finishes; whatever ends a stream before its asker does is told to it by name, if it still listens. */
  async serve(channel: Channel): Promise<void> {
    const { log } = this.#host
    try {
      this.#open.add(channel)
      await this.#answerAll(channel)
    } catch (error) {
      const code = isKinmeshError(error) && toldCodes.includes(error.code) ? error.code : 'Failed'
      log.debug('a device that asked about models was refused', { peer: channel.peer, code, reason: String(error) })
      if (code === 'Damaged') log.warn('a model is damaged', { reason: String(error) })
      await this.#send(channel, { type: 'refused', code }).catch(() => channel.abort(error as Error))
    } finally {
      this.#open.delete(channel)
      this.#asking.delete(channel)
    }
  }

  stop(): void {
    this.#stopped = true
    for (const channel of this.#open) channel.abort(new Error('this device stops'))
  }

  /** Asked before every answer, for a device may be removed at any moment; and after a question, for what is said before one does not arrive. */
  #check(channel: Channel): void {
    if (this.#stopped || !this.#host.mayAsk(channel.peer)) throw new KinmeshError('NotYourDevice', 'models are shown to devices of the same person only')
    if (this.#asking.has(channel)) return
    const ofDevice = [...this.#asking].filter(({ peer }) => peer === channel.peer).length
    if (ofDevice >= maxStreamsPerDevice || this.#asking.size >= maxStreams) throw new KinmeshError('TooManyStreams', `${ofDevice} of this device, ${this.#asking.size} in all`)
    this.#asking.add(channel)
  }

  async #answerAll(channel: Channel): Promise<void> {
    const { timers } = this.#host
    const reader = new Reader(this.#host.offers)
    try {
      for (;;) {
        const frame = await within(nextFrame(channel), idleMs, timers, () => new KinmeshError('Idle', `asked nothing for ${idleMs} ms`))
        if (!frame) return
        const question = decodeQuestion(frame)
        await this.#hold(channel.peer, question)
        this.#check(channel)
        await this.#answer(channel, question, reader)
      }
    } finally {
      await reader.close()
    }
  }

  /** Whoever asks more than a device has reason to waits, and by the credit of its stream comes to a halt. */
  async #hold(peer: DeviceId, { type }: Question): Promise<void> {
    const { timers, now } = this.#host
    const pace = this.#paces.get(peer) ?? { orders: new TokenBucket(ordersPerSecond, ordersBurst, now), heavy: new TokenBucket(heavyPerSecond, heavyBurst, now) }
    this.#paces.set(peer, pace)
    const waitMs = pace[type === 'read' ? 'orders' : 'heavy'].take(1)
    if (waitMs > 0) await pause(waitMs, timers)
  }

  async #answer(channel: Channel, question: Question, reader: Reader): Promise<void> {
    const { offers } = this.#host
    switch (question.type) {
      case 'list':
        for (const text of listed(await offers.manifests())) {
          for (let at = 0; at < text.length; at += manifestPartBytes) await this.#send(channel, { type: 'manifest', more: at + manifestPartBytes < text.length, bytes: text.subarray(at, at + manifestPartBytes) })
        }
        return this.#send(channel, { type: 'listed' })
      case 'hashes': {
        // The last piece comes only once the whole file was compared, and says so.
        let before: Uint8Array | undefined
        for await (const bytes of offers.hashes(question.content)) {
          if (before) await this.#send(channel, { type: 'hashed', more: true, bytes: before })
          before = bytes
        }
        return this.#send(channel, { type: 'hashed', more: false, bytes: before ?? new Uint8Array() })
      }
      case 'read':
        return this.#send(channel, { type: 'part', bytes: await reader.read(question) })
    }
  }

  /** One frame is held for a peer at a time, besides what its channel has credit for. */
  async #send(channel: Channel, answer: Answer): Promise<void> {
    const { timers } = this.#host
    const late = () => {
      const error = new KinmeshError('NotRead', `took no answer for ${idleMs} ms`)
      channel.abort(error)
      return error
    }
    await within(channel.send(encodeAnswer(answer)), idleMs, timers, late)
  }
}

/** The file that a stream is about, open from one order to the next. */
class Reader {
  readonly #offers: Offers
  #open: { readonly content: Uint8Array; readonly file: OfferedFile } | undefined

  constructor(offers: Offers) {
    this.#offers = offers
  }

  async read({ content, offset, length }: { content: Uint8Array; offset: number; length: number }): Promise<Uint8Array> {
    if (!this.#open || !equals(this.#open.content, content)) {
      await this.close()
      this.#open = { content, file: await this.#offers.open(content) }
    }
    return this.#open.file.read(offset, length)
  }

  async close(): Promise<void> {
    await this.#open?.file.close()
    this.#open = undefined
  }
}

/** As many manifests as a list may hold. */
function listed(manifests: readonly Manifest[]): Uint8Array[] {
  const texts: Uint8Array[] = []
  let bytes = 0
  for (const manifest of manifests) {
    const text = new TextEncoder().encode(serializeManifest(manifest))
    bytes += text.length
    if (bytes > maxListBytes) break
    texts.push(text)
  }
  return texts
}
