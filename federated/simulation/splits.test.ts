import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { type Divisible, split, type Split, type SplitTerms } from './splits.ts'

const classes = 10
const labels = Uint8Array.from({ length: 400 }, (_, at) => (at * 7) % classes)
const data: Divisible = { count: labels.length, labels }
const countsOf = (own: Int32Array) => Array.from({ length: classes }, (_, label) => own.reduce((sum, example) => sum + Number(labels[example] === label), 0))
const refused = (terms: SplitTerms, given: Divisible, clients: number, advice: RegExp) =>
  assert.throws(() => split(terms, given, clients, 1), (error: unknown) => isKinmeshError(error, 'BadSplit') && advice.test(error.message))

function eachOnce(parts: Split, count: number): void {
  const seen = new Uint8Array(count)
  for (const part of parts) for (const example of part) seen[example]!++
  assert.ok(seen.every(times => times === 1))
}

const all: SplitTerms[] = [{ kind: 'iid' }, { kind: 'pathological', shards: 2 }, { kind: 'dirichlet', alpha: 0.5, minExamples: 1 }]
for (const terms of all) {
  test(`${terms.kind}: each example comes to one client; the seed decides which`, () => {
    for (const clients of [1, 3, 20, 33]) {
      const parts = split(terms, data, clients, 5)
      assert.is(parts.length, clients)
      eachOnce(parts, labels.length)
      assert.equal(split(terms, data, clients, 5), parts)
      if (clients > 1) assert.not.equal(split(terms, data, clients, 6), parts)
    }
  })
}

test('iid: as many for each, and of all classes', () => {
  const parts = split({ kind: 'iid' }, data, 3, 1)
  assert.equal(parts.map(({ length }) => length), [133, 133, 134])
  for (const part of parts) assert.ok(countsOf(part).every(count => count > 3 && count < 30), countsOf(part).join())
})

test('pathological: shards of a class each, two for a client', () => {
  // 40 shards of 10: four of each class.
  const parts = split({ kind: 'pathological', shards: 2 }, data, 20, 1)
  for (const part of parts) assert.ok(countsOf(part).every(count => count % 10 === 0), countsOf(part).join())
  assert.ok(parts.every(part => countsOf(part).filter(count => count > 0).length <= 2))
  assert.ok(parts.some(part => countsOf(part).filter(count => count > 0).length === 2))
})

test('dirichlet: a small alpha gives each class to few, a large one to all alike', () => {
  const largest = (alpha: number) => {
    const counts = split({ kind: 'dirichlet', alpha, minExamples: 0 }, data, 8, 3).map(countsOf)
    return Array.from({ length: classes }, (_, label) => Math.max(...counts.map(each => each[label]!)) / 40).reduce((a, b) => a + b) / classes
  }
  assert.ok(largest(0.01) > 0.9, String(largest(0.01)))
  assert.ok(largest(1000) < 0.2, String(largest(1000)))
  assert.ok(largest(0.5) > 0.3 && largest(0.5) < 0.8, String(largest(0.5)))
})

test('dirichlet: the share of a client has the mean and the deviation of the distribution', () => {
  // Of 1,000 draws: mean 1/5, variance (1/5 · 4/5) / (5 · 2 + 1).
  const one = { count: 1000, labels: new Uint8Array(1000) }
  const shares = Array.from({ length: 1000 }, (_, seed) => split({ kind: 'dirichlet', alpha: 2, minExamples: 0 }, one, 5, seed)[2]!.length / 1000)
  const mean = shares.reduce((a, b) => a + b) / shares.length
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length
  assert.ok(Math.abs(mean - 0.2) < 0.012 && Math.abs(variance - 0.16 / 11) < 0.0025, `${mean} ${variance}`)
})

test('dirichlet: nobody is left with less than was asked for', () => {
  for (const part of split({ kind: 'dirichlet', alpha: 0.3, minExamples: 5 }, data, 10, 1)) assert.ok(part.length >= 5)
  refused({ kind: 'dirichlet', alpha: 0.001, minExamples: 30 }, data, 13, /larger alpha/)
  refused({ kind: 'dirichlet', alpha: 1, minExamples: 41 }, data, 10, /400 examples are not 41 for each of 10/)
})

test('by speaker: each has what it said, those who said most first', () => {
  const speakers = [4, 1, 4, 2, 1, 4, 9, 2]
  const parts = split({ kind: 'by-speaker', minExamples: 2 }, { count: 8, speakers }, 3, 1)
  assert.equal(parts.map(part => [...part]), [[0, 2, 5], [1, 4], [3, 7]])
  refused({ kind: 'by-speaker', minExamples: 2 }, { count: 8, speakers }, 4, /3 speakers have 2 examples or more, and 4 clients/)
})

test('what cannot be divided so is refused with what to do', () => {
  refused({ kind: 'iid' }, data, 401, /fewer clients/)
  refused({ kind: 'pathological', shards: 21 }, data, 20, /420 shards/)
  refused({ kind: 'pathological', shards: 2 }, { count: 8 }, 2, /no classes.*another split/)
  refused({ kind: 'by-speaker', minExamples: 1 }, data, 2, /no speakers/)
})

test.run()
