import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError, type KinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { Graph, type ElementType } from '../graph/graph.ts'
import type { GraphOptions } from '../testing/tiny-encoder.ts'
import { type Changes, configJson, modulesJson, poolingJson, publishedEncoder, wordPiecesJson, writeEncoder } from './encoder.fixtures.ts'
import { openEncoder } from './open-encoder.node.ts'

async function refused(code: string, what: RegExp, changes: Changes, graph: GraphOptions = {}): Promise<void> {
  await withTempDir(async dir => {
    const error = await rejects(openEncoder(writeEncoder(dir, publishedEncoder(changes, graph)), { threads: 1 }), (error: unknown) => isKinmeshError(error, code), `${code} ${String(what)}`) as KinmeshError
    assert.match(error.message, what)
    assert.not(error.message.includes('\n'), 'one line')
  })
}

/** One that gives `name` and does next to nothing. */
function graphOf(inputs: Readonly<Record<string, [ElementType, (number | string)[]]>>, name = 'last_hidden_state', shape: (number | string)[] = ['b', 't', 24], type: ElementType = 'float32'): Changes {
  const graph = new Graph('other')
  const values = Object.entries(inputs).map(([input, [type, shape]]) => graph.input(input, type, shape))
  const cast = graph.op('Cast', [values[0]!], { type, shape: ['b', 't'] }, { attributes: { to: { int: type === 'float32' ? 1 : 6 } } })
  const wide = graph.op('Unsqueeze', [cast, graph.constant(new BigInt64Array([2n]), [1])], { type, shape: ['b', 't', 1] })
  const size = shape.at(-1)
  const ones = graph.constant(type === 'float32' ? new Float32Array(typeof size === 'number' ? size : 24).fill(1) : new Int32Array(24), [typeof size === 'number' ? size : 24])
  graph.output(graph.op('Mul', shape.length === 3 ? [wide, ones] : [cast, cast], { name, type, shape }))
  return { 'onnx/model.onnx': graph.encode() }
}

/** One whose vectors have a size that shows only when it runs. */
function graphOfUnknownSize(size: number): Uint8Array {
  const graph = new Graph('other')
  const ids = graph.input('input_ids', 'int64', ['b', 't'])
  const zero = graph.op('ReduceMax', [graph.op('Sub', [ids, ids], { type: 'int64', shape: ['b', 't'] })], { type: 'int64', shape: [1, 1] })
  const wanted = graph.op('Add', [graph.op('Reshape', [zero, graph.constant(new BigInt64Array([1n]), [1])], { type: 'int64', shape: [1] }), graph.constant(new BigInt64Array([BigInt(size)]), [1])], { type: 'int64', shape: [1] })
  const numbers = graph.op('Cast', [graph.op('Unsqueeze', [ids, graph.constant(new BigInt64Array([2n]), [1])], { type: 'int64', shape: ['b', 't', 1] })], { type: 'float32', shape: ['b', 't', 1] }, { attributes: { to: { int: 1 } } })
  graph.output(graph.op('Expand', [numbers, wanted], { name: 'last_hidden_state', type: 'float32', shape: ['b', 't', 'h'] }))
  return graph.encode()
}

const ids: [ElementType, (number | string)[]] = ['int64', ['b', 't']]

