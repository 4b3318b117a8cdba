import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../tools/browser/chromium.ts'
import { convertFolder, readFolderText } from './convert.node.ts'
import type { ConvertRecipe } from './convert-recipe.ts'
import { graphFile, pageFile } from './graph/decoder.ts'
import type { BlockFormat } from './graph/weight-layout.ts'
import { publishedConfig, publishedModel, writeModel } from './published-model.fixtures.ts'
import { quantizeRows } from './quantize.ts'
import { buildDecoder, unrounded } from './testing/built-models.node.ts'
import { oracleLogits } from './testing/decoder-oracle.ts'
import { dequantizeRows } from './testing/dequantize.ts'
import { ModelSite } from './testing/model-site.node.ts'
import { ModelTabs, type PageText, type Tab } from './testing/model-tabs.node.ts'
import { onCard, afterFailure } from './testing/page-suites.ts'
import { writtenInNode } from './testing/page-text.node.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from './testing/tiny-models.ts'

/** Models on the graphics card that Chromium has everywhere: one that the processor stands in for (SwiftShader). */
export const missing = missingBrowser
/** Some forty loads of a library of 27 MB, and kernels that are compiled at each. */
export const deadlineMs = 600_000

const recipes: Record<string, ConvertRecipe> = {
  f32: { bits: 32, block: 32, zeroPoints: false, small: false },
  int4: { bits: 4, block: 32, zeroPoints: false, small: false },
  // A row of 32 columns is half of such a block, whose zero points the kernels for cards refuse.
  refused: { bits: 4, block: 64, zeroPoints: true, small: false }
}
const references = process.env['KINMESH_REFERENCE_MODELS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'reference-models')
const temp = mkdtempSync(join(tmpdir(), 'kinmesh-model-gpu-'))
const models = join(temp, 'models')
const browser = new Browser('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader')
const site = missing === undefined ? await ModelSite.build(models) : undefined
const tabs = new ModelTabs(browser, site, models)
const withTab = tabs.with.bind(tabs)
const ids = [3, 17, 42, 5, 5, 60, 0, 29, 33, 8, 11, 54]

test.before(async () => {
  const source = writeModel(join(temp, 'published'), publishedModel())
  for (const [name, recipe] of Object.entries(recipes)) await convertFolder(source, join(models, name), recipe)
})

test.after(async () => {
  await browser.remove()
  await site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

const formats: Record<string, BlockFormat | null> = {
  'f32': null, 'int4, blocks of 32': { bits: 4, block: 32, zeroPoints: false }, 'int8, blocks of 32': { bits: 8, block: 32, zeroPoints: false }
}
// With rows of 128 columns, its kernels round activations to 8 bits as those of the processor do.
const roundingShape = 'heads wider than the stream (head_dim)'
const roundedShapes = ['tied head', 'widths that are no multiple of a block', roundingShape]

if (site) {
  const url = await site.serve({ isolated: false })
  const page = await browser.open(url)
  const contract = await browser.open(url)
  for (const name of (await contract.evaluate<string[]>('names()')).filter(name => name.includes(onCard) && !name.includes(afterFailure))) test(name, async () => contract.evaluate<void>(`runOne(${JSON.stringify(name)})`))

  test('after a run that failed there is none on the card, which is told', async () => {
    const [first, second] = await contract.evaluate<string[]>(`failOnCard(${JSON.stringify(`${url}models/f32/`)})`)
    assert.match(first!, /^ModelFailed: onnxruntime: /)
    assert.match(second!, /^ModelFailed: the graphics card failed \(.+\): load the model again$/)
  })

  for (const [bits, format] of Object.entries(formats)) {
    for (const [what, config] of Object.entries(tinyConfigs).filter(([what]) => format === null || roundedShapes.includes(what))) {
      test(`logits on a card are those of the formula, in any slot and at any position: ${bits}, ${what}`, async () => {
        const weights = tinyWeights(config)
        const { path } = await buildDecoder(config, format ? { linear: format, embedding: format } : unrounded, rowsOfWeights(weights))
        const name = `${bits} ${what}`
        cpSync(dirname(path), join(models, name), { recursive: true })
        const rounded = format ? new Map([...weights].map(([name, { shape, data }]) => {
          const columns = shape[1]
          return [name, { shape, data: columns ? dequantizeRows(quantizeRows(data, columns, format), columns, format) : data }] as const
        })) : weights
        const all = oracleLogits(config, rounded, [...ids, 13])
        const expected = [[...all[5]!, ...all[10]!], all[11]!, all[11]!, [...all[12]!, ...oracleLogits(config, rounded, [...ids.slice(0, 8), 13])[8]!]]
        const tolerance = format && what === roundingShape ? 0.05 * Math.max(...all.flat().map(Math.abs)) : 1e-4
        const found = await page.evaluate<number[][]>(`decodeOnCard(${JSON.stringify(encodeURI(`${url}models/${name}/`))}, ${JSON.stringify(config)}, ${JSON.stringify(ids)})`)
        for (const [step, logits] of expected.entries()) {
          assert.is(found[step]!.length, logits.length)
          const greatest = Math.max(...logits.map((value, index) => Math.abs(value - found[step]![index]!)))
          assert.ok(greatest < tolerance, `step ${step}: ${greatest}`)
        }
      })
    }
  }
}

/** Counts what goes to and from the card in the worker, hears of what it fetches, and takes the card away. */
const watching = `{
  const copied = { up: 0, down: 0 }
  const watch = (type, name, before) => {
    const original = type.prototype[name]
    type.prototype[name] = function (...given) {
      before.apply(this, given)
      return original.apply(this, given)
    }
  }
  watch(GPUQueue, 'writeBuffer', (buffer, at, data, from = 0, size = data.byteLength - from) => void (copied.up += size))
  watch(GPUDevice, 'createBuffer', ({ size, mappedAtCreation }) => void (copied.up += mappedAtCreation ? size : 0))
  watch(GPUBuffer, 'mapAsync', function () { copied.down += this.size })
  let taken
  const request = GPUAdapter.prototype.requestDevice
  GPUAdapter.prototype.requestDevice = async function (...given) { return (taken = await request.apply(this, given)) }
  const channel = new BroadcastChannel('watching')
  channel.onmessage = async ({ data }) => {
    if (data === 'take') taken.destroy()
    if (data === 'take') await taken.lost
    if (data !== 'told') channel.postMessage({ ...copied, fetched: performance.getEntriesByType('resource').map(({ name }) => name) })
  }
}`
type Watched = { up: number; down: number; fetched: string[] }

function watched(tab: Tab, say: 'tell' | 'take' = 'tell'): Promise<Watched> {
  return tab.page.evaluate<Watched>(`new Promise(resolve => {
    const channel = new BroadcastChannel('watching')
    channel.onmessage = ({ data }) => { if (data.fetched) resolve(data) }
    channel.postMessage('${say}')
  })`)
}

test('keys and values stay on the card, and the library for cards is fetched when there is one', () => withTab(async tab => {
  const { load } = await tab.loaded(tab.start('int4', { gpu: 'any', positions: 512 }))
  assert.equal([load.runsOn, load.threads, load.notes], ['graphics card', 1, []])
  await tab.write('hello', 2)
  const before = await watched(tab)
  const { tokens, pieces } = await tab.write('hello', 12)
  assert.equal([tokens.completion, pieces.length > 0], [12, true])
  const after = await watched(tab)
  const { layers, kvHeads, headDim, vocabSize } = publishedConfig
  const logitBytes = vocabSize * 4
  const cacheBytes = layers.length * 2 * kvHeads * 512 * headDim * 4
  assert.ok(after.down - before.down >= 12 * logitBytes && after.down - before.down < 16 * logitBytes, `${after.down - before.down} bytes came down`)
  assert.ok(after.up - before.up > 0 && after.up - before.up < cacheBytes / 4, `${after.up - before.up} bytes went up`)
  assert.ok(after.fetched.some(name => /asyncify.*\.wasm$/.test(name)) && after.fetched.every(name => name.startsWith(tab.url)), after.fetched.join())
  // A card that is taken away, as drivers do when they are renewed, ends the text by name.
  await watched(tab, 'take')
  assert.match(await tab.page.evaluate<string>(`write('hello', 5).then(() => 'written', error => error.code + ': ' + error.message)`), /^ModelFailed: the graphics card failed \(.+\): load the model again/)
}, { prelude: watching }))

test('on a card a page writes what the same graph writes in Node, and two texts at once are each what they are alone', () => withTab(async tab => {
  const texts = ['hello', 'the user', 'é 手机']
  const expected = await writtenInNode(join(models, 'f32'), graphFile, texts)
  const { load } = await tab.loaded(tab.start('f32', { gpu: 'any' }))
  assert.equal([load.runsOn, load.notes], ['graphics card', []])
  for (const [index, text] of texts.entries()) {
    const { text: answer, tokens } = await tab.write(text)
    assert.equal({ text: answer, completion: tokens.completion }, expected[index])
  }
  const together = await tab.page.evaluate<PageText[]>(`Promise.all(${JSON.stringify(texts)}.map(text => write(text, 12)))`)
  assert.equal(together.map(({ text }) => text), expected.map(({ text }) => text))
}))

for (const family of ['llama', 'qwen2']) {
  const reference = join(references, family)
  if (!existsSync(reference)) continue
  test(`on a card a page writes the ids of the reference: ${family}`, () => withTab(async tab => {
    const { greedy_ids: expected, messages } = JSON.parse(readFileSync(join(reference, 'reference.json'), 'utf8')) as { greedy_ids: number[]; messages: { role: string; content: string }[] }
    const { tokenizer } = await readFolderText(reference)
    const asked = JSON.stringify(messages.map(({ role, content }) => ({ role, text: content })))
    await convertFolder(reference, join(models, family), recipes['f32']!)
    await tab.loaded(tab.start(family, { gpu: 'any' }))
    const { text, tokens } = await tab.page.evaluate<PageText>(`writeOn(${asked}, ${expected.length})`)
    assert.equal([text, tokens.completion], [tokenizer.decode(expected), expected.length])
  }))
}

/** The buffers of the second slot are broken, after tables of positions and the first one: nothing says so but an event. In a block: the script of the worker has names of its own. */
const smallMemory = `{
  const create = GPUDevice.prototype.createBuffer
  let large = 0
  GPUDevice.prototype.createBuffer = function (described) {
    const isBroken = described.size > 10_000 && !described.mappedAtCreation && ++large > 6
    return create.call(this, isBroken ? { ...described, size: 2 ** 50 } : described)
  }
}`
const without: Record<string, { name?: string; gpu?: 'any' | 'auto'; prelude?: string; note: RegExp }> = {
  'a card that the processor stands in for': { gpu: 'auto', note: /^this browser has no graphics card but one that the processor stands in for, so the model runs on the processor$/ },
  'no WebGPU': { prelude: `Object.defineProperty(navigator, 'gpu', { value: undefined })`, note: /^this browser gives this page no graphics card/ },
  'no card': { prelude: `navigator.gpu.requestAdapter = async () => null`, note: /^this browser has no graphics card that pages can use/ },
  'a card that cannot be opened': { prelude: `GPUAdapter.prototype.requestDevice = async () => { throw new Error('out of luck') }`, note: /^the graphics card could not be opened \(out of luck\), so/ },
  'a card that fails while the model is loaded': { prelude: `GPUDevice.prototype.createShaderModule = () => { throw new Error('no shaders') }`, note: /^the graphics card could not run this model \(/ },
  'a card that has too little memory': { prelude: smallMemory, note: /^the graphics card could not run this model \(the graphics card failed \(.+\): load the model again\), so the model runs on the processor$/ },
  'a card that has no kernel for it': { name: 'refused', note: /^the graphics card could not run this model \(onnxruntime: .*GatherBlockQuantized/ },
  'a model of 32 bits': { name: 'f32', gpu: 'auto', note: /^graphics cards multiply no matrices of 32 bits here, so/ }
}

for (const [what, { name = 'int4', gpu = 'any', prelude = '', note }] of Object.entries(without)) {
  test(`a model runs on the processor instead, which is told: ${what}`, () => withTab(async tab => {
    const { load } = await tab.loaded(tab.start(name, { gpu, threads: 1 }))
    assert.equal([load.runsOn, load.notes.length], ['processor', 1])
    assert.match(load.notes[0]!, note)
    const [expected] = await writtenInNode(join(models, name), existsSync(join(models, name, pageFile)) ? pageFile : graphFile, ['hello'])
    assert.is((await tab.write('hello')).text, expected!.text)
  }, { prelude }))
}

test.run()
