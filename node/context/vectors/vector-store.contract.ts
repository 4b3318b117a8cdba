import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Item } from '../../../sync/types.ts'
import type { VectorStore } from './vector-store.ts'

const state = { id: 'space', rev: 1, digest: 'd' }
const item = (id: string, hlc = 1): Item => ({ id, value: { v: 1, text: id }, hlc, device: 'me', others: [] })
const put = (store: VectorStore, space: string, ...items: Item[]) => store.write(space, items.map(each => ({ id: each.id, item: each })), state)
const vector = (...numbers: number[]) => Float32Array.from(numbers)

/** What every store of vectors does. */
export function vectorStoreContract(name: string, open: () => { readonly store: VectorStore; end(): void }): void {
  const withStore = (what: string, work: (store: VectorStore) => void) =>
    test(`${name}: ${what}`, () => {
      const { store, end } = open()
      try {
        work(store)
      } finally {
        store.close()
        end()
      }
    })

  withStore('knows which memories have no vector yet, and keeps those that are made', store => {
    assert.equal(put(store, 'personal', item('a'), item('b'), item('c')), [])
    const pending = store.pending(-1, 2)
    assert.equal(pending.map(({ space, id }) => [space, id]), [['personal', 'a'], ['personal', 'b']])
    const [a, b] = pending.map(({ key }) => key)
    const rest = store.pending(b ?? 0, 9)
    assert.equal(rest.map(({ id }) => id), ['c'])
    assert.equal(store.keep([{ key: a ?? 0, vector: vector(1, 2) }, { key: b ?? 0, vector: vector() }, { key: 999, vector: vector(3, 4) }]).map(({ key }) => key), [a])
    assert.equal(store.pending(-1, 9).map(({ id }) => id), ['c'])
    assert.equal([store.vectors(-1, 9), store.vectorKeys(), store.vectors(a ?? 0, 9)], [[{ key: a, vector: vector(1, 2) }], [a], []])
    assert.equal([...store.places([a ?? 0, 999])], [[a, { space: 'personal', id: 'a' }]])
  })

  withStore('what has changed or is gone leaves no vector, and its key is nobody else’s', store => {
    put(store, 'personal', item('a'), item('b'))
    const keys = store.pending(-1, 9).map(({ key }) => key)
    store.keep(keys.map(key => ({ key, vector: vector(key) })))
    assert.equal(put(store, 'personal', item('b', 2)), [keys[1]])
    assert.equal(store.write('personal', [{ id: 'a', item: null }, { id: 'never', item: null }], state), [keys[0]])
    assert.equal([store.vectors(-1, 9), store.pending(-1, 9).map(({ id }) => id), [...store.versions('personal')]], [[], ['b'], [['b', { hlc: 2, device: 'me' }]]])
    assert.equal([store.count('personal'), store.keep([{ key: keys[1] ?? 0, vector: vector(1) }]), store.places(keys).size], [1, [], 0])
    put(store, 'personal', item('c'))
    assert.ok(store.pending(-1, 9).every(({ key }) => !keys.includes(key)))
  })

  withStore('another encoder: all vectors go, and the memories wait for new ones', store => {
    assert.is(store.model(), '')
    put(store, 'personal', item('a'))
    store.reset('one')
    store.keep(store.pending(-1, 9).map(({ key }) => ({ key, vector: vector(1) })))
    store.reset('two')
    assert.equal([store.model(), store.vectorKeys(), store.pending(-1, 9).length, store.state('personal')], ['two', [], 1, state])
  })
}
