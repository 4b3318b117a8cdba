import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { pathProblem, pathsProblem } from './file-path.ts'
import { checkManifest, maxFiles, maxManifestBytes, modelId, parseManifest, serializeManifest, type Manifest } from './manifest.ts'
import { manifestOf, sha256Of } from './model.fixtures.ts'

const good = manifestOf({ 'config.json': '{}', 'onnx/model.onnx': 'weights' })
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const filed = (...paths: string[]): Manifest => ({ ...good, files: paths.map(path => ({ path, bytes: 1, sha256: sha256Of(path) })) })

test('a manifest comes back as it was written, whatever the order it was put together in', () => {
  const full: Manifest = { ...good, licence: null, source: { endpoint: 'https://hub.example', revision: 'b', repo: 'a' }, recipe: { zeroPoints: false, block: 32, bits: 4, head: 'int8', share: 0.5 } }
  const turned = Object.fromEntries(Object.entries({ ...full, files: [...full.files].reverse() }).reverse())
  assert.is(serializeManifest(checkManifest(turned)), serializeManifest(full))
  assert.equal(parseManifest(new TextEncoder().encode(serializeManifest(full))), full)
  const folder: Manifest = { ...good, source: { path: '/home/a/model' }, recipe: { bits: 8, block: null } }
  assert.equal(parseManifest(new TextEncoder().encode(serializeManifest(folder))), folder)
})

test('the id is a plain SHA-256 over the lines of the files, and nothing else', () => {
  const [config, weights] = [sha256Of('{}'), sha256Of('weights')]
  const id = sha256Of(`${config} 2 config.json\n${weights} 7 onnx/model.onnx\n`)
  assert.is(modelId(good), id)
  assert.is(modelId({ ...good, name: 'other', madeAt: 1, licence: null, files: [...good.files].reverse() } as Manifest), id)
  for (const change of [{ path: 'b' }, { bytes: 3 }, { sha256: weights }]) {
    const [first, ...rest] = good.files
    assert.is.not(modelId({ files: [{ ...first!, ...change }, ...rest] }), id)
  }
})

test('what is no manifest is refused, and the field is named', async () => {
  const refused: [RegExp, unknown][] = [
    [/JSON/, undefined], [/whole|Invalid/, []], [/format/, { ...good, format: 0 }], [/name/, { ...good, name: '' }], [/name/, { ...good, name: 'a\nb' }], [/kind/, { ...good, kind: 'both' }],
    [/source/, { ...good, source: { repo: 'a' } }], [/source/, { ...good, source: { path: 'a', repo: 'b', revision: 'c' } }], [/licence/, { ...good, licence: 'x'.repeat(201) }],
    [/recipe/, { ...good, recipe: {} }], [/recipe/, { ...good, recipe: { bits: 3, block: 32 } }], [/recipe/, { ...good, recipe: { bits: 4, block: 32, 'no name': 1 } }],
    [/recipe/, { ...good, recipe: { bits: 4, block: 32, deep: { a: 1 } } }],
    [/files/, { ...good, files: [] }], [/files\.0\.bytes/, { ...good, files: [{ ...good.files[0], bytes: -1 }] }], [/files\.0\.bytes/, { ...good, files: [{ ...good.files[0], bytes: 2 ** 53 }] }],
    [/files\.0\.sha256/, { ...good, files: [{ ...good.files[0], sha256: 'A'.repeat(64) }] }], [/extra/, { ...good, extra: 1 }],
    [/at most 1000/, filed(...Array.from({ length: maxFiles + 1 }, (_, n) => `f${n}`))], [/twice/, filed('a', 'A')], [/folder that is a file/, filed('a', 'A/b')]
  ]
  for (const [says, given] of refused) {
    const { message } = await failsWith('BadManifest', () => parseManifest(given === undefined ? new Uint8Array([0xff]) : encode(given)))
    assert.match(message, says)
  }
  await failsWith('BadManifest', () => parseManifest(new Uint8Array(maxManifestBytes + 1)))
  await failsWith('ManifestNewer', () => parseManifest(encode({ ...good, format: 2 })))
})

test('as many files with paths as long as can be fit a manifest', () => {
  const paths = Array.from({ length: maxFiles }, (_, n) => `${String(n).padStart(4, '0')}${'語'.repeat(156)}`)
  const bytes = new TextEncoder().encode(serializeManifest(filed(...paths)))
  assert.ok(bytes.length < maxManifestBytes, String(bytes.length))
  assert.is(parseManifest(bytes).files.length, maxFiles)
})

test('a path names one file inside the directory, on every system', () => {
  for (const path of ['config.json', 'onnx/model.onnx_data', '1_Pooling/config.json', 'a b.txt', 'größe.json', 'Modelfile', 'console.txt', 'x/manifest.json']) assert.is(pathProblem(path), undefined, path)
  const bad = [
    '', '/etc/passwd', '..', '../a', 'a/../b', 'a/..', './a', 'a//b', 'a/', '/', 'C:/a', 'c:a', 'a\\b', '\\\\host\\share', '.git/config', 'a/.hidden', 'a\0b', 'a\nb', 'a\u202eb', 'a\ud800', 'a\u2028b',
    'con', 'CON.json', 'a/nul', 'com1', 'LPT9.txt', 'com¹.a', 'conin$', 'a.', 'a ', ' a', 'a /b', 'what?', 'a*', 'a|b', '"a"', '<a>', 'gro\u0308ße', 'manifest.json', 'MANIFEST.JSON', 'x'.repeat(161), 'a/b/c/d/e/f/g'
  ]
  for (const path of bad) assert.ok(pathProblem(path), JSON.stringify(path))
  assert.is(pathsProblem(['a/b', 'a/c', 'b']), undefined)
  assert.ok(pathsProblem(['a/B', 'a/b']))
  assert.ok(pathsProblem(['a/b/c', 'a']))
})

test.run()
