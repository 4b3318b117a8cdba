import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { failsWith } from '../../testing/throws.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { startHub, type HubServer } from './hub-server.fixtures.ts'
import { manifestOf, noise, sha256Of } from './model.fixtures.ts'
import { pullModel, type PullOptions } from './pull.node.ts'
import type { PullProgress } from './progress.ts'
import { openModelStore } from './store.node.ts'
import type { ModelStore } from './store.ts'

const weights = noise(1_000_000)
const files = {
  '.gitattributes': '*.safetensors filter=lfs', 'README.md': '---\nlicense: apache-2.0\n---', 'LICENSE': 'Apache License', 'config.json': '{"model_type":"llama"}',
  'generation_config.json': '{}', 'tokenizer.json': '{"a":1}', 'tokenizer_config.json': '{}', 'chat_template.jinja': '{{ messages }}', 'model.safetensors': weights,
  'pytorch_model.bin': noise(5000, 2), 'model.gguf': noise(5000, 3), 'original/consolidated.pt': 'x', 'original/model.safetensors': noise(5000, 4)
}
const wanted = ['LICENSE', 'chat_template.jinja', 'config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const repo = 'someone/Tiny-1M'

type Place = { hub: HubServer; commit: string; store: ModelStore; dir: string; waits: number[]; pull(more?: Partial<PullOptions>): ReturnType<typeof pullModel> }

/** A hub with one model, and a store. Waits are counted and not waited. */
async function withHub(work: (place: Place) => Promise<void>): Promise<void> {
  const hub = await startHub()
  try {
    await withTempDir(async home => {
      const dir = join(home, 'models')
      const store = await openModelStore(dir)
      const commit = hub.publish(repo, files, { licence: 'apache-2.0', task: 'text-generation' })
      const waits: number[] = []
      const wait = async (ms: number) => void waits.push(ms)
      await work({ hub, commit, store, dir, waits, pull: more => pullModel(repo, { store, endpoint: hub.endpoint, token: '', wait, ...more }) })
    })
  } finally {
    await hub.close()
  }
}

const rangesOf = (hub: HubServer, path: string) => hub.requests.filter(seen => seen.at === 'cdn' && seen.path === path).map(({ range }) => range)
const staged = (dir: string): string[] => readdirSync(join(dir, 'staging'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !entry.name.endsWith('.lock')).map(({ name }) => name)

test('a model arrives as it is published: what it consists of, with its licence and where it is from', () =>
  withHub(async ({ hub, commit, store, dir, waits, pull }) => {
    const told: PullProgress[] = []
    const { model, wasThere } = await pull({ onProgress: progress => void told.push(progress) })
    const { manifest } = model
    assert.equal(manifest.files.map(({ path }) => path).sort(), wanted)
    for (const [path, content] of Object.entries(files)) if (wanted.includes(path)) assert.ok(readFileSync(join(model.dir, path)).equals(Buffer.from(content as Uint8Array)), path)
    assert.equal([manifest.name, manifest.kind, manifest.licence, manifest.recipe, manifest.source], [repo, 'decoder', 'apache-2.0', null, { repo, revision: commit, endpoint: hub.endpoint }])
    assert.equal([wasThere, waits, staged(dir)], [false, [], []])
    assert.equal(await store.verify(repo), [])
    const phases = [...new Set(told.map(({ phase }) => phase))]
    assert.equal(phases, ['list', 'fetch', 'check'])
    const total = wanted.reduce((sum, path) => sum + Buffer.byteLength(files[path as keyof typeof files] as Uint8Array), 0)
    assert.equal([told.findLast(({ phase }) => phase === 'fetch')?.bytes, told.at(-1)?.bytes, told.at(-1)?.totalBytes], [total, total, total])
    const asked = hub.requests.length
    assert.equal(await pull(), { model, wasThere: true })
    assert.ok(hub.requests.slice(asked).every(({ path }) => path.startsWith('/api/models/')))
  }))

test('an encoder is its published ONNX file; the hub or the person says that it is one', () =>
  withHub(async ({ hub, pull }) => {
    const encoder = { 'config.json': '{}', 'tokenizer.json': '{}', 'vocab.txt': 'a', '1_Pooling/config.json': '{"pooling":1}', 'model.safetensors': noise(999), 'onnx/model.onnx': noise(5000), 'onnx/model.onnx_data': noise(7000), 'onnx/model_fp16.onnx': noise(99) }
    hub.publish(repo, encoder, { task: 'sentence-similarity' })
    const { model } = await pull()
    assert.equal([model.manifest.kind, model.manifest.licence], ['encoder', null])
    assert.equal(model.manifest.files.map(({ path }) => path).sort(), ['1_Pooling/config.json', 'config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json', 'vocab.txt'])
    assert.equal((await pull({ kind: 'decoder' })).model.manifest.files.map(({ path }) => path).sort(), ['config.json', 'model.safetensors', 'tokenizer.json', 'vocab.txt'])
  }))

test('a cut connection goes on where it was cut, as often as it takes', () =>
  withHub(async ({ hub, waits, pull }) => {
    hub.fault('model.safetensors', { cutAfter: 300_000 }, { cutAfter: 0 }, { status: 502 }, { cutAfter: 200_000 })
    hub.fault('config.json', { cutAfter: 3 })
    await pull()
    const ranges = rangesOf(hub, 'model.safetensors')
    assert.equal([ranges.length, ranges[0]], [5, undefined])
    const starts = ranges.slice(1).map(range => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]))
    // What was on its way when the connection broke may be lost; what had arrived is not asked for again.
    assert.ok(starts[0]! > 0 && starts[0]! <= 300_000 && starts[1] === starts[0] && starts[2] === starts[0] && starts[3]! > starts[2]!, String(starts))
    assert.ok(waits.length >= 5)
  }))

