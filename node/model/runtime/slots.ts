/** A place in the cache, and the ids whose keys and values are there. */
export class Slot {
  readonly index: number
  busy = false
  /** Counts up with each use, of whichever slot. */
  usedAt = 0
  /** Keys and values of another adapter are other ones, whatever the ids. */
  #adapter: string | undefined
  #ids: number[] = []

  constructor(index: number) {
    this.index = index
  }

  /** Positions that are read. */
  get filled(): number {
    return this.#ids.length
  }

  read(ids: readonly number[]): void {
    this.#ids.push(...ids)
  }

  /** Keeps the first `positions`. */
  forget(positions: number): void {
    this.#ids = this.#ids.slice(0, positions)
  }

  /** From now on holds `ids`, read through this adapter. */
  hold(ids: readonly number[], adapter: string | undefined): void {
    this.#ids = [...ids]
    this.#adapter = adapter
  }

  /** How many ids from the first on are the same, and were read through this adapter. */
  sharedWith(ids: readonly number[], adapter: string | undefined): number {
    if (adapter !== this.#adapter) return 0
    const length = Math.min(ids.length, this.#ids.length)
    for (let i = 0; i < length; i++) if (ids[i] !== this.#ids[i]) return i
    return length
  }
}

/** `copyFrom`: the slot whose first `reused` positions are to be copied before. */
export type Place = { readonly slot: Slot; readonly copyFrom: Slot | undefined; readonly reused: number }

/** A beginning that is shorter is sooner read than looked after. */
const worthKeeping = 16

/** Which request reads where. */
export class Slots {
  readonly #slots: readonly Slot[]
  #uses = 0

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, (_, index) => new Slot(index))
  }

  /** A slot for a prompt that begins with `ids`, with as much of it read through the same adapter as any slot has; undefined while all are busy. */
  take(ids: readonly number[], adapter: string | undefined): Place | undefined {
    const free = this.#slots.filter(slot => !slot.busy).sort((a, b) => a.usedAt - b.usedAt)
    const [oldest] = free
    if (!oldest) return undefined
    const best = this.#slots.map(slot => ({ slot, shared: slot.sharedWith(ids, adapter) })).reduce((a, b) => (b.shared > a.shared || (b.shared === a.shared && !b.slot.busy && a.slot.busy) ? b : a))
    // Going on in a slot forgets what else it holds: another conversation that only began in the same way keeps its own.
    const goesOn = !best.slot.busy && best.shared >= worthKeeping && best.slot.filled - best.shared <= best.shared
    const slot = goesOn ? best.slot : oldest
    const reused = slot === best.slot || best.shared >= worthKeeping ? best.shared : 0
    slot.busy = true
    slot.usedAt = ++this.#uses
    slot.hold(ids.slice(0, reused), adapter)
    return { slot, copyFrom: slot === best.slot || reused === 0 ? undefined : best.slot, reused }
  }

  /** A position at which a slot without work may read a token that is nobody's. A full one gives its last up. */
  spare(index: number, positions: number): number {
    const slot = this.#slots[index]
    if (!slot) return 0
    if (slot.filled >= positions) slot.forget(positions - 1)
    return slot.filled
  }
}
