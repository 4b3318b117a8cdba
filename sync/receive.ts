import { equals } from 'uint8arrays/equals'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { deviceIdOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { updateClientId } from './base-names.ts'
import { commitCheckpoint, noShard, summarise } from './checkpoint.ts'
import { dropLog } from './drop-log.ts'
import type { Entry } from './entry.ts'
import { checkLink, checkMembership, signedEntries } from './entry-checks.ts'
import { heldDeletionFloor, heldDeletionItems, heldDeletionShare } from './limits.ts'
import { listsAgree } from './listed-hashes.ts'
import type { Payload } from './payload.ts'
import type { Effects } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import { Stage, hexOf } from './stage.ts'
import { asWritten } from './view.ts'

/** An entry that was not taken, and why; later entries of the same log wait for it. */
export type Refusal = { readonly author: DeviceId; readonly seq: number; readonly hash: Uint8Array; readonly error: KinmeshError }

export type Receipt = {
  /** What is on disk now that was not before: author, seq and the time its author wrote it (Unix ms, its clock; sealed, on a keeper). */
  readonly accepted: readonly { readonly author: DeviceId; readonly seq: number; readonly at?: number }[]
  readonly refused: readonly Refusal[]
  /** Ids of own items that another device removed: their text is to go from our log as well. */
  readonly removedOwn: readonly string[]
}

/** Refusals that are nobody's fault: what is missing may still come. */
export const passingRefusals = ['UnknownEpoch', 'NotAMember', 'LogGap'] as const

/**
 * Takes entries from a peer. Each passes, in this order: size and form, signature, membership and role, place in the log,
 * decryption, decoding, clientID, clocks and growth, root and values; then it is stored, and only then shown.
 * @throws KinmeshError `MalformedBytes` · `WrongSpace` · `BadSignature`: the sender broke the protocol, nothing was taken
 */
export async function receive(state: SpaceState, list: readonly Uint8Array[]): Promise<Receipt> {
  const fresh = await signedEntries(state, list)
  return state.exclusive(() => new Reception(state).run(fresh))
}

class Reception {
  readonly #state: SpaceState
  readonly #accepted: Receipt['accepted'][number][] = []
  readonly #refused = new Map<DeviceId, Refusal>()
  readonly #removedOwn: string[] = []
  #stage: Stage
  #staged: Receipt['accepted'][number][] = []

  constructor(state: SpaceState) {
    this.#state = state
    this.#stage = new Stage(state)
  }

  async run(entries: readonly Entry[]): Promise<Receipt> {
    for (const entry of entries) {
      const author = deviceIdOf(entry.author)
      if (this.#refused.has(author)) continue
      try {
        await this.#take(author, entry)
      } catch (error) {
        if (!isKinmeshError(error) || error.code === 'StoreFailed') throw error
        this.#refused.set(author, { author, seq: entry.seq, hash: entry.hash, error })
        // Structs of a refused update may be half in the cached doc: load it anew.
        await this.#commit()
        this.#state.docs.forget(author)
      }
    }
    await this.#commit()
    return { accepted: this.#accepted, refused: [...this.#refused.values()], removedOwn: this.#removedOwn }
  }

  async #take(author: DeviceId, entry: Entry): Promise<void> {
    checkMembership(this.#state, author, entry.seq)
    if (!checkLink(this.#state, this.#stage, author, entry)) return
    if (entry.seq === 1) await this.#dropLeftovers(author)
    const payload = this.#state.openPayload(entry)
    if (payload.kind === 'checkpoint') return this.#checkpoint(author, entry, payload)
    if (payload.kind === 'settle') this.#settle(author, entry, payload)
    else this.#update(author, entry, payload)
    this.#staged.push({ author, seq: entry.seq, at: payload.at })
    if (this.#stage.full) await this.#commit()
  }

  /** A snapshot that a crash cut short left shards of a log that now comes entry by entry. */
  async #dropLeftovers(author: DeviceId): Promise<void> {
    if (this.#state.context.store.bases(this.#state.id, author).length === 0) return
    await this.#commit()
    await dropLog(this.#state, author)
    this.#stage = new Stage(this.#state)
  }

  #update(author: DeviceId, entry: Entry, payload: Payload & { kind: 'update' }): void {
    const doc = this.#stage.doc(author, payload.shard)
    const effects = doc.inspect(payload.update, updateClientId(this.#state, author, payload.boot))
    this.#checkClears(author, effects)
    doc.apply(payload.update)
    this.#stage.append(author, entry, payload.shard)
    const held = this.#heldRef(author, entry, effects)
    for (const slot of effects.sets) this.#stage.setVersion(author, payload.shard, entry.seq, slot, held)
    for (const id of effects.clears) this.#stage.view.clear(id, author)
    if (held === null) this.#noteRemovedOwn(effects.sets.filter(([, value]) => value['del'] === 1).map(([id]) => id))
  }

  /** Only a removal may be cleared: whatever takes an item away is then a removal, and waits for a person when it is a large one. */
  #checkClears(author: DeviceId, { clears }: Effects): void {
    for (const id of clears) {
      const own = this.#stage.view.versions(id).find(version => version.author === author)
      if (own && asWritten(own).body !== null) throw new KinmeshError('BadUpdate', 'update clears an item that its author did not remove first')
    }
  }

  /** A large deletion by another device is stored, but waits for a person before it shows. */
  #heldRef(author: DeviceId, entry: Entry, effects: Effects): string | null {
    const removed = effects.sets.filter(([id, value]) => value['del'] === 1 && this.#stage.view.isLive(id)).length
    const limit = Math.min(heldDeletionItems, Math.max(heldDeletionFloor, this.#state.view.count * heldDeletionShare))
    const ref = hexOf(entry.hash)
    if (author === this.#state.self || removed <= limit || this.#state.context.store.settled(this.#state.id, ref)) return null
    this.#stage.also({
      held: [{ ref, author, count: removed, at: this.#state.context.now() }],
      faults: [this.#state.fault('LargeDeletion', author, `a device removed ${removed} memories at once; they stay until you decide: kinmesh held`)]
    })
    return ref
  }

  /** Once another device's removal wins over what we wrote, our own log should not keep the words either. */
  #noteRemovedOwn(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#stage.view.isLive(id)) continue
      if (this.#stage.view.versions(id).some(version => version.author === this.#state.self && version.body !== null)) this.#removedOwn.push(id)
    }
  }

  #settle(author: DeviceId, entry: Entry, payload: Payload & { kind: 'settle' }): void {
    this.#stage.append(author, entry, noShard)
    this.#noteRemovedOwn(release(this.#state, this.#stage, hexOf(payload.ref)))
  }

  async #checkpoint(author: DeviceId, entry: Entry, payload: Payload & { kind: 'checkpoint' }): Promise<void> {
    await this.#commit()
    const summary = summarise(this.#state, author, entry.seq)
    if (!equals(summary.root, payload.root) || !listsAgree(summary.before, payload.before)) throw new KinmeshError('CheckpointMismatch', 'its author sums its log up differently: what is held here of it is damaged, and is fetched again')
    await commitCheckpoint(this.#state, author, entry, summary)
    this.#stage = new Stage(this.#state)
    this.#accepted.push({ author, seq: entry.seq, at: payload.at })
  }

  async #commit(): Promise<void> {
    if (!this.#stage.empty) await this.#stage.commit()
    this.#accepted.push(...this.#staged)
    this.#staged = []
    this.#stage = new Stage(this.#state)
  }
}

/** Ends the waiting of a large deletion: its versions count from here on. Returns the ids that it removes. */
export function release(state: SpaceState, stage: Stage, ref: string): string[] {
  stage.also({ settled: [ref] })
  const held = state.context.store.held(state.id).find(row => row.ref === ref)
  if (!held) return []
  const rows = state.context.store.logVersions(state.id, held.author, { held: ref })
  for (const { shown: _shown, rev: _rev, ...version } of rows) stage.view.set({ ...asWritten(version), held: null })
  return rows.map(({ id }) => id)
}
