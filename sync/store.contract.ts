import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shardOfId } from './item-id.ts'
import type { DeviceId } from '../mesh/types.ts'
import { maxFaults } from './limits.ts'
import type { AckRow, BaseRow, Commit, EntryRow, FaultRow, LogRow, Store, VersionRow } from './store.ts'

/** A store under test: `reopen` closes it and opens what it left behind; a store that keeps nothing gives itself back. */
export type OpenedStore = { readonly store: Store; reopen(): Store | Promise<Store>; destroy(): void | Promise<void> }

export const filled = (length: number, value: number) => new Uint8Array(length).fill(value)
export const logRow = (author: DeviceId, height: number, more: Partial<LogRow> = {}): LogRow =>
  ({ author, height, head: filled(32, height), checkpoint: 0, lowest: 1, tailBytes: height * 10, frozen: false, ...more })
export const entryRow = (author: DeviceId, seq: number, shard = 0): EntryRow & { author: DeviceId } => ({ author, seq, shard, hash: filled(32, seq), bytes: filled(seq % 50 + 1, seq) })
export const baseRow = (author: DeviceId, shard: number, seq: number): BaseRow & { author: DeviceId } => ({ author, shard, seq, hash: filled(32, seq), bytes: filled(shard + 3, seq) })
export const versionRow = (id: string, author: DeviceId, more: Partial<VersionRow> = {}): VersionRow =>
  ({ id, author, shard: shardOfId(id) ?? 0, hlc: 1, body: `{"text":"${id}"}`, seq: 1, held: null, pending: null, shown: true, rev: 1, ...more })
export const faultRow = (at: number, device: DeviceId | null = null): FaultRow => ({ at, kind: 'Test', device, text: `fault ${at}` })

/** Rows without the prototype that a driver gives them, so that they compare by what they hold. */
export const plain = <Row extends object>(rows: readonly Row[]): Row[] => rows.map(row => ({ ...row }))
const sortedBy = <Row>(key: (row: Row) => string, rows: readonly Row[]): Row[] => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))

/** Every read of one space, one text each, alike for two stores that hold the same. Where the contract leaves the order open, rows are sorted. */
export function everything(store: Store, space: string, authors: readonly DeviceId[], ids: readonly string[], refs: readonly string[], limit = 1e9): Record<string, string> {
  const perAuthor = (author: DeviceId) => ({
    entries: [0, 1, 3, 7].map(from => plain(store.entries(space, author, from, limit))),
    shards: [-1, 0, 1, 2].map(shard => [0, 4].map(after => plain(store.shardEntries(space, author, shard, after)))),
    dirty: [0, 3, 8].map(after => store.dirtyShards(space, author, after)),
    bases: plain(store.bases(space, author)),
    base: [0, 1, 2].map(shard => store.base(space, author, shard)),
    rows: plain(store.logVersions(space, author)),
    removed: [0, 3, 9].map(removedUpTo => plain(store.logVersions(space, author, { removedUpTo }))),
    held: refs.map(held => plain(store.logVersions(space, author, { held })))
  })
  const reads = {
    ...Object.fromEntries(authors.map(author => [`log of ${author}`, perAuthor(author)])),
    spaces: plain(store.spaces()),
    statements: store.statements(space),
    logs: sortedBy(row => row.author, plain(store.logs(space))),
    versions: ids.map(id => sortedBy(row => row.author, plain(store.versions(space, id)))),
    live: ['', ids[1] ?? '', 'zzz'].map(after => plain(store.live(space, after, limit))),
    changes: [0, 3, 30].map(rev => plain(store.changes(space, rev, limit))),
    gone: [0, 3, 30].map(rev => plain(store.gone(space, rev, limit))),
    shards: plain(store.shards(space)),
    rev: store.rev(space),
    acks: sortedBy(row => `${row.device} ${row.author}`, plain(store.acks(space))),
    held: sortedBy(row => row.ref, plain(store.held(space))),
    settled: refs.map(ref => store.settled(space, ref)),
    faults: plain(store.faults()),
    meta: ['a', 'b'].map(key => store.meta(key))
  }
  const text = (value: unknown): string => JSON.stringify(value, (_key, each: unknown) => (each instanceof Uint8Array ? `${each.length} bytes: ${each.join(' ')}` : each))
  return Object.fromEntries(Object.entries(reads).map(([read, value]) => [read, text(value)]))
}

