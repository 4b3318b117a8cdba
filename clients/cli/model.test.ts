import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishedEncoder } from '../../node/model/encoder/encoder.fixtures.ts'
import { startHub, type HubServer } from '../../node/model/store/hub-server.fixtures.ts'
import { serializeManifest } from '../../node/model/store/manifest.ts'
import { manifestOf, noise, sha256Of } from '../../node/model/store/model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused, up } from './testing/processes.node.ts'

type Shown = { id: string; name: string; kind: string; bytes: number; licence: string | null; recipe: unknown; dir: string }
type Listed = { models: (Shown & { current: boolean; builtIn?: boolean })[]; broken: { id: string }[]; current: Shown | null; encoder: Shown | null; problem: string | null; others: null }

/** Of the model that comes with kinmesh. */
const starter = 'kinmesh-starter'
const added = ({ models }: Listed) => models.filter(({ builtIn }) => builtIn !== true)

const repo = 'someone/Tiny-1M'
const files = { 'config.json': '{}', 'tokenizer.json': '{"a":1}', 'model.safetensors': noise(200_000), 'pytorch_model.bin': noise(9) }

async function withHub(work: (place: { home: string; hub: HubServer; env: Record<string, string> }) => Promise<void>): Promise<void> {
  const hub = await startHub()
  hub.publish(repo, files, { licence: 'mit' })
  try {
    await withTempDir(home => work({ home: join(home, 'home'), hub, env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' } }))
  } finally {
    await hub.close()
  }
}

export const deadlineMs = 300_000

test('a model is pulled, listed, chosen and removed, without a device', () =>
  withHub(async ({ home, env }) => {
    const before = await document<Listed>(home, ['model', 'list'])
    assert.equal([before.models.map(({ name, builtIn, current }) => [name, builtIn, current]), before.current?.name], [[[starter, true, true]], starter])
    assert.equal([before.broken, before.encoder, before.problem, before.others], [[], null, null, null])
    assert.not.ok(existsSync(home), 'looking makes no home')
    const pulled = await document<Shown & { wasThere: boolean; from: string; devicesAsked: boolean }>(home, ['model', 'pull', '--as-published', repo], { env })
    assert.equal([pulled.name, pulled.kind, pulled.licence, pulled.bytes, pulled.recipe, pulled.wasThere, pulled.from, pulled.devicesAsked], [repo, 'decoder', 'mit', 200_009, null, false, 'hub', false])
    assert.ok(existsSync(join(pulled.dir, 'model.safetensors')) && !existsSync(join(pulled.dir, 'pytorch_model.bin')))
    assert.is((await document<{ wasThere: boolean }>(home, ['model', 'pull', '--as-published', repo], { env })).wasThere, true)
    const used = await document<Shown & { running: boolean }>(home, ['model', 'use', 'tiny-1m'])
    assert.equal([used.id, used.running], [pulled.id, false])
    const listed = await document<Listed>(home, ['model', 'list'])
    assert.equal([added(listed).map(model => [model.id, model.current]), listed.current?.id], [[[pulled.id, true]], pulled.id])
    assert.match(await refused(home, ['model', 'remove', 'tiny-1m'], 'ModelInUse'), /--force/)
    assert.equal(await document(home, ['model', 'remove', pulled.id.slice(0, 8), '--force']), { id: pulled.id, name: repo, removed: true })
    assert.equal(await document<Listed>(home, ['model', 'list']), before)
    assert.not.ok(existsSync(join(home, 'identity')), 'no device was made')
  }))

test('for people: plain lines in a pipe, no progress and no colours', () =>
  withHub(async ({ home, hub, env }) => {
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await kinmesh(home, ['model', ...args], { env })
      assert.equal([code, stderr], [0, ''])
      assert.not.match(stdout, '\u001b')
      return stdout
    }
    assert.match(await run('list'), /^ +NAME +KIND +SIZE +WEIGHTS +LICENCE +ID\n\* +kinmesh-starter \(comes with kinmesh\) +decoder [^\n]*\n$/)
    assert.match(await run('pull', '--as-published', repo), /^no device runs here, so your other devices are not asked: kinmesh up\n✓ someone\/Tiny-1M is here {2}195 KiB, [0-9a-f]{12}\n$/)
    assert.match(await run('pull', '--as-published', '--from', 'hub', repo), /^✓ someone\/Tiny-1M was here already/)
    assert.match(await run('pull', '--as-published', repo), 'was here already')
    assert.is(await run('use', repo), `✓ ${repo} is the model in use\n`)
    assert.match(await run('list'), /^ +NAME +KIND +SIZE +WEIGHTS +LICENCE +ID\n[^]*\* +someone\/Tiny-1M +decoder +195 KiB +as published +mit +[0-9a-f]{12}\n/)
    hub.publish(repo, { ...files, 'config.json': '{"b":1}' })
    await run('pull', '--as-published', repo)
    assert.match((await kinmesh(home, ['model', 'use', repo])).stderr, /^kinmesh: "someone\/Tiny-1M" may be [0-9a-f]{12} .* or .*give the beginning of the id\n$/)
    for (const args of [['--help'], ['pull', '--help'], ['use', '--help'], ['remove', '--help'], ['list', '--help']]) assert.ok((await run(...args)).length > 50)
  }))

test('a model directory elsewhere is used by its path, and a name comes before a folder of that name', () =>
  withHub(async ({ home, env }) => {
    const dir = join(home, '..', 'mine')
    mkdirSync(dir)
    writeFileSync(join(dir, 'config.json'), '{}')
    assert.match(await refused(home, ['model', 'use', dir], 'BadManifest'), 'manifest.json')
    writeFileSync(join(dir, 'manifest.json'), serializeManifest(manifestOf({ 'config.json': '{}' }, { name: 'mine', recipe: { bits: 4, block: 32 } })))
    assert.is((await document<Shown>(home, ['model', 'use', dir])).dir, dir)
    assert.match((await kinmesh(home, ['model', 'list'])).stdout, /\* +mine .*4 bits by 32[^]*\* mine is in \/.*mine\n/)
    writeFileSync(join(dir, 'config.json'), '[...]')
    const { current, problem } = await document<Listed>(home, ['model', 'list'])
    assert.is(current, null)
    assert.match(problem ?? '', 'config.json has 5 bytes')
    await document(home, ['model', 'pull', '--as-published', repo], { env })
    await document(home, ['model', 'use', repo])
    assert.is((await document<Listed>(home, ['model', 'list'])).problem, null)
  }))

test('beside a device that runs it works as well; a model that does not load leaves the device as it was', () =>
  withHub(async ({ home, env }) => {
    const device = await up(home)
    try {
      await document(home, ['model', 'pull', '--as-published', repo], { env })
      assert.match(await refused(home, ['model', 'use', repo], 'ModelNotLoaded'), `${starter} answers meanwhile`)
      await document(home, ['remember', 'tea at five'])
    } finally {
      assert.is(await device.stop(), 0)
    }
  }))

test('what cannot be: one line that says what to do, and the exit code', () =>
  withHub(async ({ home, hub, env }) => {
    const failing = async (args: string[], code: string, exit = 1): Promise<string> => {
      const ran = await kinmesh(home, ['model', ...args, '--json'], { env })
      const { error } = JSON.parse(ran.stdout) as { error: { code: string; message: string } }
      assert.equal([ran.code, error.code, ran.stderr], [exit, code, `kinmesh: ${error.message}\n`])
      return error.message
    }
    assert.match(await failing(['pull', 'someone/nothing'], 'ModelNotFound'), 'HF_TOKEN')
    await failing(['pull', '--as-published', repo, '--revision', 'v2'], 'ModelNotFound')
    await failing(['pull', '../../etc'], 'BadModelName')
    assert.match(await failing(['pull', repo, '--from', 'laptop'], 'NotRunning'), 'kinmesh up')
    await failing(['pull', '--as-published', repo, '--kind', 'encoder'], 'ModelUnusable')
    assert.match(await failing(['use', 'Tiny'], 'UnknownModelName'), 'kinmesh model pull')
    await failing(['remove', 'Tiny'], 'UnknownModelName')
    await failing(['pull', '--as-published', repo, '--kind', 'poem'], 'Usage', 2)
    for (const args of [[], ['pull'], ['use'], ['remove'], ['list', 'x'], ['bogus']]) await failing(args, 'Usage', 2)
    hub.fault('model.safetensors', { content: noise(200_000, 2) })
    assert.match(await failing(['pull', '--as-published', repo], 'WrongHash'), 'model.safetensors')
    assert.equal(added(await document<Listed>(home, ['model', 'list'])), [])
  }))

test('an encoder is pulled as its published ONNX file, chosen beside the model that writes, and never takes its place', () =>
  withHub(async ({ home, hub, env }) => {
    const name = 'someone/all-Tiny-L2'
    hub.publish(name, { ...publishedEncoder(), 'onnx/model_quantized.onnx': noise(99), 'onnx/model_fp16.onnx': noise(99), 'model.safetensors': noise(999), 'pytorch_model.bin': noise(9), 'vocab.txt': '[PAD]', 'openvino/openvino_model.bin': noise(9) }, { licence: 'apache-2.0', task: 'sentence-similarity' })
    const pulled = await document<Shown>(home, ['model', 'pull', name], { env })
    assert.equal([pulled.kind, pulled.recipe], ['encoder', null])
    const taken = readdirSync(pulled.dir, { recursive: true, encoding: 'utf8' }).filter(path => path.includes('.')).sort()
    assert.equal(taken, ['1_Pooling/config.json', 'config.json', 'manifest.json', 'modules.json', 'onnx/model.onnx', 'sentence_bert_config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt'])
    await document(home, ['model', 'pull', '--as-published', repo], { env })
    await document(home, ['model', 'use', repo])
    const used = await document<Shown & { dimensions: number; isAssumed: boolean }>(home, ['model', 'use', 'all-tiny-l2'])
    assert.equal([used.id, used.dimensions, used.isAssumed], [pulled.id, 24, false])
    const listed = await document<Listed>(home, ['model', 'list'])
    assert.equal([added(listed).map(model => model.current), listed.current?.name, listed.encoder?.name, listed.problem], [[true, true], repo, name, null])
    assert.match((await kinmesh(home, ['model', 'list'])).stdout, /\* +someone\/all-Tiny-L2 +encoder +[^]*\* +someone\/Tiny-1M +decoder /)
    assert.match(await refused(home, ['model', 'remove', name], 'ModelInUse'), /--force/)
    // One that does not load is told at once, and named.
    const broken = 'someone/broken'
    hub.publish(broken, publishedEncoder({ 'modules.json': undefined, '1_Pooling/config.json': { pooling_mode: 'max' } }), { task: 'feature-extraction' })
    await document(home, ['model', 'pull', broken], { env })
    assert.match(await refused(home, ['model', 'use', broken], 'ModelNotLoaded'), /by max/)
    await document(home, ['model', 'remove', broken, '--force'])
    assert.equal((await document<Listed>(home, ['model', 'list'])).encoder, null)
    // Its place in the choice of an older home is no language model either.
    writeFileSync(join(home, 'models', 'current.json'), JSON.stringify({ format: 1, id: pulled.id, path: null }))
    assert.match((await document<Listed>(home, ['model', 'list'])).problem ?? '', /all-Tiny-L2 makes vectors of texts and writes none/)
    const device = await up(home)
    try {
      assert.match((await document<{ modelProblem: string }>(home, ['status'])).modelProblem, /writes none/)
    } finally {
      assert.is(await device.stop(), 0)
    }
  }))

test('Ctrl-C ends a pull, which goes on with the same command', () =>
  withHub(async ({ home, hub, env }) => {
    hub.fault('model.safetensors', { stallAfter: 150_000 })
    const main = new URL('./main.ts', import.meta.url).pathname
    const child = spawn(process.execPath, ['-C', 'development', main, 'model', 'pull', '--as-published', repo], { env: { ...process.env, ...env, KINMESH_HOME: home }, stdio: ['ignore', 'inherit', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()))
    await hub.until(() => hub.sent('model.safetensors') > 0)
    child.kill('SIGINT')
    const [code] = (await once(child, 'close')) as [number | null]
    assert.equal([code, stderr], [1, 'kinmesh: interrupted: what was fetched is kept, and the same command goes on from there\n'])
    const staged = join(home, 'models', 'staging')
    // Parts are named by what they are to be (fetch-files.node.ts); small files may be under way as well.
    const name = `${sha256Of(`${sha256Of(files['model.safetensors'])} model.safetensors`).slice(0, 32)}.part`
    const part = readdirSync(staged, { recursive: true, encoding: 'utf8' }).find(path => path.endsWith(name))
    const kept = part === undefined ? 0 : statSync(join(staged, part)).size
    await document(home, ['model', 'pull', '--as-published', repo], { env })
    assert.is(hub.sent('model.safetensors') - 150_000, 200_000 - kept)
  }))

test.run()
