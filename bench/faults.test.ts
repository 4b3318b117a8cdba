import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('a run that was interrupted goes on where it was', () =>
  withTempDir(async dir => {
    const state = join(dir, 'state.json')
    const first = await documentOf('faults', '--schedules', '1', '--state', state)
    assert.equal([valueOf(first, 'schedules'), valueOf(first, 'failures')], [1, 0])
    assert.ok(valueOf(first, 'operations_least') >= 200)
    // Were it run again, it would count again what really happened.
    const [kept] = JSON.parse(readFileSync(state, 'utf8')) as [{ operations: number }]
    writeFileSync(state, JSON.stringify([{ ...kept, operations: 1 }]))
    const both = await documentOf('faults', '--schedules', '2', '--state', state)
    assert.equal([valueOf(both, 'schedules'), valueOf(both, 'operations_least')], [2, 1])
  }))

test('a file that no run left, or a place where none can be, is refused before anything runs', () =>
  withTempDir(async dir => {
    const state = join(dir, 'state.json')
    for (const content of ['{', '{}', '[{"seed":1}]']) {
      writeFileSync(state, content)
      const { code, stderr } = await bench('faults', '--schedules', '1', '--state', state)
      assert.is(code, 1)
      assert.match(stderr, /not what an earlier run left.*--state/s)
      assert.is(readFileSync(state, 'utf8'), content)
    }
    const { code, stderr } = await bench('faults', '--schedules', '1', '--state', join(dir, 'nowhere', 'state.json'))
    assert.is(code, 1)
    assert.match(stderr, /ENOENT/)
  }))

test.run()