test('a server that is busy is asked again when it says, and one that stays so is given up with all that came', () =>
  withHub(async ({ hub, waits, store, dir, pull }) => {
    hub.fault('api', { status: 429, headers: { 'retry-after': '7' } }, { status: 503 })
    hub.fault('model.safetensors', { status: 429, headers: { 'retry-after': '3' } })
    await pull()
    assert.equal([...waits].sort((a, b) => a - b), [2000, 3000, 7000])
    hub.publish('someone/other', { ...files, 'model.safetensors': noise(400_000, 9) })
    hub.fault('model.safetensors', { cutAfter: 100_000 }, ...Array.from({ length: 20 }, () => ({ status: 500 })))
    const error = await failsWith('DownloadFailed', () => pullModel('someone/other', { store, endpoint: hub.endpoint, wait: async () => {} }))
    assert.match(error.message, /model\.safetensors.*500.*kept/)
    assert.is(staged(dir).filter(name => name.endsWith('.part')).length, 1)
    hub.fault('api', { status: 429, headers: { 'retry-after': '86400' } })
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /1440 minutes/)
  }))

test('what is not what the hub lists is thrown away, once more from nothing if it was patched together, and then named', () =>
  withHub(async ({ hub, store, dir, pull }) => {
    const other = noise(weights.length, 77)
    hub.fault('model.safetensors', { content: other })
    assert.match((await failsWith('WrongHash', () => pull())).message, /^model\.safetensors/)
    assert.equal([(await store.list()).models, staged(dir).filter(name => name.endsWith('.part'))], [[], []])
    hub.publish(repo, { ...files, 'tokenizer.json': '{"a":3}' })
    hub.fault('tokenizer.json', { content: Buffer.from('{"a":2}') })
    assert.match((await failsWith('WrongHash', () => pull())).message, /^tokenizer\.json/)
    // The first part is of other content, which shows only at the end.
    const patched = 'someone/patched'
    const ask = () => pullModel(patched, { store, endpoint: hub.endpoint, wait: async () => {} })
    hub.publish(patched, { ...files, LICENSE: 'another' })
    hub.swap(patched, 'model.safetensors', other)
    hub.fault('model.safetensors', { cutAfter: 400_000 }, { status: 418 })
    await failsWith('DownloadFailed', ask)
    hub.swap(patched, 'model.safetensors', weights)
    const before = rangesOf(hub, 'model.safetensors').length
    await ask()
    const [resumed, anew, ...more] = rangesOf(hub, 'model.safetensors').slice(before)
    assert.match(resumed ?? '', /^bytes=[1-9]\d+-$/)
    assert.equal([anew, more], [undefined, []])
    assert.equal(await store.verify(patched), [])
    // One that is wrong for good is fetched twice at most, however often it is cut.
    const [wrong, asked] = ['someone/wrong', rangesOf(hub, 'model.safetensors').length]
    hub.publish(wrong, { ...files, LICENSE: 'a third' })
    hub.swap(wrong, 'model.safetensors', other)
    hub.fault('model.safetensors', ...[1, 2, 3].flatMap(() => [{ cutAfter: 500_000 }, { cutAfter: Infinity }]))
    await failsWith('WrongHash', () => pullModel(wrong, { store, endpoint: hub.endpoint, wait: async () => {} }))
    assert.is(rangesOf(hub, 'model.safetensors').length - asked, 4)
  }))

