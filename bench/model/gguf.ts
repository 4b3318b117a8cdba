import { closeSync, openSync, writeSync } from 'node:fs'
import { folderFiles } from '../../node/model/file-source.node.ts'
import { openTensors } from '../../node/model/safetensors.ts'
import type { TensorRows } from '../../node/model/write-weights.ts'
import type { HubConfig } from './shapes.ts'

// The file format of llama.cpp: ggml-org/ggml:docs/gguf.md. Everything is little-endian.

const version = 3
const alignment = 32
/** Types of values, and of tensors (ggml.h). */
const valueTypes = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const
const tensorTypes = { f32: 0, q4_0: 2 } as const
/** LLAMA_FTYPE_MOSTLY_Q4_0; LLAMA_TOKEN_TYPE_NORMAL. */
const [mostlyQ4, normalToken] = [2, 1]
/** Q4_0: 32 values of 4 bits, and their scale as f16. */
const [blockValues, blockBytes] = [32, 18]

/** `heads`: of a matrix whose rows are to be reordered; see `interleaved`. */
export type GgufTensor = { readonly name: string; readonly source: string; readonly rows: number; readonly columns: number; readonly type: keyof typeof tensorTypes; readonly heads?: number }

/** Writes the model in a published folder as llama.cpp's own tools would, with 4 bits for every matrix (Q4_0, the embedding included). */
export async function writeGguf(published: string, path: string, config: HubConfig): Promise<void> {
  const files = folderFiles(published)
  const out = openSync(path, 'w')
  try {
    const weights = await openTensors(files.open)
    const tensors = ggufTensors(config)
    let end = 0
    const offsets = tensors.map(tensor => {
      const offset = aligned(end)
      end = offset + bytesOf(tensor)
      return offset
    })
    const header = headerOf(config, tensors, offsets)
    writeSync(out, header, 0, header.length, 0)
    for (const [index, tensor] of tensors.entries()) {
      const bytes = await encoded(tensor, weights)
      writeSync(out, bytes, 0, bytes.length, header.length + offsets[index]!)
    }
  } finally {
    closeSync(out)
    await files.close()
  }
}

/** Their names: ggml-org/llama.cpp:gguf-py/gguf/constants.py. */
function ggufTensors({ model_type, vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads }: HubConfig): GgufTensor[] {
  const kvSize = (hidden_size / num_attention_heads) * num_key_value_heads
  const matrix = (name: string, source: string, rows: number, columns: number): GgufTensor => ({ name: `${name}.weight`, source: `${source}.weight`, rows, columns, type: 'q4_0' })
  const vector = (name: string, source: string, columns: number): GgufTensor => ({ name, source, rows: 1, columns, type: 'f32' })
  const turned = (heads: number) => (model_type === 'llama' ? { heads } : {})
  const bias = (at: string, from: string, size: number) => (model_type === 'qwen2' ? [vector(`${at}.bias`, `${from}.bias`, size)] : [])
  const layers = Array.from({ length: num_hidden_layers }, (_, index) => ({ at: `blk.${index}`, from: `model.layers.${index}` })).flatMap(({ at, from }) => [
    vector(`${at}.attn_norm.weight`, `${from}.input_layernorm.weight`, hidden_size),
    { ...matrix(`${at}.attn_q`, `${from}.self_attn.q_proj`, hidden_size, hidden_size), ...turned(num_attention_heads) }, ...bias(`${at}.attn_q`, `${from}.self_attn.q_proj`, hidden_size),
    { ...matrix(`${at}.attn_k`, `${from}.self_attn.k_proj`, kvSize, hidden_size), ...turned(num_key_value_heads) }, ...bias(`${at}.attn_k`, `${from}.self_attn.k_proj`, kvSize),
    matrix(`${at}.attn_v`, `${from}.self_attn.v_proj`, kvSize, hidden_size), ...bias(`${at}.attn_v`, `${from}.self_attn.v_proj`, kvSize),
    matrix(`${at}.attn_output`, `${from}.self_attn.o_proj`, hidden_size, hidden_size),
    vector(`${at}.ffn_norm.weight`, `${from}.post_attention_layernorm.weight`, hidden_size),
    matrix(`${at}.ffn_gate`, `${from}.mlp.gate_proj`, intermediate_size, hidden_size), matrix(`${at}.ffn_up`, `${from}.mlp.up_proj`, intermediate_size, hidden_size),
    matrix(`${at}.ffn_down`, `${from}.mlp.down_proj`, hidden_size, intermediate_size)
  ])
  return [matrix('token_embd', 'model.embed_tokens', vocab_size, hidden_size), ...layers, vector('output_norm.weight', 'model.norm.weight', hidden_size)]
}

