import { equals } from 'uint8arrays/equals'
import { isKinmeshError } from '../mesh/errors.ts'
import { deviceIdOf } from '../mesh/identity.ts'
import { sha256 } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import { baseClientId, rootOf, updateClientId } from './base-names.ts'
import { noHash, readEntry } from './entry.ts'
import { dropLog } from './drop-log.ts'
import { ShardDoc, readCanonical } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import { Stage, hexOf } from './stage.ts'
import type { EntryRow } from './store.ts'

/**
 * Replays a log into the view, up to entry `height`, and cuts off what comes after: the view holds nothing that the log does not
 * say. Used when a removal cuts a log, and when two devices with the same logs show different things.
 * Returns false when the log's own bases do not fit its checkpoint, or lie beyond `height`, or an entry is damaged: then it must
 * be fetched again.
 */
export async function rebuildLog(state: SpaceState, author: DeviceId, height = state.logRow(author).height): Promise<boolean> {
  const stage = replayLog(state, author, height)
  if (!stage) return false
  await stage.commit()
  state.docs.forget(author)
  return true
}

/** What `rebuildLog` would write, on a stage that nobody committed yet; undefined where it returns false. */
export function replayLog(state: SpaceState, author: DeviceId, height = state.logRow(author).height): Stage | undefined {
  const { store } = state.context
  const log = state.logRow(author)
  if (log.checkpoint > height || !basesFit(state, author, log.checkpoint)) return undefined
  const stage = new Stage(state)
  for (const row of store.logVersions(state.id, author)) stage.view.clear(row.id, author)
  const docs = new Map<number, ShardDoc>()
  for (const { shard, seq } of store.bases(state.id, author)) {
    const bytes = store.base(state.id, author, shard)
    if (!bytes) continue
    docs.set(shard, docOf(shard, bytes))
    for (const slot of readCanonical(bytes, shard, baseClientId(state, author, seq, shard))) stage.setVersion(author, shard, log.checkpoint, slot)
  }
  let replayed = log.checkpoint
  let tailBytes = 0
  while (replayed < height) {
    const rows = store.entries(state.id, author, replayed + 1, pageRows).filter(row => row.seq <= height)
    if (rows.length === 0) return undefined
    for (const row of rows) {
      if (row.seq !== replayed + 1 || !replay(state, stage, docs, author, row)) return undefined
      tailBytes += row.bytes.length
      replayed = row.seq
    }
  }
  if (height < log.height) {
    const [row] = height > 0 ? store.entries(state.id, author, height, 1) : []
    if (height > 0 && row?.seq !== height) return undefined
    stage.setLog({ ...log, height, head: row?.hash ?? noHash, tailBytes })
    stage.also({ truncate: [{ author, above: height }] })
  } else stage.setLog(log)
  return stage
}

/** Entries one step of replaying reads. */
const pageRows = 256

/** Replays every log and counts every shard anew; logs that are damaged themselves are dropped, to be fetched again. */
export async function rebuildSpace(state: SpaceState): Promise<void> {
  for (const author of [...state.logs.keys()]) {
    if (!(await rebuildLog(state, author)) && author !== state.self) await dropLog(state, author)
  }
  const shards = state.view.recount(state.logs.keys())
  await state.context.store.commit({ space: state.id, shards })
  state.view.recounted(shards)
}

/** A store may keep the view as a cache, which is cleared or damaged at times: brings it back from the logs before anybody reads it. */
export async function rebuildLostView(state: SpaceState): Promise<void> {
  const { store } = state.context
  if (!store.lostView?.(state.id)) return
  await rebuildSpace(state)
  await store.viewRebuilt?.(state.id)
}

/** False for an entry that is not what passed the checks when it was stored: it was damaged since. */
function replay(state: SpaceState, stage: Stage, docs: Map<number, ShardDoc>, author: DeviceId, row: EntryRow): boolean {
  try {
    replayEntry(state, stage, docs, author, row)
    return true
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    state.context.log.warn('a stored entry is damaged', { author, seq: row.seq, code: error.code })
    return false
  }
}

function replayEntry(state: SpaceState, stage: Stage, docs: Map<number, ShardDoc>, author: DeviceId, row: EntryRow): void {
  const entry = readEntry(row.bytes)
  const payload = state.openPayload(entry)
  if (payload.kind !== 'update') return
  const doc = docs.get(payload.shard) ?? docOf(payload.shard)
  docs.set(payload.shard, doc)
  const { sets, clears } = doc.inspect(payload.update, updateClientId(state, deviceIdOf(entry.author), payload.boot))
  doc.apply(payload.update)
  const ref = hexOf(row.hash)
  const held = state.context.store.held(state.id).some(each => each.ref === ref) ? ref : null
  for (const slot of sets) stage.setVersion(author, payload.shard, row.seq, slot, held)
  for (const id of clears) stage.view.clear(id, author)
}

function docOf(shard: number, base?: Uint8Array): ShardDoc {
  const doc = new ShardDoc(shard)
  if (base) doc.apply(base)
  return doc
}

function basesFit(state: SpaceState, author: DeviceId, checkpoint: number): boolean {
  const { store } = state.context
  const bases = store.bases(state.id, author)
  if (checkpoint === 0) return bases.length === 0
  const root = rootOfCheckpoint(state, author, checkpoint)
  if (!root || !equals(root, rootOf(bases))) return false
  return bases.every(({ shard, hash }) => equals(sha256(store.base(state.id, author, shard) ?? new Uint8Array()), hash))
}

/** What the author signed; undefined when the entry is missing or damaged. */
function rootOfCheckpoint(state: SpaceState, author: DeviceId, checkpoint: number): Uint8Array | undefined {
  const [row] = state.context.store.entries(state.id, author, checkpoint, 1)
  if (row?.seq !== checkpoint) return undefined
  try {
    const payload = state.openPayload(readEntry(row.bytes))
    return payload.kind === 'checkpoint' ? payload.root : undefined
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    state.context.log.warn('a stored checkpoint is damaged', { author, seq: checkpoint, code: error.code })
    return undefined
  }
}
