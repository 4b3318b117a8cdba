import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { copyStores, damagedStores } from './kills/files.ts'
import { phases } from './kills/phases.ts'
import { isWhole, memoryText, random } from './random.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('a round of SIGKILL in each phase loses nothing that was acknowledged, and leaves nothing half made', async () => {
  const report = await documentOf('kills', '--rounds', String(phases.length), '--seed', '5')
  assert.is(valueOf(report, 'rounds'), phases.length)
  assert.ok(valueOf(report, 'kills') >= phases.length)
  assert.ok(valueOf(report, 'acknowledged') > 20, 'hardly anything was written')
  for (const metric of ['lost', 'torn', 'damaged_files', 'half_made', 'faults']) assert.is(valueOf(report, metric), 0, metric)
  for (const phase of phases) assert.equal([valueOf(report, 'rounds', phase), valueOf(report, 'kills', phase) > 0], [1, true], phase)
  const hits = phases.filter(phase => phase !== 'anytime').map(phase => valueOf(report, 'kills_in_phase', phase))
  assert.ok(hits.filter(count => count > 0).length >= 3, `hardly anything was hit: ${hits.join()}`)
})

test('a phase that there is not is refused', async () => {
  const { code, stderr } = await bench('kills', '--phase', 'append,sleep')
  assert.is(code, 2)
  assert.match(stderr, /--phase takes .*not "sleep"/)
})

test('a damaged file and a torn text are noticed', () =>
  withTempDir(async dir => {
    const home = join(dir, 'home')
    mkdirSync(home)
    const db = new DatabaseSync(join(home, 'sync.db'))
    db.exec('CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)')
    for (let n = 0; n < 2000; n++) db.prepare('INSERT INTO t VALUES (?)').run(`row ${n}`)
    db.close()
    const damaged = () => {
      copyStores(home, join(dir, 'scratch'))
      return damagedStores(join(dir, 'scratch'))
    }
    assert.equal(await damaged(), [])
    writeFileSync(join(home, 'index.db'), 'not a database at all')
    const problems = await damaged()
    assert.is(problems.length, 1)
    assert.match(problems[0] ?? '', /^index\.db: /)
    const text = memoryText(random(1), 'whole')
    assert.ok(isWhole(text) && text.length >= 140 && text.length <= 210)
    assert.not(isWhole(text.slice(0, -1)))
    assert.not(isWhole(`x${text}`))
  }))

test.run()
