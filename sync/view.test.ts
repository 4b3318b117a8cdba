import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addHash, digestOfShards, versionHash } from './digest.ts'
import { shardOfId } from './item-id.ts'
import { type Random, seededTest } from './random.fixtures.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Store, VersionRow } from './store.ts'
import type { Change, Item } from './types.ts'
import { View, type ViewBatch, highest } from './view.ts'

type Stored = Omit<VersionRow, 'shown' | 'rev'>

const row = (id: string, author: string, hlc: number, text: string | null = `${author} ${hlc}`, held: string | null = null): Stored =>
  ({ id, author, shard: shardOfId(id) ?? 0, hlc, body: text === null ? null : JSON.stringify({ text }), seq: 1, held, pending: null })

function opened(): { store: Store; view: View; change(work: (batch: ViewBatch) => void): Promise<void>; texts(): unknown[] } {
  const store = createMemoryStore()
  const view = new View(store, 's')
  const change = async (work: (batch: ViewBatch) => void) => {
    const batch = view.begin()
    work(batch)
    await store.commit({ space: 's', ...batch.finish() })
    view.applied(batch)
  }
  return { store, view, change, texts: () => view.list('', 100).map(item => item.value['text']) }
}

const ids = (changes: readonly Change[]) => changes.map(change => change.id)

test('the highest clock wins, then the greater device; the others stay readable', async () => {
  const { view, change } = opened()
  await change(batch => {
    batch.set(row('a.0', 'phone', 5))
    batch.set(row('a.0', 'mini', 9))
    batch.set(row('a.0', 'laptop', 7))
  })
  assert.equal(view.get('a.0'), { id: 'a.0', value: { text: 'mini 9' }, hlc: 9, device: 'mini', others: [{ value: { text: 'phone 5' }, hlc: 5, device: 'phone' }, { value: { text: 'laptop 7' }, hlc: 7, device: 'laptop' }] })
  await change(batch => batch.set(row('a.0', 'phone', 9)))
  assert.is(view.get('a.0')?.device, 'phone')
  assert.is(view.count, 1)
})

test('highest: by clock, then by device, in any order, nothing of nothing', () => {
  const rows = [row('a.0', 'a', 5), row('a.0', 'c', 9), row('a.0', 'b', 9)]
  for (const order of [rows, [...rows].reverse()]) assert.is(highest(order)?.author, 'c')
  assert.is(highest([]), undefined)
})

test('a removal that wins hides the item and every other version; one that loses shows nowhere', async () => {
  const { view, change } = opened()
  await change(batch => batch.set(row('a.0', 'phone', 5)))
  await change(batch => batch.set(row('a.0', 'mini', 4, null)))
  assert.equal(view.get('a.0')?.others, [])
  await change(batch => batch.set(row('a.0', 'mini', 6, null)))
  assert.is(view.get('a.0'), undefined)
  assert.equal([view.count, view.list('', 9)], [0, []])
  await change(batch => batch.set(row('a.0', 'phone', 7)))
  assert.is(view.get('a.0')?.hlc, 7)
})

test('a removal that is held hides nothing, and still counts for the digest', async () => {
  const [one, two] = [opened(), opened()]
  for (const { change } of [one, two]) await change(batch => batch.set(row('a.0', 'phone', 5)))
  await one.change(batch => batch.set(row('a.0', 'mini', 9, null, 'ref')))
  await two.change(batch => batch.set(row('a.0', 'mini', 9, null)))
  assert.equal(one.texts(), ['phone 5'])
  assert.equal(one.view.get('a.0')?.others, [])
  assert.equal([one.view.count, two.view.count], [1, 0])
  assert.is(one.view.digest(), two.view.digest())
  const { rev } = one.view
  await one.change(batch => batch.set(row('a.0', 'mini', 9, null)))
  assert.equal(one.view.changesSince(rev, 9), [{ id: 'a.0', rev: rev + 1, item: null }])
})

