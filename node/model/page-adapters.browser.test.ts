import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { adapterWeightsFile } from './adapter.ts'
import { convertFolder } from './convert.node.ts'
import type { ConvertRecipe } from './convert-recipe.ts'
import { adaptedFiles, graphFile, pageFile } from './graph/decoder.ts'
import { peftAdapter } from './peft-adapter.fixtures.ts'
import { publishedConfig, publishedModel, writeModel } from './published-model.fixtures.ts'
import { manifestFile } from './store/file-path.ts'
import { ModelSite } from './testing/model-site.node.ts'
import { ModelTabs, type PageText, type Tab } from './testing/model-tabs.node.ts'
import { writtenInNode } from './testing/page-text.node.ts'
import { tinyConfigs } from './testing/tiny-models.ts'

/** Adapters in a page of a real browser, beside the same ones in Node; on the graphics card that the processor stands in for as well. */
export const missing = missingBrowser
/** A dozen loads, each of which compiles onnxruntime anew. */
export const deadlineMs = 300_000

const recipes: Record<string, ConvertRecipe> = {
  f32: { bits: 32, block: 32, zeroPoints: false, small: false },
  int4: { bits: 4, block: 32, zeroPoints: false, small: false }
}
const texts = ['hello', 'the user', 'é 手机']
const temp = mkdtempSync(join(tmpdir(), 'kinmesh-page-adapters-'))
const models = join(temp, 'models')
const browser = new Browser('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader')
const site = missing === undefined ? await ModelSite.build(models) : undefined
const tabs = new ModelTabs(browser, site, models)
const withTab = tabs.with.bind(tabs)
const seeds = [1, 2]

test.before(async () => {
  const source = writeModel(join(temp, 'published'), publishedModel())
  for (const [name, recipe] of Object.entries(recipes)) await convertFolder(source, join(models, name), recipe)
  for (const seed of seeds) writeModel(join(models, `adapter-${seed}`), peftAdapter(publishedConfig, seed))
})

test.after(async () => {
  await browser.remove()
  await site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

const loadAdapter = (tab: Tab, name: string, as: 'address' | 'files' = 'address') => tab.page.evaluate<string>(`loadAdapter('models/${name}', '${as}')`)
const write = async (tab: Tab, text: string, adapter?: string) => (await tab.page.evaluate<PageText>(`writeOn([{ role: 'user', text: '${text}' }], 12, ${JSON.stringify({ adapter })})`)).text

const places = [['f32', 'never', graphFile, adaptedFiles.graph], ['int4', 'never', pageFile, adaptedFiles.page], ['f32', 'any', graphFile, adaptedFiles.graph]] as const
for (const [name, gpu, plain, adapted] of places) {
  test(`in a page texts through adapters are those of Node, one at a time and together: ${name} on ${gpu === 'any' ? 'a graphics card' : 'the processor'}`, () => withTab(async tab => {
    const dir = join(models, name)
    const written = async (...given: Parameters<typeof writtenInNode>) => (await writtenInNode(...given)).map(({ text }) => text)
    const base = await written(dir, plain, texts)
    const through = []
    for (const seed of seeds) through.push(await written(dir, adapted, texts, join(models, `adapter-${seed}`)))
    assert.is(new Set([base[0], ...through.map(([first]) => first)]).size, 3, 'they say something else')
    await tab.loaded(tab.start(name, { gpu, threads: 2 }))
    assert.is(await write(tab, texts[0]!), base[0])
    const ids = [await loadAdapter(tab, 'adapter-1'), await loadAdapter(tab, 'adapter-2', 'files')]
    for (const [index, text] of texts.entries()) assert.equal([await write(tab, text), await write(tab, text, ids[0]), await write(tab, text, ids[1])], [base[index], through[0]![index], through[1]![index]])
    assert.equal(await Promise.all([ids[0], undefined, ids[1]].map(id => write(tab, texts[1]!, id))), [through[0]![1], base[1], through[1]![1]])
    // The same files are the same adapter, however they came.
    assert.is(await loadAdapter(tab, 'adapter-1', 'files'), ids[0])
    assert.is(await tab.page.evaluate(`unloadAdapter('${ids[0]}')`), 'unloaded')
    assert.match(await tab.page.evaluate<string>(`unloadAdapter('${ids[0]}')`), /^AdapterNotLoaded/)
    assert.is(await write(tab, texts[0]!, ids[1]), through[1]![0])
  }))
}

test('an adapter that cannot be is a named error, and the page goes on writing', () => withTab(async tab => {
  await tab.loaded(tab.start('int4', { threads: 1 }))
  const text = await write(tab, 'hello')
  writeModel(join(models, 'cut'), peftAdapter(publishedConfig))
  writeFileSync(join(models, 'cut', adapterWeightsFile), readFileSync(join(models, 'cut', adapterWeightsFile)).subarray(0, -8))
  writeModel(join(models, 'of another model'), peftAdapter(tinyConfigs['widths that are no multiple of a block']!))
  writeModel(join(models, 'no lora'), { ...peftAdapter(publishedConfig), 'adapter_config.json': '{"peft_type":"IA3"}' })
  const errors = []
  for (const [name, as] of [['nowhere', 'address'], ['cut', 'address'], ['cut', 'files'], ['of another model', 'address'], ['no lora', 'files']] as const) errors.push((await loadAdapter(tab, name, as)).split(':')[0])
  assert.equal(errors, ['DownloadFailed', 'BadAdapter', 'BadAdapter', 'AdapterMismatch', 'UnknownAdapter'])
  assert.match(await tab.page.evaluate<string>(`loadAdapter('http://:', 'address')`), /^InvalidOption/)
  assert.is(await write(tab, 'hello'), text)
}))

test('where the files of the model are gone, or it has no graph for adapters, that is said, and the model stays', () => withTab(async tab => {
  const { load } = await tab.loaded(tab.start('int4', { threads: 1 }))
  const text = await write(tab, 'hello')
  await tab.page.evaluate(`removeCached('${load.id}')`)
  assert.match(await loadAdapter(tab, 'adapter-1'), /^StoreFailed: .*load it again/)
  assert.is(await write(tab, 'hello'), text)
  cpSync(join(models, 'int4'), join(models, 'older'), { recursive: true })
  const manifest = JSON.parse(readFileSync(join(models, 'older', manifestFile), 'utf8')) as { files: { path: string }[] }
  writeFileSync(join(models, 'older', manifestFile), JSON.stringify({ ...manifest, files: manifest.files.filter(({ path }) => path !== adaptedFiles.page) }))
  await tab.loaded(tab.start('older', { threads: 1 }))
  assert.match(await loadAdapter(tab, 'adapter-1'), /^NotConverted/)
  assert.is(await write(tab, 'hello'), text)
}))

test.run()
