import * as Y from 'yjs'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { sha256 } from '../mesh/crypto.ts'
import { shardOfId } from './item-id.ts'
import { maxItemsPerEntry, maxSlotsPerShard, maxValueBytes, maxValueDepth } from './limits.ts'

/** JSON as it stands in a Y.Map: the item's fields, its `hlc`, and `del: 1` instead of fields when it is removed. */
export type SlotValue = { readonly [field: string]: unknown; readonly hlc: number }
/** What one update does: slots it sets, and slots it clears without a successor. */
export type Effects = { readonly sets: readonly (readonly [id: string, value: SlotValue])[]; readonly clears: readonly string[] }

const rootName = 'items'
/** Characters of JSON: `false`; a double with sign, 17 digits, point and exponent. */
const longestLiteral = 5
const longestNumber = 25
/** Nobody looks a document up by its guid, and drawing a random one is a good part of making a small document. */
const docOptions = { guid: '' }
const maxHlc = Number.MAX_SAFE_INTEGER - 2 ** 40 // leaves every clock room to step over it

/**
 * One log's part of one shard: `items: Y.Map<id, flat JSON>`. An author writes to its own part only, so updates of different
 * authors never meet in one Y.Doc: no member can delete, overwrite or pre-empt (GC, foreign clientID) what another wrote.
 * The view picks, per id, the highest (hlc, device) among the parts and keeps the others readable.
 */
export class ShardDoc {
  readonly #doc = new Y.Doc(docOptions)
  readonly #items = this.#doc.getMap<SlotValue>(rootName)
  readonly #shard: number

  constructor(shard: number) {
    this.#shard = shard
  }

  get size(): number {
    return this.#items.size
  }

  value(id: string): SlotValue | undefined {
    return this.#items.get(id)
  }