function headerOf(config: HubConfig, tensors: readonly GgufTensor[], offsets: readonly number[]): Buffer {
  const { model_type: architecture, vocab_size, hidden_size, num_attention_heads } = config
  const headDim = hidden_size / num_attention_heads
  const numbers = {
    block_count: config.num_hidden_layers, context_length: config.max_position_embeddings, embedding_length: hidden_size, feed_forward_length: config.intermediate_size, vocab_size,
    'attention.head_count': num_attention_heads, 'attention.head_count_kv': config.num_key_value_heads, 'attention.key_length': headDim, 'attention.value_length': headDim, 'rope.dimension_count': headDim
  }
  // It wants a vocabulary; nothing is tokenized with it.
  const tokens = Array.from({ length: vocab_size }, (_, id) => string(`t${id}`))
  const entries = [
    entry('general.architecture', valueTypes.string, string(architecture)), entry('general.file_type', valueTypes.uint32, uint32(mostlyQ4)),
    ...Object.entries(numbers).map(([key, value]) => entry(`${architecture}.${key}`, valueTypes.uint32, uint32(value))),
    entry(`${architecture}.attention.layer_norm_rms_epsilon`, valueTypes.float32, float32(config.rms_norm_eps)), entry(`${architecture}.rope.freq_base`, valueTypes.float32, float32(config.rope_theta)),
    entry('tokenizer.ggml.model', valueTypes.string, string('gpt2')), entry('tokenizer.ggml.pre', valueTypes.string, string('default')),
    entry('tokenizer.ggml.tokens', valueTypes.array, array(valueTypes.string, tokens)),
    entry('tokenizer.ggml.token_type', valueTypes.array, array(valueTypes.int32, tokens.map(() => uint32(normalToken)))),
    entry('tokenizer.ggml.merges', valueTypes.array, array(valueTypes.string, [string('t 1')])),
    entry('tokenizer.ggml.bos_token_id', valueTypes.uint32, uint32(1)), entry('tokenizer.ggml.eos_token_id', valueTypes.uint32, uint32(2))
  ]
  const infos = tensors.map(({ name, rows, columns, type }, index) => {
    const dims = type === 'f32' ? [columns] : [columns, rows]
    return Buffer.concat([string(name), uint32(dims.length), ...dims.map(uint64), uint32(tensorTypes[type]), uint64(offsets[index]!)])
  })
  const header = Buffer.concat([Buffer.from('GGUF'), uint32(version), uint64(tensors.length), uint64(entries.length), ...entries, ...infos])
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length)])
}

async function encoded({ source, rows, columns, type, heads }: GgufTensor, weights: TensorRows): Promise<Uint8Array> {
  const values = await weights.readRows(source, 0, type === 'f32' ? columns : rows)
  if (type === 'f32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return roundToQ4(heads === undefined ? values : interleaved(values, columns, rows / heads))
}

/** llama.cpp turns neighbouring dimensions of a head of this architecture, where published weights have those that belong together half a head apart. */
export function interleaved(values: Float32Array, columns: number, headDim: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < values.length / columns; row++) {
    const [head, inHead] = [Math.floor(row / headDim), row % headDim]
    const from = head * headDim + (inHead % 2) * (headDim / 2) + Math.floor(inHead / 2)
    result.set(values.subarray(from * columns, (from + 1) * columns), row * columns)
  }
  return result
}

/** Q4_0, as ggml-org/llama.cpp:ggml/src/ggml-quants.c rounds: the value of greatest size becomes −8. */
export function roundToQ4(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / blockValues) * blockBytes)
  const view = new DataView(bytes.buffer)
  for (let block = 0; block < values.length / blockValues; block++) {
    const [from, to] = [block * blockValues, block * blockBytes]
    let extreme = 0
    for (let i = from; i < from + blockValues; i++) if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!
    const scale = extreme / -8
    const inverse = scale === 0 ? 0 : 1 / scale
    view.setFloat16(to, scale, true)
    const rounded = (i: number) => Math.min(15, Math.trunc(values[i]! * inverse + 8.5))
    for (let i = 0; i < blockValues / 2; i++) bytes[to + 2 + i] = rounded(from + i) | (rounded(from + i + blockValues / 2) << 4)
  }
  return bytes
}

function bytesOf({ rows, columns, type }: GgufTensor): number {
  return type === 'f32' ? columns * 4 : ((rows * columns) / blockValues) * blockBytes
}

function aligned(offset: number): number {
  return Math.ceil(offset / alignment) * alignment
}

function entry(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([string(key), uint32(type), value])
}

function array(type: number, values: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(type), uint64(values.length), ...values])
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
