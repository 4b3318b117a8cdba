import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { negligible, portableExp } from './portable-exp.ts'
import { type SamplerOptions, createSampler } from './sampling.ts'
import { Sfc32 } from './sfc32.ts'

type Settings = Required<SamplerOptions>
const neutral: Settings = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0, seed: 0 }

/** The slow way, with full sorts, and a number within [0, 1) that decides. */
function oracle(logits: Float32Array, recent: readonly number[], allowed: Uint32Array | null, o: Settings, uniform: () => number): number {
  const scores = Array.from(logits, (logit, id) => {
    if (allowed && Math.floor(allowed[Math.floor(id / 32)]! / 2 ** (id % 32)) % 2 === 0) return -Infinity
    const count = recent.filter(each => each === id).length
    if (count === 0) return logit
    return (logit > 0 ? logit / o.repetitionPenalty : logit * o.repetitionPenalty) - o.presencePenalty - count * o.frequencyPenalty
  })
  let order = scores.map((_, id) => id).filter(id => scores[id]! > -Infinity).sort((a, b) => scores[b]! - scores[a]! || a - b)
  if (o.temperature === 0) return order[0]!
  if (o.topK > 0) order = order.slice(0, o.topK)
  const weight = (id: number) => Math.exp((scores[id]! - scores[order[0]!]!) / o.temperature)
  const total = order.reduce((sum, id) => sum + weight(id), 0)
  let [mass, length] = [0, 0]
  while (length < order.length && (length === 0 || mass < o.topP * total)) mass += weight(order[length++]!)
  const kept = order.slice(0, o.topP < 1 ? length : undefined).filter(id => weight(id) >= o.minP).sort((a, b) => a - b)
  let left = uniform() * kept.reduce((sum, id) => sum + weight(id), 0)
  return kept.find(id => (left -= weight(id)) < 0) ?? kept.at(-1)!
}

function logitsOf(random: Random): Float32Array {
  const kind = random.below(4)
  return Float32Array.from({ length: 1 + random.below(80) }, () => {
    if (kind === 0) return random.below(4)
    if (kind === 1) return random.chance(0.1) ? -Infinity : 30 * random.next() - 20
    return kind === 2 ? 200 * random.next() : 6 * (random.next() + random.next() - 1)
  })
}

test('as with full sorts in double precision', () => {
  const random = new Random(1)
  const drawn = new Set<number>()
  for (let round = 0; round < 6000; round++) {
    const logits = logitsOf(random)
    if (!logits.some(logit => logit > -Infinity)) continue
    const allowed = random.chance(0.3) ? Uint32Array.from({ length: 3 }, () => random.below(2 ** 32)) : null
    const options: Settings = {
      temperature: random.pick([0, 0.1, 0.7, 1, 1, 2.5]), topK: random.pick([0, 0, 1, 3, 20, 500]), topP: random.pick([1, 1, 0, 0.3, 0.5, 0.9]), minP: random.pick([0, 0, 0.05, 0.5, 1]),
      repetitionPenalty: random.pick([1, 1.3, 0.8]), presencePenalty: random.pick([0, 0.5, -1]), frequencyPenalty: random.pick([0, 0.25]), seed: random.below(1e9)
    }
    const recent = Array.from({ length: random.below(10) }, () => random.below(90) - 2)
    if (allowed && !logits.some((logit, id) => logit > -Infinity && (allowed[id >>> 5]! >>> (id & 31)) & 1)) continue
    const [sampler, generator] = [createSampler(options), new Sfc32(options.seed)]
    for (let token = 0; token < 3; token++) {
      const id = sampler.sample(logits, recent, allowed)
      assert.is(id, oracle(logits, recent, allowed, options, () => generator.uniform()), JSON.stringify({ options, recent, logits: [...logits] }))
      drawn.add(id)
    }
  }
  assert.ok(drawn.size > 60)
})

test('tokens come as often as they shall', () => {
  // 4 : 2 : 1 : 1
  const logits = Float32Array.from([Math.log(4), Math.log(2), 0, 0])
  const shares = (options: Partial<SamplerOptions>) => {
    const sampler = createSampler({ seed: 7, ...options })
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < 40_000; draw++) counts[sampler.sample(logits, [])]!++
    return counts.map(count => count / 40_000)
  }
  // Six standard deviations of a share of one half.
  const near = (found: number[], expected: number[], name: string) => assert.ok(found.every((share, id) => Math.abs(share - expected[id]!) < 0.015), `${name}: ${found.join(' ')}`)
  near(shares({}), [0.5, 0.25, 0.125, 0.125], 'all')
  near(shares({ temperature: 0.5 }), [16 / 22, 4 / 22, 1 / 22, 1 / 22], 'colder')
  near(shares({ topK: 3 }), [4 / 7, 2 / 7, 1 / 7, 0], 'top-k keeps the lower id of equal ones')
  near(shares({ topP: 0.7 }), [2 / 3, 1 / 3, 0, 0], 'top-p')
  near(shares({ topP: 0.749 }), [2 / 3, 1 / 3, 0, 0], 'top-p nearly reached')
  near(shares({ topP: 0.76 }), [4 / 7, 2 / 7, 1 / 7, 0], 'top-p a little more')
  near(shares({ minP: 0.49 }), [2 / 3, 1 / 3, 0, 0], 'min-p')
  near(shares({ temperature: 0.5, minP: 0.5 }), [1, 0, 0, 0], 'min-p is applied after the temperature')
  near(shares({ topK: 2, topP: 0.6 }), [1, 0, 0, 0], 'top-p is a share of what top-k leaves')
})

