import { equals } from 'uint8arrays/equals'
import { KinmeshError } from '../mesh/errors.ts'
import { sha256 } from '../mesh/crypto.ts'
import type { Timers } from '../mesh/timers.ts'
import type { DeviceId } from '../mesh/types.ts'
import { baseClientId, rootOf } from './base-names.ts'
import { dropLog } from './drop-log.ts'
import type { Entry } from './entry.ts'
import { installBytes, maxShardBytes } from './limits.ts'
import { setAside } from './set-aside.ts'
import { canonicalUpdate, readCanonical } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import { Stage } from './stage.ts'
import type { BaseInfo, BaseRow } from './store.ts'

/**
 * A checkpoint is an author's signed summary of its own log: `root` is the hash over what each shard of the log holds, in its
 * one canonical encoding. Whoever has the log computes the same bases and compares; whoever lacks it takes the bases from any
 * device and checks them against the author's signature. Either way the shards' Y.Docs start anew from their bases: overwritten
 * structs are gone, and entries before the checkpoint are no longer needed.
 */
/** `before` lists the entries that it sums up, see listed-hashes.ts. */
export type Summary = { readonly root: Uint8Array; readonly before: Uint8Array; readonly changed: BaseRow[]; readonly emptied: number[] }

/** Sums up the log of `author` as it is now, for a checkpoint with `seq`; only shards that changed since the last one are encoded. */
export function summarise(state: SpaceState, author: DeviceId, seq: number): Summary {
  const { store } = state.context
  const { checkpoint } = state.logRow(author)
  const bases = new Map<number, Pick<BaseInfo, 'shard' | 'seq' | 'hash'>>(store.bases(state.id, author).map(base => [base.shard, base]))
  const changed: BaseRow[] = []
  const emptied: number[] = []
  for (const shard of store.dirtyShards(state.id, author, checkpoint)) {
    const slots = state.docs.get(author, shard, checkpoint).slots()
    bases.delete(shard)
    if (slots.length === 0) {
      emptied.push(shard)
      continue
    }
    const bytes = canonicalUpdate(slots, baseClientId(state, author, seq, shard))
    const base: BaseRow = { shard, seq, hash: sha256(bytes), bytes }
    bases.set(shard, base)
    changed.push(base)
  }
  return { root: rootOf([...bases.values()]), before: state.listed.next(author), changed, emptied }
}

/** Appends a checkpoint entry together with the bases that it names. */
export async function commitCheckpoint(state: SpaceState, author: DeviceId, entry: Entry, { changed, emptied }: Summary): Promise<void> {
  const stage = new Stage(state)
  stage.append(author, entry, noShard)
  stage.setLog({ ...stage.log(author), checkpoint: entry.seq, tailBytes: 0 })
  stage.also({ bases: changed.map(base => ({ ...base, author })), dropBases: emptied.map(shard => ({ author, shard })) })
  await stage.commit()
  state.docs.forget(author)
}

/** The shard of entries that write to none. */
export const noShard = -1

/**
 * Takes over a log as of a checkpoint, from bases that any device sent: `entry` is the author's checkpoint with a checked
 * signature and `root` what it signed. Replaces whatever was held of that log. Empties `bases` as they go in, for their memory.
 * A new log goes to the disk in commits of about `commitBytes`.
 * @throws KinmeshError `WrongSnapshot` and those of `readCanonical`: nothing was changed
 */
export async function installSnapshot(state: SpaceState, author: DeviceId, entry: Entry, root: Uint8Array, bases: BaseRow[], commitBytes = installBytes): Promise<void> {
  if (!equals(rootOf(bases), root)) throw new KinmeshError('WrongSnapshot', 'the snapshot is not the one that its author signed')
  for (const { shard, bytes, hash } of bases) {
    if (bytes.length > maxShardBytes || !equals(sha256(bytes), hash)) throw new KinmeshError('WrongSnapshot', `shard ${shard} of the snapshot is damaged`)
  }
  const { store } = state.context
  const isNew = state.logRow(author).height === 0
  // While the own log is fetched anew, what came of it first may be the end of another branch than this one; so may be what is held of a removed device's.
  const isRemoved = state.membership.removedDevices().has(author)
  if (!isNew && (author === state.self ? state.recovering : isRemoved)) await setAside(state, author)
  if (!isNew && isRemoved) state.realigning.set(author, state.context.now())
  if (isNew && store.bases(state.id, author).length > 0) await dropLog(state, author)
  let stage = new Stage(state)
  let stagedBytes = 0
  // A log that is held is replaced in one commit, so that nothing acknowledged is ever missing. A new one comes in a few shards
  // at a time: all at once, 100,000 items take hundreds of megabytes and stop the device for seconds. What a crash leaves of it is
  // dropped before the next attempt.
  if (!isNew) {
    for (const row of store.logVersions(state.id, author)) stage.view.clear(row.id, author)
    stage.also({ dropLogs: [author] })
  }
  if (isNew) state.partial.add(author)
  for (let base = bases.shift(); base; base = bases.shift()) {
    for (const slot of readCanonical(base.bytes, base.shard, baseClientId(state, author, base.seq, base.shard))) stage.setVersion(author, base.shard, entry.seq, slot)
    stage.also({ bases: [{ ...base, author }] })
    if (!isNew) continue
    stagedBytes += base.bytes.length
    if (stagedBytes >= commitBytes) {
      await stage.commit()
      stage = new Stage(state)
      stagedBytes = 0
    }
    await nextTurn(state.context.timers)
  }
  stage.append(author, entry, noShard)
  stage.setLog({ ...stage.log(author), checkpoint: entry.seq, lowest: entry.seq, tailBytes: 0, frozen: false })
  await stage.commit()
  state.partial.delete(author)
  state.docs.forget(author)
}

/** Lets the event loop do its other work. */
function nextTurn(timers: Timers): Promise<void> {
  return new Promise(resolve => {
    timers.set(resolve, 0)
  })
}
