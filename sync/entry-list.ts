import type { EntryRow } from './store.ts'

/** Entries of one log in memory, in the order of seq. New ones come last, so that taking one in costs nothing. */
export class EntryList {
  #rows: EntryRow[] = []

  put(row: EntryRow): void {
    const at = this.#at(row.seq)
    this.#rows.splice(at, Number(this.#rows[at]?.seq === row.seq), row)
  }

  /** Entries with seq ≥ `from`, at most `limit`. */
  from(from: number, limit = Number.POSITIVE_INFINITY): EntryRow[] {
    const at = this.#at(from)
    return this.#rows.slice(at, at + limit)
  }

  dropBelow(seq: number): void {
    this.#rows.splice(0, this.#at(seq))
  }

  dropAbove(seq: number): void {
    this.#rows.splice(this.#at(seq + 1))
  }

  /** The place of the first entry with seq ≥ `seq`. */
  #at(seq: number): number {
    let [low, high] = [0, this.#rows.length]
    const last = this.#rows.at(-1)
    if (last === undefined || last.seq < seq) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#rows[middle]?.seq ?? seq) < seq) low = middle + 1
      else high = middle
    }
    return low
  }
}
