import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { keepStagedMs } from './layout.node.ts'
import { lock, tryLock } from './lock.node.ts'
import { serializeManifest } from './manifest.ts'
import { manifestOf } from './model.fixtures.ts'
import { addModel, modelStoreContract, type OpenedModelStore } from './store.contract.ts'
import { openModelStore, type StoreOptions } from './store.node.ts'

const read = async (dir: string, path: string) => readFile(join(dir, path), 'utf8').catch(() => undefined)
const write = async (dir: string, path: string, content: string | Uint8Array) => {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), content)
}

async function opened(dir: string, options: StoreOptions = {}): Promise<OpenedModelStore> {
  let free = Infinity
  const reopen = () => openModelStore(dir, { free: async () => free, ...options })
  return { store: await reopen(), reopen, read, write, setFree: bytes => void (free = bytes), destroy: async () => rmSync(dir, { recursive: true, force: true }) }
}

modelStoreContract('models in a folder', () => opened(join(mkdtempSync(join(tmpdir(), 'kinmesh-')), 'models')))

test('looking makes no folder', () =>
  withTempDir(async home => {
    const dir = join(home, 'models')
    const store = await openModelStore(dir)
    await store.list()
    await store.current()
    await store.ensureSpace(1)
    await failsWith('UnknownModelName', () => store.use('tiny'))
    assert.not.ok(existsSync(dir))
  }))

test('a start removes what a crash left and nobody works on; what a pull left stays for two weeks', () =>
  withTempDir(async home => {
    const dir = join(home, 'models')
    let now = Date.now()
    const given = await opened(dir, { clock: () => now })
    const model = await addModel(given, { a: '1' })
    const [working, pulled] = [await given.store.stage(), await given.store.stage('pull')]
    await write(pulled.workDir, 'part', 'x')
    await pulled.release()
    await write(join(dir, 'staging', 'one-0123456789abcdef', 'model'), 'half', 'x')
    await write(join(dir, 'trash', '0123456789abcdef'), 'half', 'x')
    writeFileSync(join(dir, 'current.json.0a1b2c3d.tmp'), '{')
    writeFileSync(join(dir, 'held', `${model.id}.lock`), '')
    await given.reopen()
    assert.equal(readdirSync(join(dir, 'staging')).filter(name => !name.endsWith('.lock')).map(name => name.slice(0, 4)), ['key-', 'one-'])
    assert.ok(existsSync(working.dir))
    assert.is(await read(pulled.workDir, 'part'), 'x')
    assert.equal([readdirSync(join(dir, 'trash')), readdirSync(join(dir, 'held'))], [[], []])
    assert.equal(readdirSync(dir).sort(), [model.id, 'held', 'lock', 'staging', 'trash'].sort())
    await working.release()
    now += keepStagedMs + 60_000
    await given.reopen()
    assert.equal(readdirSync(join(dir, 'staging')), [])
    assert.equal((await given.store.list()).models, [model])
  }))

test('a link among the files is refused, so that nothing outside becomes a part of a model', () =>
  withTempDir(async home => {
    const store = await openModelStore(join(home, 'models'))
    writeFileSync(join(home, 'secret'), '{}')
    const staging = await store.stage()
    symlinkSync(join(home, 'secret'), join(staging.dir, 'config.json'))
    assert.match((await failsWith('WrongFiles', () => store.add(staging, manifestOf({ 'config.json': '{}' })))).message, 'config.json')
    await staging.release()
  }))