test('an item that goes without a trace is told as gone, until it comes back', async () => {
  const { view, change } = opened()
  await change(batch => batch.set(row('a.0', 'phone', 5)))
  await change(batch => batch.clear('a.0', 'phone'))
  assert.equal(view.changesSince(1, 9), [{ id: 'a.0', rev: 2, item: null }])
  await change(batch => batch.set(row('a.0', 'phone', 6)))
  assert.equal(ids(view.changesSince(0, 9)), ['a.0'])
  assert.is(view.changesSince(2, 9)[0]?.item?.hlc, 6)
})

test('what changes nothing that shows gets no new rev', async () => {
  const { view, change } = opened()
  await change(batch => batch.set(row('a.0', 'phone', 5)))
  await change(batch => batch.set(row('a.0', 'mini', 3)))
  await change(batch => batch.set({ ...row('a.0', 'phone', 5), seq: 9 }))
  await change(batch => batch.clear('none.0', 'phone'))
  await change(batch => void batch.versions('a.0'))
  assert.is(view.rev, 1)
  assert.equal(view.get('a.0')?.others.length, 1)
})

test('a change that was taken back within a batch is none', async () => {
  const { view, change } = opened()
  await change(batch => batch.set(row('a.0', 'phone', 5)))
  const digest = view.digest()
  await change(batch => {
    batch.clear('a.0', 'phone')
    assert.not(batch.isLive('a.0'))
    batch.set(row('a.0', 'phone', 5))
    assert.ok(batch.isLive('a.0'))
  })
  assert.equal([view.rev, view.digest()], [1, digest])
})

test('nothing shows before the batch was applied', async () => {
  const { store, view } = opened()
  const batch = view.begin()
  batch.set(row('a.0', 'phone', 5))
  const digest = view.digest()
  batch.finish()
  assert.equal([view.count, view.rev, view.digest(), store.rev('s')], [0, 0, digest, 0])
})

test('lists go on after an id and stop at a limit', async () => {
  const { view, change } = opened()
  await change(batch => ['c.0', 'a.0', 'b.1'].forEach(id => batch.set(row(id, 'phone', 5))))
  const listed = (after: string, limit: number) => view.list(after, limit).map(item => item.id)
  assert.equal([listed('', 2), listed('c.0', 2), listed('b.1', 2)], [['a.0', 'c.0'], ['b.1'], []])
})

test('shards say how many versions they hold, and which is the last', async () => {
  const { view, change } = opened()
  assert.is(view.lastShard, 0)
  await change(batch => [row('a.0', 'phone', 5), row('a.0', 'mini', 6), row('b.3', 'phone', 5)].forEach(each => batch.set(each)))
  assert.equal([view.slots(0), view.slots(1), view.slots(3), view.lastShard], [2, 0, 1, 3])
})

test('sums that went wrong are counted anew from the versions', async () => {
  const { store, view, change } = opened()
  await change(batch => [row('a.0', 'phone', 5), row('a.0', 'mini', 6), row('b.3', 'phone', 5), row('c.0', 'mini', 7, null)].forEach(each => batch.set(each)))
  const right = [view.digest(), view.count, view.slots(0), view.slots(3)]
  await store.commit({ space: 's', shards: [{ shard: 0, sum: 'ff', live: 9, slots: 9 }, { shard: 5, sum: '01', live: 1, slots: 1 }] })
  const damaged = new View(store, 's')
  assert.is.not(damaged.digest(), right[0])
  const shards = damaged.recount(['phone', 'mini'])
  await store.commit({ space: 's', shards })
  damaged.recounted(shards)
  assert.equal([damaged.digest(), damaged.count, damaged.slots(0), damaged.slots(3)], right)
  const reopened = new View(store, 's')
  assert.equal([reopened.digest(), reopened.count, reopened.slots(5)], [right[0], right[1], 0])
})

const someIds = ['a.0', 'b.0', 'c.1', 'd.1', 'e.2', 'f.2', 'g.2']
const authors = ['laptop', 'mini', 'phone']

