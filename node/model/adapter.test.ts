import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { type Adapter, adapterWeightsFile, maxAdapterBytes, readAdapter } from './adapter.ts'
import { adapterConfigFile } from './adapter-config.ts'
import { allTargets, peftAdapter, peftTensors, savedConfig } from './peft-adapter.fixtures.ts'
import { type StoredTensor, f32Tensor, memoryFiles, writeSafetensors } from './safetensors.fixtures.ts'
import { tinyConfigs } from './testing/tiny-models.ts'

const model = tinyConfigs['tied head']!
const query = 'model.layers.1.self_attn.q_proj'
const [queryA, queryB] = [`base_model.model.${query}.lora_A.weight`, `base_model.model.${query}.lora_B.weight`]

const read = (config: unknown, tensors: Record<string, StoredTensor> = peftTensors(model)): Promise<Adapter> =>
  readAdapter(memoryFiles({ [adapterConfigFile]: JSON.stringify(config), [adapterWeightsFile]: writeSafetensors(tensors) }), model)
const numbers = ({ bytes }: StoredTensor) => new Float32Array(bytes.slice().buffer)

/** B · A of one module, [rows · columns], in f64. */
function product(adapter: Adapter, name: string, rows: number, columns: number): number[] {
  const { rank, a, b } = adapter.linears.get(name)!
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    return Array.from({ length: rank }, (_, r) => b[r * rows + row]! * a[column * rank + r]!).reduce((sum, each) => sum + each, 0)
  })
}

test('what PEFT saves is read: the modules, A and B turned, the scale in B', async () => {
  const tensors = peftTensors(model)
  const adapter = await read(savedConfig, tensors)
  assert.equal([...adapter.linears.keys()], [0, 1].flatMap(layer => ['q', 'v'].map(each => `model.layers.${layer}.self_attn.${each}_proj`)))
  const [a, b] = [numbers(tensors[queryA]!), numbers(tensors[queryB]!)]
  const expected = Array.from({ length: 64 * 32 }, (_, at) => {
    const [row, column] = [Math.floor(at / 32), at % 32]
    return (8 / 4) * [0, 1, 2, 3].reduce((sum, r) => sum + b[row * 4 + r]! * a[r * 32 + column]!, 0)
  })
  assert.ok(product(adapter, query, 64, 32).every((value, at) => Math.abs(value - expected[at]!) < 1e-7))
  assert.is(adapter.bytes, [...adapter.linears.values()].reduce((sum, { a, b }) => sum + 4 * (a.length + b.length), 0))
})

test('the id is that of the content: the same files the same, another number or setting another', async () => {
  const ids = await Promise.all([read(savedConfig), read(savedConfig), read({ ...savedConfig, lora_alpha: 9 }), read(savedConfig, peftTensors(model, { seed: 2 }))].map(async each => (await each).id))
  assert.equal([new Set(ids).size, ids[0] === ids[1], /^[0-9a-f]{64}$/.test(ids[0]!)], [3, true, true])
})

/** [what, settings, the scale of the query projection of layer 1] */
const scales: [string, Record<string, unknown>, number][] = [
  ['alpha / r', {}, 2],
  ['use_rslora', { use_rslora: true }, 4],
  ['alpha_pattern', { alpha_pattern: { v_proj: 1, 'layers.1.self_attn.q_proj': 2 } }, 0.5],
  ['the first of alpha_pattern that fits', { alpha_pattern: { q_proj: 1, 'layers.1.self_attn.q_proj': 2 } }, 0.25],
  ['alpha_pattern of another module', { alpha_pattern: { 'layers.0.self_attn.q_proj': 2, oj: 3 } }, 2]
]
for (const [what, settings, scale] of scales) {
  test(`scale: ${what}`, async () => {
    const tensors = peftTensors(model)
    const { b } = (await read({ ...savedConfig, ...settings }, tensors)).linears.get(query)!
    assert.is(b[1], Math.fround(numbers(tensors[queryB]!)[4]! * scale))
  })
}

test('rank_pattern: each module has a rank of its own', async () => {
  const adapter = await read({ ...savedConfig, rank_pattern: { 'layers.1.self_attn.q_proj': 2 }, use_rslora: true }, peftTensors(model, { rankOf: name => (name === query ? 2 : 4) }))
  assert.equal([...adapter.linears.values()].map(({ rank }) => rank), [4, 4, 2, 4])
})

