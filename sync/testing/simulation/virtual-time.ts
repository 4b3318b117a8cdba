import type { Timers } from '../../../mesh/timers.ts'

type Event = { readonly at: number; readonly order: number; act: (() => void) | undefined }

const realImmediate = setImmediate

/** Lets every promise that can settle do so. */
function settled(): Promise<void> {
  return new Promise(resolve => {
    realImmediate(resolve)
  })
}

/** Time (ms) that passes only when nothing is left to do: events fire one by one in their order, each with everything that it causes. */
export class VirtualTime {
  now = 0
  /** Events that fired. */
  fired = 0
  /** Looks at the world whenever nothing is left to do at this moment. */
  watch: () => void = () => undefined
  readonly #heap: Event[] = []
  #order = 0

  /** Returns what cancels it. */
  after(ms: number, act: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.#order++, act }
    this.#push(event)
    return () => {
      event.act = undefined
    }
  }

  /** Lets `ms` pass. */
  async run(ms: number): Promise<void> {
    await this.until(() => false, ms)
  }

  /** Lets time pass until `condition` holds, at most `ms`; says whether it held. */
  async until(condition: () => boolean, ms: number): Promise<boolean> {
    const end = this.now + ms
    for (;;) {
      await settled()
      this.watch()
      if (condition()) return true
      const next = this.#next(end)
      if (!next) break
      this.now = Math.max(this.now, next.at)
      this.fired++
      next.act?.()
    }
    this.now = end
    return false
  }

  #next(end: number): Event | undefined {
    for (let first = this.#heap[0]; first && first.at <= end; first = this.#heap[0]) {
      this.#pop()
      if (first.act) return first
    }
    return undefined
  }

  #push(event: Event): void {
    const heap = this.#heap
    let place = heap.push(event) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (isBefore(heap[parent]!, event)) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = event
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (isBefore(last, heap[child]!)) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = last
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** One run of a device, from its start to its end: everything that is to happen in it happens while it lives and is awake. */
export class Life implements Timers {
  readonly time: VirtualTime
  alive = true
  asleep = false
  #missed: (() => void)[] = []

  constructor(time: VirtualTime) {
    this.time = time
  }

  after(ms: number, act: () => void): () => void {
    return this.time.after(ms, () => this.#act(act))
  }

  set(act: () => void, delayMs: number): unknown {
    return this.after(delayMs, act)
  }

  clear(handle: unknown): void {
    if (typeof handle === 'function') (handle as () => void)()
  }

  /** The machine sleeps: what falls due waits for its waking. */
  sleep(): void {
    this.asleep = true
  }

  wake(): void {
    this.asleep = false
    for (const act of this.#missed.splice(0)) this.after(0, act)
  }

  /** Nothing of it happens any more. */
  end(): void {
    this.alive = false
    this.#missed = []
  }

  #act(act: () => void): void {
    if (!this.alive) return
    if (this.asleep) this.#missed.push(act)
    else act()
  }
}
