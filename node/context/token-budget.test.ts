import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Model } from '../model.ts'
import { chatTemplate } from '../starter/chat-template.ts'
import { promptBudget } from './prompt-budget.ts'
import { clipped, countTokens, estimateTokens, withinBudget } from './token-budget.ts'

const self = (text: string) => text

test('an estimate of tokens: by script, and never none for a text', () => {
  assert.equal(['', 'a', 'The dentist is on Friday at ten.', 'стоматолог', '我喜欢喝咖啡', '{}[]'].map(estimateTokens), [0, 1, 9, 5, 6, 2])
})

test('the tokens of the model count; where it does not say they are estimated', async () => {
  assert.equal(await countTokens(['a b', 'c'], async texts => texts.map(text => text.split(' ').length)), [2, 1])
  assert.equal(await countTokens(['12345678', 'c'], () => Promise.reject(new Error('stopped'))), [2, 1])
  assert.equal(await countTokens(['12345678', 'c'], async () => []), [2, 1])
})

test('what fits stays in its order; what does not is left out for what does; nothing is counted that fits in any case', async () => {
  const words = async (texts: readonly string[]) => texts.map(text => text.split(' ').length)
  assert.equal(await withinBudget(['one two three', 'one two three four five', 'six'], self, { most: 4, count: words }), ['one two three', 'six'])
  assert.equal(await withinBudget(['one two'], self, { most: 1, count: words }), [])
  assert.equal(await withinBudget(['äb', 'c'], self, { most: 4, count: () => Promise.reject(new Error('asked')) }), ['äb', 'c'])
  assert.equal(await withinBudget(['x'.repeat(41), 'y'.repeat(40)], self, { most: 10 }), ['y'.repeat(40)])
})

test('a text is cut where it has more, and not within a character', () => {
  assert.equal([clipped('short', 5), clipped('x'.repeat(40), 5), clipped('💬💬💬💬', 1)], ['short', `${'x'.repeat(20)}…`, '💬💬…'])
})

test('the parts of a prompt follow the context of the model', async () => {
  const model = (context: number): Model => ({ name: 'm', generate: () => Promise.reject(new Error('not asked')), measure: async texts => ({ tokens: texts.map(() => 7), context }) })
  const of = async (given: Model | null) => {
    const { memories, turns, count } = await promptBudget(given)
    return [memories, turns, await count?.(['x'])]
  }
  assert.equal(await of(null), [512, 1536, undefined])
  assert.equal(await of(model(512)), [64, 192, [7]])
  assert.equal(await of(model(131_072)), [1024, 3072, [7]])
  assert.equal(await of({ ...model(512), template: chatTemplate }), [144, 128, [7]], 'of the starter more goes to memories')
  const { memories, turns } = await promptBudget({ ...model(512), measure: () => Promise.reject(new Error('stopped')) })
  assert.equal([memories, turns], [512, 1536])
})

test.run()
