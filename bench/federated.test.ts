import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { writeSpots } from '../node/simulation/data.fixtures.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

export const deadlineMs = 300_000

test('federated --quick prints one document: without data the participants, with data both splits as well', () => withTempDir(async dir => {
  const bare = await documentOf('federated', '--quick')
  const rounds = ['round 3x1k', 'secure_round 5x1k', 'secure_round 5x1k-dropout', 'secure_error 5x1k', 'secure_error 5x1k-dropout', 'bytes_per_parameter int8', 'bytes_per_parameter topk', 'recovery participant', 'recovery coordinator']
  const names = bare.rows.map(({ metric, case: of }) => `${metric} ${of}`)
  for (const name of [...rounds, 'simulated_10_rounds 100 participants']) assert.ok(names.includes(name), `${name} is not in ${names.join(', ')}`)
  for (const { metric, value } of bare.rows) assert.ok(Number.isFinite(value) && value >= 0, metric)
  writeSpots(dir, { training: 400, heldOut: 50 })
  const report = await documentOf('federated', '--quick', '--only', 'iid,non-iid,participants', '--data', dir, '--threads', '1')
  for (const name of ['iid', 'non-iid']) {
    assert.ok(valueOf(report, 'accuracy_of_2_rounds', name) > 0)
    assert.ok(valueOf(report, 'simulated_round', name) > 0)
  }
  assert.ok(valueOf(report, 'simulated_10_rounds', '100 participants') > 0)
}))

test('a target that is reached is told in rounds and seconds', () => withTempDir(async dir => {
  writeSpots(dir, { training: 1000, heldOut: 50 })
  const report = await documentOf('federated', '--only', 'iid', '--data', dir, '--threads', '1')
  assert.ok(valueOf(report, 'rounds_to_97', 'iid') > 1 && valueOf(report, 'seconds_to_97', 'iid') > 0)
}))

test('what cannot be is a matter of usage', async () => {
  for (const args of [['--only', 'idd'], ['--participants', 'many'], ['--seed', '-1']]) {
    const { code, stderr } = await bench('federated', ...args)
    assert.is(code, 2, stderr)
  }
})

test.run()
