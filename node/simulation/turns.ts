/** How long others may have to wait for this thread, ms. */
const turnMs = 50

/** Lets timers and signals in, among work that never waits for anything but itself. */
export class Turns {
  #heardAt = performance.now()
  #others: Promise<void> | undefined

  /** To be awaited between pieces of work. All who ask wait for the same turn: any who went on would keep it from coming. */
  async due(): Promise<void> {
    if (performance.now() - this.#heardAt < turnMs) return
    this.#others ??= new Promise<void>(resolve => { setTimeout(resolve) }).then(() => {
      this.#heardAt = performance.now()
      this.#others = undefined
    })
    await this.#others
  }
}
