import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rebuildSpace } from './rebuild.ts'
import { take } from './receive-checks.fixtures.ts'
import { type Scene, scene } from './receive.fixtures.ts'
import type { Commit } from './store.ts'
import { verifySpace } from './verify.ts'

/** The phone's log with a checkpoint as its fourth entry, an item of the mini PC beneath one of the phone's, and a removal. */
async function begun(): Promise<Scene> {
  const set = await scene()
  const { phone, mini } = set
  await take(set, await phone.write({ 'a.0': 'one', 'b.0': 'two' }), await phone.write({ 'c.1': 'three' }, {}, 1), await phone.write({ 'b.0': 'two again' }))
  await take(set, await phone.checkpoint(), await mini.write({ 'a.0': 'mini' }), await phone.write({ 'a.0': 'four' }), await phone.remove(['c.1'], {}, 1))
  return set
}

test('a space as it was written has no damage, and neither has one that was built anew', async () => {
  const set = await begun()
  assert.equal(verifySpace(set.state), [])
  await rebuildSpace(set.state)
  assert.equal(verifySpace(await set.restart()), [])
})

type Damaging = { readonly what: string; readonly ofLog: boolean; batch(set: Scene): Omit<Commit, 'space'> }
const entryOf = ({ store, state, phone }: Scene, seq: number) => ({ ...store.entries(state.id, phone.id, seq, 1)[0]!, author: phone.id })
const rowOf = ({ store, state, phone }: Scene, id: string) => store.versions(state.id, id).find(({ author }) => author === phone.id)!
const damages: Damaging[] = [
  { what: 'the last entry is missing', ofLog: true, batch: ({ phone }) => ({ truncate: [{ author: phone.id, above: 5 }] }) },
  { what: 'the first entries are missing', ofLog: true, batch: ({ phone }) => ({ prune: [{ author: phone.id, below: 3 }] }) },
  { what: 'an entry follows that the log does not know', ofLog: true, batch: set => ({ entries: [{ ...entryOf(set, 6), seq: 7 }] }) },
  { what: 'the log ends in another entry', ofLog: true, batch: ({ state, phone }) => ({ logs: [{ ...state.logRow(phone.id), head: new Uint8Array(32) }] }) },
  { what: 'the log was longer', ofLog: true, batch: ({ state, phone }) => ({ logs: [{ ...state.logRow(phone.id), height: 5 }] }) },
  { what: 'a base is missing', ofLog: true, batch: ({ phone }) => ({ dropBases: [{ author: phone.id, shard: 1 }] }) },
  { what: 'a version shows another text', ofLog: false, batch: set => ({ versions: [{ ...rowOf(set, 'b.0'), body: '{"text":"never said"}' }] }) },
  { what: 'a version is older', ofLog: false, batch: set => ({ versions: [{ ...rowOf(set, 'a.0'), hlc: 1 }] }) },
  { what: 'a version that does not show is another one', ofLog: false, batch: set => ({ versions: [{ ...set.store.versions(set.state.id, 'a.0').find(row => !row.shown)!, body: '{"text":"older"}' }] }) },
  { what: 'a version is missing', ofLog: false, batch: ({ phone }) => ({ dropVersions: [{ id: 'b.0', author: phone.id }] }) },
  { what: 'a version is there that nobody wrote', ofLog: false, batch: set => ({ versions: [{ ...rowOf(set, 'b.0'), id: 'zz.0' }] }) },
  { what: 'a sum is another one', ofLog: false, batch: ({ store, state }) => ({ shards: store.shards(state.id).map(row => ({ ...row, sum: '01' })) }) }
]

for (const { what, ofLog, batch } of damages) {
  test(`it is found that ${what}`, async () => {
    const set = await begun()
    await set.store.commit({ space: set.state.id, ...batch(set) })
    const found = verifySpace(await set.restart())
    assert.is(found.length > 0, true)
    assert.equal([...new Set(found.map(({ log }) => log))], [ofLog ? set.phone.id : undefined])
  })
}

test.run()
