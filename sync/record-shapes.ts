import { KinmeshError } from '../mesh/errors.ts'

type Kind = 'text' | 'count' | 'number' | 'flag' | 'bytes' | 'text or null' | 'object'

const kinds: Record<Kind, (value: unknown) => boolean> = {
  text: value => typeof value === 'string',
  count: value => Number.isSafeInteger(value) && (value as number) >= 0,
  number: value => Number.isSafeInteger(value),
  flag: value => typeof value === 'boolean',
  bytes: value => value instanceof Uint8Array,
  'text or null': value => value === null || typeof value === 'string',
  object: value => typeof value === 'object' && value !== null
}

/** What each record of the browser's store must be made of. */
const shapes = {
  meta: { key: 'text', value: 'text' },
  files: { name: 'text', bytes: 'bytes' },
  spaces: { id: 'text', name: 'text or null', n: 'count', shards: 'count', journaled: 'count', upTo: 'count' },
  statements: { space: 'text', n: 'count', hash: 'bytes', bytes: 'bytes' },
  logs: { space: 'text', author: 'text', height: 'count', head: 'bytes', checkpoint: 'count', lowest: 'count', tailBytes: 'count', frozen: 'flag' },
  entries: { space: 'text', author: 'text', seq: 'count', shard: 'number', hash: 'bytes', bytes: 'bytes' },
  bases: { space: 'text', author: 'text', shard: 'count', seq: 'count', hash: 'bytes', bytes: 'bytes' },
  acks: { space: 'text', device: 'text', author: 'text', height: 'count', at: 'number' },
  held: { space: 'text', ref: 'text', author: 'text', count: 'count', at: 'number' },
  settled: { space: 'text', ref: 'text' },
  faults: { n: 'count', at: 'number', kind: 'text', device: 'text or null', text: 'text' },
  view: { space: 'text', shard: 'number', upTo: 'count', rev: 'count', removals: 'flag', holds: 'flag', text: 'text' },
  journal: { space: 'text', n: 'count', change: 'object' }
} as const satisfies Record<string, Record<string, Kind>>

export type RecordTable = keyof typeof shapes

/** True when every field of a record is there and of its kind. */
export function isWhole(table: RecordTable, record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false
  const fields = record as Record<string, unknown>
  return Object.entries(shapes[table]).every(([field, kind]) => kinds[kind](fields[field]))
}

/** The records of a table as they were written. @throws KinmeshError `StoreCorrupt` naming the first that is not */
export function wholeRecords<Row>(table: RecordTable, records: readonly unknown[]): Row[] {
  const at = records.findIndex(record => !isWhole(table, record))
  if (at < 0) return records as Row[]
  throw new KinmeshError('StoreCorrupt', `record ${at + 1} of ${records.length} under "${table}" in this browser's store is damaged: clear the data of this page and join your devices again with a new invite to get everything back`)
}
