import { concat } from 'uint8arrays/concat'
import { keyBytes, randomBytes, sha256 } from '../mesh/crypto.ts'
import { silentLogger } from '../mesh/log.ts'
import { MembershipLog } from '../mesh/membership.ts'
import { cardNamed, identityNamed } from '../mesh/membership.fixtures.ts'
import { realTimers } from '../mesh/timers.ts'
import type { DeviceId, Identity } from '../mesh/types.ts'
import { canonicalUpdate, clientIdOf, ShardDoc, type SlotValue } from './shard-doc.ts'
import { rootOf } from './base-names.ts'
import { type Entry, epochBytes, noHash, writeEntry } from './entry.ts'
import { HybridClock } from './hlc.ts'
import { checkpointEntries, listedHashBytes, listedHashes } from './limits.ts'
import { type Payload, encodePayload } from './payload.ts'
import { SpaceState } from './space-state.ts'
import { createMemoryStore } from './store-memory.ts'
import type { BaseRow, Store } from './store.ts'

/** For tests: 2026-01-01, so that clock values look like those of a device. */
export const startMs = 1_767_225_600_000

export type Forged = {
  /** Another log position, space or key than the ones that are due. */
  readonly space?: Uint8Array
  readonly seq?: number
  readonly prevHash?: Uint8Array
  readonly key?: { readonly epoch: Uint8Array; readonly key: Uint8Array }
  /** What a checkpoint lists. */
  readonly before?: Uint8Array
  /** The author goes on as if it had not written this. */
  readonly aside?: boolean
}

/** For tests: one device's log of a space as that device writes it, or not quite as it should. */
export class Author {
  readonly identity: Identity
  readonly id: DeviceId
  readonly space: Uint8Array
  key: { readonly epoch: Uint8Array; readonly key: Uint8Array }
  boot = 1
  seq = 0
  head: Uint8Array = noHash
  now = startMs
  readonly docs = new Map<number, ShardDoc>()
  readonly #bases = new Map<number, BaseRow>()
  readonly #dirty = new Set<number>()
  readonly #hashes: Uint8Array[] = []

  constructor(identity: Identity, space: Uint8Array, key: Author['key']) {
    this.identity = identity
    this.id = identity.id
    this.space = space
    this.key = key
  }

  async entry(payload: Payload | Uint8Array, forged: Forged = {}): Promise<Entry> {
    const { space = this.space, seq = this.seq + 1, prevHash = this.head, key = this.key } = forged
    const entry = await writeEntry(this.identity, { space, seq, prevHash }, key, payload instanceof Uint8Array ? payload : encodePayload(payload))
    if (forged.aside) return entry
    this.seq = entry.seq
    this.head = entry.hash
    this.#hashes.push(entry.hash.subarray(0, listedHashBytes))
    return entry
  }

  /** An update that sets slots of one shard; null clears. */
  set(changes: Record<string, SlotValue | null>, forged: Forged = {}, shard = 0): Promise<Entry> {
    const doc = forged.aside ? this.#copyOf(shard) : this.doc(shard)
    if (!forged.aside) this.#dirty.add(shard)
    const update = doc.write(clientIdOf(this.space, this.identity.signing.publicKey, `boot ${this.boot}`), new Map(Object.entries(changes)))
    return this.raw(update, forged, shard)
  }

