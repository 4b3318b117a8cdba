/** What waits for a client at most, in characters: more than the context of a model holds in text. */
export const maxWaitingChars = 1024 * 1024

/** Text between a model that writes and a client that may read more slowly: pieces that wait become one, so that little more than the text itself is held. `End`: what follows the text. */
export class WaitingText<End> {
  #text = ''
  #said = 0
  #end: { readonly end: End } | { readonly error: unknown } | undefined
  #changed = Promise.withResolvers<void>()

  /** Characters that were said until now. */
  get said(): number {
    return this.#said
  }

  /** False: there is no room, and nothing was taken. */
  say(piece: string): boolean {
    if (this.#text.length + piece.length > maxWaitingChars) return false
    this.#text += piece
    this.#said += piece.length
    if (piece !== '') this.#changed.resolve()
    return true
  }

  end(end: End): void {
    this.#end ??= { end }
    this.#changed.resolve()
  }

  fail(error: unknown): void {
    this.#end ??= { error }
    this.#changed.resolve()
  }

  /** All that waits; the end once nothing does; undefined: there is nothing yet. @throws what `fail` was given */
  take(): { readonly text: string } | { readonly end: End } | undefined {
    const text = this.#text
    this.#text = ''
    if (text !== '') return { text }
    if (!this.#end) {
      this.#changed = Promise.withResolvers()
      return undefined
    }
    if ('error' in this.#end) throw this.#end.error
    return this.#end
  }

  /** Waits until there is something to take, and at most so long; whether there is. */
  async something(withinMs: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), withinMs)
    })
    try {
      return await Promise.race([this.#changed.promise.then(() => true), late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** @throws what `fail` was given, if nothing was said before */
  checkBegun(): void {
    if (this.#end && 'error' in this.#end && this.#said === 0) throw this.#end.error
  }
}