/** [target_modules and more, the modules that it means, by layer and last name] */
const targets: [Record<string, unknown>, string[]][] = [
  [{ target_modules: ['down_proj'] }, ['0 down', '1 down']],
  [{ target_modules: [query, 'layers.0.mlp.up_proj'] }, ['0 up', '1 q']],
  [{ target_modules: ['q_proj'], layers_to_transform: [1] }, ['1 q']],
  [{ target_modules: ['q_proj', 'model.layers.0.mlp.up_proj'], layers_to_transform: 1, layers_pattern: 'layers' }, ['0 up', '1 q']],
  [{ target_modules: 'all-linear' }, [0, 1].flatMap(layer => ['q', 'k', 'v', 'o', 'gate', 'up', 'down'].map(each => `${layer} ${each}`))],
  [{ target_modules: String.raw`.*\.(q_proj|down_proj)` }, ['0 q', '0 down', '1 q', '1 down']],
  [{ target_modules: String.raw`.*(?:self_attn\.q_proj|up_proj)$` }, ['0 q', '0 up', '1 q', '1 up']],
  [{ target_modules: '.*v_proj' }, ['0 v', '1 v']]
]
for (const [settings, expected] of targets) {
  test(`targets: ${JSON.stringify(settings)}`, async () => {
    const isMeant = (name: string) => expected.includes(`${name.split('.')[2]} ${name.split('.').at(-1)!.replace('_proj', '')}`)
    const tensors = Object.fromEntries(Object.entries(peftTensors(model, { targets: allTargets })).filter(([name]) => isMeant(name.split('.').slice(2, -2).join('.'))))
    const adapter = await read({ ...savedConfig, ...settings }, tensors)
    assert.equal([...adapter.linears.keys()].map(name => `${name.split('.')[2]} ${name.split('.').at(-1)!.replace('_proj', '')}`), expected)
  })
}

test('f16 and bf16 are read as what they are', async () => {
  const tensors = peftTensors(model)
  const halves = { dtype: 'F16', shape: [64, 4], bytes: new Uint8Array(Uint16Array.from({ length: 256 }, () => 0x3e00).buffer) }
  const brain = { dtype: 'BF16', shape: [4, 32], bytes: new Uint8Array(Uint16Array.from({ length: 128 }, () => 0xc020).buffer) }
  const { a, b } = (await read(savedConfig, { ...tensors, [queryA]: brain, [queryB]: halves })).linears.get(query)!
  assert.equal([a, b], [new Float32Array(128).fill(-2.5), new Float32Array(256).fill(3)])
})

/** [settings, the error, what it names] */
const refused: [Record<string, unknown>, string, string][] = [
  [{ peft_type: 'IA3' }, 'UnknownAdapter', 'IA3'], [{ peft_type: null }, 'UnknownAdapter', 'peft_type'], [{ use_dora: true }, 'UnknownAdapter', 'use_dora'],
  [{ modules_to_save: ['lm_head'] }, 'UnknownAdapter', 'modules_to_save'], [{ bias: 'lora_only' }, 'UnknownAdapter', 'bias'], [{ lora_bias: true }, 'UnknownAdapter', 'lora_bias'],
  [{ fan_in_fan_out: true }, 'UnknownAdapter', 'fan_in_fan_out'], [{ task_type: 'SEQ_CLS' }, 'UnknownAdapter', 'SEQ_CLS'], [{ init_lora_weights: 'pissa' }, 'UnknownAdapter', 'pissa'],
  [{ layer_replication: [[0, 2]] }, 'UnknownAdapter', 'layer_replication'], [{ exclude_modules: ['q_proj'] }, 'UnknownAdapter', 'exclude_modules'],
  [{ trainable_token_indices: [1] }, 'UnknownAdapter', 'trainable_token_indices'], [{ something_new: 3 }, 'UnknownAdapter', 'something_new'], [{ layers_pattern: 'blocks' }, 'UnknownAdapter', 'blocks'],
  [{ target_modules: '(a+)+b' }, 'UnknownAdapter', '(a+)+b'], [{ target_modules: ['q_proj', 'lm_head'] }, 'AdapterMismatch', 'lm_head'], [{ target_modules: ['c_attn'] }, 'AdapterMismatch', 'c_attn'],
  [{ layers_to_transform: [7] }, 'AdapterMismatch', 'no layer'], [{ target_modules: ['q_proj'] }, 'AdapterMismatch', 'v_proj'], [{ target_modules: allTargets }, 'BadAdapter', 'k_proj'],
  [{ target_modules: [] }, 'BadAdapter', 'target_modules'], [{ target_modules: ['q_proj|.*'] }, 'BadAdapter', 'target_modules'], [{ target_modules: null }, 'BadAdapter', 'target_modules'],
  [{ rank_pattern: { '.*q_proj': 2 } }, 'BadAdapter', 'rank_pattern'], [{ rank_pattern: { q_proj: 2 } }, 'BadAdapter', 'rank 2'], [{ alpha_pattern: { q_proj: '2' } }, 'BadAdapter', 'alpha_pattern'],
  ...[0, -1, 1.5, 2 ** 20, '4', undefined].map(r => [{ r }, 'BadAdapter', 'r'] as [Record<string, unknown>, string, string]),
  ...[0, -8, 1e9, null].map(each => [{ lora_alpha: each }, 'BadAdapter', 'lora_alpha'] as [Record<string, unknown>, string, string]), [{ r: 5 }, 'BadAdapter', 'rank 5']
]
for (const [settings, code, named] of refused) {
  test(`refused by name: ${JSON.stringify(settings)}`, async () => {
    await rejects(read({ ...savedConfig, ...settings }), (error: unknown) => isKinmeshError(error, code) && error.message.includes(named))
  })
}

