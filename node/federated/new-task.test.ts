import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { defaultProposal, newTask, type Proposal } from './new-task.ts'

const coded = (code: string, problem = /./) => (error: unknown) => isKinmeshError(error, code) && problem.test(error.message)
const model = { id: '5'.repeat(64), name: 'starter' }
const proposed = (given: Partial<Proposal>, devices: number, parameters = 1000) => newTask({ name: 'Evenings', ...defaultProposal, ...given }, model as Parameters<typeof newTask>[1], { parameters, seed: 'seed' }, devices)

test('what a person leaves out is the mean in the clear, of 8 bits a number and what is around it', () => {
  const { aggregation, secure, privacy, bytesPerParameter, rounds } = proposed({}, 2)
  assert.equal([aggregation, secure, privacy, bytesPerParameter, rounds], ['ffa', null, null, 1.1, 20])
  assert.is.not(proposed({}, 2).id, proposed({}, 2).id)
})

test('what these devices cannot do is refused before anything is proposed, with what it would take', () => {
  assert.throws(() => proposed({ secure: true }, 2), coded('TooFewDevices', /three/))
  assert.equal(proposed({ secure: true }, 4).secure, { threshold: 3 })
  assert.throws(() => proposed({ robust: 'krum' }, 4), coded('TooFewContributions', /2f \+ 3/))
  assert.is(proposed({ robust: 'krum' }, 5).aggregation, 'krum')
  assert.throws(() => proposed({ robust: 'middle' }, 4), coded('UnknownAggregation'))
  assert.throws(() => proposed({ robust: 'median', secure: true }, 4), coded('BadTask', /hides/))
  assert.throws(() => proposed({ epsilon: 2 }, 3), coded('NoiseDrowns', /It takes at least/))
  assert.throws(() => proposed({ epsilon: 2, secure: true }, 3), coded('NoSecurePrivacy'))
})

test.run()
