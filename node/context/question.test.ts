import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rarest } from './question.ts'
import { saysTheSame } from './same.ts'
import { termsOf } from './text/terms.ts'

test('common terms are not looked for where enough memories have rarer ones, and are where they have not', () => {
  const terms = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([term, count]) => ({ term, count }))
  assert.equal(rarest(terms({ the: 90_000, tea: 200, oslo: 150, trip: 2000 }), 300, 3000), ['oslo', 'tea', 'trip'])
  assert.equal(rarest(terms({ the: 90_000, tea: 200 }), 300, 3000), ['tea', 'the'])
  assert.equal(rarest(terms({ the: 90_000 }), 300, 3000), ['the'])
  assert.equal(rarest([...terms({ tea: 200 }), ...terms({ tea: 200 }), ...terms({ oslo: 250 })], 300, 440), ['tea', 'oslo'])
})

test('two texts say the same when hardly a term is in one alone, and none of these is a number or turns what is said around', () => {
  const long = 'the code of the printer on the second floor beside the kitchen of the old office in the north building'
  const same = (a: string, b: string) => saysTheSame(new Set(termsOf(a)), new Set(termsOf(b)))
  assert.ok(same('Anna likes tulips.', 'anna likes TULIPS'))
  assert.ok(same(long, `${long} there`))
  assert.not(same(`${long} is 4711`, `${long} is 4712`))
  assert.not(same(long, `${long} not`))
  assert.not(same('Anna likes tulips', 'Anna likes roses'))
})

test.run()
