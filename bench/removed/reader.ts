import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyBytes } from '../../mesh/crypto.ts'
import { keysSealedTo, openKey } from '../../mesh/epoch-keys.ts'
import { parseIdentity } from '../../mesh/identity.ts'
import { MembershipLog } from '../../mesh/membership.ts'
import { parseStatement } from '../../mesh/statement.ts'
import type { Identity } from '../../mesh/types.ts'
import { openEntry, readEntry, type Entry } from '../../sync/entry.ts'
import { decodeFrame } from '../../sync/frames.ts'
import { openSqliteStore } from '../../sync/store.node.ts'

export type Found = {
  /** Entries that were sent before the removal, and how many of them it reads. */
  entriesBefore: number
  before: number
  /** Entries written since, how many of them it reads with all it has, and how many a member reads. */
  entriesAfter: number
  after: number
  memberAfter: number
  /** Keys made since its removal that it could open. */
  keysOpened: number
}

/** What a member sent to another: before and since the removal. */
export type Recorded = { before: readonly Uint8Array[]; since: readonly Uint8Array[] }

/**
 * Hands a removed device everything: its own home, every membership statement of a member, and every raw entry that the member
 * sent to another, as it was on the wire. It tries every key it can get hold of on every entry, whatever the entry says which key
 * it was sealed with.
 */
export async function readableEntries(removed: { identity: Identity; home: string }, memberHome: string, recorded: Recorded): Promise<Found> {
  const own = statementsOf(removed.home)
  const statements = [...own, ...statementsOf(memberHome)].filter(isFirst)
  const log = await MembershipLog.load(statements)
  if (!log.removedDevices().has(removed.identity.id)) throw new Error('the member does not know of the removal')

  const keys: Uint8Array[] = []
  const opened = new Set<string>()
  for (const sealed of keysSealedTo(removed.identity, log.space, statements.map(parseStatement))) {
    const key = await openKey(removed.identity, sealed)
    if (!key) continue
    keys.push(key)
    opened.add(sealed.epoch)
  }
  const epochsBefore = new Set((await MembershipLog.load(own)).epochs().map(({ id }) => id))
  const keyring = await log.keyring(parseIdentity(readFileSync(join(memberHome, 'identity'))))
  const reads = (entry: Entry) => keys.some(key => opens(entry, key))
  const before = entriesIn(recorded.before)
  const after = entriesIn(recorded.since)
  return {
    entriesBefore: before.length,
    before: before.filter(reads).length,
    entriesAfter: after.length,
    after: after.filter(reads).length,
    memberAfter: after.filter(entry => opens(entry, keyring.get(entry.epoch) ?? new Uint8Array(keyBytes))).length,
    keysOpened: [...opened].filter(epoch => !epochsBefore.has(epoch)).length
  }
}

function statementsOf(home: string): Uint8Array[] {
  const store = openSqliteStore(join(home, 'sync.db'))
  try {
    return store.statements(store.spaces().find(({ name }) => name === 'personal')?.id ?? '')
  } finally {
    store.close()
  }
}

/** Entries of these frames, each once: a member sends them to several devices. */
function entriesIn(frames: readonly Uint8Array[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const frame of frames.map(decodeFrame)) {
    if (frame.type !== 'entry') continue
    for (const entry of frame.entries.map(readEntry)) entries.set(String(entry.hash), entry)
  }
  return [...entries.values()]
}

function opens(entry: Entry, key: Uint8Array): boolean {
  try {
    openEntry(entry, key)
    return true
  } catch {
    return false // the one answer that is counted here
  }
}

function isFirst(bytes: Uint8Array, index: number, all: readonly Uint8Array[]): boolean {
  return all.findIndex(other => String(other) === String(bytes)) === index
}