test('a graph that does not fit is refused by the name of what does not', async () => {
  await refused('UnknownModel', /takes position_ids/, {}, { inputs: ['input_ids', 'attention_mask', 'position_ids'] })
  await refused('UnknownModel', /does not take input_ids/, graphOf({ attention_mask: ids }))
  await refused('UnknownModel', /none of sentence_embedding, last_hidden_state, token_embeddings, only logits/, {}, { output: 'logits' })
  await refused('UnknownModel', /input_ids as int32 \[any, any\]/, graphOf({ input_ids: ['int32', ['b', 't']] }))
  await refused('UnknownModel', /input_ids as int64 \[1, any\]/, graphOf({ input_ids: ['int64', [1, 't']] }))
  await refused('UnknownModel', /last_hidden_state as int32 /, graphOf({ input_ids: ids }, 'last_hidden_state', ['b', 't', 24], 'int32'))
  await refused('UnknownModel', /last_hidden_state as float32 \[any, any\]/, graphOf({ input_ids: ids }, 'last_hidden_state', ['b', 't']))
  await refused('UnknownModel', /vectors of 23 numbers, and config\.json says 24/, graphOf({ input_ids: ids }, 'token_embeddings', ['b', 't', 23]))
  await refused('UnknownModel', /vectors of 24 numbers, and config\.json says 25/, { 'config.json': { ...configJson, hidden_size: 25 } })
  await refused('ModelFailed', /onnxruntime/, { 'onnx/model.onnx': graphOfUnknownSize(24), 'config.json': { ...configJson, hidden_size: 25 } })
  await refused('ModelFailed', /onnxruntime/, { 'onnx/model.onnx': 'no graph' })
  await refused('ModelFailed', /onnxruntime/, { 'onnx/model.onnx': '' })
  await refused('ModelUnusable', /no \*\.onnx/, { 'onnx/model.onnx': undefined })
  await refused('ModelUnusable', /several others/, { 'onnx/model.onnx': undefined, 'onnx/a.onnx': 'x', 'b.onnx': 'x' })
})

test('vectors of which a number is none are an error, and weights elsewhere are not read', async () => {
  await refused('ModelFailed', /some numbers are none/, {}, { place: (graph, name, data, shape) => graph.constant(name === 'embeddings.type' ? data.map(() => NaN) : data, shape) })
  const outside = (location: string): GraphOptions => ({ place: (graph, name, data, shape) => (name === 'embeddings.word' ? graph.weight(name, 'float32', shape, { location, offset: 0, length: data.byteLength }) : graph.constant(data, shape)) })
  await refused('ModelFailed', /escapes model directory/, { 'weights.bin': new Uint8Array(120 * 24 * 4) }, outside('../weights.bin'))
  await refused('ModelFailed', /Absolute path/, {}, outside('/etc/passwd'))
  await refused('ModelFailed', /onnxruntime/, {}, outside('nowhere.bin'))
  await refused('ModelFailed', /onnxruntime/, { 'onnx/weights.bin': 'short' }, outside('weights.bin'))
})

