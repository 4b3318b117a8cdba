import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { convertFolder, readFolderText } from '../node/model/convert.node.ts'
import { publishedConfig, publishedModel, writeModel } from '../node/model/published-model.fixtures.ts'
import { f32Tensor, writeSafetensors } from '../node/model/safetensors.fixtures.ts'
import { oracleLogits } from '../node/model/testing/decoder-oracle.ts'
import { tinyWeights } from '../node/model/testing/tiny-models.ts'
import { encodePrompt } from '../node/model/text/prompt.ts'
import { withTempDir } from '../node/testing/temp.node.ts'
import { rejects } from '../tools/assert.ts'
import { measureSubject, peersFolder } from './model/compare.ts'
import { interleaved, roundToQ4, writeGguf } from './model/gguf.ts'
import { KinmeshRuntime } from './model/kinmesh.ts'
import { type Reference, meanDivergence } from './model/references.ts'
import { prepareModels } from './model/models.ts'
import { writePublished } from './model/published.ts'
import { type ModelFiles, type Runtime, subjects } from './model/runtime.ts'
import { shapes } from './model/shapes.ts'
import { isInstalled } from './peers/install.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

const tiny = shapes.find(({ name }) => name === 'tiny')!

test('model --quick prints one document with every metric by its name', async () => {
  const report = await documentOf('model', '--quick')
  for (const [metric, variant, unit] of [
    ['load', 'tiny', 'ms'], ['first_token', 'tiny', 'ms'], ['prefill', 'tiny@16', 'tok/s'], ['decode', 'tiny@16', 'tok/s'], ['prefill', 'tiny@600', 'tok/s'], ['decode', 'tiny@600', 'tok/s'],
    ['rss', 'tiny', 'MB'], ['rss', 'tiny, 3 sessions of 600', 'MB'], ['peak', 'tiny', 'MB'], ['throughput', 'batch1 tiny', 'tok/s'], ['throughput', 'batch4 tiny', 'tok/s'], ['throughput_gain', 'batch4 tiny', 'times']
  ] as const) {
    assert.ok(valueOf(report, metric, variant) > 0, metric)
    assert.is(report.rows.find(row => row.metric === metric && row.case === variant)?.unit, unit)
  }
  assert.ok(valueOf(report, 'first_token', 'tiny') > valueOf(report, 'load', 'tiny'))
  assert.ok(valueOf(report, 'peak', 'tiny') >= valueOf(report, 'rss', 'tiny'))
  // Besides what is new, the last token of the answer: nothing was written after it.
  assert.is(valueOf(report, 'second_turn_read', 'tiny'), valueOf(report, 'second_turn_brought', 'tiny') + 1)
  assert.ok(valueOf(report, 'runs_after_cancel', 'tiny') <= 1)
})

test('a command line that cannot be is refused by name', async () => {
  for (const [args, says] of [[['--shapes', 'huge'], /not "huge"/], [['--only', 'ollama'], /not "ollama"/], [['--block', '16'], /32, 64, 128/], [['--tokens', '1'], /from 2/], [['--references', '/nowhere'], /reference\.json/]] as const) {
    const { code, stderr } = await bench('model', ...args)
    assert.is(code, 2, stderr)
    assert.match(stderr, says)
  }
})

