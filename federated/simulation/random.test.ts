import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ascending, logGamma, normal, sample, seededRandom, seededSource, shuffled } from './random.ts'

const moments = (draws: readonly number[]) => {
  const mean = draws.reduce((a, b) => a + b) / draws.length
  return { mean, variance: draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length }
}

test('the numbers of a seed and a purpose are what they were, however many are asked for at once', () => {
  const words = (...sizes: number[]) => {
    const source = seededSource(7, 'cohort', 3)
    return sizes.flatMap(size => {
      const part = new Uint32Array(size)
      source(part)
      return [...part]
    })
  }
  // Golden: another rule would change every experiment.
  assert.equal(words(4), [1937150281, 4194766341, 3902154959, 3972763317])
  assert.equal(words(16, 48), words(64))
  assert.equal(words(32, 5), words(37))
})

test('another seed, purpose or round gives others', () => {
  const first = (seed: number, ...what: (string | number)[]) => seededRandom(seed, ...what).word()
  const all = [first(1, 'a', 1), first(2, 'a', 1), first(1, 'b', 1), first(1, 'a', 2), first(1, 'a')]
  assert.is(new Set(all).size, all.length)
})

test('a sample is ascending, of different numbers, and each is as likely', () => {
  const times = new Uint32Array(10)
  for (let round = 0; round < 5000; round++) {
    const drawn = sample(seededRandom(1, round), 3, 10)
    assert.ok(drawn.length === 3 && drawn[0]! < drawn[1]! && drawn[1]! < drawn[2]!)
    for (const one of drawn) times[one]!++
  }
  // 1,500 expected, deviation 32.
  assert.ok(times.every(each => Math.abs(each - 1500) < 150), times.join())
  assert.equal(sample(seededRandom(1), 10, 10), [...ascending(10)])
})

test('a shuffle keeps all, and every place is as likely', () => {
  const at = new Uint32Array(4)
  for (let seed = 0; seed < 4000; seed++) {
    const order = shuffled(seededRandom(seed), ascending(4))
    assert.equal([...order.toSorted()], [0, 1, 2, 3])
    at[order.indexOf(0)]!++
  }
  assert.ok(at.every(each => Math.abs(each - 1000) < 150), at.join())
})

test('normal and gamma draws have their mean and variance', () => {
  const random = seededRandom(3, 'moments')
  const { mean, variance } = moments(Array.from({ length: 20_000 }, () => normal(random)))
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `${mean} ${variance}`)
  for (const shape of [0.3, 1, 5]) {
    const found = moments(Array.from({ length: 20_000 }, () => Math.exp(logGamma(random, shape))))
    assert.ok(Math.abs(found.mean - shape) < 0.04 * Math.max(1, shape) && Math.abs(found.variance - shape) < 0.12 * Math.max(1, shape), `${shape}: ${found.mean} ${found.variance}`)
  }
})

test('draws for tiny shapes are below what a number holds, and their logarithms are not', () => {
  const random = seededRandom(3)
  for (let draw = 0; draw < 100; draw++) assert.ok(Number.isFinite(logGamma(random, 1e-4)))
})

test.run()
