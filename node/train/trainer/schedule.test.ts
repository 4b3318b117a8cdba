import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { type Schedule, learningRate } from './schedule.ts'

const rates = (schedule: Schedule, steps: number) => Array.from({ length: steps }, (_, step) => learningRate(schedule, steps)(step))
const near = (given: number[], expected: number[]) => assert.ok(given.length === expected.length && given.every((each, at) => Math.abs(each - expected[at]!) < 1e-12), `${given.join()} for ${expected.join()}`)

test('a constant rate, after a rise', () => {
  near(rates({ rate: 2 }, 3), [2, 2, 2])
  near(rates({ rate: 2, warmUp: 3 }, 6), [0.5, 1, 1.5, 2, 2, 2])
})

test('half a cosine from the rate to the floor, which the last step has', () => {
  near(rates({ rate: 2, shape: 'cosine' }, 5), [2, 1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2, 0])
  near(rates({ rate: 2, shape: 'cosine', warmUp: 1, floor: 0.1 }, 4), [1, 2, 1.1, 0.2])
  near(rates({ rate: 2, shape: 'cosine' }, 1), [2])
  near([learningRate({ rate: 2, shape: 'cosine', floor: 0.5 }, 10)(1000)], [1])
})

test('a rise that is longer than the training', () => near(rates({ rate: 4, shape: 'cosine', warmUp: 3 }, 2), [1, 2]))

test('impossible schedules are refused', () => {
  for (const bad of [{ rate: 0 }, { rate: Number.NaN }, { rate: Infinity }, { rate: 1, warmUp: -1 }, { rate: 1, warmUp: 0.5 }, { rate: 1, floor: 2 }]) assert.throws(() => learningRate(bad, 5), (error: unknown) => isKinmeshError(error, 'InvalidOption'))
})

test.run()
