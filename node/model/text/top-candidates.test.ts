import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { highest, lastOfMass, maxHeap } from './top-candidates.ts'

/** Many equal ones, or none. */
function scoresOf(random: Random, length: number): Float64Array {
  const kinds = random.pick([1, 2, 5, 1e9])
  return Float64Array.from({ length }, () => (random.chance(0.05) ? -Infinity : random.below(kinds) - kinds / 2))
}

const sorted = (keys: Float64Array) => Array.from(keys, (_, index) => index).sort((a, b) => keys[b]! - keys[a]! || a - b)

test('the highest, as after a full sort', () => {
  const random = new Random(1)
  for (let round = 0; round < 400; round++) {
    const scores = scoresOf(random, random.below(round < 20 ? 4 * maxHeap : 60))
    const count = 1 + random.below(scores.length + 3)
    const expected = sorted(scores).filter(index => scores[index]! > -Infinity).slice(0, count).sort((a, b) => a - b)
    assert.equal([...highest(scores, count)], expected, `${count} of ${scores.join(' ')}`)
  }
})

test('the last that reaches a mass, as by adding up after a full sort', () => {
  const random = new Random(2)
  for (let round = 0; round < 3000; round++) {
    // Halves: sums are exact in any order.
    const weights = scoresOf(random, 1 + random.below(30)).map(score => (score === -Infinity ? 0 : Math.abs(score % 64)))
    const order = sorted(weights)
    const mass = random.below(1 + weights.reduce((sum, weight) => sum + weight, 0)) + random.pick([0, 0.25])
    let [sum, last] = [0, order[0]!]
    for (const item of order) {
      last = item
      sum += weights[item]!
      if (sum >= mass) break
    }
    const items = Int32Array.from(random.shuffle([...order]))
    assert.is(lastOfMass(items, weights, weights, mass), last, `${mass} of ${weights.join(' ')}`)
    assert.equal([...items].sort((a, b) => a - b), [...weights.keys()], 'and the items are the same ones')
    const count = 1 + random.below(order.length)
    assert.is(lastOfMass(items, weights, null, count), order[count - 1])
  }
})

test.run()
