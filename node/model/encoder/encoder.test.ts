import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { oracleVectors } from '../testing/encoder-oracle.ts'
import { type GraphOptions, encoderWeights, tinySizes } from '../testing/tiny-encoder.ts'
import { batchesOf } from './batches.ts'
import { type Changes, configJson, modulesJson, poolingJson, publishedEncoder, wordPiecesJson, writeEncoder } from './encoder.fixtures.ts'
import { type Encoder, createEncoder, maxChars, maxTexts } from './encoder.ts'
import { openEncoder } from './open-encoder.node.ts'
import { readWordPieces } from './word-pieces.ts'

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const texts = ['tea at five', 'hello', '', '你好, 手机!', 'the hello works at five: playing, playing, and playing again. What else is there?', 'hello hello']
const reader = readWordPieces(wordPiecesJson(), undefined, tinySizes.vocabSize)

async function withEncoder(work: (encoder: Encoder) => Promise<void>, changes: Changes = {}, graph: GraphOptions & { seed?: number } = {}): Promise<void> {
  await withTempDir(async dir => {
    const encoder = await openEncoder(writeEncoder(dir, publishedEncoder(changes, graph)), { threads: 1 })
    try {
      await work(encoder)
    } finally {
      await encoder.close()
    }
  })
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.is(a.length, b.length)
  return Array.from(a).reduce((greatest, value, at) => Math.max(greatest, Math.abs(value - b[at]!)), 0)
}

/** What must come out, in f64. */
function expected(text: string, { mode = 'mean', normalize = true, maxTokens = 32, prompt = '' } = {}): number[] {
  const states = oracleVectors(tinySizes, encoderWeights(tinySizes), reader.encode(prompt + text, maxTokens))
  const vector = mode === 'cls' ? states[0]! : states[0]!.map((_, at) => states.reduce((sum, state) => sum + state[at]!, 0) / states.length)
  const norm = normalize ? Math.hypot(...vector) : 1
  return vector.map(value => value / norm)
}

async function equalsOracle(encoder: Encoder, given: readonly string[], options: Parameters<typeof expected>[1] = {}): Promise<void> {
  for (const [index, vector] of (await encoder.embed(given)).entries()) assert.ok(greatestDifference(vector, expected(given[index]!, options)) < 1e-5, given[index])
}

const withoutNormalize = modulesJson.slice(0, 2)
const ways: [string, Changes, Parameters<typeof expected>[1], Partial<Encoder>][] = [
  ['the mean, of length 1', {}, {}, { normalized: true, isAssumed: false }],
  ['the first token', { '1_Pooling/config.json': poolingJson('cls_token') }, { mode: 'cls' }, {}],
  ['the mean as it is', { 'modules.json': withoutNormalize }, { normalize: false }, { normalized: false }],
  ['named as newer files do', { '1_Pooling/config.json': { pooling_mode: 'cls', embedding_dimension: 24 } }, { mode: 'cls' }, {}],
  ['nothing said', { 'modules.json': undefined, '1_Pooling/config.json': undefined, 'sentence_bert_config.json': undefined, 'tokenizer_config.json': undefined }, { maxTokens: 40 }, { normalized: true, isAssumed: true }],
  ['pooling without modules', { 'modules.json': undefined, '1_Pooling/config.json': poolingJson('cls_token') }, { mode: 'cls' }, { isAssumed: false }]
]
for (const [what, changes, options, told] of ways) {
  test(`vectors are those of the formula: ${what}`, () => withEncoder(async encoder => {
    await equalsOracle(encoder, texts, options)
    assert.is(encoder.dimensions, tinySizes.hidden)
    for (const [key, value] of Object.entries(told)) assert.is(encoder[key as keyof Encoder], value, key)
  }, changes))
}

test('a text has the vector that it has alone, whatever is read with it, in the order of the texts', () => withEncoder(async encoder => {
  const many = Array.from({ length: 200 }, (_, index) => `${texts[index % texts.length]} ${'tea '.repeat(index % 17)}`)
  const together = await encoder.embed(many)
  for (const [index, text] of many.entries()) {
    const [alone] = await encoder.embed([text])
    assert.ok(greatestDifference(together[index]!, alone!) < 1e-5, text)
  }
  assert.equal(await encoder.embed([]), [])
}))

test('of a long text the end is not read, what stands around a text always is', () => withEncoder(async encoder => {
  await equalsOracle(encoder, ['tea '.repeat(29), 'tea '.repeat(30), 'tea '.repeat(31), 'tea '.repeat(5000)], { maxTokens: 32 })
  const [a, b, c] = await encoder.embed([`${'tea '.repeat(30)}five`, 'tea '.repeat(30), 'x'.repeat(100_000)])
  assert.equal(a, b)
  assert.is(c!.length, tinySizes.hidden)
}))

test('a text is read no further than its positions, and in the families that count them from the padding on, less far', async () => {
  const wide = { 'sentence_bert_config.json': undefined, 'tokenizer_config.json': { model_max_length: 1e30 } }
  await withEncoder(encoder => equalsOracle(encoder, ['tea '.repeat(100)], { maxTokens: 40 }), wide)
  await withEncoder(encoder => equalsOracle(encoder, ['tea '.repeat(100)], { maxTokens: 38 }), { ...wide, 'config.json': { ...configJson, model_type: 'mpnet', pad_token_id: 1 } })
})

