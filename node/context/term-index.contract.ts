import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Item } from '../../sync/types.ts'
import { Random } from '../../sync/random.fixtures.ts'
import { type TermIndex, indexedTerms } from './term-index.ts'

type Opened = { readonly index: TermIndex; end(): void }

const state = { id: 'space', rev: 1, digest: 'd' }
const item = (id: string, value: Item['value'], hlc = 1): Item => ({ id, value: { v: 1, ...value }, hlc, device: 'me', others: [] })
const put = (index: TermIndex, space: string, ...items: Item[]) => index.write(space, items.map(each => ({ id: each.id, item: each })), state)
const idsOf = (places: readonly { readonly id: string }[]) => places.map(({ id }) => id)

/** What every index of terms does. */
export function termIndexContract(name: string, open: () => Opened): void {
  const withIndex = (what: string, work: (index: TermIndex) => void) =>
    test(`${name}: ${what}`, () => {
      const { index, end } = open()
      try {
        work(index)
      } finally {
        index.close()
        end()
      }
    })

  withIndex('finds what has any of the terms, rare terms and short memories first; fields count as words', index => {
    put(index, 'personal', item('a', { text: 'green tea' }), item('b', { text: 'tea and a long list of many other things that nobody asked for' }), item('c', { text: 'coffee', subject: 'Anna', attribute: 'drink', value: 'tea' }), item('d', { text: 'bread' }))
    put(index, 'device', item('a', { text: 'green door' }))
    assert.equal(index.find(['green', 'tea'], 10).map(({ space, id }) => `${space}/${id}`)[0], 'personal/a')
    assert.equal(idsOf(index.find(['tea'], 10)).sort(), ['a', 'b', 'c'])
    assert.is(index.find(['tea'], 10).at(-1)?.id, 'b')
    assert.is(index.find(['tea'], 2).length, 2)
    assert.equal([idsOf(index.find(['anna'], 10)), index.find(['nowhere'], 10), index.find([], 10)], [['c'], [], []])
    assert.equal(index.counts(['tea', 'green', 'nowhere']), [3, 2, 0])
  })

  withIndex('what is written again or removed leaves nothing of what it was', index => {
    put(index, 'personal', item('a', { text: 'tea', source: { device: 'me', ref: 'talk/1' } }))
    put(index, 'personal', item('a', { text: 'cocoa' }, 2))
    assert.equal([index.counts(['tea', 'cocoa']), index.find(['tea'], 9), index.episode('me/talk')], [[0, 1], [], []])
    assert.equal([...index.versions('personal')], [['a', { hlc: 2, device: 'me' }]])
    index.write('personal', [{ id: 'a', item: null }, { id: 'never', item: null }], state)
    assert.equal([index.counts(['cocoa']), index.count('personal'), index.versions('personal').size], [[0], 0, 0])
  })

  withIndex('what was told in one go comes in its order, and what stands alone is in none', index => {
    const told = (id: string, talk: string, observedAt: number) => item(id, { text: id, observedAt, source: { device: 'me', ref: talk } })
    put(index, 'personal', told('c', 'talk/3', 3), told('a', 'talk/1', 5), told('b', 'talk/2', 3), told('other', 'else/1', 4), told('alone', 'opaque', 4))
    assert.equal(idsOf(index.episode('me/talk')), ['b', 'c', 'a'])
    assert.equal(index.find(['alon'], 1)[0]?.episode, '')
    assert.equal([index.episode(''), index.find(['b'], 1)[0]?.episode], [[], 'me/talk'])
  })

  withIndex('holds the state that it was given with the changes', index => {
    assert.equal([index.state('personal'), index.count('personal')], [undefined, 0])
    index.write('personal', [], { id: 'x', rev: undefined, digest: undefined })
    assert.equal(index.state('personal'), { id: 'x', rev: undefined, digest: undefined })
    index.write('personal', [], { id: 'x', rev: 7, digest: 'd' })
    assert.equal(index.state('personal'), { id: 'x', rev: 7, digest: 'd' })
  })

  withIndex('takes any term for a term', index => {
    put(index, 'personal', item('a', { text: 'apples and "pears"' }))
    for (const odd of ['NEAR(', 'text:pears', '"', '*', 'OR', '^', '(', '-pears', "'; DROP TABLE terms; --", '']) {
      assert.equal(index.counts([odd]), [0], odd)
      assert.equal(idsOf(index.find([odd, 'appl'], 5)), ['a'], odd)
    }
  })

  for (const seed of [1, 2, 3]) {
    withIndex(`after any writes it counts and finds as one that looks at each memory does (seed ${seed})`, index => {
      const random = new Random(seed)
      const words = ['tea', 'Rome', '咖啡', 'über', 'x1', 'go', 'went', 'cats', 'cat']
      const held = new Map<string, Item>()
      for (let round = 0; round < 60; round++) {
        const changes = Array.from({ length: 1 + random.below(5) }, () => {
          const id = `m${random.below(30)}`
          const next = random.chance(0.3) ? null : item(id, { text: Array.from({ length: 1 + random.below(6) }, () => random.pick(words)).join(' ') }, round)
          return { id, item: next }
        }).filter(({ id }, at, all) => all.findLastIndex(each => each.id === id) === at)
        for (const { id, item: next } of changes) {
          if (next) held.set(id, next)
          else held.delete(id)
        }
        index.write('personal', changes, state)
      }
      const having = (term: string) => [...held.values()].filter(each => indexedTerms(each).includes(term)).map(({ id }) => id).sort()
      for (const term of ['tea', 'rome', '咖啡', '咖', 'uber', 'x1', 'go', 'cat', 'dog']) {
        assert.equal([index.counts([term]), idsOf(index.find([term], 99)).sort()], [[having(term).length], having(term)], term)
      }
      assert.is(index.count('personal'), held.size)
    })
  }
}
