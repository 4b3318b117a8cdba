import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { privacy, taskOf } from './federated.fixtures.ts'
import { plainWords } from './plain-words.ts'
import { taskAggregations } from './task.ts'

const text = (...given: Parameters<typeof plainWords>) => plainWords(...given).map(({ text: its }) => its).join('\n')

test('a person reads what is learned from, what leaves, to whom, who reads it, and what cannot be taken back', () => {
  assert.equal(plainWords(taskOf()), [
    { about: 'what', text: '"Evenings": several devices improve starter together, in up to 20 rounds. Each trains on what it has, 20 steps in a round, and the changes are averaged (ffa).' },
    { about: 'learns from', text: 'Conversations on this device and your corrections of them, at least 8 examples. They stay on this device; no word of them is sent.' },
    { about: 'leaves', text: 'In each round 12,288 numbers, 13.5 kB at most: by how much training changed an adapter beside the model. Beside them goes from how many examples it learned, as 1,000 at most.' },
    { about: 'to whom', text: 'Your own devices take part and nobody else; the numbers go to all that take part in a round.' },
    { about: 'who reads it', text: 'Each device that takes part can read the numbers of this device one by one, as it repeats the mean from them; numbers like these can give away parts of what was said.' },
    { about: 'privacy', text: 'No noise is added: whoever reads the numbers may find out that something was said, or what. No privacy budget is spent, as none would mean anything.' },
    { about: 'afterwards', text: 'You may leave at any time, and remove the adapter from this device. What was sent by then is part of what others have, and cannot be taken back.' }
  ])
})

test('every way to aggregate has words of its own', () => {
  const all = taskAggregations.map(aggregation => plainWords(taskOf({ aggregation }))[0]!.text)
  assert.is(new Set(all.map(each => each.replace(/ \([a-z-]+\)\.$/, ''))).size, taskAggregations.length)
  assert.ok(all.every(each => !each.includes('undefined')))
  assert.match(all[1]!, /the middle one of all devices is taken.* \(median\)\.$/)
})

test('masked numbers are said to be read in sums alone, with the devices that it takes', () => {
  const words = text(taskOf({ secure: { threshold: 3 } }))
  assert.match(words, /Nobody reads the numbers of this device alone.* only the sum of 3 devices or more/)
  assert.not.match(words, /one by one/)
})

test('what privacy costs is computed from the noise: one round, all of them, and where it ends', () => {
  const words = text(taskOf({ privacy, rounds: 1 }))
  // z = 4, one round at δ = 1e-5.
  assert.match(words, /This device adds noise to what it sends, 4 times .* One round costs ε = 1\.0\d and all of them 1\.0\d; this device stops at ε = 8 \(δ = 0\.00001\): a weak promise/)
  assert.match(words, /How many examples it learned from is not sent/)
  // FACTS: z = 1, one round, q = 1: 4.7285.
  assert.match(text(taskOf({ privacy: { ...privacy, noiseMultiplier: 1 } })), /One round costs ε = 4\.73 /)
  assert.match(text(taskOf({ secure: { threshold: 3 }, privacy: { ...privacy, noiseIn: 'sum', budget: { epsilon: 1, delta: 1e-5 } } })), /enough only in the sum of all.*strong promise, .* 2\.72 times likelier/)
})

test('devices are named where they are known, some of many', () => {
  const devices = Array.from({ length: 12 }, (_, at) => `id ${at}`)
  const words = text(taskOf({ participants: { kind: 'listed', devices } }), device => (device === 'id 3' ? 'Anna’s phone' : undefined))
  assert.match(words, /12 devices may take part: Anna’s phone, id 0, .* and 4 more\./)
})

test.run()
