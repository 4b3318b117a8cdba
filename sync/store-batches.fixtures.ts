import * as assert from 'uvu/assert'
import type { Random } from './random.fixtures.ts'
import { baseRow, entryRow, everything, faultRow, filled, logRow, type OpenedStore, versionRow } from './store.contract.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Commit, Store, VersionRow } from './store.ts'

const authors = ['a', 'b', 'c']
const ids = ['a.0', 'b.0', 'b.1', 'm.2', 'x.1', 'z.0']
const refs = ['r1', 'r2']

/** A batch as the parts of sync/ make them: entries only where there are none, rows that are not shown without a rev. */
function randomBatch(random: Random, oracle: Store, space: string, step: number): Commit {
  const taken = new Set<string>()
  const entries = random.some(authors, 0.5).flatMap(author => Array.from({ length: random.below(4) }, () => entryRow(author, random.below(12), random.below(4) - 1)).filter(({ seq }) => {
    const key = `${author} ${seq}`
    const free = !taken.has(key) && oracle.entries(space, author, seq, 1)[0]?.seq !== seq
    taken.add(key)
    return free
  }))
  let rev = oracle.rev(space)
  // One row of an item is shown at most, as `shown` says: writing about an item writes all of its rows.
  const versionsOf = (id: string): VersionRow[] => {
    const writers = [...new Set([...oracle.versions(space, id).map(row => row.author), ...random.some(authors, 0.4)])]
    const shown = random.chance(0.7) ? random.pick([...writers, 'nobody']) : 'nobody'
    return writers.map(author => versionRow(id, author, {
      hlc: random.below(1e9), body: random.chance(0.3) ? null : `{"n":${step}}`, seq: random.below(12),
      held: author === shown || random.chance(0.5) ? null : random.pick(refs), pending: random.chance(0.2) ? random.below(1e9) : null, shown: author === shown, rev: author === shown ? ++rev : 0
    }))
  }
  const forAuthors = <T>(share: number, make: (author: string) => T): T[] => random.some(authors, share).map(make)
  return {
    space,
    meta: random.chance(0.3) ? { [random.pick(['a', 'b'])]: String(step) } : {},
    naming: random.chance(0.1) ? [{ id: space, name: null, ...(random.chance(0.5) ? { into: 'personal' } : {}) }] : [],
    statements: Array.from({ length: random.below(3) }, () => random.below(20)).map(value => ({ hash: filled(32, value), bytes: filled(4, value) })),
    dropLogs: random.some(authors, 0.04),
    logs: forAuthors(0.3, author => logRow(author, random.below(12), { checkpoint: random.below(9), lowest: 1 + random.below(5), frozen: random.chance(0.1) })),
    entries,
    bases: forAuthors(0.2, author => baseRow(author, random.below(3), random.below(12))),
    dropBases: forAuthors(0.1, author => ({ author, shard: random.below(3) })),
    prune: forAuthors(0.05, author => ({ author, below: random.below(6) })),
    truncate: forAuthors(0.05, author => ({ author, above: 4 + random.below(8) })),
    dropVersions: random.some(ids, 0.1).map(id => ({ id, author: random.pick(authors) })),
    versions: random.some(ids, 0.4).flatMap(versionsOf),
    gone: random.some(ids, 0.1).map(id => ({ id, rev: ++rev })),
    shards: random.some([0, 1, 2], 0.3).map(shard => ({ shard, sum: step.toString(16), live: random.below(9), slots: random.below(9) })),
    acks: forAuthors(0.2, author => ({ device: random.pick(['p', 'q']), author, height: random.below(12), at: step })),
    held: random.some(refs, 0.2).map(ref => ({ ref, author: random.pick(authors), count: random.below(300), at: step })),
    settled: random.some(refs, 0.1),
    faults: Array.from({ length: random.below(3) }, () => faultRow(step, random.chance(0.5) ? random.pick(authors) : null))
  }
}

/** The same batches, drawn at random, must leave any store and the memory store with the same answers, also after it was opened again. */
export async function compareWithMemory(random: Random, { store: opened, reopen, destroy }: OpenedStore): Promise<void> {
  const oracle = createMemoryStore()
  let store = opened
  try {
    for (let step = 1; step <= 80; step++) {
      const space = random.pick(['s', 's', 't'])
      const drop = random.chance(0.02)
      const batch = drop ? { space, dropSpace: true } : randomBatch(random, oracle, space, step)
      await oracle.commit(batch)
      await store.commit(batch)
      if (random.chance(0.05)) store = await reopen()
      const limit = random.pick([1, 3, 1e9])
      for (const each of ['s', 't']) {
        const expected = everything(oracle, each, authors, ids, refs, limit)
        for (const [read, text] of Object.entries(everything(store, each, authors, ids, refs, limit))) assert.is(text, expected[read], `${read} of space ${each} after step ${step}, limit ${limit}`)
      }
    }
  } finally {
    await destroy()
  }
}
