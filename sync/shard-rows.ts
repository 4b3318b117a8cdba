import type { DeviceId } from '../mesh/types.ts'
import type { ShardRow, VersionRow } from './store.ts'

/** What one shard of a view holds, as one text that is cheap to keep, to load and to leave unread. */
export type PackedShard = {
  readonly shard: number
  readonly totals: ShardRow | null
  /** Highest rev of its rows and gone ids; 0 for none. */
  readonly rev: number
  /** Whether any of its rows removes an item; any is held. */
  readonly removals: boolean
  readonly holds: boolean
  /** JSON `[authors, rows, gone]`; a row is `[id, author's place, hlc, body, seq, held, pending, shown, rev]`, a gone id `[id, rev]`. */
  readonly text: string
}

type Row = [id: string, author: number, hlc: number, body: string | null, seq: number, held: string | null, pending: number | null, shown: 0 | 1, rev: number]
type Content = { items: Map<string, readonly VersionRow[]>; gone: Map<string, number> }
type Summary = { rev: number; removals: boolean; holds: boolean }

/**
 * The rows of one shard. It never changes once made: a commit under way makes a copy, which takes its place when it is on disk.
 * Rows are read from their text when somebody asks for them: most shards are never asked.
 */
export class ShardRows {
  readonly shard: number
  /** Null until a commit counts the shard. */
  readonly totals: ShardRow | null
  #packed: PackedShard | undefined
  #content: Content | undefined
  #summary: Summary | undefined
  #ids: string[] | undefined

  private constructor(shard: number, totals: ShardRow | null, from: PackedShard | Content) {
    this.shard = shard
    this.totals = totals
    if ('text' in from) this.#summary = this.#packed = from
    else this.#content = from
  }

  static empty(shard: number): ShardRows {
    return new ShardRows(shard, null, { items: new Map(), gone: new Map() })
  }

  static unpack(packed: PackedShard): ShardRows {
    return new ShardRows(packed.shard, packed.totals, packed)
  }

  get summary(): Summary {
    return (this.#summary ??= summaryOf(this.#read()))
  }

  versions(id: string): readonly VersionRow[] {
    return this.#read().items.get(id) ?? []
  }

  /** Every id, ascending. Ids are ASCII, so that < is SQLite's BINARY order too. */
  ids(): readonly string[] {
    return (this.#ids ??= [...this.#read().items.keys()].sort())
  }

  rows(): VersionRow[] {
    return [...this.#read().items.values()].flat()
  }

  gone(): ReadonlyMap<string, number> {
    return this.#read().gone
  }

  /** A copy with changes. */
  with(change: (draft: ShardDraft) => void): ShardRows {
    const { items, gone } = this.#read()
    const draft = new ShardDraft(this.totals, { items: new Map(items), gone: new Map(gone) })
    change(draft)
    return new ShardRows(this.shard, draft.totals, draft.content)
  }

  pack(): PackedShard {
    return (this.#packed ??= { shard: this.shard, totals: this.totals, ...this.summary, text: textOf(this.#read()) })
  }

  #read(): Content {
    return (this.#content ??= this.#packed ? contentOf(this.#packed) : { items: new Map(), gone: new Map() })
  }
}

/** What `ShardRows.with` hands out to be changed. */
export class ShardDraft {
  totals: ShardRow | null
  readonly content: Content

  constructor(totals: ShardRow | null, content: Content) {
    this.totals = totals
    this.content = content
  }

  dropLog(author: DeviceId): void {
    for (const id of [...this.content.items.keys()]) this.drop(id, author)
  }

  drop(id: string, author: DeviceId): void {
    const rows = this.content.items.get(id)?.filter(row => row.author !== author) ?? []
    if (rows.length > 0) this.content.items.set(id, rows)
    else this.content.items.delete(id)
  }

  /** A shown version brings its id back. */
  set(row: VersionRow): void {
    this.content.items.set(row.id, [...(this.content.items.get(row.id) ?? []).filter(each => each.author !== row.author), row])
    if (row.shown) this.content.gone.delete(row.id)
  }

  setGone(id: string, rev: number): void {
    this.content.gone.delete(id)
    this.content.gone.set(id, rev)
  }
}

/** @throws SyntaxError, TypeError for a text that `pack` did not write */
function contentOf({ shard, text }: PackedShard): Content {
  const [authors, rows, gone] = JSON.parse(text) as [DeviceId[], Row[], [string, number][]]
  const items = new Map<string, VersionRow[]>()
  for (const [id, place, hlc, body, seq, held, pending, shown, rev] of rows) {
    const author = authors[place]
    if (author === undefined) throw new TypeError(`no author at place ${place}`)
    const row: VersionRow = { id, author, shard, hlc, body, seq, held, pending, shown: shown === 1, rev }
    const others = items.get(id)
    if (others) others.push(row)
    else items.set(id, [row])
  }
  return { items, gone: new Map(gone) }
}

function textOf({ items, gone }: Content): string {
  const places = new Map<DeviceId, number>()
  const rows: Row[] = []
  for (const { id, author, hlc, body, seq, held, pending, shown, rev } of [...items.values()].flat()) {
    const place = places.get(author) ?? places.size
    places.set(author, place)
    rows.push([id, place, hlc, body, seq, held, pending, shown ? 1 : 0, rev])
  }
  return JSON.stringify([[...places.keys()], rows, [...gone]])
}

function summaryOf({ items, gone }: Content): Summary {
  const summary = { rev: 0, removals: false, holds: false }
  for (const row of [...items.values()].flat()) {
    if (row.rev > summary.rev) summary.rev = row.rev
    if (row.body === null) summary.removals = true
    if (row.held !== null) summary.holds = true
  }
  for (const rev of gone.values()) if (rev > summary.rev) summary.rev = rev
  return summary
}
