import type { DeviceId } from '../mesh/types.ts'
import type { LogState } from './space-state.ts'

/** Between two notes of how far a log had come: times of arrival are known this exactly, and a month of notes is a few kilobytes. */
export const arrivalStepMs = 6 * 3600 * 1000

/** At `at` (Unix ms) the log had come to `height`, and no further. */
type Note = { readonly at: number; readonly height: number }

/** When the entries of each log came, within `arrivalStepMs`: a note now and then instead of a time for every entry. */
export class Arrivals {
  readonly #state: LogState
  readonly #notes = new Map<DeviceId, readonly Note[]>()

  constructor(state: LogState) {
    this.#state = state
  }

  /** What to store together with new entries of a log: nothing, or a note of how far it had come before them. */
  noting(author: DeviceId): Readonly<Record<string, string>> {
    const { lowest, height } = this.#state.logRow(author)
    const now = this.#state.context.now()
    const notes = this.#of(author)
    const last = notes.at(-1)
    if (last && now >= last.at && now - last.at < arrivalStepMs) return {}
    // A clock that went back: those times were wrong. And of the notes from before what is kept, the last one says enough.
    const kept = notes.map(({ at, height: seen }) => ({ at: Math.min(at, now), height: seen })).filter((_, index, all) => (all[index + 1]?.height ?? height) >= lowest)
    return this.#set(author, [...kept, { at: now, height }])
  }

  /** Notes how far logs have come since the last note, where that is due. To be called now and then. */
  async note(): Promise<void> {
    const { context, id, logs } = this.#state
    const grown = [...logs.values()].filter(({ author, height }) => height > (this.#of(author).at(-1)?.height ?? -1))
    const meta = Object.assign({}, ...grown.map(({ author }) => this.noting(author))) as Record<string, string>
    if (Object.keys(meta).length > 0) await context.store.commit({ space: id, meta })
  }

  /** The height up to which entries came at least `ageMs` ago. */
  expired(author: DeviceId, ageMs: number): number {
    return this.#of(author).findLast(({ at }) => this.#state.context.now() - at >= ageMs)?.height ?? 0
  }

  /** When an entry came at the earliest, Unix ms. */
  of(author: DeviceId, seq: number): number {
    return this.#of(author).findLast(({ height }) => height < seq)?.at ?? this.#state.context.now()
  }

  /** What to store together with the end of a log. */
  forgetting(author: DeviceId): Readonly<Record<string, string>> {
    return this.#set(author, [])
  }

  #of(author: DeviceId): readonly Note[] {
    let notes = this.#notes.get(author)
    if (!notes) this.#notes.set(author, (notes = parse(this.#state.context.store.meta(this.#key(author)))))
    return notes
  }

  #set(author: DeviceId, notes: readonly Note[]): Record<string, string> {
    this.#notes.set(author, notes)
    return { [this.#key(author)]: JSON.stringify(notes.map(({ at, height }) => [at, height])) }
  }

  #key(author: DeviceId): string {
    return `arrivals ${this.#state.id} ${author}`
  }
}

function parse(stored: string | undefined): Note[] {
  const rows: unknown = JSON.parse(stored ?? '[]')
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row: unknown) => (Array.isArray(row) && typeof row[0] === 'number' && typeof row[1] === 'number' ? [{ at: row[0], height: row[1] }] : []))
}
