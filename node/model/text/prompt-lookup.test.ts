import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { createPromptLookup, longestPattern } from './prompt-lookup.ts'

/** The slow way: every place, for every length, from the longest. */
function oracle(ids: readonly number[], shortest: number, longest: number, maxDraft: number): number[] {
  for (let length = Math.min(longest, ids.length - 1); length >= shortest; length--) {
    const end = ids.slice(-length)
    for (let start = ids.length - length - 1; start >= 0; start--) {
      if (end.every((id, index) => ids[start + index] === id)) return ids.slice(start + length, start + length + maxDraft)
    }
  }
  return []
}

test('as a search of everything', () => {
  const random = new Random(1)
  let drafts = 0
  for (let count = 0; count < 300; count++) {
    const longest = 1 + random.below(5)
    const [shortest, maxDraft, kinds] = [1 + random.below(longest), 1 + random.below(6), 1 + random.below(6)]
    const lookup = createPromptLookup({ minPattern: shortest, maxPattern: longest, maxDraft })
    const ids: number[] = []
    assert.equal(lookup.draft(), [])
    for (let length = 0; length < 80; length++) {
      const id = random.below(kinds)
      ids.push(id)
      lookup.push(id)
      const expected = oracle(ids, shortest, longest, maxDraft)
      assert.equal(lookup.draft(), expected, `${ids.join(' ')}: ${shortest} to ${longest}`)
      if (expected.length > 0) drafts++
    }
  }
  assert.ok(drafts > 5000)
})

test('an answer that quotes the prompt', () => {
  const lookup = createPromptLookup({ minPattern: 2, maxPattern: 3, maxDraft: 4 })
  for (const id of [10, 11, 12, 13, 14, 15, 16, 99, 12, 13]) lookup.push(id)
  assert.equal(lookup.draft(), [14, 15, 16, 99])
  lookup.push(50)
  assert.equal(lookup.draft(), [], 'one id alone is too short here')
})

test('large ids are not confused', () => {
  const top = 2 ** 21 - 1
  const lookup = createPromptLookup({ minPattern: 1, maxPattern: 2, maxDraft: 1 })
  for (const id of [top, 0, top - 1, 1]) lookup.push(id)
  assert.equal(lookup.draft(), [])
  lookup.push(top)
  assert.equal(lookup.draft(), [0])
  assert.throws(() => lookup.push(top + 1), /no id/)
})

test('options that make no sense', () => {
  const good = { minPattern: 1, maxPattern: 3, maxDraft: 8 }
  for (const bad of [{ minPattern: 0 }, { minPattern: 4 }, { maxPattern: longestPattern + 1 }, { maxPattern: 1.5 }, { maxDraft: 0 }, { maxDraft: NaN }]) assert.throws(() => createPromptLookup({ ...good, ...bad }), (error: unknown) => isKinmeshError(error, 'InvalidOption'))
})

test.run()
