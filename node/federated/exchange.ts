import { floatsOf, bytesOfFloats } from '../../federated/round/mean.ts'
import { nextFrame } from '../../mesh/channel.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { Timers } from '../../mesh/timers.ts'
import type { Channel, DeviceId, Mesh } from '../../mesh/types.ts'
import { within } from '../model/share/within.ts'
import { decodeNotes, encodeNotes, type Note, type NoteMessage, notesProtocol, partBytes } from './notes.ts'
import type { Task } from './task.ts'
import { baseOf } from './task-states.ts'

/** How long a device may be silent in the middle of an exchange. */
const silenceMs = 15_000

export type ExchangeHost = {
  readonly mesh: Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'>
  /** The other devices of this person that may read. */
  devices(): readonly DeviceId[]
  /** Of this device, as of now. */
  notes(): readonly Note[]
  /** The adapter of a task, where it is the one that this base names. */
  numbers(task: string, base: string): Promise<Float32Array | undefined>
  /** What another device says now, in the place of what it said before. */
  heard(device: DeviceId, notes: readonly Note[]): void
  readonly log: Logger
  readonly timers: Timers
}

/** Tells the devices of this person what this one does in which task, and hears it of them: on connecting, and at every change. One stream for each exchange: a question, its answer, the end. */
export class Exchange {
  readonly #host: ExchangeHost
  readonly #open = new Set<Channel>()
  readonly #stopPeers: () => void
  #stopped = false

  constructor(host: ExchangeHost) {
    this.#host = host
    host.mesh.handle(notesProtocol, channel => this.#serve(channel))
    this.#stopPeers = host.mesh.onPeer((peer, connected) => {
      if (connected && this.#isOwn(peer)) void this.#tell(peer)
    })
  }

  /** Tells all that are there. Who is not there is told when it comes; none of this fails. */
  async tellAll(): Promise<void> {
    const connected = this.#host.mesh.peers().flatMap(({ id, connected: is }) => (is && this.#isOwn(id) ? [id] : []))
    await Promise.all(connected.map(peer => this.#tell(peer)))
  }

  /**
   * The adapter of a task as another device has it: the numbers that `base` names, and no others.
   * @throws KinmeshError `AdapterNotThere` · `WrongBase` · `PeerSilent` · `ChannelClosed` · `NotAMember` · `Unreachable` · `MalformedBytes`
   */
  async fetch(peer: DeviceId, task: Task, base: string): Promise<Float32Array> {
    return this.#with(peer, async channel => {
      await channel.send(encodeNotes({ type: 'want', task: task.id, base }))
      const bytes = new Uint8Array(4 * task.parameters)
      for (let at = 0; ; ) {
        const part = await this.#next(channel)
        if (part.type === 'gone') throw new KinmeshError('AdapterNotThere', 'the other device has another adapter by now: ask again')
        if (part.type !== 'part' || at + part.bytes.length > bytes.length || (part.more && part.bytes.length !== partBytes)) throw new KinmeshError('WrongBase', 'the other device sends something that is no adapter of this task')
        bytes.set(part.bytes, at)
        at += part.bytes.length
        if (part.more) continue
        const flat = floatsOf(bytes)
        if (at !== bytes.length || baseOf(task, flat) !== base) throw new KinmeshError('WrongBase', 'the other device sends another adapter than the one it names')
        return flat
      }
    })
  }

  /** Always finishes. */
  stop(): void {
    this.#stopped = true
    this.#stopPeers()
    for (const channel of this.#open) channel.abort(new Error('this device stops'))
  }

  async #tell(peer: DeviceId): Promise<void> {
    try {
      await this.#with(peer, async channel => {
        await channel.send(encodeNotes({ type: 'notes', notes: this.#host.notes() }))
        const answer = await this.#next(channel)
        if (answer.type === 'notes') this.#host.heard(peer, answer.notes)
      })
    } catch (error) {
      this.#host.log.debug('a device was not told of what is learned together', { peer, reason: String(error) })
    }
  }

  async #serve(channel: Channel): Promise<void> {
    this.#open.add(channel)
    try {
      if (this.#stopped || !this.#isOwn(channel.peer)) throw new KinmeshError('NotYourDevice', 'what is learned together is told to devices of the same person only')
      const asked = await this.#next(channel)
      if (asked.type === 'notes') {
        await channel.send(encodeNotes({ type: 'notes', notes: this.#host.notes() }))
        this.#host.heard(channel.peer, asked.notes)
      } else if (asked.type === 'want') await this.#give(channel, await this.#host.numbers(asked.task, asked.base))
      await channel.close()
    } catch (error) {
      this.#host.log.debug('an exchange about what is learned together broke off', { peer: channel.peer, reason: String(error) })
      channel.abort(error as Error)
    } finally {
      this.#open.delete(channel)
    }
  }

  async #give(channel: Channel, flat: Float32Array | undefined): Promise<void> {
    if (!flat) return channel.send(encodeNotes({ type: 'gone' }))
    const bytes = bytesOfFloats(flat)
    for (let at = 0; at < bytes.length; at += partBytes) await channel.send(encodeNotes({ type: 'part', bytes: bytes.subarray(at, at + partBytes), more: at + partBytes < bytes.length }))
  }

  async #with<T>(peer: DeviceId, work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.#host.mesh.open(peer, notesProtocol)
    this.#open.add(channel)
    try {
      return await work(channel)
    } finally {
      this.#open.delete(channel)
      await channel.close()
    }
  }

  async #next(channel: Channel): Promise<NoteMessage> {
    const silent = () => new KinmeshError('PeerSilent', `the other device said nothing for ${silenceMs / 1000} s`)
    const frame = await within(nextFrame(channel), silenceMs, this.#host.timers, silent)
    if (!frame) throw silent()
    return decodeNotes(frame)
  }

  #isOwn(peer: DeviceId): boolean {
    return this.#host.devices().includes(peer)
  }
}
