import { below, type TableName } from './idb.browser.ts'
import { maxFaults } from './limits.ts'
import type { Commit } from './store.ts'
import type { SpaceTables } from './store-tables.ts'

const tablesOfSpaces: readonly TableName[] = ['statements', 'logs', 'entries', 'bases', 'acks', 'held', 'settled', 'view', 'journal']

/** A commit with bytes of its own: of a view on a larger buffer (a frame, a snapshot part) IndexedDB would write, and memory keep, the whole of it. */
export function compacted(batch: Commit): Commit {
  const { statements, entries, bases } = batch
  return { ...batch, ...(statements && { statements: statements.map(withOwnBytes) }), ...(entries && { entries: entries.map(withOwnBytes) }), ...(bases && { bases: bases.map(withOwnBytes) }) }
}

function withOwnBytes<Row extends { readonly hash: Uint8Array; readonly bytes: Uint8Array }>(row: Row): Row {
  return { ...row, hash: ownBytes(row.hash), bytes: ownBytes(row.bytes) }
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}

/** Writes everything of a commit that belongs to its space, but what shows. `before` is the space as it is without it. */
export function writeSpace(transaction: IDBTransaction, batch: Commit, before: SpaceTables): void {
  const { space } = batch
  const table = (name: TableName) => transaction.objectStore(name)
  for (const [index, row] of before.newStatements(batch).entries()) table('statements').put({ ...row, space, n: before.statements.size + index })
  for (const author of batch.dropLogs ?? []) for (const name of ['logs', 'entries', 'bases'] as const) table(name).delete(name === 'logs' ? [space, author] : below(space, author))
  for (const row of batch.logs ?? []) table('logs').put({ ...row, space })
  for (const row of batch.entries ?? []) table('entries').put({ ...row, space })
  for (const row of batch.bases ?? []) table('bases').put({ ...row, space })
  for (const { author, shard } of batch.dropBases ?? []) table('bases').delete([space, author, shard])
  for (const { author, below: seq } of batch.prune ?? []) table('entries').delete(IDBKeyRange.bound([space, author], [space, author, seq], false, true))
  for (const { author, above } of batch.truncate ?? []) table('entries').delete(IDBKeyRange.bound([space, author, above], [space, author, []], true))
  for (const row of batch.acks ?? []) table('acks').put({ ...row, space })
  for (const row of batch.held ?? []) table('held').put({ ...row, space })
  for (const ref of batch.settled ?? []) {
    table('settled').put({ space, ref })
    table('held').delete([space, ref])
  }
}

/** Writes what a commit says of the device itself; `lastFault` is the number of the newest fault so far. */
export function writeDevice(transaction: IDBTransaction, { meta = {}, faults = [] }: Commit, lastFault: number): void {
  for (const [key, value] of Object.entries(meta)) transaction.objectStore('meta').put({ key, value })
  for (const [index, row] of faults.entries()) transaction.objectStore('faults').put({ ...row, n: lastFault + index + 1 })
  if (faults.length > 0) transaction.objectStore('faults').delete(IDBKeyRange.upperBound(lastFault + faults.length - maxFaults))
}

export function deleteSpace(transaction: IDBTransaction, space: string): void {
  for (const name of tablesOfSpaces) transaction.objectStore(name).delete(below(space))
  transaction.objectStore('spaces').delete(space)
}
