import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../testing/temp.node.ts'
import { manifestOf, noise } from './model.fixtures.ts'
import { openModelStore } from './store.node.ts'

// A program that changes the store is ended with kill -9 before every single change it makes on the disk, and in the middle of every write.

const worker = new URL('./testing/worker.node.ts', import.meta.url).pathname
const crash = new URL('./testing/crash.node.ts', import.meta.url).href

type Ran = { readonly signal: string | null; readonly said: string[]; readonly changes: string[] }

async function run(dir: string, args: readonly string[], { crashAt, isTraced = false }: { crashAt?: number; isTraced?: boolean } = {}): Promise<Ran> {
  const env = { ...process.env, ...(crashAt === undefined ? {} : { KINMESH_CRASH_AT: String(crashAt) }), ...(isTraced ? { KINMESH_TRACE: '1' } : {}) }
  const child = spawn(process.execPath, ['-C', 'development', '--import', crash, worker, dir, ...args], { env, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  const texts = ['', '']
  for (const [n, stream] of [child.stdio[1], child.stdio[3]].entries()) stream?.on('data', (chunk: Buffer) => void (texts[n] += chunk.toString()))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  const [said = [], changes = []] = texts.map(text => text.split('\n').filter(line => line !== ''))
  return { signal, said, changes }
}

/** A store with the model a, which is in use. */
async function prepare(dir: string): Promise<void> {
  const store = await openModelStore(dir)
  const staging = await store.stage()
  writeFileSync(join(staging.dir, 'config.json'), '{"a":1}')
  await store.add(staging, manifestOf({ 'config.json': '{"a":1}' }, { name: 'x/a' }))
  await staging.release()
  await store.use('a')
}

/** What holds after a kill, by what was said before it: models and the one in use, each of these ways. */
const due: Readonly<Record<string, readonly [string[], (string | undefined)[]]>> = {
  nothing: [['a', 'a,b'], ['a']], added: [['a,b'], ['a', 'b']], used: [['a,b', 'b'], ['b']], removed: [['b', ''], ['b', undefined]], emptied: [[''], [undefined]]
}

/** Runs all of it up to a change; true when it came to its end before. */
async function endedAt(crashAt: number, prepared: string, dir: string): Promise<boolean> {
  cpSync(prepared, dir, { recursive: true })
  const { signal, said } = await run(dir, ['change'], { crashAt })
  const last = said.at(-1) ?? 'nothing'
  const where = `ended at change ${crashAt}, after ${last}`
  const store = await openModelStore(dir)
  const { models, broken } = await store.list()
  assert.equal(broken, [], where)
  for (const { id } of models) assert.equal(await store.verify(id), [], where)
  const present = models.map(({ manifest }) => manifest.name.slice(2)).join()
  const current = (await store.current())?.manifest.name.slice(2)
  const [sets, choices] = due[last] ?? [[], []]
  assert.ok(sets.includes(present) && choices.includes(current), `${where}: ${present}, in use ${current}`)
  const left = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(path => !models.some(({ id }) => path.startsWith(id)) && !['current.json', 'held', 'lock', 'staging', 'trash'].includes(path))
  assert.equal(left, [], where)
  rmSync(dir, { recursive: true })
  if (signal !== null) return false
  assert.equal(said, ['added', 'used', 'removed', 'emptied'])
  return true
}

test('ended at any change of the disk, all that was acknowledged holds, nothing is half there, and nothing is left lying about', () =>
  withTempDir(async home => {
    const prepared = join(home, 'prepared')
    await prepare(prepared)
    const atOnce = [0, 1, 2, 3, 4, 5]
    for (let from = 1; ; from += atOnce.length) {
      const ends = await Promise.all(atOnce.map(n => endedAt(from + n, prepared, join(home, String(n)))))
      if (!ends.some(Boolean)) continue
      assert.ok(from > 40, `only ${from} changes were seen`)
      break
    }
  }))

test('before a model shows, all of its files and folders are on the disk, and before it is acknowledged its name is', () =>
  withTempDir(async home => {
    const dir = join(home, 'models')
    const { changes } = await run(dir, ['add', '1'], { isTraced: true })
    const shown = changes.findIndex(change => /^rename \S+\/model \S+\/models\/[0-9a-f]{64}$/.test(change))
    assert.ok(shown > 0, changes.join('\n'))
    const staged = /^rename (\S+)/.exec(changes[shown] ?? '')?.[1] ?? ''
    const synced = new Set(changes.slice(0, shown).filter(change => change.startsWith('sync ')).map(change => change.slice(5)))
    for (const path of ['', '/config.json', '/onnx', '/onnx/model.onnx', '/manifest.json']) assert.ok(synced.has(`${staged}${path}`), path)
    assert.is(changes[shown + 1], `sync ${dir}`)
    assert.ok(changes.includes(`sync ${home}`), 'the folder above')
    const written = changes.findIndex(change => change.startsWith(`write ${dir}/current.json.`))
    assert.equal(changes.slice(written + 1, written + 4).map(change => change.split(' ')[0]), ['sync', 'rename', 'sync'])
  }))

test('programs that add, choose and remove the same model at the same time leave a store that is whole', () =>
  withTempDir(async home => {
    const dir = join(home, 'models')
    await prepare(dir)
    const ran = await Promise.all([1, 2, 3].map(() => run(dir, ['add', '6'])))
    assert.equal(ran.map(({ signal, said }) => [signal, said.length]), [[null, 6], [null, 6], [null, 6]])
    const store = await openModelStore(dir)
    const { models, broken } = await store.list()
    assert.equal(broken, [])
    for (const { id } of models) assert.equal(await store.verify(id), [])
    assert.equal(readdirSync(join(dir, 'trash')), [])
    await store.current()
  }))

test('one wrong bit anywhere in a model is found', () =>
  withTempDir(async home => {
    const store = await openModelStore(join(home, 'models'))
    const staging = await store.stage()
    const content = noise(100_000)
    writeFileSync(join(staging.dir, 'config.json'), content)
    const { id, dir } = await store.add(staging, manifestOf({ 'config.json': content }))
    await staging.release()
    for (const at of [0, 65_536, 99_999]) {
      const spoilt = content.slice()
      spoilt[at]! ^= 1
      writeFileSync(join(dir, 'config.json'), spoilt)
      assert.is((await store.verify(id)).length, 1)
    }
  }))

test.run()
