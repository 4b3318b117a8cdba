import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { inTransaction, openDatabase, openToRead, sqliteError } from './sqlite.node.ts'
import type { ConversationSummary, Conversations, ToLearn, Turn } from './conversations.ts'

const version = 1
const schema = `
  CREATE TABLE conversations (id TEXT PRIMARY KEY, startedAt INTEGER NOT NULL, lastAt INTEGER NOT NULL) STRICT;
  CREATE TABLE turns (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversations(id),
    role TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX turnsOf ON turns(conversation, key)`
/** Beside the tables of the format, and passed over by whoever does not know it. */
const toLearnTable = 'CREATE TABLE IF NOT EXISTS toLearn (turn TEXT PRIMARY KEY, space TEXT, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID'
/** Came later, and is made in files that lack it. `through`: key of the last turn that is summed up. */
const summaries = 'CREATE TABLE IF NOT EXISTS summaries (conversation TEXT PRIMARY KEY REFERENCES conversations(id), through INTEGER NOT NULL REFERENCES turns(key), text TEXT NOT NULL) STRICT'
const turnsQuery = 'SELECT id, role, text, at FROM turns WHERE conversation = ? ORDER BY key'
const listQuery = `
  SELECT id, startedAt, lastAt, (SELECT count(*) FROM turns WHERE conversation = conversations.id) AS turns
  FROM conversations ORDER BY lastAt DESC, id LIMIT ?`

const userTurnBefore = "(SELECT max(key) FROM turns WHERE conversation = now.conversation AND role = 'user' AND key < now.key)"
/** Conversations in which the same stands after the same, or at the beginning of one that went on. */
const repeatedQuery = `
  SELECT 1 FROM turns AS said, turns AS now WHERE said.id = ? AND now.role = 'user' AND now.text = said.text AND now.key < said.key AND now.conversation <> said.conversation AND (
    SELECT text FROM turns WHERE key = ${userTurnBefore}
  ) IS (
    SELECT text FROM turns WHERE key = ${userTurnBefore.replaceAll('now.', 'said.')}
  ) AND (${userTurnBefore} IS NOT NULL OR EXISTS (SELECT 1 FROM turns WHERE conversation = now.conversation AND role = 'user' AND key > now.key)) LIMIT 1`

/**
 * Opens the file that holds what was said on this device, word for word. FULL: a turn is on disk when `append` returns.
 * @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed`
 */