test('references: what is the same counts as the same, and what differs by how much', () => withTempDir(async dir => {
  const folder = join(dir, 'models')
  const write = async (name: string, change: (reference: Reference) => Reference, off: number) => {
    const published = writeModel(join(folder, name), publishedModel())
    const { tokenizer, template } = await readFolderText(published)
    const messages = [{ role: 'user', content: 'the user' }] as const
    const ids = encodePrompt(tokenizer, template, messages, { nowMs: 0 })
    const weights = tinyWeights(publishedConfig, 1)
    const greedy = [...ids]
    for (let count = 0; count < 4; count++) greedy.push(indexOfGreatest(oracleLogits(publishedConfig, weights, greedy).at(-1) ?? []))
    const reference = change({ messages, input_ids: ids, greedy_ids: greedy.slice(ids.length), tokenized: [{ text: 'hello the', ids: tokenizer.encodeText('hello the') }] })
    writeFileSync(join(published, 'reference.json'), JSON.stringify(reference))
    const logits = oracleLogits(publishedConfig, weights, ids).flat()
    writeFileSync(join(published, 'logits-reference.safetensors'), writeSafetensors({ logits: f32Tensor([ids.length, publishedConfig.vocabSize], logits.map((value, at) => (at === 7 ? value + off : value))) }))
    return ids.length
  }
  const tokens = await write('same', reference => reference, 0)
  await write('other', reference => ({ ...reference, greedy_ids: reference.greedy_ids.map((id, at) => (at === 1 ? id ^ 1 : id)), tokenized: [{ text: 'hello the', ids: [1] }] }), 0.25)
  const report = await documentOf('model', '--references', folder)
  assert.ok(valueOf(report, 'logits_error', 'same f32') < 1e-4)
  assert.equal([valueOf(report, 'greedy_wrong', 'same f32, of 4'), valueOf(report, 'template_wrong', `same, of ${tokens}`)], [0, 0])
  assert.is(report.rows.find(({ metric, case: variant }) => metric === 'tokens_wrong' && variant?.startsWith('same'))?.value, 0)
  const [int8, int4] = ['int8', 'int4'].map(label => valueOf(report, 'kl', `same ${label}`))
  assert.ok(int8! > 0 && int8! < 0.01 && int4! > int8!, `${int8} ${int4}`)
  assert.ok(Math.abs(valueOf(report, 'logits_error', 'other f32') - 0.25) < 1e-3)
  assert.is(valueOf(report, 'greedy_wrong', 'other f32, of 4'), 1)
  assert.ok(report.rows.find(({ metric, case: variant }) => metric === 'tokens_wrong' && variant?.startsWith('other'))!.value > 1)
}))

test('the divergence of a distribution from another one is what its formula says', () => {
  const logits = (...shares: number[]) => Float32Array.from(shares, Math.log)
  assert.is(meanDivergence(logits(0.25, 0.75), logits(0.25, 0.75), 2), 0)
  // Two positions: none, and 0.5·ln(0.5/0.25) + 0.5·ln(0.5/0.75).
  const found = meanDivergence(logits(0.5, 0.5, 0.5, 0.5), logits(0.5, 0.5, 0.25, 0.75), 2)
  assert.ok(Math.abs(found - 0.5 * (0.5 * Math.log(2) + 0.5 * Math.log(2 / 3))) < 1e-6, `${found}`)
})

test('Q4_0: the value of greatest size is exact, none is off by more than half a step, low halves come first', () => {
  const values = Float32Array.from({ length: 64 }, (_, index) => Math.sin(index * 12.9898) * (index < 32 ? 4 : 0.5))
  values[5] = -8
  const bytes = roundToQ4(values)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < 64; index++) {
    const block = Math.floor(index / 32) * 18
    const place = index % 32
    const [scale, byte] = [view.getFloat16(block, true), bytes[block + 2 + (place % 16)]!]
    const value = ((place < 16 ? byte & 15 : byte >> 4) - 8) * scale
    // The greatest on the other side has no integer of its own: it may be off by a whole step.
    assert.ok(Math.abs(value - values[index]!) <= Math.abs(scale) * 1.01, `${index}: ${value} ${values[index]}`)
    if (index === 5) assert.is(value, -8)
  }
})

