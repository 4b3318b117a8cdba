import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { createMemoryRoundStates, encodeRoundState, maxRoundStateBytes, type RoundStates } from './round-states.ts'
import { openRoundStates } from './round-states.node.ts'
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

const stores: readonly [string, (dir: string) => Promise<RoundStates>][] = [['in memory', async () => createMemoryRoundStates()], ['in files', openRoundStates]]
for (const [where, open] of stores) {
  test(`states of rounds ${where}: the last one of each task, until it is removed`, () => withTempDir(async dir => {
    const states = await open(dir)
    assert.is(await states.load('a'), undefined)
    await states.save('a', bytes(1))
    await states.save('b', bytes())
    await Promise.all([2, 3, 4].map(value => states.save('a', bytes(value))))
    assert.equal([await states.load('a'), await states.load('b')], [bytes(4), bytes()])
    await states.remove('a')
    assert.equal([await states.load('a'), await states.load('b')], [undefined, bytes()])
    await rejects(states.save('b', new Uint8Array(maxRoundStateBytes + 1)), coded('RoundStateTooLarge'))
    assert.equal(await states.load('b'), bytes())
  }))
}

test('what is asked for at once happens in its order; the next process finds it', () => withTempDir(async dir => {
  const states = await openRoundStates(dir)
  const [, seen] = await Promise.all([states.save('a', bytes(1)), states.load('a'), states.remove('a'), states.save('a', bytes(2))])
  assert.equal([seen, await (await openRoundStates(dir)).load('a')], [bytes(1), bytes(2)])
}))

test('a state that is damaged, of another task or of a newer kinmesh is refused by name; removing it helps', () => withTempDir(async dir => {
  const states = await openRoundStates(dir)
  await states.save('a', bytes(1, 2, 3))
  const path = join(dir, readdirSync(dir)[0]!)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    writeFileSync(path, whole.map((byte, place) => (place === at ? byte ^ 1 : byte)))
    await rejects(states.load('a'), coded('RoundStateDamaged', 'RoundStateNewer'), `bit of byte ${at}`)
    writeFileSync(path, whole.subarray(0, at))
    await rejects(states.load('a'), coded('RoundStateDamaged'), `the first ${at} bytes`)
  }
  writeFileSync(path, encodeRoundState('b', bytes(1, 2, 3)))
  await rejects(states.load('a'), coded('RoundStateDamaged'))
  const newer = Uint8Array.from(whole)
  newer[newer.indexOf('e'.charCodeAt(0), 15) + 1] = 2
  writeFileSync(path, newer)
  await rejects(states.load('a'), coded('RoundStateNewer'))
  await states.remove('a')
  assert.is(await states.load('a'), undefined)
}))

test.run()
