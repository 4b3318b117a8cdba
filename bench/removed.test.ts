import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { documentOf, valueOf } from './run.fixtures.ts'

test('a removed device reads nothing that was written since, and does not come back in', async () => {
  const report = await documentOf('removed', '--entries', '50', '--attempts', '1')
  assert.ok(valueOf(report, 'entries') >= 50)
  for (const metric of ['decryptable', 'new_keys_opened', 'connections']) assert.is(valueOf(report, metric), 0, metric)
})

test.run()
