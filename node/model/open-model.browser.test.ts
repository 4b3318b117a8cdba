import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { convertFolder, readFolderText } from './convert.node.ts'
import type { ConvertRecipe } from './convert-recipe.ts'
import { accepts } from './grammar/schemas.fixtures.ts'
import { graphFile, pageFile } from './graph/decoder.ts'
import { publishedModel, writeModel } from './published-model.fixtures.ts'
import { bytesOf } from './store/manifest.ts'
import { ModelSite } from './testing/model-site.node.ts'
import { ModelTabs, type PageText, manifestOf as manifestIn, weightBytes as weightBytesOf } from './testing/model-tabs.node.ts'
import { onProcessor } from './testing/page-suites.ts'
import { writtenInNode } from './testing/page-text.node.ts'

/** Models in a page of a real browser, beside the same ones in Node. */
export const missing = missingBrowser
/** Some thirty loads, each of which compiles onnxruntime anew. */
export const deadlineMs = 400_000

const recipes: Record<string, ConvertRecipe> = {
  f32: { bits: 32, block: 32, zeroPoints: false, small: false },
  int8: { bits: 8, block: 32, zeroPoints: false, small: false },
  int4: { bits: 4, block: 64, zeroPoints: true, small: false },
  small: { bits: 4, block: 32, zeroPoints: false, small: true }
}
const texts = ['hello', 'the user', 'é 手机']
/** Published models with what they are to write, for those who have them. */
const references = process.env['KINMESH_REFERENCE_MODELS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'reference-models')
const temp = mkdtempSync(join(tmpdir(), 'kinmesh-model-page-'))
const models = join(temp, 'models')
const ids = new Map<string, string>()
const browser = new Browser('--host-resolver-rules=MAP plain.test 127.0.0.1')
const site = missing === undefined ? await ModelSite.build(models) : undefined
const tabs = new ModelTabs(browser, site, models)
const withTab = tabs.with.bind(tabs)

/** Steps of a load, in this order. */
const order = ['check', 'fetch', 'load']
const manifestOf = (name: string) => manifestIn(models, name)
const weightBytes = (name: string) => weightBytesOf(manifestOf(name))

test.before(async () => {
  const source = writeModel(join(temp, 'published'), publishedModel())
  for (const [name, recipe] of Object.entries(recipes)) ids.set(name, (await convertFolder(source, join(models, name), recipe)).id)
})

test.after(async () => {
  await browser.remove()
  await site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

/** What the graph that a page runs writes in Node. */
function inNode(name: string): Promise<{ text: string; completion: number }[]> {
  const dir = join(models, name)
  return writtenInNode(dir, existsSync(join(dir, pageFile)) ? pageFile : graphFile, texts)
}

if (site) {
  const contract = await browser.open(await site.serve({ isolated: false }))
  for (const name of (await contract.evaluate<string[]>('names()')).filter(name => name.includes(onProcessor))) test(name, async () => contract.evaluate<void>(`runOne(${JSON.stringify(name)})`))
}

for (const name of ['f32', 'int8', 'int4']) {
  test(`in a page a model writes what it writes in Node, on one thread and on two: ${name}`, () => withTab(async tab => {
    const expected = await inNode(name)
    for (const threads of [1, 2]) {
      const { load } = await tab.loaded(tab.start(name, { threads }))
      assert.equal([load.id, load.runsOn, load.threads, load.keptIn, load.notes], [ids.get(name), 'processor', threads, 'opfs', []])
      for (const [index, text] of texts.entries()) {
        const { text: answer, tokens, pieces } = await tab.write(text)
        assert.equal([{ text: answer, completion: tokens.completion }, pieces.join('')], [expected[index], answer])
      }
    }
  }))
}

test('a model that was made small runs, and the page says what it costs', () => withTab(async tab => {
  const { load } = await tab.loaded(tab.start('small', { threads: 1 }))
  assert.equal(load.notes.map(note => note.slice(0, 29)), ['this model was made small, wh'])
  const { tokens, text } = await tab.write('hello')
  assert.ok(tokens.completion > 0 && text !== '')
}))

for (const family of ['llama', 'qwen2']) {
  const reference = join(references, family)
  if (!existsSync(reference)) continue
  test(`a page writes the ids of the reference, as Node does: ${family}`, () => withTab(async tab => {
    const { greedy_ids: expected, messages } = JSON.parse(readFileSync(join(reference, 'reference.json'), 'utf8')) as { greedy_ids: number[]; messages: { role: string; content: string }[] }
    await convertFolder(reference, join(models, family), recipes['f32']!)
    await tab.loaded(tab.start(family, { threads: 2 }))
    const { tokenizer } = await readFolderText(reference)
    const { text, tokens } = await tab.page.evaluate<PageText>(`writeOn(${JSON.stringify(messages.map(({ role, content }) => ({ role, text: content })))}, ${expected.length})`)
    assert.equal([text, tokens.completion], [tokenizer.decode(expected), expected.length])
  }))
}

test('a page holds an answer to a schema', () => withTab(async tab => {
  await tab.loaded(tab.start('f32', { threads: 1 }))
  const schema = { type: 'object', properties: { city: { enum: ['Rome', 'Zürich'] }, days: { type: 'integer', minimum: 1, maximum: 14 } }, required: ['city', 'days'] }
  const options = { schema, sampling: { temperature: 50, seed: 7 } }
  const { text, finish } = await tab.page.evaluate<PageText & { finish: string }>(`writeOn([{ role: 'user', text: 'hello' }], 200, ${JSON.stringify(options)})`)
  assert.is(finish, 'end')
  assert.ok(accepts(schema, JSON.parse(text)), text)
  assert.match(await tab.page.evaluate<string>(`writeOn([{ role: 'user', text: 'hello' }], 5, { schema: { not: {} } }).catch(error => error.code)`), /^InvalidOption$/)
}))

test('what is being written is cancelled within a step, and ends when the model is closed', () => withTab(async tab => {
  await tab.loaded(tab.start('f32', { threads: 1 }))
  const { text } = await tab.write('hello', 5)
  assert.equal(await tab.page.evaluate(`cancel('the user')`), { reason: 'enough', after: (await tab.write('the user', 5)).text })
  assert.is((await tab.write('hello', 5)).text, text)
  assert.match(await tab.page.evaluate<string>('close()'), /^DeviceStopped/)
}))

test('a model is loaded once over the network, with progress, and from then on without any', () => withTab(async (tab, site) => {
  const { load, progress } = await tab.loaded(tab.start('int4'))
  const bytes = bytesOf(manifestOf('int4'))
  assert.equal([load.name, load.fetchedBytes], ['int4', bytes])
  const steps = progress.map(({ step }) => step)
  assert.equal(steps, [...steps].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
  assert.ok(new Set(steps).size === 3 && progress.every((each, index) => each.totalBytes === bytes && each.bytes >= (progress[index - 1]?.bytes ?? 0)))
  assert.equal([progress[0]?.bytes, progress.at(-1)?.bytes], [0, bytes])
  const { text } = await tab.write('hello')
  assert.equal(await tab.page.evaluate('cachedModels()'), [{ id: ids.get('int4'), name: 'int4', url: `${tab.url}models/int4/`, bytes }])
  site.isRefusing = true
  const asked = site.requests.length
  await tab.page.reload()
  const again = await tab.loaded(tab.start('int4'))
  assert.equal([again.load.fetchedBytes, again.progress.some(({ step }) => step === 'fetch'), (await tab.write('hello')).text], [0, false, text])
  // By its id it is found wherever it was to come from.
  await tab.loaded({ source: { url: 'models/elsewhere', id: ids.get('int4')! } })
  await tab.loaded({ source: { url: 'models/int4' } })
  assert.match(await tab.error({ source: { url: 'http://:' } }), /^InvalidOption/)
  assert.is(site.requests.length, asked)
  await tab.page.evaluate(`removeCached(${JSON.stringify(ids.get('int4'))})`)
  assert.equal([await tab.page.evaluate('cachedModels()'), await tab.page.evaluate('kept()')], [[], []])
  assert.match(await tab.error(tab.start('int4')), /^DownloadFailed/)
}))

test('an address that holds another model is asked again when that one is wanted, and what it gave before goes', () => withTab(async tab => {
  const at = join(models, 'changing')
  cpSync(join(models, 'int8'), at, { recursive: true })
  assert.is((await tab.loaded(tab.start('changing'))).load.id, ids.get('int8'))
  rmSync(at, { recursive: true })
  cpSync(join(models, 'f32'), at, { recursive: true })
  assert.is((await tab.loaded(tab.start('changing'))).load.id, ids.get('int8'), 'what is kept is taken')
  const wanted = { source: { url: `${tab.url}models/changing/`, id: ids.get('f32')! } }
  assert.is((await tab.loaded(wanted)).load.id, ids.get('f32'))
  assert.equal((await tab.page.evaluate<{ id: string }[]>('cachedModels()')).map(({ id }) => id), [ids.get('f32')])
  assert.equal((await tab.page.evaluate<unknown[]>('kept()')).length, new Set(manifestOf('f32').files.map(({ sha256 }) => sha256)).size + 1)
}))

for (const how of ['flip', 'cut'] as const) {
  test(`what is kept and damaged (${how}) is fetched again, and nothing else is`, () => withTab(async (tab, site) => {
    await tab.loaded(tab.start('int4'))
    const { text } = await tab.write('hello')
    const large = manifestOf('int4').files.filter(({ bytes }) => bytes > 20_000)
    assert.is(await tab.page.evaluate(`damage('${how}', 20_001)`), large.length)
    site.requests.length = 0
    const { load } = await tab.loaded(tab.start('int4'))
    assert.equal([load.fetchedBytes, site.requests.map(({ path }) => path)], [bytesOf({ files: large }), large.map(({ path }) => `int4/${path}`)])
    assert.is((await tab.write('hello')).text, text)
  }))
}

test('a download that is cut goes on where it was; one whose bytes are wrong starts over, and what stays wrong is refused by name', () => withTab(async (tab, site) => {
  await tab.loadedAfterCut('int4', site)
  assert.equal(site.requests.filter(({ path }) => path === 'int4/weights.bin').map(({ range }) => range), [undefined, 'bytes=50000-'])
  const { text } = await tab.write('hello')
  await tab.page.evaluate(`removeCached(${JSON.stringify(ids.get('int4'))})`)
  // A server that gives no parts, has no such part, or is busy.
  for (const fault of [{ range: 'ignored' }, { status: 416 }, { status: 503 }] as const) {
    await tab.loadedAfterCut('int4', site, fault)
    assert.is((await tab.write('hello')).text, text)
    await tab.page.evaluate(`removeCached(${JSON.stringify(ids.get('int4'))})`)
  }
  const wrong = new Uint8Array(manifestOf('int4').files.find(({ path }) => path === 'weights.bin')!.bytes)
  site.fault('int4/weights.bin', { content: wrong })
  assert.match(await tab.error(tab.start('int4')), /^WrongHash: weights\.bin/)
  assert.equal(await tab.page.evaluate('cachedModels()'), [])
  site.fault('int4/weights.bin', { content: new Uint8Array([...wrong, 1]) })
  assert.match(await tab.error(tab.start('int4')), /^WrongHash: weights\.bin has more/)
  site.fault('int4/manifest.json', { content: new TextEncoder().encode('{}') })
  assert.match(await tab.error(tab.start('int4')), /^BadManifest/)
  assert.match(await tab.error({ source: { url: `${tab.url}models/int4/`, id: ids.get('f32')! } }), /^WrongModel/)
  assert.match(await tab.error(tab.start('nowhere')), /^DownloadFailed: .*404/)
  // All that is right was kept meanwhile, and is taken up. A connection that is gone is tried again.
  site.requests.length = 0
  await tab.loaded(tab.start('int4'))
  assert.equal([...new Set(site.requests.map(({ path }) => path))], ['int4/manifest.json', 'int4/weights.bin'])
}))

test('a load that is stopped half way leaves no model, and the next one goes on from there', () => withTab(async (tab, site) => {
  site.fault('int4/weights.bin', { stallAfter: 50_000 })
  const loading = tab.load(tab.start('int4'))
  await tab.reached('int4', 50_000)
  await tab.page.evaluate('stopLoading()')
  assert.is(await loading, 'enough')
  assert.equal(await tab.page.evaluate('cachedModels()'), [])
  await tab.page.reload()
  site.requests.length = 0
  const { load } = await tab.loaded(tab.start('int4'))
  assert.equal([load.fetchedBytes, site.requests.find(({ path }) => path === 'int4/weights.bin')?.range], [weightBytes('int4') - 50_000, 'bytes=50000-'])
  // What an interrupted download of another model left goes when the next one begins.
  site.fault('int8/weights.bin', { stallAfter: 40_000 })
  const other = tab.load(tab.start('int8'))
  await tab.reached('int8', 40_000)
  await tab.page.evaluate('stopLoading()')
  assert.is(await other, 'enough')
  await tab.loaded(tab.start('f32'))
  assert.equal((await tab.page.evaluate<{ bytes: number }[]>('kept()')).some(({ bytes }) => bytes === 40_000), false)
  assert.equal((await tab.page.evaluate<{ name: string }[]>('cachedModels()')).map(({ name }) => name).sort(), ['f32', 'int4'])
}))

test('a browser that says how little room it has is not asked for more', () => withTab(async (tab, site) => {
  assert.match(await tab.error(tab.start('int4')), /^DiskFull: this model takes 1 MB more, and the browser has 1 MB left/)
  assert.equal(site.requests.map(({ path }) => path), ['int4/manifest.json'])
}, { prelude: 'navigator.storage.estimate = async () => ({ quota: 200_000, usage: 100_000 })' }))

for (const [what, prelude] of [['its files', ''], ['its cache', 'delete globalThis.FileSystemSyncAccessHandle;']]) {
  test(`a browser that has less room than it says refuses ${what} by name, and takes the model once there is room`, () => withTab(async tab => {
    const devtools = await tab.page.context().newCDPSession(tab.page)
    const { origin } = new URL(tab.url)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
    assert.match(await tab.error(tab.start('int4')), /^DiskFull: the browser has no room left/)
    assert.equal(await tab.page.evaluate('cachedModels()'), [])
    await devtools.send('Storage.overrideQuotaForOrigin', { origin })
    await tab.loaded(tab.start('int4'))
  }, { prelude: `${prelude}navigator.storage.estimate = async () => ({ quota: 1e12, usage: 0 })` }))
}

test('a page without files of its own keeps models in its cache; one over plain http keeps none; without isolation there is one thread: each says so', async () => {
  const expected = (await inNode('int4'))[0]?.text
  await withTab(async (tab, site) => {
    const { load } = await tab.loaded(tab.start('int4', { threads: 2 }))
    assert.equal([load.keptIn, load.threads, load.notes.length], ['cache', 2, 1])
    assert.match(load.notes[0]!, /starts over/)
    assert.is((await tab.write('hello')).text, expected)
    site.isRefusing = true
    assert.is((await tab.loaded(tab.start('int4'))).load.fetchedBytes, 0)
    assert.is((await tab.page.evaluate<unknown[]>('cachedModels()')).length, 1)
    await tab.page.evaluate(`removeCached(${JSON.stringify(ids.get('int4'))})`)
    site.isRefusing = false
    await tab.loadedAfterCut('int4', site)
  }, { prelude: 'delete globalThis.FileSystemSyncAccessHandle' })
  await withTab(async (tab, site) => {
    for (const _time of ['first', 'second']) {
      const { load } = await tab.loaded(tab.start('int4', { threads: 2 }))
      assert.equal([load.keptIn, load.threads, load.fetchedBytes, load.notes.length], ['nowhere', 1, bytesOf(manifestOf('int4')), 2])
      assert.match(load.notes.join('; '), /plain http.*one thread instead of 2/)
      assert.is((await tab.write('hello')).text, expected)
    }
    await tab.loadedAfterCut('int4', site)
  }, { host: 'plain.test' })
  await withTab(async tab => {
    const { load } = await tab.loaded(tab.start('int4', { threads: 2 }))
    assert.equal([load.keptIn, load.threads, load.notes.length], ['opfs', 1, 1])
    assert.is((await tab.write('hello')).text, expected)
  }, { isolated: false })
})

test.run()
