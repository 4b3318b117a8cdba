import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { paceOf } from './pace.ts'

test('a pace is that of the prompt until the first token, and that of the median token after it', () => {
  assert.equal(paceOf(64, { startedAt: 1000, tokensAt: [1500, 1510, 1520, 1620, 1640] }), { prefill: 128, decode: 50 })
  assert.equal(paceOf(10, { startedAt: 0, tokensAt: [100, 150] }), { prefill: 100, decode: 20 })
})

test.run()
