import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('attacks by a stolen device and by strangers leave the honest pair in agreement', async () => {
  const report = await documentOf('hostile', '--frames', '300', '--seconds', '1', '--seed', '5', '--attacks', 'storm,fuzz,mass-delete')
  assert.equal([valueOf(report, 'crashes'), valueOf(report, 'diverged')], [0, 0])
  for (const attack of ['storm', 'fuzz', 'mass-delete']) assert.ok(valueOf(report, 'begun', attack) > 0, `${attack} did not begin`)
  assert.ok(valueOf(report, 'sent', 'fuzz') >= 300)
  assert.is(valueOf(report, 'faults', 'storm'), 0, 'a stranger leaves nothing for a person to read')
  assert.ok(valueOf(report, 'edit_visible_p99', 'fuzz') < 5000)
})

test('an attack that there is not is a usage error', async () => {
  const { code, stderr } = await bench('hostile', '--attacks', 'flattery')
  assert.is(code, 2)
  assert.match(stderr, /there is no attack "flattery"/)
})

test.run()