test('what makes the vectors in another way is refused by name', async () => {
  const config = (more: object) => ({ 'config.json': { ...configJson, ...more } })
  await refused('UnknownModel', /is a llama/, config({ model_type: 'llama' }))
  await refused('UnknownModel', /is a constructor/, config({ model_type: 'constructor' }))
  for (const mode of ['max_tokens', 'mean_sqrt_len_tokens']) await refused('UnknownModel', new RegExp(`by ${mode}`), { '1_Pooling/config.json': poolingJson(mode) })
  await refused('UnknownModel', /"cls_token, mean_tokens"/, { '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } })
  await refused('UnknownModel', /1_Pooling/, { '1_Pooling/config.json': {} })
  await refused('UnknownModel', /lasttoken/, { '1_Pooling/config.json': { pooling_mode: 'lasttoken' } })
  const dense = [...modulesJson.slice(0, 2), { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' }]
  await refused('UnknownModel', /Transformer, Pooling, Dense/, { 'modules.json': dense })
  await refused('UnknownModel', /modules\.json/, { 'modules.json': [] })
  await refused('UnknownModel', /elsewhere/, { 'modules.json': [modulesJson[0], { ...modulesJson[1], path: '../elsewhere' }] })
  await refused('BadModelFile', /1_Pooling.*not there/, { '1_Pooling/config.json': undefined })
  await refused('UnknownModel', /lower case/, { 'sentence_bert_config.json': { max_seq_length: 32, do_lower_case: true } })
  await refused('UnknownModel', /prompt/, { '1_Pooling/config.json': { ...poolingJson('mean_tokens'), include_prompt: false }, 'config_sentence_transformers.json': { prompts: { query: 'q: ' } } })
  await refused('BadModelFile', /lacks its prompt/, { 'config_sentence_transformers.json': { default_prompt_name: 'x' } })
})

test('files that are damaged, absurd or of another model are refused', async () => {
  const config = (more: object) => ({ 'config.json': { ...configJson, ...more } })
  for (const file of ['config.json', 'tokenizer.json', 'modules.json', '1_Pooling/config.json', 'config_sentence_transformers.json', 'sentence_bert_config.json', 'tokenizer_config.json']) {
    for (const content of ['{"', '7', '"text"', '\u0000']) await refused('BadModelFile', /./, { [file]: content })
  }
  await refused('BadModelFile', /no config\.json/, { 'config.json': undefined })
  await refused('BadModelFile', /no vocab\.txt/, { 'tokenizer.json': undefined })
  for (const more of [{ vocab_size: 0 }, { vocab_size: 1e9 }, { vocab_size: 120.5 }, { hidden_size: -1 }, { hidden_size: undefined }, { max_position_embeddings: undefined }, { pad_token_id: 120 }, { pad_token_id: -1 }]) await refused('BadModelFile', /config\.json/, config(more))
  await refused('BadModelFile', /2 tokens.*puts 2/, { 'sentence_bert_config.json': { max_seq_length: 2 } })
  await refused('BadModelFile', /different models/, config({ vocab_size: 20 }))
  await withTempDir(async dir => {
    writeEncoder(dir, publishedEncoder())
    truncateSync(join(dir, 'onnx/model.onnx'), 3000)
    await rejects(openEncoder(dir), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
    writeFileSync(join(dir, 'onnx/model.onnx_data'), '')
    truncateSync(join(dir, 'onnx/model.onnx_data'), 5 * 1024 ** 3)
    await rejects(openEncoder(dir), (error: unknown) => isKinmeshError(error, 'BadModelFile'))
    await rejects(openEncoder(join(dir, 'nowhere')), (error: unknown) => isKinmeshError(error, 'BadModelFile'))
  })
})

test('tokenizers of other kinds are refused by name, those that do not hold together as damaged', async () => {
  const changed = (change: (json: ReturnType<typeof wordPiecesJson>) => void) => {
    const json = wordPiecesJson()
    change(json)
    return { 'tokenizer.json': json }
  }
  await refused('UnknownModel', /is a Unigram/, changed(json => (json.model.type = 'Unigram')))
  await refused('UnknownModel', /step Lowercase/, changed(json => (json.normalizer.type = 'Lowercase')))
  await refused('UnknownModel', /step Whitespace/, changed(json => (json.pre_tokenizer.type = 'Whitespace')))
  await refused('UnknownModel', /step ByteLevel/, changed(json => (json.post_processor.type = 'ByteLevel')))
  await refused('UnknownModel', /do_lower_case false/, { 'tokenizer_config.json': { do_lower_case: false } })
  await refused('UnknownModel', /strip_accents true/, { 'tokenizer_config.json': { strip_accents: true } })
  await refused('UnknownModel', /nothing around/, changed(json => (json.post_processor.single = [{ Sequence: { id: 'A', type_id: 0 } }])))
  await refused('BadModelFile', /no place/, changed(json => json.post_processor.single.splice(1, 1)))
  await refused('BadModelFile', /does not say what it is/, changed(json => json.post_processor.single.push({ SpecialToken: { id: '[MASK]', type_id: 0 } })))
  await refused('BadModelFile', /none of its own/, changed(json => (json.post_processor.special_tokens['[CLS]'].ids = [119])))
  await refused('BadModelFile', /unknown words/, changed(json => (json.model.unk_token = '<unk>')))
  await refused('BadModelFile', /max_input_chars_per_word/, changed(json => (json.model.max_input_chars_per_word = 1e9)))
  await refused('BadModelFile', /clean_text/, changed(json => (json.normalizer.clean_text = false)))
  await refused('BadModelFile', /the id/, changed(json => (json.model.vocab['tea'] = 1000)))
})

test.run()