const filled = (shape: readonly number[], value: number) => f32Tensor(shape, Array<number>(shape.reduce((product, size) => product * size, 1)).fill(value))
/** [what, the tensors that are other ones, the error, what it names] */
const damaged: [string, Record<string, StoredTensor | undefined>, string, string][] = [
  ['a tensor is missing', { [queryB]: undefined }, 'BadAdapter', queryB],
  ['a tensor nobody asked for', { 'base_model.model.lm_head.lora_A.weight': filled([4, 32], 1) }, 'AdapterMismatch', 'lm_head'],
  ['DoRA\'s magnitudes', { [`base_model.model.${query}.lora_magnitude_vector`]: filled([64], 1) }, 'AdapterMismatch', 'magnitude'],
  ['a wider model', { [queryA]: filled([4, 48], 1) }, 'AdapterMismatch', queryA],
  ['a model of more heads', { [queryB]: filled([96, 4], 1) }, 'AdapterMismatch', queryB],
  ['another rank than it says', { [queryA]: filled([8, 32], 1) }, 'BadAdapter', queryA],
  ['A as a vector', { [queryA]: filled([128], 1) }, 'BadAdapter', queryA],
  ['not a number', { [queryB]: filled([64, 4], Number.NaN) }, 'BadAdapter', queryB],
  ['infinite', { [queryA]: filled([4, 32], Number.NEGATIVE_INFINITY) }, 'BadAdapter', queryA],
  ['infinite once it is scaled', { [queryB]: filled([64, 4], 3e38) }, 'BadAdapter', queryB],
  ['integers', { [queryA]: { dtype: 'I32', shape: [4, 32], bytes: new Uint8Array(512) } }, 'BadAdapter', 'I32']
]
for (const [what, other, code, named] of damaged) {
  test(`refused by name: ${what}`, async () => {
    const tensors = Object.fromEntries(Object.entries({ ...peftTensors(model), ...other }).filter((entry): entry is [string, StoredTensor] => entry[1] !== undefined))
    await rejects(read(savedConfig, tensors), (error: unknown) => isKinmeshError(error, code) && error.message.includes(named))
  })
}

test('files that are missing, cut off, no JSON or too large: a named error', async () => {
  const files = peftAdapter(model)
  const weights = files[adapterWeightsFile] as Uint8Array
  const bad = (other: Record<string, string | Uint8Array>) => rejects(readAdapter(memoryFiles({ ...files, ...other }), model), (error: unknown) => isKinmeshError(error, 'BadAdapter'))
  await bad({ [adapterConfigFile]: '{' })
  await bad({ [adapterConfigFile]: '[]' })
  await bad({ [adapterConfigFile]: ' '.repeat(2 ** 20 + 1) })
  for (const length of [0, 7, 100, weights.length - 1]) await bad({ [adapterWeightsFile]: weights.slice(0, length) })
  for (const name of Object.keys(files)) await rejects(readAdapter(memoryFiles(Object.fromEntries(Object.entries(files).filter(([each]) => each !== name))), model), (error: unknown) => isKinmeshError(error, 'BadAdapter') && error.message.includes(name))
  const large = { size: maxAdapterBytes + 1, read: () => Promise.reject(new Error('it was read')) }
  await rejects(readAdapter(async name => (name === adapterWeightsFile ? large : memoryFiles(files)(name)), model), (error: unknown) => isKinmeshError(error, 'BadAdapter'))
})

test.run()
