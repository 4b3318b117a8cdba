import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { convertFolder } from './convert.node.ts'
import type { ConvertRecipe } from './convert-recipe.ts'
import { openModel } from './open-model.node.ts'
import { type ModelFiles, publishedConfig, publishedModel, writeModel } from './published-model.fixtures.ts'
import { f32Tensor, writeSafetensors } from './safetensors.fixtures.ts'
import { parseManifest } from './store/manifest.ts'
import { damage } from './store/staged.node.ts'
import { tinyWeights } from './testing/tiny-models.ts'

const exact: ConvertRecipe = { bits: 32, block: 32, zeroPoints: false, small: false }
const recipes: ConvertRecipe[] = [exact, { bits: 8, block: 32, zeroPoints: false, small: true }, { bits: 4, block: 64, zeroPoints: true, small: false }]
const hello = [{ role: 'user', text: 'hello' }] as const

for (const recipe of recipes) {
  test(`a published model becomes one that answers: ${recipe.bits} bits`, () => withTempDir(async dir => {
    const source = writeModel(join(dir, 'published'), publishedModel())
    const out = join(dir, 'made')
    const progress: number[] = []
    const { id, errors } = await convertFolder(source, out, recipe, { onProgress: (bytes, total) => progress.push(bytes / total) })
    const manifest = parseManifest(readFileSync(join(out, 'manifest.json')))
    assert.equal([await damage(out, manifest, {}), readdirSync(dir).sort()], [[], ['made', 'published']], 'whole, and nothing else is left')
    assert.equal([manifest.recipe?.bits, id.length, manifest.files.map(({ path }) => path)], [recipe.bits, 64, ['LICENSE', 'config.json', 'model-adapted.onnx', 'model.onnx', ...(recipe.bits === 4 ? ['page-adapted.onnx', 'page.onnx', 'prompts-adapted.onnx', 'prompts.onnx'] : []), 'tokenizer.json', 'tokenizer_config.json', 'weights.bin']])
    assert.ok(progress.every((share, at) => share >= (progress[at - 1] ?? 0)) && progress.at(-1)! <= 1)
    assert.equal([errors.length > 0, errors.every(({ relativeError }) => relativeError > 0 && relativeError < (recipe.bits === 4 ? 0.2 : 0.02))], [recipe.bits !== 32, true])
    const { model, close } = await openModel(out, 'tiny')
    const { tokens, text } = await model.generate(hello, { maxTokens: 5 })
    assert.ok(tokens.completion > 0 && typeof text === 'string')
    await close()
  }))
}

test('the same model and recipe give the same id', () => withTempDir(async dir => {
  const source = writeModel(join(dir, 'published'), publishedModel())
  const made = await Promise.all(['a', 'b'].map(name => convertFolder(source, join(dir, name), recipes[1]!)))
  assert.is(made[0]!.id, made[1]!.id)
}))

const weights = tinyWeights(publishedConfig)
const tensors = (change: (all: Record<string, ReturnType<typeof f32Tensor>>) => void): Uint8Array => {
  const all = Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, f32Tensor(shape, data)]))
  change(all)
  return writeSafetensors(all)
}
const norm = 'model.norm.weight'
const query = 'model.layers.1.self_attn.q_proj.weight'

/** [what is wrong, which files are other ones, the error, what it names] */
const bad: [string, (files: ModelFiles) => ModelFiles, string, string][] = [
  ['a tensor is missing', () => ({ 'model.safetensors': tensors(all => void delete all[query]) }), 'BadModelFile', query],
  ['a vector is too short', () => ({ 'model.safetensors': tensors(all => void (all[norm] = f32Tensor([3], [1, 1, 1]))) }), 'BadModelFile', norm],
  ['a matrix is turned', () => ({ 'model.safetensors': tensors(all => void (all[query] = f32Tensor([32, 64], weights.get(query)!.data))) }), 'BadModelFile', 'q_proj'],
  ['a weight is not a number', () => ({ 'model.safetensors': tensors(all => void (all[norm] = f32Tensor([32], Array<number>(32).fill(Number.NaN)))) }), 'BadModelFile', norm],
  ['there are weights for what config.json does not say', () => ({ 'model.safetensors': tensors(all => void (all['model.layers.0.self_attn.q_proj.bias'] = f32Tensor([64], Array<number>(64).fill(1)))) }), 'UnknownModel', 'q_proj.bias'],
  ['the weights are cut off', files => ({ 'model.safetensors': (files['model.safetensors'] as Uint8Array).slice(0, -10) }), 'BadModelFile', 'model.safetensors'],
  ['the vocabulary is smaller than the tokenizer\'s', files => ({ 'config.json': (files['config.json'] as string).replace(/"vocab_size":\d+/, '"vocab_size":9') }), 'BadModelFile', 'token'],
  ['another architecture', files => ({ 'config.json': (files['config.json'] as string).replace('"llama"', '"mamba"') }), 'UnknownModel', 'mamba'],
  ['heads of a width that the kernels do not take', files => ({ 'config.json': (files['config.json'] as string).replace(/"head_dim":\d+/, '"head_dim":24') }), 'UnknownModel', '24'],
  ['no JSON', () => ({ 'tokenizer.json': '{' }), 'BadModelFile', 'tokenizer.json'],
  ['a hostile template', () => ({ 'tokenizer_config.json': JSON.stringify({ chat_template: '{% for' }) }), 'BadModelFile', 'template']
]
for (const [what, change, code, named] of bad) {
  test(`${what}: refused by name, and nothing is left behind`, () => withTempDir(async dir => {
    const files = publishedModel()
    const source = writeModel(join(dir, 'published'), { ...files, ...change(files) })
    await rejects(convertFolder(source, join(dir, 'made'), exact), (error: unknown) => isKinmeshError(error, code) && (error as Error).message.includes(named))
    assert.equal(readdirSync(dir), ['published'])
  }))
}

test('a folder that is there is not touched; a conversion that is stopped leaves nothing', () => withTempDir(async dir => {
  const source = writeModel(join(dir, 'published'), publishedModel())
  await rejects(convertFolder(source, source, exact), (error: unknown) => isKinmeshError(error, 'FolderExists'))
  const stop = new AbortController()
  await rejects(convertFolder(source, join(dir, 'made'), exact, { signal: stop.signal, onProgress: () => stop.abort('enough') }), (reason: unknown) => reason === 'enough')
  assert.equal([existsSync(join(source, 'config.json')), readdirSync(dir)], [true, ['published']])
}))

test('a model that was never converted says what to do', () => withTempDir(async dir => {
  const source = writeModel(join(dir, 'published'), publishedModel())
  await rejects(openModel(source, 'tiny'), (error: unknown) => isKinmeshError(error, 'NotConverted') && (error as Error).message.includes('kinmesh model convert'))
}))

test.run()
