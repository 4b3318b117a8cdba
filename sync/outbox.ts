import type { Frame } from './frames.ts'

/**
 * What the reading loop and timers have to say. They never wait for room to write: two devices that both did would wait for each
 * other for ever. Of each kind one message waits at most, and is made when there is room for it: a peer that asks and does not
 * read costs one frame of each kind, and what it reads in the end is the latest.
 */
export class Outbox {
  readonly #send: (frame: Frame) => Promise<void>
  readonly #spawn: (work: () => Promise<void>) => void
  readonly #waiting = new Map<string, () => readonly Frame[]>()
  #sending = false
  #stopped = false

  constructor(send: (frame: Frame) => Promise<void>, spawn: (work: () => Promise<void>) => void) {
    this.#send = send
    this.#spawn = spawn
  }

  /** Takes the place of a message of the same kind that has not left yet. */
  post(kind: string, make: () => readonly Frame[]): void {
    if (this.#stopped) return
    this.#waiting.set(kind, make)
    if (!this.#sending) this.#spawn(() => this.#run())
  }

  stop(): void {
    this.#stopped = true
    this.#waiting.clear()
  }

  async #run(): Promise<void> {
    this.#sending = true
    // A map hands out what is added during the loop as well.
    for (const [kind, make] of this.#waiting) {
      this.#waiting.delete(kind)
      for (const frame of make()) await this.#send(frame)
    }
    this.#sending = false
  }
}