test('a file that changed on the hub between two attempts starts over, and what did not change is not fetched again', () =>
  withHub(async ({ hub, store, dir, pull }) => {
    hub.fault('model.safetensors', { cutAfter: 500_000 }, { status: 418 })
    await failsWith('DownloadFailed', () => pull())
    assert.is(staged(dir).filter(name => name.endsWith('.part')).length, 1)
    const newer = noise(weights.length, 5)
    hub.publish(repo, { ...files, 'model.safetensors': newer })
    const [licence, asked] = [hub.sent('LICENSE'), hub.requests.length]
    const { model } = await pull()
    assert.equal(rangesOf({ ...hub, requests: hub.requests.slice(asked) }, 'model.safetensors'), [undefined])
    assert.is(hub.sent('LICENSE'), licence)
    assert.is(model.manifest.files.find(({ path }) => path === 'model.safetensors')?.sha256, sha256Of(newer))
    // Of the file as the hub names it: it says so early, before the bytes have come.
    hub.publish(repo, { ...files, 'model.safetensors': noise(weights.length, 6) })
    hub.fault('model.safetensors', { etag: sha256Of('other') })
    assert.match((await failsWith('WrongHash', () => pull())).message, /name for the content/)
    assert.is((await store.list()).models.length, 1)
  }))

test('parts that were not asked for are not taken', () =>
  withHub(async ({ hub, store, pull }) => {
    hub.fault('model.safetensors', { cutAfter: 300_000 }, { range: 'another' }, { range: 'ignored' })
    await pull()
    assert.is(rangesOf(hub, 'model.safetensors').length, 3)
    assert.equal(await store.verify(repo), [])
  }))

test('a body without an end is ended, and a silent connection too', () =>
  withHub(async ({ hub, pull }) => {
    hub.fault('model.safetensors', { endless: true })
    assert.match((await failsWith('WrongHash', () => pull())).message, /more than the 1000000 bytes/)
    const sent = hub.sent('model.safetensors')
    assert.ok(sent < 20_000_000, String(sent))
    hub.fault('model.safetensors', { stallAfter: 100_000 }, { stallAfter: 0 })
    hub.fault('config.json', { stallAfter: 0 })
    await pull({ idleMs: 150 })
    hub.publish(repo, { ...files, LICENSE: 'new' })
    hub.fault('api', { content: Buffer.alloc(20_000_000, 32) })
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /larger than/)
  }))

test('the key goes to the hub, and to nobody it redirects to', () =>
  withHub(async ({ hub, pull }) => {
    hub.publish(repo, files, { token: 'hf_secret' })
    assert.match((await failsWith('ModelNotFound', () => pull())).message, /HF_TOKEN/)
    const before = hub.requests.length
    await pull({ token: 'hf_secret' })
    const seen = hub.requests.slice(before)
    assert.ok(seen.filter(({ at }) => at === 'hub').every(({ authorization }) => authorization === 'Bearer hf_secret'))
    assert.equal(new Set(seen.filter(({ at }) => at === 'cdn').map(({ authorization }) => authorization)), new Set([undefined]))
    const other = await startHub()
    try {
      hub.publish(repo, { ...files, LICENSE: 'new' }, { token: 'hf_secret' })
      hub.fault('tree', { redirect: `${other.endpoint}/api/models/${repo}/tree/main?cursor=1` })
      assert.match((await failsWith('DownloadFailed', () => pull({ token: 'hf_secret' }))).message, /another hub/)
      assert.equal(other.requests, [])
    } finally {
      await other.close()
    }
  }))

test('a redirect to what is no http, and one without an end, are refused', () =>
  withHub(async ({ hub, pull }) => {
    hub.fault('model.safetensors', { redirect: 'file:///etc/passwd' })
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /not safe/)
    hub.fault('model.safetensors', ...Array.from({ length: 9 }, () => ({ redirect: 'model.safetensors' })))
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /sent on more than 8 times/)
  }))

