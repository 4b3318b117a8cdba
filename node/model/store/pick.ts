import { KinmeshError } from '../../../mesh/errors.ts'
import type { ModelKind } from './manifest.ts'

const licences = /^(licen[cs]e|notice|copying|use_policy)([._-][\w.-]*)?$/i
const tokenizer = ['tokenizer.json', 'tokenizer_config.json', 'tokenizer.model', 'special_tokens_map.json', 'added_tokens.json', 'vocab.json', 'vocab.txt', 'merges.txt']
const decoderFiles = new Set(['config.json', 'generation_config.json', ...tokenizer])
/** modules.json and what it names tell how vectors of tokens become one of the text. */
const encoderFiles = new Set(['config.json', ...tokenizer, 'modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json', '1_Pooling/config.json'])
const chatTemplate = /^chat_template[\w.-]*\.(jinja|json)$/
const shard = /^model-(\d{5})-of-(\d{5})\.safetensors$/
const shardIndex = 'model.safetensors.index.json'
const wholeWeights = 'model.safetensors'
/**
 * Where encoders are published as ONNX, best first. Full precision gives the same vectors on every machine, and each text its own. Those of 8 bits round the activations
 * of all texts of a batch together and by what the processor has: they are a quarter as large, and read one text at a time.
 */
const onnxFiles = ['onnx/model.onnx', 'model.onnx', 'onnx/model_quantized.onnx']
/** Tasks of the hub whose models give vectors. */
const encoderTasks = new Set(['feature-extraction', 'sentence-similarity'])

/** What a model of this task, with these files, is for. sentence-transformers makes encoders only, whatever task they are filed under. */
export function kindOf(task: string | null, paths: readonly string[]): ModelKind {
  return (task !== null && encoderTasks.has(task)) || paths.includes('1_Pooling/config.json') ? 'encoder' : 'decoder'
}

/**
 * Which files of a repository a model consists of: configuration, tokenizer, licences and the weights in one format. Nothing that is a program in disguise (*.bin and
 * *.pt are pickles), no second copy of the weights in another format.
 * @throws KinmeshError `ModelUnusable` when something is missing
 */
export function pick(paths: readonly string[], kind: ModelKind): string[] {
  if (!paths.includes('config.json')) throw unusable('it has no config.json')
  const small = paths.filter(path => licences.test(path) || (kind === 'decoder' ? decoderFiles.has(path) || chatTemplate.test(path) : encoderFiles.has(path)))
  const tokenizers = kind === 'decoder' ? ['tokenizer.json', 'tokenizer.model', 'vocab.json', 'vocab.txt'] : ['tokenizer.json']
  if (!small.some(path => tokenizers.includes(path))) throw unusable(kind === 'decoder' ? 'it has no tokenizer' : 'it has no tokenizer.json')
  return [...small, ...(kind === 'decoder' ? safetensors(paths) : onnxOf(paths))].sort()
}

function safetensors(paths: readonly string[]): string[] {
  if (paths.includes(shardIndex)) {
    const shards = paths.filter(path => shard.test(path))
    const counts = new Set(shards.map(path => Number(shard.exec(path)?.[2])))
    if (shards.length === 0 || counts.size !== 1 || !counts.has(shards.length)) throw unusable('some parts of its weights (model-…-of-….safetensors) are missing')
    return [shardIndex, ...shards]
  }
  if (paths.includes(wholeWeights)) return [wholeWeights]
  const others = paths.filter(path => /^[^/]+\.safetensors$/.test(path) && !path.startsWith('adapter_'))
  const [only] = others
  if (only !== undefined && others.length === 1) return [only]
  const formats = ['bin', 'pt', 'pth', 'gguf', 'onnx', 'h5'].filter(format => paths.some(path => path.endsWith(`.${format}`)))
  throw unusable(`it has no weights as model.safetensors${formats.length > 0 ? `, only as ${formats.map(format => `*.${format}`).join(', ')}` : ''}`)
}

/** The graph of an encoder among these files, and those that its weights lie in. @throws KinmeshError `ModelUnusable` */
export function onnxOf(paths: readonly string[]): [graph: string, ...weights: string[]] {
  const all = paths.filter(path => path.endsWith('.onnx'))
  const main = onnxFiles.find(path => all.includes(path)) ?? (all.length === 1 ? all[0] : undefined)
  if (main === undefined) throw unusable(all.length === 0 ? 'it has no *.onnx' : `it has none of ${onnxFiles.join(', ')}, and several others`)
  // Weights beyond what fits the file itself lie beside it.
  return [main, ...paths.filter(path => path === `${main}_data` || path === `${main}.data` || (path.startsWith(`${main}_data_`) && /_\d+$/.test(path)))]
}

function unusable(problem: string): KinmeshError {
  return new KinmeshError('ModelUnusable', `this model cannot be used here (${problem}): choose another one, or another revision of it with --revision`)
}
