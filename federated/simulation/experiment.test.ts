import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { checkExperiment, cohortSize, maxExperimentBytes, quorumOf, readExperiment } from './experiment.ts'

const least = { task: 'mnist-2nn', rounds: 50, clients: 100, local: { batch: 10, rate: 0.2 } }
const refused = (given: unknown, problem: RegExp, code = 'BadExperiment') =>
  assert.throws(() => checkExperiment(given), (error: unknown) => {
    assert.ok(isKinmeshError(error, code), String(error))
    assert.match(error.message, problem)
    return true
  })

test('what has a default may be left out', () => {
  const { split, server, local, clock, seed, target, compression } = checkExperiment(least)
  assert.equal([split, server, local.optimizer, seed, target, compression], [{ kind: 'iid' }, { name: 'fedavg', options: {} }, { name: 'sgd', momentum: 0 }, 1, null, null])
  assert.equal([local.epochs, local.proximal, clock.dropout, clock.deadlineSeconds], [1, 0, 0, null])
  assert.equal(checkExperiment({ ...least, split: { kind: 'dirichlet' } }).split, { kind: 'dirichlet', alpha: 0.5, minExamples: 1 })
})

test('only the starter has an adapter and users, with defaults of their own', () => {
  assert.equal([checkExperiment(least).adapter, checkExperiment(least).users], [undefined, undefined])
  const { adapter, users } = checkExperiment({ ...least, task: 'starter', users: { styles: 1 } })
  assert.equal([adapter, users], [{ rank: 8, alpha: 16 }, { examples: 40, heldOut: 10, topics: 0.5, styles: 1 }])
  refused({ ...least, users: {} }, /users: only the task starter has one/)
})

test('a misspelt key is named, with the one that may have been meant', () => {
  refused({ ...least, fractoin: 0.1 }, /^experiment\.json: fractoin: there is no such key; did you mean "fraction"\?$/)
  refused({ ...least, local: { ...least.local, epoch: 2 } }, /local\.epoch: there is no such key; did you mean "epochs"\?/)
  refused({ ...least, split: { kind: 'pathological', shard: 2 } }, /split\.shard: .*did you mean "shards"\?/)
  refused({ ...least, zzz: 1 }, /zzz: there is no such key: there are task, data, model, /)
})

test('so is a misspelt name', () => {
  refused({ ...least, task: 'mnist-2n' }, /task: "mnist-2n" is none of mnist-2nn, .*did you mean "mnist-2nn"\?/)
  refused({ ...least, split: { kind: 'dirichelt' } }, /split\.kind: "dirichelt" is none of .*did you mean "dirichlet"\?/)
  refused({ ...least, server: { name: 'fedadm' } }, /server\.name: .*did you mean "fedadam"\?/)
  refused({ ...least, local: { ...least.local, optimizer: { name: 'adam' } } }, /local\.optimizer\.name: .*did you mean "adamw"\?/)
  refused({ ...least, robust: { name: 'crum' } }, /robust\.name: .*did you mean "krum"\?/)
})

test('what is missing, of another type, or out of bounds is named', () => {
  refused({ ...least, rounds: undefined, local: { batch: 10 } }, /rounds: .*local\.rate: this key is missing/)
  refused({ task: 'mnist-2nn' }, /rounds: this key is missing; clients: this key is missing; local: this key is missing/)
  refused({ ...least, local: 3 }, /local: an object, not 3/)
  refused({ ...least, split: 'iid' }, /split: an object with "kind", one of iid, .*not "iid"/)
  refused({ ...least, rounds: 0 }, /rounds: 1 at least/)
  refused({ ...least, rounds: 1.5 }, /rounds: a whole number/)
  refused({ ...least, fraction: 1.1 }, /fraction: 1 at most/)
  refused({ ...least, local: { ...least.local, rate: 0 } }, /local\.rate: a number above 0/)
  refused({ ...least, clients: 1e9 }, /clients: 100000 at most/)
  refused({ ...least, privacy: { clipNorm: 1, noiseMultiplier: 0 } }, /privacy\.noiseMultiplier: 0\.05 at least/)
  refused(null, /the whole: an object, not null/)
  refused({ task: 1, seed: -1, rounds: 0, target: 2, assessEvery: 0, clients: 0, fraction: 2 }, /^(?:[^;]*; ){5}and 3 more$/)
})

test('what cannot go together is refused before anything is trained', () => {
  refused({ ...least, privacy: { clipNorm: 1, noiseMultiplier: 1 }, compression: { name: 'int8' } }, /compression: .*leave out one/)
  refused({ ...least, privacy: { clipNorm: 1, noiseMultiplier: 1 }, robust: { name: 'median' } }, /robust: .*choose "each"/)
  refused({ ...least, clock: { trace: [{ round: 3, client: 100 }] } }, /clock\.trace\.0\.client: there is no client 100: they are 0 to 99/)
  refused({ ...least, clock: { trace: [{ round: 51, client: 1 }] } }, /clock\.trace\.0\.round: there is no round 51/)
  refused({ ...least, server: { name: 'fedavgm', options: { momentun: 0.9 } } }, /no option momentun: it has rate, momentum/, 'BadAggregationOption')
  refused({ ...least, task: 'shakespeare', target: 0.5 }, /target: shakespeare has a loss and no accuracy/)
  refused({ ...least, clients: 4, robust: { name: 'krum' } }, /krum needs 5 contributions/, 'TooFewContributions')
})

test('a file that is no JSON, or too long, says so', () => {
  assert.throws(() => readExperiment('{"task": }'), (error: unknown) => isKinmeshError(error, 'BadExperiment') && error.message.includes('no JSON'))
  assert.throws(() => readExperiment(' '.repeat(maxExperimentBytes + 1)), /longer than/)
  assert.is(readExperiment(JSON.stringify(least)).clients, 100)
  assert.throws(() => readExperiment(`${JSON.stringify(least).slice(0, -1)},"__proto__":{"seed":2}}`), /__proto__: there is no such key/)
})

test('a cohort is a share of the clients, one at least; its quorum is a share of that', () => {
  const sizes = (more: object) => {
    const experiment = checkExperiment({ ...least, ...more })
    return [cohortSize(experiment), quorumOf(experiment)]
  }
  assert.equal([sizes({ fraction: 0.1 }), sizes({ fraction: 0 }), sizes({}), sizes({ fraction: 0.1, clock: { quorum: 0.75 } })], [[10, 1], [1, 1], [100, 1], [10, 8]])
})

test.run()
