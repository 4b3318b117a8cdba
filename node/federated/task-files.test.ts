import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { openTaskFiles } from './task-files.node.ts'

const coded = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const bytes = (...values: number[]) => Uint8Array.from(values)

test('a file for each task, whatever it is called; what a crash left half-written goes at the next start', () => withTempDir(async dir => {
  const folder = join(dir, 'a', 'b')
  const files = await openTaskFiles(folder, { kind: 'x', maxBytes: 4 })
  assert.equal([await files.read('a'), await files.all()], [undefined, []])
  const tasks = ['a', 'A', '../a', 'a/b', '__proto__', 'ä', 'a'.repeat(200)]
  for (const [at, task] of tasks.entries()) await files.write(task, bytes(at))
  for (const [at, task] of tasks.entries()) assert.equal(await files.read(task), bytes(at))
  assert.equal((await files.all()).map(([at]) => at!).sort((a, b) => a - b), [...tasks.keys()])
  assert.ok(readdirSync(folder).every(name => /^[0-9a-f]{64}\.x$/.test(name)))
  const [name = ''] = readdirSync(folder)
  for (const left of [`${name}.0a1b2c3d.tmp`, 'other.tmp']) writeFileSync(join(folder, left), 'half')
  const again = await openTaskFiles(folder, { kind: 'x', maxBytes: 4 })
  assert.equal([existsSync(join(folder, `${name}.0a1b2c3d.tmp`)), existsSync(join(folder, 'other.tmp'))], [false, true], 'files of others stay')
  await again.remove('a')
  await again.remove('a')
  assert.equal([await again.read('a'), await again.read('A')], [undefined, bytes(1)])
}))

test('what is larger than it may be is neither written nor read', () => withTempDir(async dir => {
  const files = await openTaskFiles(dir, { kind: 'x', maxBytes: 4 })
  await files.write('a', bytes(1, 2, 3, 4))
  await rejects(files.write('a', new Uint8Array(5)), coded('TaskFileTooLarge'))
  assert.equal(await files.read('a'), bytes(1, 2, 3, 4))
  writeFileSync(join(dir, readdirSync(dir)[0]!), 'longer')
  await rejects(files.read('a'), coded('TaskFileTooLarge'))
}))

test.run()
