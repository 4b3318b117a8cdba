import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { damagedFiles } from './kills/files.ts'
import { isWhole, memoryText, random } from './random.ts'
import { documentOf, valueOf } from './run.fixtures.ts'

test('three rounds of SIGKILL lose nothing that was acknowledged', async () => {
  const report = await documentOf('kills', '--rounds', '3', '--seed', '5')
  assert.is(valueOf(report, 'rounds'), 3)
  assert.ok(valueOf(report, 'kills') >= 3)
  assert.ok(valueOf(report, 'acknowledged') > 20, 'hardly anything was written')
  for (const metric of ['lost', 'torn', 'damaged_files', 'faults']) assert.is(valueOf(report, metric), 0, metric)
})

test('a damaged file and a torn text are noticed', () =>
  withTempDir(dir => {
    const home = join(dir, 'home')
    mkdirSync(home)
    const db = new DatabaseSync(join(home, 'sync.db'))
    db.exec('CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)')
    for (let n = 0; n < 2000; n++) db.prepare('INSERT INTO t VALUES (?)').run(`row ${n}`)
    db.close()
    assert.equal(damagedFiles(home, join(dir, 'scratch')), [])
    writeFileSync(join(home, 'index.db'), 'not a database at all')
    const problems = damagedFiles(home, join(dir, 'scratch'))
    assert.is(problems.length, 1)
    assert.match(problems[0] ?? '', /^index\.db: /)
    const text = memoryText(random(1), 'whole')
    assert.ok(isWhole(text) && text.length >= 140 && text.length <= 210)
    assert.not(isWhole(text.slice(0, -1)))
    assert.not(isWhole(`x${text}`))
  }))

test.run()