test('the same seed gives the same tokens, here and everywhere', () => {
  const random = new Random(5)
  const logits = Float32Array.from({ length: 1000 }, () => 8 * random.next())
  const draw = (seed: number) => {
    const sampler = createSampler({ seed, temperature: 0.8, topP: 0.95 })
    return Array.from({ length: 10 }, () => sampler.sample(logits, []))
  }
  assert.equal(draw(42), [280, 904, 140, 728, 368, 734, 425, 368, 844, 683])
  assert.equal(draw(42), draw(42))
  assert.not.equal(draw(42), draw(43))
  assert.not.equal(draw(42), draw(42 + 2 ** 32), 'all bits of the seed count')
})

test('at temperature 0 the lowest of the likeliest, whatever the seed', () => {
  for (const seed of [1, 2]) assert.is(createSampler({ seed, temperature: 0 }).sample(Float32Array.from([1, 3, 2, 3]), []), 1)
  assert.is(createSampler({ seed: 1, temperature: 0, repetitionPenalty: 2 }).sample(Float32Array.from([1, 3, 2, 3]), [1, 3]), 2)
  assert.is(createSampler({ seed: 1, temperature: 1e-12 }).sample(Float32Array.from([1, 3, 2]), []), 1, 'and so close to it')
})

test('a sampler takes logits of any size, and changes none of them', () => {
  const sampler = createSampler({ seed: 1, topK: 5, topP: 0.9, repetitionPenalty: 1.5 })
  for (const length of [3, 1000, 1, 40]) {
    const logits = Float32Array.from({ length }, (_, id) => id % 7)
    const before = logits.slice()
    assert.ok(sampler.sample(logits, [0, 2, 5000]) < length)
    assert.equal(logits, before)
  }
})

test('logits that are none, and no token that may come', () => {
  const failed = (reason: RegExp) => (error: unknown) => isKinmeshError(error, 'ModelFailed') && reason.test(error.message)
  for (const temperature of [0, 1]) {
    const sampler = createSampler({ seed: 1, temperature, topK: 2 })
    assert.throws(() => sampler.sample(Float32Array.from([1, NaN, 2]), []), failed(/not numbers/))
    assert.throws(() => sampler.sample(Float32Array.from([1, Infinity]), []), failed(/not numbers/))
    assert.throws(() => sampler.sample(Float32Array.from([-Infinity, -Infinity]), []), failed(/no token/))
    assert.throws(() => sampler.sample(Float32Array.from([1, 2]), [], Uint32Array.from([4])), failed(/no token/))
    assert.throws(() => sampler.sample(new Float32Array(), []), failed(/no token/))
    assert.throws(() => sampler.sample(new Float32Array(33), [], new Uint32Array(1)), /allowed: 1 words for 33 tokens/)
    assert.is(sampler.sample(Float32Array.from([5, -3, 5]), [], Uint32Array.from([2])), 1)
    assert.is(sampler.sample(new Float32Array(40), [], Uint32Array.from([0, 128])), 39)
  }
})

test('an option out of its range is named, with the range', () => {
  const bad: [Partial<SamplerOptions>, RegExp][] = [
    [{ temperature: -1 }, /^temperature: a number from 0 to 100$/], [{ temperature: NaN }, /^temperature/], [{ topK: 1.5 }, /^topK: a whole number from 0/], [{ topK: -1 }, /^topK/], [{ topP: 1.1 }, /^topP: a number from 0 to 1$/], [{ minP: -0.1 }, /^minP/],
    [{ repetitionPenalty: 0 }, /^repetitionPenalty: a number from 0.1 to 10$/], [{ presencePenalty: 11 }, /^presencePenalty/], [{ frequencyPenalty: Infinity }, /^frequencyPenalty/], [{ seed: 0.5 }, /^seed: a whole number/], [{ seed: 2 ** 53 }, /^seed/], [{ topP: '1' as unknown as number }, /^topP/]
  ]
  for (const [options, reason] of bad) assert.throws(() => createSampler({ seed: 1, ...options }), (error: unknown) => isKinmeshError(error, 'InvalidOption') && reason.test(error.message), JSON.stringify(options))
  createSampler(neutral)
})

test('the generator, against its definition in whole numbers of any size', () => {
  const word = (value: bigint) => value & 0xffffffffn
  for (const seed of [0, 1, 42, 2 ** 32, 2 ** 53 - 1]) {
    let [a, b, c, counter] = [0n, word(BigInt(seed)), BigInt(seed) >> 32n, 1n]
    const next = () => {
      const sum = word(a + b + counter)
      counter = word(counter + 1n)
      a = b ^ (b >> 9n)
      b = word(c + (c << 3n))
      c = word(((c << 21n) | (c >> 11n)) + sum)
      return Number(sum)
    }
    for (let round = 0; round < 12; round++) next()
    const generator = new Sfc32(seed)
    for (let count = 0; count < 1000; count++) assert.is(generator.next(), next())
    for (let count = 0; count < 1000; count++) {
      const number = generator.uniform()
      assert.ok(number >= 0 && number < 1)
    }
  }
})

test('the exponential is within two units in the last place of Math.exp, and falls', () => {
  let before = Infinity
  for (let x = 0; x >= negligible; x -= 0.000_37) {
    const [found, expected] = [portableExp(x), Math.exp(x)]
    assert.ok(Math.abs(found / expected - 1) <= 2 * 2 ** -52, `${x}: ${found}, not ${expected}`)
    assert.ok(found < before)
    before = found
  }
  assert.is(portableExp(0), 1)
})

test.run()
