import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { findModel } from './find.ts'
import { pick, kindOf } from './pick.ts'
import { checkEndpoint, checkRepo, checkRevision } from './repo-name.ts'

const models = [
  { id: `abcd1${'0'.repeat(59)}`, name: 'Qwen/Qwen2.5-0.5B-Instruct' },
  { id: `abcd2${'0'.repeat(59)}`, name: 'HuggingFaceTB/SmolLM2-135M' },
  { id: `beef1${'0'.repeat(59)}`, name: 'someone/SmolLM2-135M' },
  { id: `beef2${'0'.repeat(59)}`, name: null }
]
const found = (given: string) => models.indexOf(findModel(models, given))

test('a model is found by its name, the end of its name, its id and the beginning of that', () => {
  const [qwen, , other, broken] = models
  assert.is(found('Qwen/Qwen2.5-0.5B-Instruct'), 0)
  assert.is(found('qwen/qwen2.5-0.5b-instruct'), 0)
  assert.is(found('qwen2.5-0.5B-instruct'), 0)
  assert.is(found(qwen!.id), 0)
  assert.is(found('ABCD1'), 0)
  assert.is(found('someone/SmolLM2-135M'), models.indexOf(other!))
  assert.is(found('beef2'), models.indexOf(broken!))
})

test('what may be several is asked back, and what is unknown gets advice', async () => {
  assert.match((await failsWith('AmbiguousModelName', () => found('SmolLM2-135M'))).message, /abcd20000000.*or beef10000000/)
  assert.match((await failsWith('AmbiguousModelName', () => found('abcd'))).message, /Qwen/)
  await failsWith('UnknownModelName', () => found('bee')) // too short for an id
  assert.match((await failsWith('UnknownModelName', () => found('SmolLM2-136M'))).message, /did you mean (HuggingFaceTB|someone)\/SmolLM2-135M or/)
  assert.match((await failsWith('UnknownModelName', () => found('qwen'))).message, /mean Qwen\/Qwen2\.5/)
  assert.match((await failsWith('UnknownModelName', () => found('llama'))).message, /kinmesh model list/)
  assert.match((await failsWith('UnknownModelName', () => findModel([], 'llama'))).message, /kinmesh model pull/)
})

test('names of models and revisions cannot lead anywhere else', async () => {
  for (const name of ['gpt2', 'Qwen/Qwen2.5-0.5B-Instruct', 'a_b/c.d', '01-ai/Yi']) assert.is(checkRepo(name), name)
  for (const name of ['', 'a/b/c', '/a', 'a/', '../a', 'a/..', 'a/.b', 'a/b.', '-a/b', 'a--b/c', 'a/b..c', 'a/b.git', 'a b', 'a/b?x', 'a/b#x', 'a/b%2e', 'ä/b', 'a\\b', 'https://huggingface.co/a/b', 'x'.repeat(97), 'a/b\n']) {
    await failsWith('BadModelName', () => checkRepo(name))
  }
  for (const revision of ['main', 'v1.0', 'refs/pr/1', 'a'.repeat(40)]) assert.is(checkRevision(revision), revision)
  for (const revision of ['', '..', 'a/../b', '/a', 'a?b', 'a b', '-x', 'x'.repeat(129)]) await failsWith('BadRevision', () => checkRevision(revision))
  assert.is(checkEndpoint('https://hub.example/hf/', 'key'), 'https://hub.example/hf')
  assert.is(checkEndpoint('http://127.0.0.1:80', 'key'), 'http://127.0.0.1')
  assert.is(checkEndpoint('http://hub.example', undefined), 'http://hub.example')
  for (const endpoint of ['hub.example', 'ftp://a', 'https://a:b@c', 'https://a?b', 'http://hub.example', 'http://127.0.0.1.evil.example']) await failsWith('BadEndpoint', () => checkEndpoint(endpoint, 'key'))
})

test('of a repository only what a model consists of is taken', async () => {
  const around = ['.gitattributes', 'README.md', 'LICENSE', 'config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'pytorch_model.bin', 'model.gguf', 'original/model.safetensors', 'original/params.json', 'onnx/model.onnx', 'train.py', 'adapter_model.safetensors']
  const small = ['LICENSE', 'chat_template.jinja', 'config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json']
  assert.equal(pick([...around, 'model.safetensors', 'consolidated.safetensors'], 'decoder'), [...small, 'model.safetensors'].sort())
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  assert.equal(pick([...around, 'model.safetensors.index.json', ...shards, 'consolidated.safetensors'], 'decoder'), [...small, ...shards, 'model.safetensors.index.json'].sort())
  assert.equal(pick([...around, 'weights.safetensors'], 'decoder'), [...small, 'weights.safetensors'].sort())
  assert.match((await failsWith('ModelUnusable', () => pick([...around, 'model.safetensors.index.json', shards[1]!], 'decoder'))).message, /parts/)
  assert.match((await failsWith('ModelUnusable', () => pick(around, 'decoder'))).message, /\*\.bin, \*\.gguf, \*\.onnx/)
  assert.match((await failsWith('ModelUnusable', () => pick(['model.safetensors', 'tokenizer.json'], 'decoder'))).message, /config\.json/)
  assert.match((await failsWith('ModelUnusable', () => pick(['model.safetensors', 'config.json'], 'decoder'))).message, /tokenizer/)
  const encoder = ['config.json', 'vocab.txt', 'tokenizer.json', 'modules.json', '1_Pooling/config.json', 'model.safetensors', 'onnx/model_quantized.onnx']
  assert.equal(pick([...encoder, 'onnx/model.onnx', 'onnx/model.onnx_data', 'openvino/x.onnx'], 'encoder'), ['1_Pooling/config.json', 'config.json', 'modules.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json', 'vocab.txt'])
  assert.ok(pick(encoder, 'encoder').includes('onnx/model_quantized.onnx'))
  await failsWith('ModelUnusable', () => pick(['config.json', 'tokenizer.json', 'model.safetensors'], 'encoder'))
  assert.match((await failsWith('ModelUnusable', () => pick(['config.json', 'vocab.txt', 'onnx/model.onnx'], 'encoder'))).message, /tokenizer\.json/)
  assert.equal(['feature-extraction', 'sentence-similarity', 'text-generation', null].map(task => kindOf(task, ['config.json'])), ['encoder', 'encoder', 'decoder', 'decoder'])
  assert.is(kindOf('fill-mask', encoder), 'encoder', 'filed under another task')
})

test.run()
