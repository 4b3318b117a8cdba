import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { openConsents } from './consents.node.ts'
import { privacy, taskOf } from './federated.fixtures.ts'
import { readTask, type Task, termsHash } from './task.ts'

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)

test('nothing is agreed to until a person says so, and then for the next process as well', () => withTempDir(async dir => {
  let now = 5
  const consents = await openConsents(dir, () => now)
  const [task, other] = [taskOf(), taskOf({ id: 'task 2', name: 'Another' })]
  assert.equal([await consents.state(task), await consents.list()], ['none', []])
  const given = await consents.agree(task, termsHash(task))
  assert.equal(given, { task, terms: termsHash(task), agreedAt: 5, leftAt: null })
  await consents.agree(other, termsHash(other))
  const next = await openConsents(dir, () => now)
  assert.equal([await next.state(task), await next.of(task.id), (await next.list()).map(({ task: { name } }) => name)], ['given', given, ['Another', 'Evenings']])
  now = 9
  assert.is((await next.leave(task.id)).leftAt, 9)
  now = 11
  assert.is((await next.leave(task.id)).leftAt, 9, 'leaving twice is leaving once')
  assert.equal([await consents.state(task), await consents.state(other)], ['left', 'given'])
  await next.agree(task, termsHash(task))
  assert.is(await consents.state(task), 'given')
  await rejects(next.leave('unknown'), coded('NoSuchTask'))
}))

/** One change of each of the terms. */
const changes: readonly (readonly [string, Partial<Record<keyof Task, unknown>>])[] = [
  ['name', { name: 'Mornings' }], ['model', { model: { hash: '6'.repeat(64), name: 'starter' } }], ['name of the model', { model: { hash: '5'.repeat(64), name: 'another' } }], ['aggregation', { aggregation: 'median' }],
  ['rank', { adapter: { rank: 5, alpha: 8, seed: 'seed' } }], ['alpha', { adapter: { rank: 4, alpha: 9, seed: 'seed' } }], ['seed', { adapter: { rank: 4, alpha: 8, seed: 'another' } }], ['parameters', { parameters: 12_289 }],
  ['bytes', { bytesPerParameter: 4 }], ['rounds', { rounds: 21 }], ['secure', { secure: { threshold: 3 } }], ['threshold', { secure: { threshold: 4 } }], ['participants', { participants: { kind: 'listed', devices: ['a', 'b'] } }],
  ['who', { participants: { kind: 'listed', devices: ['a', 'c'] } }], ['least', { examples: { least: 9, most: 1000 } }], ['most', { examples: { least: 8, most: 1001 } }], ['clipping', { clipNorm: 2 }], ['privacy', { privacy }],
  ['noise', { privacy: { ...privacy, noiseMultiplier: 5 } }], ['rate', { privacy: { ...privacy, sampleRate: 0.5 } }], ['where noise is', { privacy: { ...privacy, noiseIn: 'sum' }, secure: { threshold: 3 } }],
  ['budget', { privacy: { ...privacy, budget: { epsilon: 7, delta: 1e-5 } } }], ['delta', { privacy: { ...privacy, budget: { epsilon: 8, delta: 1e-6 } } }]
]

test('any other term needs a new yes, and terms that were not on the screen are not agreed to', () => withTempDir(async dir => {
  const consents = await openConsents(dir, () => 1)
  const task = taskOf()
  await consents.agree(task, termsHash(task))
  const hashes = new Set([termsHash(task)])
  for (const [what, change] of changes) {
    const changed = taskOf(change)
    hashes.add(termsHash(changed))
    assert.is(await consents.state(changed), 'changed', what)
    await rejects(consents.agree(changed, termsHash(task)), coded('TermsChanged'), what)
  }
  assert.is(hashes.size, changes.length + 1, 'each has a hash of its own')
  assert.is(await consents.state(task), 'given')
  const listed = (devices: readonly string[]) => termsHash(taskOf({ participants: { kind: 'listed', devices } }))
  assert.is(listed(['a', 'b']), listed(['b', 'a']))
}))

test('what was changed on the disk, bit by bit, is no yes', () => withTempDir(async dir => {
  const consents = await openConsents(dir, () => 1)
  const task = taskOf()
  await consents.agree(task, termsHash(task))
  const path = join(dir, readdirSync(dir)[0]!)
  const whole = readFileSync(path, 'utf8')
  for (const changed of ['', '{}', whole.replace('"rounds":20', '"rounds":200'), whole.replace('"format":1,"task"', '"format":2,"task"'), whole.replace('"leftAt":null', '"leftAt":"x"'), whole.slice(0, 100), whole.replace('"task 1"', '"task 2"')]) {
    assert.not.equal(changed, whole)
    writeFileSync(path, changed)
    await rejects(consents.state(task), coded('ConsentDamaged'), changed)
  }
  await consents.agree(task, termsHash(task))
  assert.is(await consents.state(task), 'given')
  const other = taskOf({ id: 'task 2' })
  await consents.agree(other, termsHash(other))
  for (const name of readdirSync(dir)) writeFileSync(join(dir, name), readFileSync(join(dir, readdirSync(dir)[0]!)))
  const states = await Promise.all([task, other].map(each => consents.state(each).catch((error: Error) => error.name)))
  assert.equal(states.sort(), ['ConsentDamaged', 'given'], 'a file under the name of another task')
}))

test('a task that cannot be is refused with the field that is wrong', () => {
  const whole = taskOf()
  const refused = (other: object, field: RegExp) => assert.throws(() => readTask({ ...whole, ...other }), (error: unknown) => isKinmeshError(error, 'BadTask') && field.test((error as Error).message), String(field))
  refused({ format: 2 }, /format/)
  refused({ name: 'two\nlines' }, /name/)
  refused({ name: 'turned \u202e round' }, /name/)
  refused({ id: '' }, /id/)
  refused({ id: 'x'.repeat(201) }, /id/)
  refused({ model: { hash: 'x', name: 'm' } }, /model\.hash/)
  refused({ aggregation: 'sum' }, /aggregation/)
  refused({ aggregation: 'stack' }, /aggregation/)
  refused({ aggregation: 'median', secure: { threshold: 3 } }, /aggregation: median looks at each contribution/)
  refused({ parameters: 2 ** 27 }, /parameters/)
  refused({ rounds: NaN }, /rounds/)
  refused({ clipNorm: Infinity }, /clipNorm/)
  refused({ secure: { threshold: 1 } }, /secure\.threshold/)
  refused({ secure: { threshold: 3 }, participants: { kind: 'listed', devices: ['a', 'b'] } }, /secure\.threshold/)
  refused({ participants: { kind: 'listed', devices: ['a', 'a'] } }, /participants\.devices/)
  refused({ participants: { kind: 'all' } }, /participants/)
  refused({ examples: { least: 5, most: 4 } }, /examples\.most/)
  refused({ privacy: { ...privacy, budget: { epsilon: 21, delta: 1e-5 } } }, /privacy\.budget\.epsilon/)
  refused({ privacy: { ...privacy, noiseIn: 'sum' } }, /privacy\.noiseIn/)
  refused({ extra: 1 }, /extra/)
  assert.equal(readTask(JSON.parse(JSON.stringify(whole))), whole)
})

test.run()