test('a GGUF file names its tensors and is as long as they are', () => withTempDir(async dir => {
  writePublished(join(dir, 'published'), tiny.config)
  await writeGguf(join(dir, 'published'), join(dir, 'model.gguf'), tiny.config)
  const bytes = readFileSync(join(dir, 'model.gguf'))
  assert.equal([bytes.toString('latin1', 0, 4), bytes.readUInt32LE(4), bytes.readBigUInt64LE(8)], ['GGUF', 3, BigInt(1 + 2 * 12 + 1)])
  // Name, two dimensions, Q4_0, at the offset of the first one.
  const info = bytes.subarray(bytes.indexOf('token_embd.weight') + 'token_embd.weight'.length)
  assert.equal([info.readUInt32LE(0), info.readBigUInt64LE(4), info.readBigUInt64LE(12), info.readUInt32LE(20), info.readBigUInt64LE(24)], [2, 64n, 512n, 2, 0n])
  const last = bytes.subarray(bytes.indexOf('output_norm.weight') + 'output_norm.weight'.length)
  const begin = bytes.length - Number(last.readBigUInt64LE(16)) - 64 * 4
  assert.is(begin % 32, 0)
  assert.ok(begin > bytes.indexOf(last) + 24 && begin < bytes.indexOf(last) + 24 + 32, 'the weights begin where the header ends')
}))

test('rows of a head are put side by side where their dimensions turn together', () => {
  // Two heads of four rows with one column.
  assert.equal([...interleaved(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), 1, 4)], [0, 2, 1, 3, 4, 6, 5, 7])
})

test('a peer that fails or takes too long is left out with a word why, and ours fails the bench', () => withTempDir(async dir => {
  const said: string[] = []
  const context = { dir, say: (text: string) => void said.push(text), profile: undefined }
  const options = { shapes: [tiny], subjects, contexts: [16], batches: [1], rounds: 1, threads: 1, block: 32, work: dir, tokens: 2, patienceMs: 60_000 } as const
  const nowhere = { kinmesh: join(dir, 'none'), packed: join(dir, 'packed'), gguf: join(dir, 'none.gguf'), transformers: join(dir, 'none') }
  assert.equal(await measureSubject(context, 'transformers.js', tiny, nowhere, options, 1), { found: [], isWhole: false })
  assert.match(said[0] ?? '', /^tiny, transformers.js: the rest is left out: /)
  await rejects(measureSubject(context, 'kinmesh', tiny, nowhere, options, 1), /^tiny: NotConverted/)
  await rejects(measureSubject(context, 'kinmesh', tiny, nowhere, { ...options, patienceMs: 0.25 }, 1), /^tiny: took longer than 0.001 s/)
}))

if (isInstalled(peersFolder)) {
  const prompts = Array.from({ length: 12 }, (_, prompt) => Array.from({ length: 24 }, (_, at) => 4 + ((prompt * 131 + at * 7919 + at * at) % 500)))
  const written = async (runtime: Runtime, files: ModelFiles) => {
    await runtime.load(files, 1, { sessions: 1, positions: 64 })
    const texts: number[][] = []
    for (const prompt of prompts) {
      const ids: number[] = []
      await runtime.write([prompt], 4, (_, id) => void ids.push(id))
      texts.push(ids)
    }
    return texts
  }

  test('transformers.js writes with our graph what ours writes, and llama.cpp with its own weights of 4 bits mostly begins in the same way', () => withTempDir(async dir => {
    const [{ LlamaRuntime }, { TransformersRuntime }] = [await import('./model/llama.ts'), await import('./model/transformers.ts')]
    for (const model_type of ['llama', 'qwen2'] as const) {
      const shape = { name: model_type, config: { ...tiny.config, model_type } }
      const files = await prepareModels(dir, shape, { subjects, block: 32, positions: 64, say: () => undefined })
      // Without the second set of weights: prompts are read by the graph that transformers.js has as well.
      const small = join(dir, `${model_type}-small`)
      await convertFolder(join(dir, model_type, 'published'), small, { bits: 4, block: 32, zeroPoints: false, small: true })
      const ours = await written(new KinmeshRuntime(), { ...files, kinmesh: small })
      assert.equal(await written(new TransformersRuntime(), files), ours)
      const theirs = await written(new LlamaRuntime(), files)
      const same = theirs.filter(([first], index) => first === ours[index]?.[0]).length
      assert.ok(same >= prompts.length / 2, `${model_type}: ${same} of ${prompts.length}`)
    }
  }))
}

function indexOfGreatest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values))
}

test.run()
