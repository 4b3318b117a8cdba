import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tinyStarter } from '../node/simulation/starter.fixtures.ts'
import { withTempDir } from '../node/testing/temp.node.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('federated --only centralised --model DIR tells what was learned together, in one place and alone', () => withTempDir(async dir => {
  const model = await tinyStarter(dir)
  const report = await documentOf('federated', '--only', 'centralised', '--quick', '--model', model, '--threads', '1')
  assert.equal(report.rows.map(({ metric, unit }) => `${metric} ${unit}`), ['centralised_share share', 'holdout_loss nats', ...Array<string>(4).fill('holdout_gain nats')])
  const [federated, centralised] = [valueOf(report, 'holdout_gain', 'federated'), valueOf(report, 'holdout_gain', 'centralised')]
  assert.ok(federated > 0 && centralised > 0, `${federated} of ${centralised}`)
  // Rows have three digits each.
  const rounded = (value: number) => 0.5 * 10 ** (Math.floor(Math.log10(value)) - 2)
  const [share, exact] = [valueOf(report, 'centralised_share'), federated / centralised]
  assert.ok(Math.abs(share - exact) <= rounded(share) + exact * (rounded(federated) / federated + rounded(centralised) / centralised), `${share}, and ${federated} of ${centralised}`)
  assert.ok(valueOf(report, 'holdout_gain', 'alone') > 0 && valueOf(report, 'holdout_gain', 'alone, on the texts of all') > 0)
}))

test('without a model it says so', async () => {
  const { code, stderr } = await bench('federated', '--only', 'centralised', '--model', '/nowhere')
  assert.is(code, 2, stderr)
  assert.match(stderr, /no converted model in \/nowhere/)
})

test.run()
