import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keysSealedTo, openKey } from '../../mesh/epoch-keys.ts'
import { parseIdentity } from '../../mesh/identity.ts'
import { MembershipLog } from '../../mesh/membership.ts'
import { parseStatement } from '../../mesh/statement.ts'
import type { Identity } from '../../mesh/types.ts'
import { openEntry, readEntry, type Entry } from '../../sync/entry.ts'
import { openSqliteStore } from '../../sync/store.node.ts'

export type Found = {
  /** Entries that the removed device held when it was removed, and how many of them it reads. */
  entriesBefore: number
  before: number
  /** Entries written since, how many of them it reads with all it has, and how many a member reads. */
  entriesAfter: number
  after: number
  memberAfter: number
  /** Keys made since its removal that it could open. */
  keysOpened: number
}

/**
 * Hands a removed device everything: its own home, and every membership statement and every raw entry of a member's home. It tries
 * every key it can get hold of on every entry, whatever the entry says which key it was sealed with.
 */
export async function readableEntries(removed: { identity: Identity; home: string }, memberHome: string): Promise<Found> {
  const own = holdings(removed.home)
  const all = holdings(memberHome)
  const statements = [...own.statements, ...all.statements].filter(isFirst).map(parseStatement)
  const log = await MembershipLog.load(statements.map(({ bytes }) => bytes))
  const known = new Set(own.entries.map(({ hash }) => String(hash)))
  const entriesBefore = all.entries.filter(({ hash }) => known.has(String(hash)))
  const entriesAfter = all.entries.filter(({ hash }) => !known.has(String(hash)))

  const keys: Uint8Array[] = []
  const opened = new Set<string>()
  for (const sealed of keysSealedTo(removed.identity, log.space, statements)) {
    const key = await openKey(removed.identity, sealed)
    if (!key) continue
    keys.push(key)
    opened.add(sealed.epoch)
  }
  const removal = statements.findIndex(({ body }) => body.type === 'remove')
  const epochsBefore = new Set((await MembershipLog.load(own.statements)).epochs().map(({ id }) => id))
  if (removal < 0) throw new Error('the member does not know of the removal')

  const member = parseIdentity(readFileSync(join(memberHome, 'identity')))
  const keyring = await log.keyring(member)
  const reads = (entry: Entry) => keys.some(key => opens(entry, key))
  return {
    entriesBefore: entriesBefore.length,
    before: entriesBefore.filter(reads).length,
    entriesAfter: entriesAfter.length,
    after: entriesAfter.filter(reads).length,
    memberAfter: entriesAfter.filter(entry => opens(entry, keyring.get(entry.epoch) ?? new Uint8Array(32))).length,
    keysOpened: [...opened].filter(epoch => !epochsBefore.has(epoch)).length
  }
}

function holdings(home: string): { statements: Uint8Array[]; entries: Entry[] } {
  const store = openSqliteStore(join(home, 'sync.db'))
  try {
    const space = store.spaces().find(({ name }) => name === 'personal')?.id ?? ''
    const entries = store.logs(space).flatMap(({ author }) => store.entries(space, author, 0, Number.MAX_SAFE_INTEGER)).map(({ bytes }) => readEntry(bytes))
    return { statements: store.statements(space), entries }
  } finally {
    store.close()
  }
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