test('the model that comes with the program answers until another is chosen, or none; nobody removes it', () =>
  withTempDir(async home => {
    const [dir, builtIn] = [join(home, 'models'), join(home, 'program')]
    assert.is(await (await openModelStore(dir, { builtIn })).current(), undefined, 'one that is not there is none')
    await write(builtIn, 'a', '1')
    await write(builtIn, 'manifest.json', serializeManifest(manifestOf({ a: '1' }, { name: 'kinmesh/starter' })))
    const given = await opened(dir, { builtIn })
    const { store } = given
    const starter = await store.builtIn()
    assert.is(starter?.dir, builtIn)
    assert.equal([await store.current(), await store.current('encoder'), (await store.list()).models, await store.find('starter')], [starter, undefined, [], starter])
    assert.not.ok(existsSync(dir), 'nothing was written for it')
    const other = await addModel(given, { b: '2' }, { name: 'someone/other' })
    await store.use('other')
    assert.equal(await store.current(), other)
    await store.useNone()
    assert.is(await (await given.reopen()).current(), undefined)
    assert.equal([await store.use('kinmesh/starter'), await store.current()], [starter, starter])
    const open = await store.open('starter')
    open.release()
    await failsWith('ModelBuiltIn', () => store.remove('starter', { force: true }))
    assert.ok(existsSync(join(builtIn, 'a')))
    // A newer program brings a newer one.
    await write(builtIn, 'a', '3')
    await write(builtIn, 'manifest.json', serializeManifest(manifestOf({ a: '3' }, { name: 'kinmesh/starter' })))
    assert.not.equal((await store.current())?.id, starter?.id)
  }))

test('a model directory elsewhere is used where it is, as long as it is what it was', () =>
  withTempDir(async home => {
    const store = await openModelStore(join(home, 'models'))
    const dir = join(home, 'mine')
    await failsWith('UnknownModelName', () => store.useFolder(dir))
    mkdirSync(dir)
    assert.match((await failsWith('BadManifest', () => store.useFolder(dir))).message, /no model directory/)
    writeFileSync(join(dir, 'config.json'), '{}')
    writeFileSync(join(dir, 'manifest.json'), serializeManifest(manifestOf({ 'config.json': '[]' })))
    await failsWith('ModelDamaged', () => store.useFolder(dir))
    writeFileSync(join(dir, 'manifest.json'), serializeManifest(manifestOf({ 'config.json': '{}' })))
    const chosen = await store.useFolder(dir)
    assert.equal(await store.current(), chosen)
    assert.is(chosen.dir, dir)
    writeFileSync(join(dir, 'manifest.json'), serializeManifest(manifestOf({ 'config.json': '{}' }, { name: 'renamed' })))
    assert.is((await store.current())?.manifest.name, 'renamed')
    writeFileSync(join(dir, 'manifest.json'), serializeManifest(manifestOf({ 'config.json': '[]' })))
    await failsWith('ModelGone', () => store.current())
    rmSync(dir, { recursive: true })
    await failsWith('ModelGone', () => store.current())
    writeFileSync(join(home, 'models', 'current.json'), '{"format":1}')
    await failsWith('FileCorrupt', () => store.current())
  }))

test('one changes the store at a time, and another is not waited for without end', () =>
  withTempDir(async home => {
    const dir = join(home, 'models')
    const given = await opened(dir, { waitMs: 0 })
    await addModel(given, { a: '1' })
    const held = await lock(join(dir, 'lock'), 0)
    await failsWith('StoreBusy', () => given.store.use('tiny'))
    assert.is((await given.store.list()).models.length, 1)
    held.release()
    held.release()
    await given.store.use('tiny')
    writeFileSync(join(dir, 'lock'), 'no database, and longer than the head of one '.repeat(10))
    await failsWith('FileCorrupt', () => given.store.use('tiny'))
    rmSync(join(dir, 'lock'))
    const shared = [tryLock(join(dir, 'lock'), 'shared'), tryLock(join(dir, 'lock'), 'shared')]
    assert.is(tryLock(join(dir, 'lock'), 'exclusive'), undefined)
    for (const each of shared) each?.release()
    const waiting = await opened(dir, { waitMs: 60_000 })
    const other = await lock(join(dir, 'lock'), 0)
    const used = waiting.store.use('tiny')
    other.release()
    await used
  }))

test('a folder that cannot be written is named', () =>
  withTempDir(async home => {
    writeFileSync(join(home, 'models'), '')
    await failsWith('StoreFailed', () => openModelStore(join(home, 'models')))
    const dir = join(home, 'other')
    const given = await opened(dir)
    await addModel(given, { a: '1' })
    if (process.getuid?.() === 0) return // to whom everything is allowed
    chmodSync(dir, 0o500)
    await failsWith('StoreFailed', () => given.store.use('tiny'))
    chmodSync(dir, 0o700)
  }))

test.run()
