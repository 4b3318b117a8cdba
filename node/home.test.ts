import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { homeDir, openHome, readRunning } from './home.node.ts'
import { settingsSchema } from './settings.ts'
import { withTempDir } from './testing/temp.node.ts'
import { failsWith } from './testing/throws.ts'

const homeModule = new URL('./home.node.ts', import.meta.url).href

test('the home is the option, else KINMESH_HOME, else ~/.kinmesh', () => {
  const before = process.env['KINMESH_HOME']
  try {
    process.env['KINMESH_HOME'] = '/somewhere/else'
    assert.is(homeDir('/given'), '/given')
    assert.is(homeDir(), '/somewhere/else')
    delete process.env['KINMESH_HOME']
    assert.match(homeDir(), /\.kinmesh$/)
  } finally {
    if (before !== undefined) process.env['KINMESH_HOME'] = before
  }
})

test('folder and files are for their owner only, and a write replaces a file whole', () =>
  withTempDir(async dir => {
    const home = await openHome(join(dir, 'a', 'home'))
    await home.write('identity', new Uint8Array([1, 2, 3]))
    await home.write('identity', new Uint8Array([4]))
    assert.equal([...(home.read('identity') ?? [])], [4])
    assert.is(home.read('nothing'), undefined)
    assert.is(statSync(home.dir).mode & 0o777, 0o700)
    for (const file of readdirSync(home.dir)) assert.is(statSync(home.path(file)).mode & 0o777, 0o600, file)
    home.close()
  }))

test('a home is open once: the second is told the process that has it', () =>
  withTempDir(async dir => {
    const home = await openHome(dir)
    const error = await failsWith('HomeInUse', () => openHome(dir))
    assert.match(error.message, String(process.pid))
    home.close()
    const again = await openHome(dir)
    again.close()
    assert.is(readRunning(dir), undefined)
  }))

test('after kill -9 of the process that had it, a home opens again', () =>
  withTempDir(async dir => {
    const script = `import { openHome } from ${JSON.stringify(homeModule)}; await openHome(${JSON.stringify(dir)}); console.log('open'); setInterval(() => {}, 1e6)`
    const child = spawn(process.execPath, ['-C', 'development', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    const error = await failsWith('HomeInUse', () => openHome(dir))
    assert.match(error.message, String(child.pid))
    child.kill('SIGKILL')
    await once(child, 'exit')
    writeFileSync(join(dir, 'config.json.1234.tmp'), 'half a')
    const home = await openHome(dir)
    assert.not(existsSync(join(dir, 'config.json.1234.tmp')))
    home.close()
  }))

test('a damaged file is named and left as it is', () =>
  withTempDir(async dir => {
    const home = await openHome(dir)
    const cases: [string, RegExp][] = [
      ['{"name": "laptop", "port": 4454', /config\.json.*not JSON/],
      ['{"name": "laptop", "port": 4454, "prot": 1}', /config\.json.*prot/],
      ['{"name": "laptop", "port": "4454"}', /config\.json.*port/],
      ['{"name": "a\\u0007b", "port": 4454}', /config\.json.*control/]
    ]
    for (const [text, message] of cases) {
      writeFileSync(home.path('config.json'), text)
      const error = await failsWith('FileCorrupt', () => home.readJson('config.json', settingsSchema))
      assert.match(error.message, message)
      assert.is(readFileSync(home.path('config.json'), 'utf8'), text)
    }
    writeFileSync(home.path('config.json'), '{"name": " mini PC ", "port": 0}')
    assert.equal(home.readJson('config.json', settingsSchema), { name: 'mini PC', port: 0 })
    home.close()
  }))

test('a folder that cannot be used is named', () =>
  withTempDir(async dir => {
    writeFileSync(join(dir, 'file'), '')
    const error = await failsWith('HomeUnusable', () => openHome(join(dir, 'file')))
    assert.match(error.message, join(dir, 'file'))
    const made = await openHome(join(dir, 'a', 'b', 'c'))
    assert.is(statSync(join(dir, 'a', 'b')).mode & 0o777, 0o700)
    made.close()
    assert.throws(() => homeDir(''), (error: unknown) => isKinmeshError(error, 'HomeUnusable'))
    if (process.platform === 'linux') await failsWith('HomeUnusable', () => openHome('/proc/kinmesh/home'))
  }))

test('a write that fails says so and leaves the old file', () =>
  withTempDir(async dir => {
    const home = await openHome(dir)
    await home.write('peers.json', '{}')
    await failsWith('StoreFailed', () => home.write('missing-folder/peers.json', 'x'))
    assert.is(new TextDecoder().decode(home.read('peers.json')), '{}')
    home.close()
  }))

test.run()