export function openConversations(path: string): Conversations {
  const db = openDatabase(path, { version, schema, synchronous: 'FULL' })
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw sqliteError(error, path)
    }
  }
  attempt(() => db.exec(toLearnTable))
  attempt(() => db.exec(summaries))
  const upsert = db.prepare('INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT(id) DO UPDATE SET lastAt = excluded.lastAt')
  const insert = db.prepare('INSERT INTO turns (id, conversation, role, text, at) VALUES (?, ?, ?, ?, ?)')
  const selectTurns = db.prepare(turnsQuery)
  const selectLast = db.prepare('SELECT id, role, text, at FROM turns WHERE conversation = ? ORDER BY key DESC LIMIT ?')
  const selectSummary = db.prepare('SELECT through, turns.id, summaries.text FROM summaries JOIN turns ON turns.key = through WHERE summaries.conversation = ?')
  const selectRecent = db.prepare('SELECT id, role, text, at FROM turns WHERE conversation = ? AND key > ? ORDER BY key DESC LIMIT ?')
  const setSummary = db.prepare('INSERT OR REPLACE INTO summaries SELECT conversation, key, ? FROM turns WHERE conversation = ? AND id = ?')
  const selectAll = db.prepare(listQuery)
  const deleteSummary = db.prepare('DELETE FROM summaries WHERE conversation = ?')
  const deleteTurns = db.prepare('DELETE FROM turns WHERE conversation = ?')
  const deleteOne = db.prepare('DELETE FROM conversations WHERE id = ?')
  const insertToLearn = db.prepare('INSERT INTO toLearn VALUES (?, ?, 0)')
  const selectToLearn = db.prepare('SELECT turns.*, space FROM toLearn JOIN turns ON id = turn ORDER BY key LIMIT ?')
  const updateTries = db.prepare('UPDATE toLearn SET tries = tries + ? WHERE turn = ? RETURNING tries')
  const selectOneToLearn = db.prepare('SELECT 1 FROM toLearn WHERE turn = ?')
  const deleteToLearn = db.prepare('DELETE FROM toLearn WHERE turn = ?')
  const deleteAllToLearn = db.prepare('DELETE FROM toLearn')
  const deleteToLearnOf = db.prepare('DELETE FROM toLearn WHERE turn IN (SELECT id FROM turns WHERE conversation = ?)')
  const selectBefore = db.prepare('SELECT earlier.* FROM turns AS earlier JOIN turns AS now ON earlier.conversation = now.conversation AND earlier.key < now.key WHERE now.id = ? ORDER BY earlier.key DESC LIMIT ?')
  const selectSaid = db.prepare("SELECT 1 FROM turns AS said, turns AS now WHERE said.id = ? AND now.role = 'user' AND now.text = said.text AND now.key < said.key AND now.conversation <> said.conversation LIMIT 1")
  const selectRepeated = db.prepare(repeatedQuery)
  return {
    append: (conversation, role, text, at, toLearn) =>
      attempt(() => {
        const turn: Turn = { id: newId(), role, text, at }
        inTransaction(db, () => {
          upsert.run(conversation, at, at)
          insert.run(turn.id, conversation, role, text, at)
          if (toLearn) insertToLearn.run(turn.id, toLearn.space ?? null)
        })
        return turn
      }),
    turns: conversation => attempt(() => selectTurns.all(conversation).map(toTurn)),
    last: (conversation, count) => attempt(() => selectLast.all(conversation, count).map(toTurn).reverse()),
    recent: (conversation, count) =>
      attempt(() => {
        const row = selectSummary.get(conversation)
        const turns = selectRecent.all(conversation, row ? Number(row['through']) : -1, count).map(toTurn).reverse()
        return { summary: row && { through: String(row['id']), text: String(row['text']) }, turns }
      }),
    sumUp: (conversation, { through, text }) => attempt(() => Number(setSummary.run(text, conversation, through).changes) > 0),
    list: limit => attempt(() => selectAll.all(limit).map(toSummary)),
    remove: conversation =>
      attempt(() =>
        inTransaction(db, () => {
          deleteToLearnOf.run(conversation)
          deleteSummary.run(conversation)
          deleteTurns.run(conversation)
          return Number(deleteOne.run(conversation).changes) > 0
        })
      ),
    toLearn: (limit = -1) => attempt(() => selectToLearn.all(limit).map(toUnread)),
    learning: (turn, begun = 1) => attempt(() => Number(updateTries.get(begun, turn)?.['tries'] ?? 0)),
    isToLearn: turn => attempt(() => selectOneToLearn.get(turn) !== undefined),
    learned: turn => attempt(() => void (turn === undefined ? deleteAllToLearn.run() : deleteToLearn.run(turn))),
    before: (turn, count) => attempt(() => selectBefore.all(turn, count).map(toTurn).reverse()),
    isRepeated: turn => attempt(() => selectRepeated.get(turn) !== undefined),
    wasSaid: turn => attempt(() => selectSaid.get(turn) !== undefined),
    newId,
    close: () => db.close()
  }
}

export type ConversationReader = Pick<Conversations, 'list' | 'turns' | 'close'>

/**
 * The same file to be read only, also while a device writes it; undefined where there is none yet.
 * @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed`
 */
export function readConversations(path: string): ConversationReader | undefined {
  if (!existsSync(path)) return undefined
  const db = openToRead(path, version)
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw sqliteError(error, path)
    }
  }
  return {
    turns: conversation => attempt(() => db.prepare(turnsQuery).all(conversation).map(toTurn)),
    list: limit => attempt(() => db.prepare(listQuery).all(limit).map(toSummary)),
    close: () => db.close()
  }
}

function toSummary(row: Record<string, unknown>): ConversationSummary {
  return { id: String(row['id']), startedAt: Number(row['startedAt']), lastAt: Number(row['lastAt']), turns: Number(row['turns']) }
}

function toUnread(row: Record<string, unknown>): ToLearn {
  const space = row['space']
  return { conversation: String(row['conversation']), turn: toTurn(row), space: typeof space === 'string' ? space : undefined }
}

/** Random, so that it says nothing about the words it stands for. */
function newId(): string {
  return randomBytes(8).toString('hex')
}

function toTurn(row: Record<string, unknown>): Turn {
  return { id: String(row['id']), role: row['role'] === 'user' ? 'user' : 'assistant', text: String(row['text']), at: Number(row['at']) }
}
