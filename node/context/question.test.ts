import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rarest } from './question.ts'
import { saysTheSame } from './same.ts'
import { termsOf } from './text/terms.ts'

test('common terms are not looked for where enough memories have rarer ones, and are where they have not', () => {
  const terms = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([term, count]) => ({ term, count }))
  const found = (all: Parameters<typeof rarest>[0], enough = 300, most = 3000, telling = Infinity) => rarest(all, { enough, most, telling })
  assert.equal(found(terms({ the: 90_000, tea: 200, oslo: 150, trip: 2000 })), ['oslo', 'tea', 'trip'])
  assert.equal(found(terms({ the: 90_000, tea: 200 })), ['tea', 'the'])
  assert.equal(found(terms({ the: 90_000 })), ['the'])
  assert.equal(found([...terms({ tea: 200 }), ...terms({ tea: 200 }), ...terms({ oslo: 250 })], 300, 440), ['tea', 'oslo'])
  // What tells nothing is looked for only where nothing else is found.
  assert.equal(found(terms({ like: 900, ana: 1, tea: 500 }), 300, 3000, 500), ['ana', 'tea'])
  assert.equal(found(terms({ like: 900, ana: 0 }), 300, 3000, 500), ['ana', 'like'])
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
