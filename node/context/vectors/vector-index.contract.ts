import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { type VectorIndex, dot, normalize } from './vector-index.ts'

const dimensions = 24

/** What every index of vectors does. `exactly`: nothing near may be missing; else 19 of 20 have to be found. */
export function vectorIndexContract(name: string, exactly: boolean, open: (dimensions: number) => Promise<VectorIndex>): void {
  const withIndex = (what: string, work: (index: VectorIndex) => void) =>
    test(`${name}: ${what}`, async () => {
      const index = await open(dimensions)
      try {
        work(index)
      } finally {
        index.close()
      }
    })
  const random = new Random(7)
  const vector = () => normalize(Float32Array.from({ length: dimensions }, () => random.next() - 0.5))
  const axis = (at: number, also = 0) => normalize(Float32Array.from({ length: dimensions }, (_, index) => (index === at ? 1 : index === at + 1 ? also : 0)))
  const keysOf = (found: readonly { readonly key: number }[]) => found.map(({ key }) => key)

  withIndex('finds the nearest, best first, with their cosine, and never more than there are', index => {
    assert.equal([index.count, index.find(axis(0), 5), index.sample(3)], [0, [], []])
    index.put(7, axis(0))
    index.put(4_000_000_000, axis(0, 1))
    index.put(0, axis(5))
    const found = index.find(axis(0), 10)
    assert.equal(keysOf(found), [7, 4_000_000_000, 0])
    for (const [at, cosine] of [1, Math.SQRT1_2, 0].entries()) assert.ok(Math.abs((found[at]?.similarity ?? 9) - cosine) < 1e-5)
    assert.equal([keysOf(index.find(axis(5), 1)), index.find(axis(5), 0)], [[0], []])
  })

  withIndex('what is put again or removed leaves nothing of what it was', index => {
    for (const key of [1, 2, 3]) index.put(key, axis(key))
    index.put(1, axis(9))
    index.remove(3)
    index.remove(99)
    assert.equal([index.count, keysOf(index.find(axis(9), 1)), keysOf(index.find(axis(3), 3)).includes(3)], [2, [1], false])
    assert.ok((index.find(axis(1), 1)[0]?.similarity ?? 1) < 0.5)
    assert.not(index.sample(9).some(each => dot(each, axis(3)) > 0.5))
    index.put(3, axis(12))
    assert.equal([index.count, keysOf(index.find(axis(12), 1))], [3, [3]])
  })

  withIndex('gives some of what it holds, spread over all of it', index => {
    for (let key = 0; key < 600; key++) index.put(key, vector())
    const sample = index.sample(50)
    assert.is(sample.length, 50)
    assert.equal(index.sample(50), sample)
    assert.ok(new Set(sample.map(each => index.find(each, 1)[0]?.key)).size >= 49)
    assert.is(index.sample(1000).length, 600)
  })

  withIndex('after any writes it finds what one that looks at each finds', index => {
    const held = new Map<number, Float32Array>()
    for (let round = 0; round < 4000; round++) {
      const key = random.below(1200)
      if (random.chance(0.3)) {
        held.delete(key)
        index.remove(key)
      } else {
        const next = vector()
        held.set(key, next)
        index.put(key, next)
      }
    }
    assert.is(index.count, held.size)
    let [found, wanted] = [0, 0]
    for (let question = 0; question < 40; question++) {
      const asked = vector()
      const nearest = [...held].map(([key, each]) => ({ key, similarity: dot(each, asked) })).sort((a, b) => b.similarity - a.similarity).slice(0, 10)
      const answer = index.find(asked, 10)
      assert.is(answer.length, 10)
      for (const { key, similarity } of answer) assert.ok(Math.abs(dot(held.get(key) ?? new Float32Array(dimensions), asked) - similarity) < 1e-5, 'of a vector that is held')
      found += nearest.filter(({ key }) => answer.some(each => each.key === key)).length
      wanted += nearest.length
      if (exactly) assert.equal(keysOf(answer), keysOf(nearest))
    }
    assert.ok(found / wanted >= 0.95, `${found} of ${wanted}`)
  })
}
