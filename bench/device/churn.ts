import { setTimeout as wait } from 'node:timers/promises'
import type { Device } from '../../node/device.ts'
import { forget, remember } from '../../node/memory.ts'
import type { Space } from '../../sync/types.ts'
import { commonWord, memoryText, random } from '../random.ts'
import type { Ack, ChurnOptions } from './calls.ts'

/** Of the acts, so many edit a memory, and so many put a new one in the place of an old one; the rest read a page or recall. */
const editShare = 0.6
const replaceShare = 0.2
const pageItems = 100
const recalled = 10

/** A day's use that leaves as much as it found: edits, new memories for old ones, pages and recalls, one after the other. */
export class Churn {
  readonly #device: Device
  readonly #options: ChurnOptions
  readonly #acknowledge: (ack: Ack['ack']) => void
  readonly #next: () => number
  readonly #own: string[] = []
  readonly #signal: AbortSignal
  #n = 0

  constructor(device: Device, options: ChurnOptions, acknowledge: (ack: Ack['ack']) => void, signal: AbortSignal) {
    this.#device = device
    this.#options = options
    this.#acknowledge = acknowledge
    this.#signal = signal
    this.#next = random(options.seed)
  }

  /** Takes over the memories that this device wrote before, and makes those that are missing. */
  async fill(): Promise<void> {
    for (let page = this.#space.list(); page.length > 0; page = this.#space.list({ after: page.at(-1)?.id ?? '' })) {
      for (const { id, device } of page) if (device === this.#device.id) this.#own.push(id)
    }
    await Promise.all(Array.from({ length: Math.max(0, this.#options.live - this.#own.length) }, () => this.#add()))
  }

  /** Acts until the signal says that it is enough. */
  async run(): Promise<void> {
    const signal = this.#signal
    while (!signal.aborted) {
      await this.#act(this.#next())
      try {
        await wait(this.#next() * 2 * this.#options.everyMs, undefined, { signal })
      } catch (error) {
        if (!signal.aborted) throw error // the end came while it waited
      }
    }
  }

  async #act(chance: number): Promise<void> {
    const at = Math.floor(this.#next() * this.#own.length)
    const id = this.#own[at]
    if (id !== undefined && chance < editShare) return this.#edit(id)
    if (id !== undefined && chance < editShare + replaceShare) {
      this.#own.splice(at, 1)
      await forget(this.#device.sync, id)
      this.#acknowledge({ id, text: '' })
      return this.#add()
    }
    if (this.#next() < 0.5) this.#space.list({ after: id ?? '', limit: pageItems })
    else await this.#device.recall.recall(commonWord, recalled)
  }

  async #edit(id: string): Promise<void> {
    const before = this.#space.get(id)
    if (!before) throw new Error(`the memory ${id} of this device is gone`)
    const text = this.#text()
    await this.#space.put({ ...before.value, text }, id)
    this.#acknowledge({ id, text })
  }

  async #add(): Promise<void> {
    const text = this.#text()
    const { id } = await remember(this.#device.sync, this.#device.id, { text }, { now: Date.now() })
    this.#own.push(id)
    this.#acknowledge({ id, text })
  }

  /** Without long numbers: a memory that looks like one of a card is kept on its device. */
  #text(): string {
    return memoryText(this.#next, `${this.#device.name} ${this.#options.seed.toString(36)} ${this.#n++}`)
  }

  get #space(): Space {
    return this.#device.sync.space('personal')
  }
}
