import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from './assert.ts'

/** Covers a first download of every dependency. */
export const deadlineMs = 300_000

const root = join(import.meta.dirname, '..')
const { version, exports, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; exports: Record<string, unknown>; scripts: Record<string, string> }
const faces = Object.keys(exports).filter(name => name !== './package.json').map(name => name.replace('.', 'kinmesh'))
const temp = mkdtempSync(join(tmpdir(), 'kinmesh-pack-'))
const app = join(temp, 'app')

// As somebody would who has this Node and no checkout: without what npm tells the scripts it runs, except where the registry is.
const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|node_|init_cwd$|kinmesh)/i.test(name) || /^npm_config_(registry|cache|userconfig|globalconfig)$/i.test(name))
const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
const env: NodeJS.ProcessEnv = { ...Object.fromEntries(inherited), PATH: path, KINMESH_HOME: join(temp, 'home') }

type Failed = Error & { code: number; stdout: string; stderr: string }
/** What it printed. @throws Failed */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch (error) {
    const { code, stdout, stderr } = error as Failed
    throw Object.assign(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`), { code, stdout, stderr })
  }
}

test.before(async () => {
  mkdirSync(app)
  const [packed] = JSON.parse(await run(root, 'npm', 'pack', '--json', '--silent', '--pack-destination', temp)) as { filename: string }[]
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  await run(app, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(temp, packed?.filename ?? ''))
})

const installed = join(app, 'node_modules', 'kinmesh')

test('holds what runs and nothing else', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  for (const needed of ['LICENSE', 'package.json', 'bin/kinmesh.js', 'dist/package.json', 'dist/clients/cli/main.js', 'dist/web/index.html', 'dist/sync/types.d.ts']) assert.ok(files.includes(needed), `${needed} is missing`)
  const unwanted = files.filter(file => /\.(test|contract|fixtures)\.|(^|\/)testing\/|^(dist\/)?(tools|bench|shared)\/|[^d]\.ts$/.test(file))
  assert.equal(unwanted, [])
})

test('its command runs', async () => {
  assert.is((await run(app, join(app, 'node_modules', '.bin', 'kinmesh'), '--version')).trim(), version)
})

test('its command tells an older Node in one line', async () => {
  const older = "data:text/javascript,for (const [o, k, v] of [[process, 'version', 'v20.20.2'], [process.versions, 'node', '20.20.2']]) Object.defineProperty(o, k, { value: v })"
  const error = (await rejects(run(app, process.execPath, '--import', older, join(installed, 'bin', 'kinmesh.js'), '--version'))) as Failed
  assert.equal({ code: error.code, stdout: error.stdout, stderr: error.stderr }, { code: 1, stdout: '', stderr: 'kinmesh needs Node 24 or newer; this is v20.20.2\n' })
})

test('its command bounds what a device that runs takes for new objects, as the scripts of a checkout do', async () => {
  // Each start of the process says which options it runs under; the first one none.
  const said = "data:text/javascript,console.error(process.execArgv.filter(option => option.startsWith('--max-')).join())"
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', said, join(installed, 'bin', 'kinmesh.js'), 'up', '--help'], { cwd: app, env })
  for (const name of ['start', 'kinmesh', 'demo']) {
    const option = /--max-semi-space-size=\d+/.exec(scripts[name] ?? '')?.[0]
    assert.ok(option, name)
    assert.is(stderr.trim(), process.platform === 'win32' ? '' : option) // it can only start over where a process can become another
  }
})

for (const face of faces) {
  test(`${face} can be imported`, async () => {
    // The condition that checkouts and some bundlers set must change nothing in the published package.
    for (const conditions of [[], ['-C', 'development']]) await run(app, process.execPath, ...conditions, '--input-type=module', '-e', `await import('${face}')`)
  })
}

test('its types are found', async () => {
  writeFileSync(join(app, 'use.ts'), faces.map((face, i) => `import * as face${i} from '${face}'\nexport { face${i} }\n`).join('') + "import type { Space } from 'kinmesh/sync'\nexport const count = (space: Space): number => space.count\n")
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const failed = await run(app, process.execPath, tsc, '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', 'use.ts').then(() => '', (error: Failed) => error.stdout)
  assert.is(failed, '')
})

test('without the runtime of models, which npm leaves out where it cannot be installed, a model says what to do', async () => {
  rmSync(join(app, 'node_modules', 'onnxruntime-node'), { recursive: true, force: true })
  const file = pathToFileURL(join(installed, 'dist', 'node', 'model', 'runtime', 'open-session.node.js')).href
  const said = await run(app, process.execPath, '--input-type=module', '-e', `const { openSession } = await import('${file}'); await openSession('model.onnx', { threads: 1 }).catch(error => console.log(error.code, error.message))`)
  assert.match(said, /^RuntimeMissing .*ONNXRUNTIME_NODE_INSTALL=skip/)
})

test.run()
