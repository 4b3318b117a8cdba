import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Logger, silentLogger } from '../../../mesh/log.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { GrowingIndex } from './growing-index.ts'
import { loadLargeIndex } from './hnsw-vector-index.node.ts'
import { largeIndexes } from './large-indexes.node.ts'
import { normalize } from './vector-index.ts'
import { openVectorStore } from './vector-store.node.ts'

const dimensions = 16
const state = { id: 's', rev: 1, digest: 'd' }
const item = (id: string) => ({ id, item: { id, value: { text: id }, hlc: 1, device: 'me', others: [] } })
const random = new Random(3)
const vector = () => normalize(Float32Array.from({ length: dimensions }, () => random.next() - 0.5))
const openLarge = await loadLargeIndex(silentLogger)

/** A store in a folder, and vectors for it. */
function stored(dir: string, log: Logger = silentLogger) {
  const store = openVectorStore(join(dir, 'vectors.db'), log)
  const add = (ids: readonly string[]) => {
    store.write('personal', ids.map(item), state)
    return store.keep(store.pending(-1, 10_000).map(({ key }) => ({ key, vector: vector() })))
  }
  return { store, add, forget: (id: string) => store.write('personal', [{ id, item: null }], state) }
}

const names = (from: number, count: number) => Array.from({ length: count }, (_, n) => `m${from + n}`)

test('without a large index every vector is looked at, however many', () =>
  withTempDir(async dir => {
    const { store, add, forget } = stored(dir)
    const held = add(names(0, 300))
    const index = new GrowingIndex(store, dimensions, null, silentLogger, 100)
    await index.load()
    await index.settled()
    for (const { key, vector: own } of held.slice(0, 20)) assert.is(index.find(own, 1)[0]?.key, key)
    index.remove(forget('m5'))
    assert.not(index.find(held[5]!.vector, 300).some(({ key }) => key === held[5]!.key))
    index.put(9999, new Float32Array(dimensions + 1)) // of another encoder
    assert.is(index.count, 299)
    await index.close(true)
    store.close()
  }))

// It takes a compiler to install.
if (openLarge) {
  const open = (dir: string, parts: ReturnType<typeof stored>, log: Logger = silentLogger) => new GrowingIndex(parts.store, dimensions, largeIndexes(openLarge, join(dir, 'vectors.index')), log, 100)
  const finds = (index: GrowingIndex, { key, vector: own }: { readonly key: number; readonly vector: Float32Array }) => index.find(own, 1)[0]?.key === key

  test('many vectors become a large index, which knows what came and went while it was made, and afterwards', () =>
    withTempDir(async dir => {
      const parts = stored(dir)
      const held = parts.add(names(0, 500))
      const index = open(dir, parts)
      await index.load()
      // It is being made now: 8 vectors between two turns.
      index.remove(parts.forget('m490'))
      index.remove(parts.forget('m1'))
      for (const each of parts.add(['late'])) {
        held.push(each)
        index.put(each.key, each.vector)
      }
      await index.settled()
      assert.ok(existsSync(join(dir, 'vectors.index')), 'it was made and kept')
      assert.is(index.count, 499)
      for (const [at, each] of held.entries()) assert.is(finds(index, each), at !== 490 && at !== 1, String(at))
      await index.close(true)
      parts.store.close()
    }))

  test('it comes back from its file with what changed since; a file that is not the one that was written is not read', () =>
    withTempDir(async dir => {
      const path = join(dir, 'vectors.index')
      const parts = stored(dir)
      const held = parts.add(names(0, 200))
      const first = open(dir, parts)
      await first.load()
      await first.settled()
      await first.close(true)
      const written = readFileSync(path)
      // As after a crash: the store went on, and the file did not.
      held.push(...parts.add(['new']))
      for (const harm of [undefined, written.with(written.length - 3, 77)]) {
        if (harm) writeFileSync(path, harm)
        const again = open(dir, parts)
        await again.load()
        assert.is(existsSync(path), harm === undefined)
        await again.settled()
        for (const each of held) assert.ok(finds(again, each))
        await again.close(true)
      }
      parts.store.close()
    }))

  test('what is forgotten is in no file from then on', () =>
    withTempDir(async dir => {
      const parts = stored(dir)
      const held = parts.add(names(0, 200))
      const index = open(dir, parts)
      await index.load()
      await index.settled()
      const bytes = Buffer.from(held[9]!.vector.buffer)
      const files = () => readdirSync(dir).filter(file => readFileSync(join(dir, file)).includes(bytes)).sort()
      assert.ok(files().includes('vectors.index'))
      index.remove(parts.forget('m9'))
      assert.equal(files(), [])
      await index.close(true)
      assert.ok(existsSync(join(dir, 'vectors.index')))
      assert.equal(files(), [])
      parts.store.close()
    }))

  test('one that cannot be made or kept leaves the exact one in its place', () =>
    withTempDir(async dir => {
      const warnings: string[] = []
      const parts = stored(dir)
      const held = parts.add(names(0, 200))
      const broken = { create: async () => Promise.reject(new Error('no memory')), load: async () => undefined, save: async () => '', drop: () => {} }
      const index = new GrowingIndex(parts.store, dimensions, broken, { ...silentLogger, warn: message => void warnings.push(message) }, 100)
      await index.load()
      await index.settled()
      for (const { key, vector: own } of held) index.put(key, own)
      await index.settled()
      assert.ok(held.every(each => finds(index, each)))
      assert.equal(warnings, ['the large index of vectors cannot be made'])
      await index.close(true)
      parts.store.close()
    }))
}

test.run()
