import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../../mesh/log.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { memoryVectorStore } from './memory-vector-store.ts'
import { vectorStoreContract } from './vector-store.contract.ts'
import { openVectorStore } from './vector-store.node.ts'

vectorStoreContract('in a file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kinmesh-vectors-'))
  return { store: openVectorStore(join(dir, 'vectors.db'), silentLogger), end: () => rmSync(dir, { recursive: true, force: true }) }
})
vectorStoreContract('in memory', () => ({ store: memoryVectorStore(), end: () => {} }))

test('of a vector that is gone no byte is in the files, while the store is open', () =>
  withTempDir(dir => {
    const store = openVectorStore(join(dir, 'vectors.db'), silentLogger)
    const state = { id: 's', rev: 1, digest: 'd' }
    const vectorOf = (id: number) => Float32Array.from({ length: 384 }, (_, index) => Math.sin(id * 1000 + index))
    const isThere = (id: number) => readdirSync(dir).some(file => readFileSync(join(dir, file)).includes(Buffer.from(vectorOf(id).buffer, 0, 64)))
    store.write('personal', Array.from({ length: 50 }, (_, n) => ({ id: `m${n}`, item: { id: `m${n}`, value: { text: 'x' }, hlc: 1, device: 'me', others: [] } })), state)
    store.setLargeIndex('hash')
    store.keep(store.pending(-1, 50).map(({ key, id }) => ({ key, vector: vectorOf(Number(id.slice(1))) })))
    assert.ok(isThere(7) && isThere(8))
    store.write('personal', [{ id: 'm7', item: null }], state)
    assert.equal([isThere(7), isThere(8), store.largeIndex()], [false, true, undefined])
    store.reset('another')
    assert.not(isThere(8))
    store.close()
  }))

test('comes back as it was; a file of another version is built anew', () =>
  withTempDir(dir => {
    const path = join(dir, 'vectors.db')
    const first = openVectorStore(path, silentLogger)
    first.write('personal', [{ id: 'a', item: { id: 'a', value: { text: 'x' }, hlc: 1, device: 'me', others: [] } }], { id: 's', rev: 3, digest: 'd' })
    first.reset('one')
    first.keep(first.pending(-1, 9).map(({ key }) => ({ key, vector: Float32Array.of(1, 0) })))
    first.setLargeIndex('hash')
    first.close()
    const again = openVectorStore(path, silentLogger)
    assert.equal([again.model(), again.state('personal')?.rev, again.vectors(-1, 9).map(({ vector }) => [...vector]), again.largeIndex()], ['one', 3, [[1, 0]], 'hash'])
    again.close()
  }))

test.run()
