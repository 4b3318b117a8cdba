import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../testing/temp.node.ts'
import { openLedgers } from './ledgers.node.ts'
import { openRoundStore } from './round-store.node.ts'
import { takePart } from './testing/take-part.node.ts'
import { openUploadLog } from './upload-log.node.ts'

// A program that takes part in rounds is ended with kill -9 before every single change that it makes on the disk, and in the middle of every write.

export const deadlineMs = 300_000

const uploader = new URL('./testing/uploader.node.ts', import.meta.url).pathname
const crash = new URL('../model/store/testing/crash.node.ts', import.meta.url).href

async function run(dir: string, rounds: readonly [number, number], crashAt: number): Promise<{ readonly signal: string | null; readonly sent: number[] }> {
  const child = spawn(process.execPath, ['-C', 'development', '--import', crash, uploader, dir, ...rounds.map(String)], { env: { ...process.env, KINMESH_CRASH_AT: String(crashAt) }, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { signal, sent: said.split('\n').filter(line => line !== '').map(line => Number(line.slice('sent '.length))) }
}

/** Whatever was sent is paid for, written down, and in the state; and nothing is half-written. */
async function check(dir: string, sent: readonly number[], where: string): Promise<void> {
  const [ledgers, states, log] = [await openLedgers(join(dir, 'tasks'), 'a device'), await openRoundStore(join(dir, 'tasks')), await openUploadLog(join(dir, 'uploads.log'))]
  const paid = (await ledgers.read('a task'))?.charges.map(({ round }) => round) ?? []
  const { uploads, damaged } = await log.newest(100)
  const logged = uploads.map(({ round }) => round).reverse()
  const [state] = await states.load()
  const stateRound = state ? Number(new TextDecoder().decode(state).slice('update '.length)) : -1
  assert.equal(logged.slice(0, sent.length), sent, `${where}: what was sent is written down`)
  assert.ok(logged.length <= sent.length + 1 && damaged <= 1, `${where}: ${logged.join()}, ${damaged} damaged`)
  assert.equal(paid.slice(0, logged.length), logged, `${where}: what is written down is paid for`)
  assert.ok(paid.length <= sent.length + 1, `${where}: one more is paid for at most`)
  assert.ok(paid.every(round => round <= stateRound), `${where}: what is paid for is in the state`)
  assert.equal(readdirSync(join(dir, 'tasks')).filter(name => name.endsWith('.tmp')), [], where)
}

async function newest(dir: string): Promise<number[]> {
  return (await (await openUploadLog(join(dir, 'uploads.log'))).newest(100)).uploads.map(({ round }) => round)
}

test('ended with kill -9 at any change of the disk, nothing is sent that is not paid for and written down, and the next process goes on', () => withTempDir(async home => {
  let ended = 0
  const endedAt = async (crashAt: number) => {
    const dir = join(home, String(crashAt))
    const { signal, sent } = await run(dir, [1, 2], crashAt)
    if (signal !== null) ended++
    await check(dir, sent, `ended at ${crashAt}`)
    const logged = await newest(dir)
    // The rounds of before once more, which costs nothing, and another one.
    await takePart(dir, 1, 3, () => {})
    const ledgers = await openLedgers(join(dir, 'tasks'), 'a device')
    assert.equal((await ledgers.read('a task'))?.charges.map(({ round }) => round), [1, 2, 3], `ended at ${crashAt}: each is paid for once`)
    assert.equal(await newest(dir), [3, 2, 1, ...logged], `ended at ${crashAt}: each is written down as often as it was sent`)
  }
  for (let from = 1; ended === from - 1; from += 4) await Promise.all([0, 1, 2, 3].map(n => endedAt(from + n)))
  assert.ok(ended > 25, `only ${ended} changes were seen`)
}))

test.run()
