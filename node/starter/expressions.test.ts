import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expressionsOf } from './expressions.ts'
import { generate } from './generate.ts'

test('a sum is of the numbers that were said', () => {
  assert.equal(expressionsOf('what is 3.5 less 2'), ['3.5 + 2', '3.5 - 2', '3.5 * 2', '3.5 / 2', '2 - 3.5', '2 / 3.5'])
  assert.equal(expressionsOf('12 percent of 80'), ['80 * 12 / 100'])
  assert.equal([expressionsOf('1, 2 and 3').length, expressionsOf('1 2 3 4').length], [16, 64])
  assert.equal(['what is it', 'and 5?', '1 2 3 4 5'].flatMap(expressionsOf), [])
})

test('each sum of the examples is one of them', () => {
  for (const split of ['train', 'test'] as const) {
    for (let seed = 0; seed < 200; seed++) {
      const { messages } = generate(seed, split, 'calculate')
      const [call] = messages.flatMap(message => (message.role === 'assistant' ? (message.calls ?? []) : []))
      assert.ok(expressionsOf(messages[1]!.text).includes(String(call!.arguments['expression'])), messages[1]!.text)
    }
  }
})

test.run()