test('what is not there says what to do', () =>
  withHub(async ({ hub, dir, pull }) => {
    const ask = (name: string, more: Partial<PullOptions> = {}) => openModelStore(dir).then(store => pullModel(name, { store, endpoint: hub.endpoint, token: '', ...more }))
    assert.match((await failsWith('ModelNotFound', () => ask('someone/nothing'))).message, /check its name; private and gated models need HF_TOKEN$/)
    assert.match((await failsWith('ModelNotFound', () => ask('someone/nothing', { token: 'hf_x' }))).message, /need HF_TOKEN of an account/)
    assert.match((await failsWith('ModelNotFound', () => pull({ revision: 'v9' }))).message, /no such revision/)
    hub.publish(repo, { 'config.json': '{}', 'tokenizer.json': '{}', 'pytorch_model.bin': 'x' })
    assert.match((await failsWith('ModelUnusable', () => pull())).message, /only as \*\.bin/)
    hub.fault('api', { content: Buffer.from('[]') })
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /not what a hub answers/)
    hub.fault('tree', { content: Buffer.from('<html>') })
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /not what a hub answers/)
    for (const name of ['../etc', 'a/b/c', 'a/../b']) await failsWith('BadModelName', () => ask(name))
    await failsWith('BadRevision', () => pull({ revision: '../../x' }))
    await failsWith('BadEndpoint', () => pull({ endpoint: 'ftp://x' }))
    await hub.close()
    assert.match((await failsWith('DownloadFailed', () => pull())).message, /ECONNREFUSED/)
  }))

test('a full disk is told before the first byte of the weights', () =>
  withHub(async ({ hub, dir, pull }) => {
    const store = await openModelStore(dir, { free: async () => 1024 })
    assert.match((await failsWith('DiskFull', () => pull({ store }))).message, /free 129 MiB/)
    assert.is(hub.sent('model.safetensors'), 0)
  }))

test('it stops when it is told to, with the reason, and goes on later', () =>
  withHub(async ({ hub, dir, store, pull }) => {
    hub.fault('model.safetensors', { stallAfter: 600_000 })
    const stop = new AbortController()
    let bytes = 0
    const arrived = Promise.withResolvers<void>()
    const onProgress = (progress: PullProgress) => {
      bytes = progress.bytes
      if (bytes >= 300_000) arrived.resolve()
    }
    const pulled = pull({ signal: stop.signal, onProgress })
    await Promise.race([arrived.promise, pulled])
    await failsWith('ModelBusy', () => openModelStore(dir).then(other => pull({ store: other })))
    const reason = new KinmeshError('Interrupted', 'enough')
    stop.abort(reason)
    assert.is(await rejects(pulled), reason)
    const sent = hub.sent('model.safetensors')
    await pull()
    assert.ok(hub.sent('model.safetensors') - sent < weights.length - 200_000)
    assert.equal(await store.verify(repo), [])
    await rejects(pull({ signal: AbortSignal.abort(reason) }), error => error === reason)
  }))

test('a converter gets what was fetched; when it fails nothing is fetched again, and its model is the one that is added', () =>
  withHub(async ({ hub, store, dir, pull }) => {
    let runs = 0
    const convert: NonNullable<PullOptions['convert']> = {
      isResult: ({ recipe }) => recipe?.bits === 4,
      async run({ dir: from, manifest }, out) {
        if (++runs === 1) throw new KinmeshError('NoRoom', 'not now')
        const half = readFileSync(join(from, 'model.safetensors')).subarray(0, 1000)
        writeFileSync(join(out.dir, 'model.bin'), half)
        writeFileSync(join(out.workDir, 'notes'), 'x')
        return manifestOf({ 'model.bin': half }, { name: manifest.name, source: manifest.source, recipe: { bits: 4, block: 32 } })
      }
    }
    await failsWith('NoRoom', () => pull({ convert }))
    assert.equal((await store.list()).models, [])
    const sent = hub.sent('model.safetensors')
    const { model } = await pull({ convert })
    assert.equal([hub.sent('model.safetensors'), model.manifest.recipe, staged(dir)], [sent, { bits: 4, block: 32 }, []])
    assert.equal(await pull({ convert }), { model, wasThere: true })
    // As published beside it; from that one it is made without the hub's bytes.
    await pull()
    await store.remove(model.id)
    const again = hub.sent('model.safetensors')
    assert.is((await pull({ convert })).model.id, model.id)
    assert.equal([runs, hub.sent('model.safetensors')], [3, again])
  }))

test.run()
