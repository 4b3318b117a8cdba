import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { sha256 } from '../mesh/crypto.ts'
import { rootOf } from './base-names.ts'
import { installSnapshot } from './checkpoint.ts'
import { dropAbandoned } from './drop-log.ts'
import type { Entry } from './entry.ts'
import { maxShardBytes } from './limits.ts'
import { take } from './receive-checks.fixtures.ts'
import { type Scene, scene } from './receive.fixtures.ts'
import type { SpaceState } from './space-state.ts'
import { createMemoryStore } from './store-memory.ts'
import type { BaseRow, Store } from './store.ts'

const shown = (state: SpaceState) => state.view.list('', 100).map(item => item.value['text'])
const failed = (error: unknown) => isKinmeshError(error, 'StoreFailed')

/** A store that stops taking writes after some more commits, as a process that is killed does. */
function failingStore(): { store: Store; failAfter(commits: number): void } {
  const store = createMemoryStore()
  let left = Number.POSITIVE_INFINITY
  const commit: Store['commit'] = async batch => {
    if (left-- <= 0) throw new KinmeshError('StoreFailed', 'no more')
    await store.commit(batch)
  }
  return { store: { ...store, commit }, failAfter: commits => (left = commits) }
}

/** A log of the phone over three shards, its checkpoint and what that names. */
async function phoneLog({ phone }: Scene): Promise<{ entries: Entry[]; checkpoint: Entry; bases: BaseRow[]; root: Uint8Array }> {
  const entries = [await phone.write({ 'a.0': 'one' }), await phone.write({ 'b.1': 'two' }, {}, 1), await phone.write({ 'c.2': 'three' }, {}, 2)]
  const { bases, root } = phone.summary()
  return { entries, bases, root, checkpoint: await phone.checkpoint() }
}

test('a new log comes in a few shards at a time, and shows the same as its entries would', async () => {
  const set = await scene()
  const { bases, root, checkpoint, entries } = await phoneLog(set)
  await set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, root, [...bases], (bases[0]?.bytes.length ?? 0) + 1))
  const peer = await set.device('mini')
  await take({ ...set, state: peer }, ...entries, checkpoint)
  assert.is(set.state.view.digest(), peer.view.digest())
  assert.equal({ ...set.state.logRow(set.phone.id), lowest: 0 }, { ...peer.logRow(set.phone.id), lowest: 0 })
  await take(set, await set.phone.write({ 'a.0': 'one again' }))
  assert.equal(shown(set.state), ['one again', 'two', 'three'])
})

/** A scene that is looked at after each commit, before those who wait for it go on. */
async function watched(look: (state: SpaceState) => void): Promise<Scene> {
  const store = createMemoryStore()
  let watching: SpaceState | undefined
  const commit: Store['commit'] = async batch => {
    await store.commit(batch)
    if (watching) look(watching)
  }
  const set = await scene({ ...store, commit })
  watching = set.state
  return set
}

test('while a new log comes in, what is held compares with nobody\'s', async () => {
  const heads: string[] = []
  const set = await watched(state => heads.push(state.heads()))
  const { bases, root, checkpoint, entries } = await phoneLog(set)
  await set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, root, [...bases], 1))
  assert.equal(new Set(heads), new Set([set.state.self]))
  const peer = await set.device('mini')
  await take({ ...set, state: peer }, ...entries, checkpoint)
  assert.is(set.state.heads(), peer.heads())
})

test('logs and view change in one moment, whoever looks', async () => {
  const moments = new Set<string>()
  const set = await watched(state => void (async () => {
    for (let turn = 0; turn < 50; turn++) {
      moments.add(`${state.heads()} ${state.view.digest()}`)
      await Promise.resolve()
    }
  })())
  await take(set, await set.phone.write({ 'a.0': 'one' }))
  assert.is(moments.size, 2)
})

for (const commits of [0, 2]) {
  test(`a snapshot that failed after ${commits} commits, and does not come again, leaves nothing and keeps nobody apart`, async () => {
    const { store, failAfter } = failingStore()
    const set = await scene(store)
    const start = [set.state.heads(), set.state.view.digest()]
    const { bases, root, checkpoint } = await phoneLog(set)
    failAfter(commits)
    await rejects(set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, root, [...bases], 1)), failed)
    assert.is(set.state.heads(), set.state.self)
    failAfter(Number.POSITIVE_INFINITY)
    assert.equal([await dropAbandoned(set.state), await dropAbandoned(set.state)], [true, false])
    assert.equal([set.state.heads(), set.state.view.digest(), shown(set.state)], [...start, []])
  })
}

for (const commits of [0, 1, 2, 3]) {
  test(`a snapshot cut short after ${commits} commits is made good by the next one, or by the entries`, async () => {
    for (const again of ['snapshot', 'entries'] as const) {
      const { store, failAfter } = failingStore()
      const set = await scene(store)
      const { bases, root, checkpoint, entries } = await phoneLog(set)
      failAfter(commits)
      await rejects(set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, root, [...bases], 1)), failed)
      failAfter(Number.POSITIVE_INFINITY)
      const state = await set.restart()
      assert.is(state.logRow(set.phone.id).height, 0)
      if (again === 'snapshot') await state.exclusive(() => installSnapshot(state, set.phone.id, checkpoint, root, [...bases]))
      else await take({ ...set, state }, ...entries, checkpoint)
      assert.equal(shown(state), ['one', 'two', 'three'])
      assert.is(state.view.count, 3)
      assert.is(state.logRow(set.phone.id).checkpoint, 4)
    }
  })
}

test('a log that is held is replaced at once or not at all', async () => {
  const { store, failAfter } = failingStore()
  const set = await scene(store)
  const first = await set.phone.write({ 'a.0': 'early' })
  await take(set, first)
  const { bases, root, checkpoint } = await phoneLog(set)
  failAfter(0)
  await rejects(set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, root, [...bases])), failed)
  failAfter(Number.POSITIVE_INFINITY)
  const state = await set.restart()
  assert.equal([state.logRow(set.phone.id).height, ...shown(state)], [1, 'early'])
  await state.exclusive(() => installSnapshot(state, set.phone.id, checkpoint, root, [...bases]))
  assert.equal(shown(state), ['one', 'two', 'three'])
})

test('bases that are not what the author signed are refused here too, and nothing is changed', async () => {
  const set = await scene()
  const { bases, root, checkpoint } = await phoneLog(set)
  const [first, ...others] = bases as [BaseRow, ...BaseRow[]]
  const huge = new Uint8Array(maxShardBytes + 1)
  const wrong: BaseRow[][] = [others, [{ ...first, seq: 99 }, ...others], [{ ...first, bytes: first.bytes.map(byte => byte ^ 1) }, ...others]]
  const install = (list: BaseRow[], signed = root) => set.state.exclusive(() => installSnapshot(set.state, set.phone.id, checkpoint, signed, [...list]))
  const refused = (error: unknown) => isKinmeshError(error, 'WrongSnapshot')
  for (const list of wrong) await rejects(install(list), refused)
  const oversized = [{ ...first, bytes: huge, hash: sha256(huge) }]
  await rejects(install(oversized, rootOf(oversized)), refused)
  assert.equal([shown(set.state), set.store.bases(set.state.id, set.phone.id)], [[], []])
})

test.run()