  /** Sets or clears (null) slots under `clientId`; returns the one update that does it, as version 1 of Yjs' encoding. */
  write(clientId: number, changes: ReadonlyMap<string, SlotValue | null>): Uint8Array {
    this.#doc.clientID = clientId
    const updates: Uint8Array[] = []
    const collect = (update: Uint8Array) => updates.push(update)
    this.#doc.on('update', collect)
    this.#doc.transact(() => {
      for (const [id, value] of changes) {
        if (value) this.#items.set(id, value)
        else this.#items.delete(id)
      }
    })
    this.#doc.off('update', collect)
    const [update] = updates
    if (!update || updates.length > 1) throw new Error(`one transaction gave ${updates.length} updates`)
    return update
  }

  /** Takes an update that `inspect` passed, or one of our own. */
  apply(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update)
  }

  /**
   * Checks an update before anything is applied. The author is the only writer of this part, so nothing is left open:
   * structs start at the next clock of `clientId`, each sets one slot over its present item, deletions name own items.
   * @throws KinmeshError `BadUpdate` · `ForeignClient` · `ClockGap` · `BadRoot` · `BadValue` · `TooManyItems`
   */
  inspect(update: Uint8Array, clientId: number): Effects {
    const { structs, ds } = decodeUpdate(update)
    if (structs.length > maxItemsPerEntry) throw bad('TooManyItems', `sets ${structs.length} items, over ${maxItemsPerEntry}`)
    const sets = new Map<string, SlotValue>()
    const firstClock = Y.getState(this.#doc.store, clientId)
    let clock = firstClock
    for (const struct of structs) {
      if (struct.id.client !== clientId) throw bad('ForeignClient', `has structs of client ${struct.id.client}, which is not the author's ${clientId}`)
      if (struct.id.clock !== clock) throw bad('ClockGap', `has clock ${struct.id.clock} where ${clock} is due`)
      if (!(struct instanceof Y.Item) || struct.length !== 1) throw bad('BadUpdate', 'has a struct that sets no slot (GC, Skip or a run)')
      const id = this.#slotOf(struct)
      if (sets.has(id)) throw bad('BadUpdate', 'sets one slot twice')
      sets.set(id, checkedValue(struct.content))
      clock++
    }
    const clears = this.#cleared(ds, sets, clientId, firstClock)
    const created = [...sets.keys()].filter(id => !this.#items.has(id)).length
    if (this.#fills(created)) throw bad('TooManyItems', `fills shard ${this.#shard} beyond ${maxSlotsPerShard} slots`)
    return { sets: [...sets], clears }
  }

  /** Yjs counts a map by going through it; so it is counted only where it may be full, deleted slots included. */
  #fills(created: number): boolean {
    return this.#items._map.size + created > maxSlotsPerShard && this.#items.size + created > maxSlotsPerShard
  }

  /** Every slot, in the order of ids. */
  slots(): [id: string, value: SlotValue][] {
    return [...this.#items.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  #slotOf(item: Y.Item): string {
    if (item.rightOrigin) throw bad('BadUpdate', 'inserts before another item')
    if (item.origin) {
      const key = this.#keyOf(item.origin.client, item.origin.clock)
      const present = key === undefined ? undefined : this.#present(key)
      // Yjs joins deleted items of one slot into one: what follows them follows the last.
      if (key === undefined || !present || !Y.compareIDs(present.lastId, item.origin)) throw bad('BadUpdate', 'does not follow the present item of its slot')
      return key
    }
    const id = item.parentSub
    // Before integration Yjs keeps the name of a root type in `parent`.
    if ((item.parent as unknown) !== rootName || id === null) throw bad('BadRoot', `writes outside the root "${rootName}"`)
    if (shardOfId(id) !== this.#shard) throw bad('BadRoot', `writes an id that is not of shard ${this.#shard}`)
    if (this.#present(id)) throw bad('BadUpdate', 'does not follow the present item of its slot')
    return id
  }

  #cleared(ds: ReturnType<typeof Y.decodeUpdate>['ds'], sets: ReadonlyMap<string, unknown>, clientId: number, firstClock: number): string[] {
    const cleared = new Set<string>()
    let deletions = 0
    for (const [client, ranges] of ds.clients) {
      const known = client === clientId ? firstClock : Y.getState(this.#doc.store, client)
      for (const { clock, len } of ranges) {
        deletions += len
        if (deletions > maxItemsPerEntry) throw bad('TooManyItems', `deletes more than ${maxItemsPerEntry} items`)
        if (clock + len > known) throw bad('ForeignClient', `deletes structs of client ${client} that the author never wrote`)
        for (let at = clock; at < clock + len; at++) {
          const key = this.#keyOf(client, at)
          if (key === undefined || sets.has(key) || !this.#items.has(key)) continue
          const present = this.#present(key)
          if (present && Y.compareIDs(present.id, Y.createID(client, at))) cleared.add(key)
        }
      }
    }
    return [...cleared]
  }

  /** The slot that a known struct set; undefined for anything else. */
  #keyOf(client: number, clock: number): string | undefined {
    if (clock >= Y.getState(this.#doc.store, client)) return undefined
    const item: unknown = Y.getItem(this.#doc.store, Y.createID(client, clock))
    return item instanceof Y.Item && item.parentSub !== null ? item.parentSub : undefined
  }

  /** The item that holds a slot now, deleted ones included: the one a new item must follow. */
  #present(id: string): Y.Item | undefined {
    return this.#items._map.get(id)
  }
}

/**
 * The one encoding of a set of slots: a fresh document that sets them in the order of their ids under `clientId`. Every device
 * that holds the same slots makes the same bytes, so their hash can be signed. Empty for no slots.
 */
export function canonicalUpdate(slots: readonly (readonly [id: string, value: SlotValue])[], clientId: number): Uint8Array {
  const doc = new Y.Doc(docOptions)
  doc.clientID = clientId
  const items = doc.getMap(rootName)
  doc.transact(() => {
    for (const [id, value] of slots) items.set(id, value)
  })
  return Y.encodeStateAsUpdate(doc)
}

/** The slots of a canonical update that came from a peer, checked as `inspect` does. @throws KinmeshError as `inspect` */
export function readCanonical(update: Uint8Array, shard: number, clientId: number): [id: string, value: SlotValue][] {
  const { structs, ds } = decodeUpdate(update)
  if (ds.clients.size > 0) throw bad('BadUpdate', 'deletes in a canonical update')
  if (structs.length === 0) throw bad('BadUpdate', 'holds no slot: a shard without slots has no canonical update')
  if (structs.length > maxSlotsPerShard) throw bad('TooManyItems', `holds ${structs.length} slots, over ${maxSlotsPerShard}`)
  let last = ''
  return structs.map((struct, clock) => {
    if (!(struct instanceof Y.Item) || struct.length !== 1 || struct.id.client !== clientId || struct.id.clock !== clock) throw bad('BadUpdate', 'is not canonical')
    const id = struct.parentSub
    if (struct.origin || struct.rightOrigin || (struct.parent as unknown) !== rootName || id === null || shardOfId(id) !== shard) throw bad('BadRoot', `writes outside shard ${shard} of "${rootName}"`)
    if (id <= last) throw bad('BadUpdate', 'is not in the order of ids')
    last = id
    return [id, checkedValue(struct.content)]
  })
}

/**
 * The Yjs clientID that `author` writes under. It follows from its key, the space and a random number drawn at each start, so
 * that a receiver can check whose it is and a restored backup never uses one again.
 */
export function clientIdOf(space: Uint8Array, author: Uint8Array, purpose: string): number {
  const name = new TextEncoder().encode(purpose)
  const bytes = new Uint8Array(space.length + author.length + name.length)
  bytes.set(space)
  bytes.set(author, space.length)
  bytes.set(name, space.length + author.length)
  return new DataView(sha256(bytes).buffer).getUint32(0)
}

function decodeUpdate(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    return Y.decodeUpdate(update)
  } catch (cause) {
    if (isKinmeshError(cause)) throw cause
    throw bad('BadUpdate', 'cannot be decoded', cause)
  }
}

function checkedValue(content: Y.Item['content']): SlotValue {
  const [value] = content instanceof Y.ContentAny ? (content.arr as unknown[]) : []
  return checkSlot(value)
}

/** What every receiver asks of a slot's value. @throws KinmeshError `BadValue` */
export function checkSlot(value: unknown): SlotValue {
  if (!isPlainObject(value)) throw bad('BadValue', 'sets something other than one JSON object')
  const atMost = checkJson(value, 1)
  const { hlc, del } = value
  if (typeof hlc !== 'number' || !Number.isSafeInteger(hlc) || hlc <= 0 || hlc > maxHlc) throw bad('BadValue', 'has no clock value within bounds')
  if (del !== undefined && (del !== 1 || Object.keys(value).length !== 2)) throw bad('BadValue', 'removes an item and writes to it at once')
  if (atMost > maxValueBytes && JSON.stringify(value).length > maxValueBytes) throw bad('BadValue', `is over ${maxValueBytes} bytes`)
  return value as SlotValue
}

// A key "__proto__" in the encoding has by now become the prototype of the decoded object: look at the prototype itself.
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Returns how many characters the value's JSON has at most: most are so short that nobody needs to write it out to see that they fit. */
function checkJson(value: unknown, depth: number): number {
  if (depth > maxValueDepth) throw bad('BadValue', `is nested deeper than ${maxValueDepth}`)
  if (value === null || typeof value === 'boolean') return longestLiteral
  if (typeof value === 'string') return longestText(value)
  if (typeof value === 'number' && Number.isFinite(value)) return longestNumber
  let atMost = '[]'.length
  if (Array.isArray(value)) for (const each of value) atMost += checkJson(each, depth + 1) + ','.length
  else if (isPlainObject(value)) for (const key of Object.keys(value)) atMost += longestText(key) + checkJson(value[key], depth + 1) + ':,'.length
  else throw bad('BadValue', 'has a value that is not plain JSON')
  return atMost
}

/** Every character may become an escape of six. */
function longestText(text: string): number {
  return 6 * text.length + '""'.length
}

function bad(code: string, problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError(code, `update ${problem}`, { cause })
}
