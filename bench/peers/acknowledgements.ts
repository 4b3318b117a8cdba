/** Matches acknowledgements that say no more than that one more came with what was sent, in the order of sending. */
export class Acknowledgements {
  readonly #waiting = new Map<number, (() => void)[]>()
  #sent = 0
  #acknowledged = 0

  sent(count = 1): void {
    this.#sent += count
  }

  arrived(count = 1): void {
    for (let n = 0; n < count && this.#acknowledged < this.#sent; n++) {
      const done = this.#waiting.get(++this.#acknowledged) ?? []
      this.#waiting.delete(this.#acknowledged)
      for (const resolve of done) resolve()
    }
  }

  /** Resolves when everything sent until now is acknowledged. */
  settled(): Promise<void> {
    const upTo = this.#sent
    if (this.#acknowledged >= upTo) return Promise.resolve()
    return new Promise(resolve => {
      const waiting = this.#waiting.get(upTo)
      if (waiting) waiting.push(resolve)
      else this.#waiting.set(upTo, [resolve])
    })
  }
}