  /** Items with a text, by id; each gets a clock value above all before it. */
  write(texts: Record<string, string>, forged: Forged = {}, shard = 0): Promise<Entry> {
    return this.set(Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, { text, hlc: this.hlc() }])), forged, shard)
  }

  remove(ids: readonly string[], forged: Forged = {}, shard = 0): Promise<Entry> {
    return this.set(Object.fromEntries(ids.map(id => [id, { del: 1, hlc: this.hlc() }])), forged, shard)
  }

  raw(update: Uint8Array, forged: Forged = {}, shard = 0): Promise<Entry> {
    return this.entry({ kind: 'update', at: this.now, shard, boot: this.boot, update }, forged)
  }

  settle(ref: Uint8Array): Promise<Entry> {
    return this.entry({ kind: 'settle', at: this.now, ref })
  }

  /** The bases and the root of the log as it is; `seq` is that of the checkpoint to come. Only shards written to since the last one are encoded anew. */
  summary(seq = this.seq + 1): { root: Uint8Array; bases: BaseRow[] } {
    const bases = [...this.docs].sort(([a], [b]) => a - b).flatMap(([shard, doc]): BaseRow[] => {
      const kept = this.#bases.get(shard)
      if (kept && !this.#dirty.has(shard)) return [kept]
      const slots = doc.slots()
      if (slots.length === 0) return []
      const bytes = canonicalUpdate(slots, clientIdOf(this.space, this.identity.signing.publicKey, `base ${seq} ${shard}`))
      return [{ shard, seq, hash: sha256(bytes), bytes }]
    })
    return { root: rootOf(bases), bases }
  }

  /** A checkpoint; after it the author goes on from its bases, as everybody does. */
  async checkpoint(root?: Uint8Array, forged: Forged = {}): Promise<Entry> {
    const summary = this.summary()
    const entry = await this.entry({ kind: 'checkpoint', at: this.now, root: root ?? summary.root, before: forged.before ?? concat(this.#hashes.slice(-listedHashes)) }, forged)
    if (forged.aside) return entry
    this.docs.clear()
    this.#bases.clear()
    this.#dirty.clear()
    for (const base of summary.bases) {
      this.#bases.set(base.shard, base)
      this.doc(base.shard).apply(base.bytes)
    }
    return entry
  }

  hlc(): number {
    return ++this.now * 1024
  }

  doc(shard: number): ShardDoc {
    const doc = this.docs.get(shard) ?? new ShardDoc(shard)
    this.docs.set(shard, doc)
    return doc
  }

  #copyOf(shard: number): ShardDoc {
    const copy = new ShardDoc(shard)
    const slots = this.doc(shard).slots()
    if (slots.length > 0) copy.apply(canonicalUpdate(slots, 1))
    return copy
  }
}

export type Scene = {
  readonly state: SpaceState
  readonly store: Store
  readonly membership: MembershipLog
  readonly laptop: Author
  readonly phone: Author
  readonly mini: Author
  author(name: string): Promise<Author>
  /** Another member's device, on a store of its own. */
  device(name: string): Promise<SpaceState>
  /** The same device started again on its store. */
  restart(): Promise<SpaceState>
}

/** For tests: the personal space of a laptop (this device) whose other members are a phone and a mini PC. */
export async function scene(store: Store = createMemoryStore()): Promise<Scene> {
  const self = identityNamed('laptop')
  const membership = await MembershipLog.create(self, { name: 'laptop', place: 'test' }, startMs)
  await membership.add(self, cardNamed('phone'), startMs)
  await membership.add(self, cardNamed('mini'), startMs)
  const open = (identity = self, on = store) => {
    const now = () => startMs
    const context = { identity, store: on, log: silentLogger, tap: undefined, now, timers: realTimers, checkpointEvery: checkpointEntries, clock: new HybridClock(now), boot: 1 }
    return SpaceState.open(context, 'personal', membership)
  }
  const author = async (name: string) => {
    const identity = identityNamed(name)
    return new Author(identity, membership.space, (await membership.keyring(identity)).current() ?? foreignKey())
  }
  const state = await open()
  await store.commit({ space: state.id, naming: [{ id: state.id, name: 'personal' }] })
  return { state, store, membership, author, laptop: await author('laptop'), phone: await author('phone'), mini: await author('mini'), device: name => open(identityNamed(name), createMemoryStore()), restart: open }
}

/** A key that nobody was given. */
export function foreignKey(): { epoch: Uint8Array; key: Uint8Array } {
  return { epoch: randomBytes(epochBytes), key: randomBytes(keyBytes) }
}

export const range = (count: number, shard = 0): string[] => Array.from({ length: count }, (_, index) => `i${String(index).padStart(4, '0')}.${shard.toString(36)}`)
export const textsFor = (ids: readonly string[], text = 'x'): Record<string, string> => Object.fromEntries(ids.map(id => [id, `${text} ${id}`]))