/** What every store does, whatever it is made of. */
export function storeContract(name: string, open: () => OpenedStore | Promise<OpenedStore>): void {
  const test = suite(name)
  const check = (what: string, run: (store: Store, opened: OpenedStore) => Promise<void>) =>
    test(what, async () => {
      const opened = await open()
      try {
        await run(opened.store, opened)
      } finally {
        await opened.destroy()
      }
    })

  check('a new store holds nothing, and reading leaves no trace in it', async store => {
    const empty = everything(store, 's', ['a'], ['x.0'], ['r'])
    assert.equal(store.spaces(), [])
    assert.equal(everything(store, 's', ['a'], ['x.0'], ['r']), empty)
    assert.is(store.rev('s'), 0)
    assert.is(store.base('s', 'a', 0), undefined)
    assert.is(store.meta('none'), undefined)
    assert.not(store.settled('s', 'r'))
  })

  check('meta values are replaced by key', async store => {
    await store.commit({ space: 's', meta: { a: '1', b: '2' } })
    await store.commit({ space: 's', meta: { a: '3' } })
    assert.is(store.meta('a'), '3')
    assert.is(store.meta('b'), '2')
  })

  check('spaces are listed in the order of their making, and naming moves a name from one to another', async store => {
    await store.commit({ space: 's1', naming: [{ id: 's1', name: 'personal' }] })
    await store.commit({ space: 's2', naming: [{ id: 's1', name: null }, { id: 's2', name: 'personal' }] })
    assert.equal(plain(store.spaces()).sort((a, b) => (a.id < b.id ? -1 : 1)), [{ id: 's1', name: null }, { id: 's2', name: 'personal' }])
    assert.equal(plain(store.spaces()).map(row => row.id), ['s1', 's2'])
    await store.commit({ space: 's2', naming: [{ id: 's2', name: null, into: 'personal' }, { id: 's3', name: 'personal' }] })
    assert.equal(plain(store.spaces()), [{ id: 's1', name: null }, { id: 's2', name: null, into: 'personal' }, { id: 's3', name: 'personal' }])
  })

  check('statements keep their order, each is stored once', async store => {
    const row = (value: number) => ({ hash: filled(32, value), bytes: filled(5, value) })
    await store.commit({ space: 's', statements: [row(3), row(1)] })
    await store.commit({ space: 's', statements: [row(2), row(3)] })
    assert.equal(store.statements('s'), [filled(5, 3), filled(5, 1), filled(5, 2)])
    assert.equal(store.statements('other'), [])
  })

  check('log rows are replaced by author', async store => {
    const frozen = logRow('a', 7, { checkpoint: 4, lowest: 4, frozen: true })
    await store.commit({ space: 's', logs: [logRow('a', 1), logRow('b', 2)] })
    await store.commit({ space: 's', logs: [frozen] })
    assert.equal(sortedBy(row => row.author, plain(store.logs('s'))), [frozen, logRow('b', 2)])
    assert.equal(store.logs('other'), [])
  })

  check('a log that is only spoken of has no row', async store => {
    await store.commit({
      space: 's', versions: [versionRow('x.0', 'a')], dropVersions: [{ id: 'y.0', author: 'b' }], dropBases: [{ author: 'c', shard: 0 }],
      prune: [{ author: 'd', below: 3 }], truncate: [{ author: 'e', above: 3 }], dropLogs: ['f']
    })
    assert.equal(store.logs('s'), [])
    assert.equal(plain(store.versions('s', 'x.0')), [versionRow('x.0', 'a')])
  })

  check('entries come in the order of seq, from a seq on, up to a limit, per author and space', async store => {
    await store.commit({ space: 's', logs: [logRow('a', 4), logRow('b', 1)], entries: [entryRow('a', 3, 1), entryRow('a', 1), entryRow('a', 4, -1), entryRow('a', 2), entryRow('b', 1)] })
    const seqs = (from: number, limit: number) => store.entries('s', 'a', from, limit).map(row => row.seq)
    assert.equal(seqs(1, 10), [1, 2, 3, 4])
    assert.equal(seqs(2, 2), [2, 3])
    assert.equal(seqs(5, 10), [])
    assert.equal(seqs(1, 0), [])
    const { author: _author, ...first } = entryRow('b', 1)
    assert.equal(plain(store.entries('s', 'b', 0, 10)), [first])
    assert.equal(store.entries('other', 'a', 1, 10), [])
  })

  check('entries of a shard, and shards that were written to after a seq; −1 is none', async store => {
    await store.commit({ space: 's', logs: [logRow('a', 5)], entries: [entryRow('a', 1, 2), entryRow('a', 2, 0), entryRow('a', 3, 2), entryRow('a', 4, -1), entryRow('a', 5, 1)] })
    assert.equal(store.shardEntries('s', 'a', 2, 0).map(row => row.seq), [1, 3])
    assert.equal(store.shardEntries('s', 'a', 2, 1).map(row => row.seq), [3])
    assert.equal(store.dirtyShards('s', 'a', 0), [0, 1, 2])
    assert.equal(store.dirtyShards('s', 'a', 2), [1, 2])
    assert.equal(store.dirtyShards('s', 'a', 5), [])
  })

  check('prune takes entries below a seq, truncate those above', async store => {
    await store.commit({ space: 's', logs: [logRow('a', 5), logRow('b', 5)], entries: [1, 2, 3, 4, 5].flatMap(seq => [entryRow('a', seq), entryRow('b', seq)]) })
    await store.commit({ space: 's', prune: [{ author: 'a', below: 3 }], truncate: [{ author: 'b', above: 3 }] })
    assert.equal(store.entries('s', 'a', 0, 10).map(row => row.seq), [3, 4, 5])
    assert.equal(store.entries('s', 'b', 0, 10).map(row => row.seq), [1, 2, 3])
  })

  check('bases are replaced by shard, listed without their bytes in the order of shards, and dropped', async store => {
    await store.commit({ space: 's', logs: [logRow('a', 9)], bases: [baseRow('a', 2, 5), baseRow('a', 0, 5)] })
    await store.commit({ space: 's', bases: [baseRow('a', 2, 9)] })
    assert.equal(plain(store.bases('s', 'a')), [{ shard: 0, seq: 5, hash: filled(32, 5), size: 3 }, { shard: 2, seq: 9, hash: filled(32, 9), size: 5 }])
    assert.equal(store.base('s', 'a', 2), filled(5, 9))
    await store.commit({ space: 's', dropBases: [{ author: 'a', shard: 2 }] })
    assert.is(store.base('s', 'a', 2), undefined)
    assert.equal(store.bases('s', 'a').map(row => row.shard), [0])
  })

  check('versions are replaced by item and author, and dropped', async store => {
    await store.commit({ space: 's', versions: [versionRow('x.0', 'a'), versionRow('x.0', 'b', { shown: false, rev: 0 })] })
    const newer = versionRow('x.0', 'a', { hlc: 5, body: null, seq: 9, held: 'ref', pending: 2 ** 50, shown: false, rev: 0 })
    await store.commit({ space: 's', versions: [newer] })
    assert.equal(sortedBy(row => row.author, plain(store.versions('s', 'x.0'))), [newer, versionRow('x.0', 'b', { shown: false, rev: 0 })])
    await store.commit({ space: 's', dropVersions: [{ id: 'x.0', author: 'a' }, { id: 'none.0', author: 'a' }] })
    assert.equal(store.versions('s', 'x.0').map(row => row.author), ['b'])
  })

  check('live rows are shown ones with a body, in the order of ids, after an id, up to a limit', async store => {
    const hidden = [versionRow('b.0', 'a', { body: null, rev: 9 }), versionRow('c.0', 'a', { held: 'r', body: null, shown: false, rev: 0 }), versionRow('a.0', 'b', { shown: false, rev: 0 })]
    await store.commit({ space: 's', versions: [versionRow('z.0', 'a', { rev: 4 }), versionRow('a.0', 'a', { rev: 3 }), versionRow('m.0', 'b', { rev: 2 }), ...hidden] })
    const live = (after: string, limit = 100) => store.live('s', after, limit).map(row => row.id)
    assert.equal(live(''), ['a.0', 'm.0', 'z.0'])
    assert.equal(live('a.0'), ['m.0', 'z.0'])
    assert.equal(live('', 2), ['a.0', 'm.0'])
    assert.equal(live('z.0'), [])
  })

  check('changes are shown rows, removed ones included, above a rev, oldest first, up to a limit', async store => {
    await store.commit({ space: 's', versions: [versionRow('a.0', 'a', { rev: 3 }), versionRow('b.0', 'a', { rev: 1, body: null }), versionRow('c.0', 'b', { rev: 2 }), versionRow('c.0', 'a', { shown: false, rev: 0 })] })
    assert.equal(store.changes('s', 0, 10).map(row => [row.id, row.rev]), [['b.0', 1], ['c.0', 2], ['a.0', 3]])
    assert.equal(store.changes('s', 1, 1).map(row => row.id), ['c.0'])
    assert.equal(store.changes('s', 3, 10), [])
  })

  check('gone ids are listed above a rev, oldest first, until the id shows again', async store => {
    await store.commit({ space: 's', gone: [{ id: 'a.0', rev: 3 }, { id: 'b.0', rev: 2 }, { id: 'c.0', rev: 5 }] })
    assert.equal(plain(store.gone('s', 2, 10)), [{ id: 'a.0', rev: 3 }, { id: 'c.0', rev: 5 }])
    assert.equal(store.gone('s', 0, 2).map(row => row.id), ['b.0', 'a.0'])
    await store.commit({ space: 's', gone: [{ id: 'b.0', rev: 6 }], versions: [versionRow('a.0', 'a', { rev: 7 })] })
    assert.equal(plain(store.gone('s', 0, 10)), [{ id: 'c.0', rev: 5 }, { id: 'b.0', rev: 6 }])
    await store.commit({ space: 's', versions: [versionRow('c.0', 'a', { held: 'r', body: null, shown: false, rev: 0 })] })
    assert.equal(store.gone('s', 0, 10).map(row => row.id), ['c.0', 'b.0'], 'a version that is not shown brings nothing back')
  })

  check('an id may go and come within one batch', async store => {
    await store.commit({ space: 's', versions: [versionRow('a.0', 'a')] })
    await store.commit({ space: 's', dropVersions: [{ id: 'a.0', author: 'a' }], versions: [versionRow('a.0', 'b', { rev: 2 })] })
    assert.equal(store.versions('s', 'a.0').map(row => row.author), ['b'])
    await store.commit({ space: 's', dropVersions: [{ id: 'a.0', author: 'b' }], gone: [{ id: 'a.0', rev: 3 }] })
    assert.equal(store.versions('s', 'a.0'), [])
    assert.is(store.rev('s'), 3)
  })

  check('rev is the highest of versions and gone ids, per space', async store => {
    await store.commit({ space: 's', versions: [versionRow('a.0', 'a', { rev: 4 })] })
    assert.is(store.rev('s'), 4)
    await store.commit({ space: 's', gone: [{ id: 'b.0', rev: 6 }] })
    assert.is(store.rev('s'), 6)
    assert.is(store.rev('other'), 0)
  })

  check('versions of a log: every one, removals up to a seq, rows held under a ref', async store => {
    const rows = [
      versionRow('a.0', 'a', { seq: 1 }), versionRow('b.0', 'a', { seq: 2, body: null, rev: 2 }), versionRow('c.0', 'a', { seq: 5, body: null, rev: 3 }),
      versionRow('d.0', 'a', { seq: 6, body: null, held: 'ref', shown: false, rev: 0 }), versionRow('e.0', 'b', { seq: 1, body: null, rev: 4 })
    ]
    await store.commit({ space: 's', versions: [...rows].reverse() })
    const ids = (filter?: { removedUpTo: number } | { held: string }) => store.logVersions('s', 'a', filter).map(row => row.id)
    assert.equal(ids(), ['a.0', 'b.0', 'c.0', 'd.0'])
    assert.equal(ids({ removedUpTo: 4 }), ['b.0'])
    assert.equal(ids({ removedUpTo: 5 }), ['b.0', 'c.0'])
    assert.equal(ids({ held: 'ref' }), ['d.0'])
    assert.equal(ids({ held: 'other' }), [])
    assert.equal(plain(store.logVersions('s', 'b')), [rows[4]])
  })

  check('shards are replaced by number and listed in order', async store => {
    await store.commit({ space: 's', shards: [{ shard: 2, sum: 'ff', live: 1, slots: 2 }, { shard: 0, sum: '01', live: 3, slots: 4 }] })
    await store.commit({ space: 's', shards: [{ shard: 2, sum: '00', live: 0, slots: 0 }] })
    assert.equal(plain(store.shards('s')), [{ shard: 0, sum: '01', live: 3, slots: 4 }, { shard: 2, sum: '00', live: 0, slots: 0 }])
  })

  check('acks are replaced by device and author', async store => {
    const ack = (device: string, author: string, height: number): AckRow => ({ device, author, height, at: height * 100 })
    await store.commit({ space: 's', acks: [ack('p', 'a', 1), ack('p', 'b', 2), ack('q', 'a', 3)] })
    await store.commit({ space: 's', acks: [ack('p', 'a', 9)] })
    assert.equal(sortedBy(row => row.device + row.author, plain(store.acks('s'))), [ack('p', 'a', 9), ack('p', 'b', 2), ack('q', 'a', 3)])
  })

  check('a held deletion waits until it is settled, and a settled one is remembered', async store => {
    const held = { ref: 'r1', author: 'a', count: 200, at: 5 }
    await store.commit({ space: 's', held: [held, { ...held, ref: 'r2', at: 6 }] })
    assert.equal(plain(store.held('s')), [held, { ...held, ref: 'r2', at: 6 }])
    await store.commit({ space: 's', settled: ['r1', 'r3'] })
    await store.commit({ space: 's', settled: ['r1'] })
    assert.equal(store.held('s').map(row => row.ref), ['r2'])
    assert.equal(['r1', 'r2', 'r3'].map(ref => store.settled('s', ref)), [true, false, true])
    assert.not(store.settled('other', 'r1'))
  })

  check('faults are kept in order, the newest of them up to the bound', async store => {
    await store.commit({ space: 's', faults: [faultRow(1, 'a'), faultRow(2)] })
    assert.equal(plain(store.faults()), [faultRow(1, 'a'), faultRow(2)])
    await store.commit({ space: 's', faults: Array.from({ length: maxFaults - 1 }, (_, index) => faultRow(index + 3)) })
    const kept = store.faults()
    assert.is(kept.length, maxFaults)
    assert.is(kept[0]?.at, 2)
    assert.is(kept.at(-1)?.at, maxFaults + 1)
  })

  check('dropLogs takes entries, bases and versions of that log and of no other; rows of the same batch come after it', async store => {
    const both = (space: string): Commit => ({
      space, logs: [logRow('a', 2), logRow('b', 2)], entries: [entryRow('a', 1), entryRow('a', 2), entryRow('b', 1)], bases: [baseRow('a', 0, 1), baseRow('b', 0, 1)],
      versions: [versionRow('x.0', 'a'), versionRow('x.0', 'b', { shown: false, rev: 0 }), versionRow('y.0', 'a', { rev: 2 })]
    })
    await store.commit(both('s'))
    await store.commit(both('t'))
    await store.commit({ space: 's', dropLogs: ['a', 'nobody'] })
    assert.equal(plain(store.logs('s')), [logRow('b', 2)])
    assert.equal([store.entries('s', 'a', 0, 9).length, store.bases('s', 'a').length, store.logVersions('s', 'a').length], [0, 0, 0])
    assert.equal([store.entries('s', 'b', 0, 9).length, store.bases('s', 'b').length, store.logVersions('s', 'b').length], [1, 1, 1])
    assert.equal([store.entries('t', 'a', 0, 9).length, store.bases('t', 'a').length, store.logVersions('t', 'a').length], [2, 1, 2])
    await store.commit({ space: 's', dropLogs: ['b'], logs: [logRow('b', 7, { lowest: 7 })], entries: [entryRow('b', 7)], bases: [baseRow('b', 1, 7)], versions: [versionRow('z.0', 'b', { rev: 3 })] })
    assert.equal(plain(store.logs('s')), [logRow('b', 7, { lowest: 7 })])
    assert.equal(store.entries('s', 'b', 0, 9).map(row => row.seq), [7])
    assert.equal(store.bases('s', 'b').map(row => row.shard), [1])
    assert.equal(store.logVersions('s', 'b').map(row => row.id), ['z.0'])
  })

  check('dropSpace takes a space with all it holds; other spaces, meta and faults stay', async store => {
    const fill = (space: string): Commit => ({
      space, naming: [{ id: space, name: null }], statements: [{ hash: filled(32, 1), bytes: filled(3, 1) }], logs: [logRow('a', 1)], entries: [entryRow('a', 1)],
      bases: [baseRow('a', 0, 1)], versions: [versionRow('x.0', 'a', { rev: 8 })], gone: [{ id: 'y.0', rev: 9 }], shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }],
      acks: [{ device: 'p', author: 'a', height: 1, at: 1 }], held: [{ ref: 'r', author: 'a', count: 1, at: 1 }], settled: ['q'], meta: { a: space }, faults: [faultRow(1)]
    })
    const look = (space: string) => {
      const { spaces: _spaces, faults: _faults, meta: _meta, ...own } = everything(store, space, ['a'], ['x.0'], ['r', 'q'])
      return own
    }
    const empty = look('none')
    await store.commit(fill('keep'))
    const kept = look('keep')
    await store.commit(fill('drop'))
    await store.commit({ space: 'drop', dropSpace: true })
    assert.equal(plain(store.spaces()), [{ id: 'keep', name: null }])
    assert.equal(look('drop'), empty)
    assert.equal(look('keep'), kept)
    assert.is(store.meta('a'), 'drop')
    assert.is(store.faults().length, 2)
    await store.commit({ space: 'new', logs: [logRow('b', 1)] })
    assert.is(store.logVersions('new', 'a').length + store.gone('new', 0, 9).length + store.acks('new').length, 0, 'a later space inherits nothing')
  })

  check('every read speaks of what every resolved commit left, reopened or not', async (store, { reopen }) => {
    await store.commit({ space: 's', naming: [{ id: 's', name: 'personal' }], logs: [logRow('a', 2)], entries: [entryRow('a', 1), entryRow('a', 2, -1)], bases: [baseRow('a', 0, 1)], versions: [versionRow('x.0', 'a')], meta: { a: '1' } })
    await store.commit({ space: 's', gone: [{ id: 'y.0', rev: 2 }], shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }], held: [{ ref: 'r', author: 'a', count: 1, at: 1 }], settled: ['q'], acks: [{ device: 'p', author: 'a', height: 1, at: 1 }], faults: [faultRow(3, 'a')] })
    const before = everything(store, 's', ['a'], ['x.0'], ['r', 'q'])
    assert.equal(everything(await reopen(), 's', ['a'], ['x.0'], ['r', 'q']), before)
  })

  test.run()
}
