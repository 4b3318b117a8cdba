/** A short list of events that grows until it ends; who comes late gets it from the start. For lists that are short by nature. */
export class Feed<T> {
  readonly #events: T[] = []
  #ended = false
  #changed = Promise.withResolvers<void>()

  push(event: T): void {
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** All events, past and coming; stops when the feed ends or `signal` aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const aborted = whenAborted(signal)
    for (let next = 0; !signal.aborted; ) {
      const changed = this.#changed.promise
      const event = this.#events[next]
      if (event !== undefined) {
        next++
        yield event
      } else if (this.#ended) return
      else await Promise.race([changed, aborted])
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}

/** Resolves when `signal` aborts. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