function randomBatch(random: Random, batch: ViewBatch): void {
  for (const id of random.some(someIds, 0.4)) {
    for (const author of random.some(authors, 0.5)) {
      if (random.chance(0.25)) batch.clear(id, author)
      else batch.set(row(id, author, random.below(20), random.chance(0.3) ? null : `text ${random.below(5)}`, random.chance(0.15) ? 'ref' : null))
    }
  }
}

/** The whole view from the stored versions alone, the slow way. */
function recomputed(store: Store): { digest: string; items: Item[]; slots: Map<number, number> } {
  const sums = new Map<number, bigint>()
  const slots = new Map<number, number>()
  const items: Item[] = []
  for (const id of someIds) {
    const rows = [...store.versions('s', id)].sort((a, b) => a.hlc - b.hlc || (a.author < b.author ? -1 : 1))
    const shard = shardOfId(id) ?? 0
    const winner = rows.at(-1)
    slots.set(shard, (slots.get(shard) ?? 0) + rows.length)
    if (winner) sums.set(shard, addHash(sums.get(shard) ?? 0n, versionHash(id, winner.hlc, winner.author, winner.body)))
    const shown = rows.filter(each => each.held === null).at(-1)
    const version = (each: VersionRow) => ({ value: JSON.parse(each.body ?? '') as Item['value'], hlc: each.hlc, device: each.author })
    if (shown && shown.body !== null) items.push({ id, ...version(shown), others: store.versions('s', id).filter(each => each !== shown && each.body !== null).map(version) })
  }
  return { digest: digestOfShards(sums), items, slots }
}

seededTest('after random batches the view is what its versions say, and a reader of changes misses and repeats nothing', 'view', 30, async random => {
  const { store, view, change } = opened()
  const replica = new Map<string, Item>()
  let rev = 0
  for (let step = 0; step < 150; step++) {
    const before = view.rev
    await change(batch => randomBatch(random, batch))
    const expected = recomputed(store)
    const at = `after step ${step}`
    assert.is(view.digest(), expected.digest, at)
    assert.equal(view.list('', 100), expected.items, at)
    assert.is(view.count, expected.items.length, at)
    for (const [shard, count] of expected.slots) assert.is(view.slots(shard), count, at)
    assert.ok(view.rev >= before && view.rev === store.rev('s'), at)
    const reopened = new View(store, 's')
    assert.equal([reopened.digest(), reopened.count, reopened.rev], [view.digest(), view.count, view.rev], at)
    assert.is(reopened.lastShard, view.lastShard)

    // The reader comes by now and then, and takes a few changes at a time.
    if (!random.chance(0.4)) continue
    const seen: string[] = []
    for (let changes = view.changesSince(rev, 1 + random.below(3)); changes.length > 0; changes = view.changesSince(rev, 1 + random.below(3))) {
      for (const { id, rev: changed, item } of changes) {
        assert.ok(changed > rev, `${at}: revs rise`)
        rev = changed
        seen.push(id)
        if (item) replica.set(id, item)
        else replica.delete(id)
      }
    }
    assert.is(new Set(seen).size, seen.length, `${at}: each item once`)
    assert.equal([...replica.keys()].sort(), expected.items.map(item => item.id), at)
    for (const item of expected.items) assert.equal({ ...replica.get(item.id), others: [] }, { ...item, others: [] }, at)
  }
})

seededTest('the digest does not depend on the order of batches', 'view', 10, async random => {
  const rows = Array.from({ length: 60 }, (_, index) => row(random.pick(someIds), random.pick(authors), index))
  const newest = new Map(rows.map(each => [`${each.id} ${each.author}`, each]))
  const digests = new Set<string>()
  for (const order of [[...newest.values()], random.shuffle([...newest.values()]), random.shuffle([...newest.values()])]) {
    const { view, change } = opened()
    while (order.length > 0) await change(batch => order.splice(0, 1 + random.below(9)).forEach(each => batch.set(each)))
    digests.add(view.digest())
  }
  const { view, change } = opened()
  for (const each of rows) await change(batch => batch.set(each))
  digests.add(view.digest())
  assert.is(digests.size, 1)
})

test.run()