test('words before a text, where the model has some', async () => {
  const prompts = { 'config_sentence_transformers.json': { prompts: { query: 'query: ', passage: 'passage: ' }, default_prompt_name: null } }
  await withEncoder(async encoder => {
    const embed = async (kind?: 'query' | 'document') => (await encoder.embed(['tea'], { kind }))[0]!
    for (const [kind, prompt] of [['query', 'query: '], ['document', 'passage: '], [undefined, '']] as const) assert.ok(greatestDifference(await embed(kind), expected('tea', { prompt })) < 1e-5, kind)
  }, prompts)
  await withEncoder(async encoder => assert.equal(await encoder.embed(['tea'], { kind: 'query' }), await encoder.embed(['tea'])))
  await withEncoder(encoder => equalsOracle(encoder, ['tea'], { prompt: 'the ' }), { 'config_sentence_transformers.json': { prompts: { other: 'the ' }, default_prompt_name: 'other' } })
})

test('a graph of 8 bits, which rounds what is read together together, reads each text by itself', () => withEncoder(async encoder => {
  const together = await encoder.embed(texts)
  for (const [index, text] of texts.entries()) {
    assert.equal(await encoder.embed([text]), [together[index]], text)
    // Rounded to 8 bits, and near all the same.
    assert.ok(together[index]!.reduce((sum, value, at) => sum + value * expected(text)[at]!, 0) > 0.99, text)
  }
}, {}, { quantized: true }))

test('a graph that does not look at the mask, or takes none, reads each text by itself', async () => {
  for (const inputs of [['input_ids'], ['input_ids', 'token_type_ids']]) await withEncoder(encoder => equalsOracle(encoder, texts), {}, { inputs })
})

test('a graph that makes the vector of the text itself is taken at its word', () => withEncoder(async encoder => {
  const [vector] = await encoder.embed(['tea'])
  const states = oracleVectors(tinySizes, encoderWeights(tinySizes), reader.encode('tea', 32))
  const most = states[0]!.map((_, at) => Math.max(...states.map(state => state[at]!)))
  assert.ok(greatestDifference(vector!, most.map(value => value / Math.hypot(...most))) < 1e-5)
}, {}, { output: 'sentence_embedding' }))

test('texts of about the same length are read together, within bounds, each once', () => {
  const lengths = [5, 512, 3, 3, 40, 512, 4, 600, 2]
  const batches = batchesOf(lengths, 512)
  assert.equal(batches.flat().sort((a, b) => a - b), [...lengths.keys()])
  for (const batch of batches) assert.ok(batch.length === 1 || batch.length * Math.max(...batch.map(index => lengths[index]!)) <= 512)
  assert.is(batches.length, 4)
  assert.equal(batchesOf([3, 2, 1], 0), [[2], [1], [0]])
  assert.equal(batchesOf([], 10), [])
})

test('one batch runs at a time, those who ask take turns, and a signal ends the work before the next one', async () => {
  const turn = () => new Promise<void>(resolve => { setImmediate(resolve) })
  const runs: number[] = []
  let [running, onRun] = [0, (_run: number): void => {}]
  const graph = {
    dimensions: 1, close: () => {}, readsApart: async () => true,
    async run(batch: readonly (readonly number[])[]) {
      assert.is(++running, 1, 'one at a time')
      runs.push(batch.length)
      onRun(runs.length)
      await turn()
      running--
      return batch.map(ids => Float32Array.of(ids.length))
    }
  }
  const encoder = await createEncoder(graph, reader, { ...tinySizes, hiddenSize: 1, maxTokens: 32, padId: 0, pooling: 'mean', normalize: false, isAssumed: false, prompts: { query: '', document: '', other: '' } }, turn)
  // 30 tokens each, so that 17 of them are a batch.
  const many = Array<string>(17 * 40).fill('tea '.repeat(28))
  let few: Promise<unknown> | undefined
  onRun = run => { if (run === 3) few = encoder.embed(['tea']) }
  assert.equal((await encoder.embed(many)).map(vector => vector[0]), many.map(() => 30))
  await few
  assert.equal([runs.length, runs.filter(count => count === 17).length], [41, 40])
  assert.ok(runs.indexOf(1) < 10, 'few texts wait for a few batches of many')
  const cancel = new AbortController()
  onRun = run => { if (run === 41 + 5) cancel.abort('enough') }
  await rejects(encoder.embed(many, { signal: cancel.signal }), (reason: unknown) => reason === 'enough')
  assert.is(runs.length, 41 + 5)
  onRun = run => { if (run === 46 + 2) void encoder.close() }
  await rejects(encoder.embed(many), coded('DeviceStopped'))
  assert.is(runs.length, 46 + 2)
})

test('too much at once, a signal and a closed encoder: a named error, and the next texts are read', async () => {
  await withEncoder(async encoder => {
    await rejects(encoder.embed(Array<string>(maxTexts + 1).fill('')), coded('TooManyTexts'))
    await rejects(encoder.embed(['x'.repeat(maxChars + 1)]), coded('TooManyTexts'))
    await rejects(encoder.embed(['tea'], { signal: AbortSignal.abort('before') }), (reason: unknown) => reason === 'before')
    const cancel = new AbortController()
    const cut = rejects(encoder.embed(Array<string>(2000).fill('the hello works at five'), { signal: cancel.signal }), (reason: unknown) => reason === 'enough')
    // Whoever asks for little is served before the rest of the many.
    await encoder.embed(['tea'])
    cancel.abort('enough')
    await cut
    await equalsOracle(encoder, ['tea'])
    const last = rejects(encoder.embed(Array<string>(2000).fill('tea at five')), coded('DeviceStopped'))
    await encoder.close()
    await last
    await rejects(encoder.embed(['tea']), coded('DeviceStopped'))
  })
})

test.run()
