import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runAll } from './testing/run-all.ts'
import { runFile } from './testing/run-file.ts'

const options = { deadlineMs: 20_000, graceMs: 300, color: false }
const fixture = (name: string) => `tools/fixtures/${name}.test.ts`

test('counts tests that pass and prints nothing about them', async () => {
  const report = await runFile(fixture('passes'), options)
  assert.equal({ ...report, ms: 0 }, { file: fixture('passes'), passed: 2, failed: 0, ms: 0, text: '' })
})

test('shows failures in full, with what the file printed', async () => {
  const { passed, failed, text } = await runFile(fixture('fails'), options)
  assert.equal({ passed, failed }, { passed: 1, failed: 3 })
  for (const part of ['"compares"', '"a":·2', 'fails.test.ts:6', '"throws a string"', 'just words', 'the real reason', 'replay with: SEED=42']) assert.match(text, part)
})

test('a file that says what this machine lacks is skipped, and named at the end', async () => {
  const lines: string[] = []
  const file = fixture('lacks-something')
  assert.is(await runAll([file, fixture('passes')], 1, options, text => lines.push(text)), true)
  assert.match(lines[0] ?? '', /^SKIP  tools\/fixtures\/lacks-something\.test\.ts  needs a machine with three heads/)
  assert.ok(lines.some(line => line.includes(`SKIPPED 1 file for what this machine lacks: ${file}`)), lines.join('\n'))
  assert.is(lines.at(-1), '2 passed, 0 failed')
})

type Expected = { passed: number; failed: number; says: (string | RegExp)[]; deadlineMs?: number }
const traps: Record<string, Expected> = {
  'forgotten-run': { passed: 0, failed: 1, says: ['test.run() is missing', '"never registered with uvu"'] },
  empty: { passed: 0, failed: 1, says: ['holds no test'] },
  'empty-run': { passed: 0, failed: 1, says: ['holds no test'] },
  'open-handle': { passed: 1, failed: 1, says: [/still alive 0.3 s after its last test; open: TCPServerWrap$/m] },
  'never-settles': { passed: 1, failed: 1, says: ['in test "waits for nothing"', 'never settled'] },
  'never-settles-alive': { passed: 0, failed: 2, says: ['"fails first" failed: Error: still shown', 'in test "waits beside a timer"', 'not finished after 1 s', 'Timeout'], deadlineMs: 1_000 },
  blocks: { passed: 0, failed: 1, says: ['in test "spins"', 'blocked past the deadline'], deadlineMs: 500 },
  'async-throws': { passed: 0, failed: 4, says: [/ throws\(\) was given a promise: await it first; .*`rejects`/, 'not.throws() was given', 'ok() was given', 'equal() was given'] },
  rejects: { passed: 2, failed: 3, says: ['"FAILS: it resolves"', '"FAILS: another message"', '"FAILS: another type"'] },
  nan: { passed: 2, failed: 2, says: ['"FAILS: equal after all"', '"FAILS: unequal"'] },
  crashes: { passed: 0, failed: 1, says: ['crashed (exit code 1), in test "rejects behind its back"', 'nobody caught me'] },
  'crashes-late': { passed: 1, failed: 1, says: ['exit code 1 after its last test', 'Error: too late'] },
  exits: { passed: 0, failed: 1, says: ['ended early (exit code 0), in test "leaves"'] },
  'import-fails': { passed: 0, failed: 1, says: ['Error: while importing', 'import-fails.test.ts:1'] },
  hooks: { passed: 1, failed: 3, says: ['before hook failed: Error: no ground', 'after.each hook failed: Error: no way back', 'after hook failed: Error: no way out'] },
  'left-out': { passed: 1, failed: 2, says: ["test.skip('skipped')", "test.only('alone')"] },
  'own-deadline': { passed: 1, failed: 0, says: [], deadlineMs: 400 }
}

for (const [name, { says, deadlineMs = options.deadlineMs, ...counts }] of Object.entries(traps)) {
  test(`trap: ${name}`, async () => {
    const { passed, failed, text } = await runFile(fixture(name), { ...options, deadlineMs })
    assert.equal({ passed, failed }, counts, `${passed} passed, ${failed} failed:\n${text}`)
    for (const part of says) assert.match(text, part)
  })
}

test('what a test leaves running dies with it', async () => {
  const { text } = await runFile(fixture('leaves-process'), options)
  const pid = Number(/started (\d+)/.exec(text)?.[1])
  assert.ok(pid > 0, text)
  while (isAlive(pid)) await setTimeout(10) // the deadline of this file ends the wait if it never dies
})

test('the last line counts tests, and decides', async () => {
  const lines: string[] = []
  assert.is(await runAll([fixture('passes'), fixture('fails')], 2, options, text => lines.push(text)), false)
  assert.is(lines.at(-1), '3 passed, 3 failed')
  assert.is(await runAll([fixture('passes')], 1, options, text => lines.push(text)), true)
  assert.is(lines.at(-1), '2 passed, 0 failed')
})

test('a filter that matches nothing fails, and fixtures are not part of the ordinary run', () => {
  const { status, stdout } = spawnSync(process.execPath, ['-C', 'development', join(import.meta.dirname, 'test.ts'), 'tools/fixtures'], { encoding: 'utf8' })
  assert.is(status, 1)
  assert.match(stdout, /^no test file matches\n[^]*\n0 passed, 1 failed\n$/)
})

/** A killed process goes on existing, without running, until its new parent has reaped it. */
function isAlive(pid: number): boolean {
  try {
    if (existsSync('/proc/self/stat')) return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}

test.run()
