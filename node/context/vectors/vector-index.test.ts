import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../../mesh/log.ts'
import { exactVectorIndex } from './exact-vector-index.ts'
import { loadLargeIndex } from './hnsw-vector-index.node.ts'
import { vectorIndexContract } from './vector-index.contract.ts'

const openLarge = await loadLargeIndex(silentLogger)

vectorIndexContract('exact', true, async dimensions => exactVectorIndex(dimensions))
// An optional dependency, which takes a compiler: a checkout without one goes on with the exact index.
if (openLarge) {
  vectorIndexContract('hnswlib', false, dimensions => openLarge(dimensions))

  test('hnswlib: comes back from its file, which holds nothing of what was removed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kinmesh-vectors-'))
    try {
      const path = join(dir, 'graph')
      const index = await openLarge(4)
      const forgotten = Float32Array.of(0.1234567, 0.7654321, 0.5, 0.4)
      index.put(1, Float32Array.of(1, 0, 0, 0))
      index.put(2, forgotten)
      const bytes = Buffer.from(forgotten.buffer)
      await index.save(path)
      assert.ok(readFileSync(path).includes(bytes))
      index.remove(2)
      await index.save(path)
      assert.not(readFileSync(path).includes(bytes))
      const again = await openLarge(4, path)
      assert.equal([again.count, again.keys(), again.find(forgotten, 5).map(({ key }) => key)], [1, [1], [1]])
      again.put(3, forgotten)
      assert.is(again.find(forgotten, 1)[0]?.key, 3)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
}

test.run()
