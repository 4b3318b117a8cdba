import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { byteLevelJson } from '../../node/model/text/tokenizer.fixtures.ts'
import { random } from '../random.ts'
import type { HubConfig } from './shapes.ts'

/** A tensor that is still to be written. `around` and `size`: mean and standard deviation of its values. */
type Tensor = { readonly name: string; readonly shape: readonly number[]; readonly around: number; readonly size: number }

const bytesEach = 2
/** Different values that a tensor has; a power of two. */
const tableLength = 2 ** 16
const valuesPerWrite = 2 ** 20

/** Writes a model as people publish it, in bf16: with seeded weights that keep every layer alive, and a tokenizer that knows bytes and little more. */
export function writePublished(dir: string, config: HubConfig, seed = 1): void {
  mkdirSync(dir, { recursive: true })
  const texts = { 'config.json': config, 'tokenizer.json': byteLevelJson(), 'tokenizer_config.json': { chat_template: '{% for message in messages %}<|user|>{{ message.content }}<|end|>{% endfor %}' } }
  for (const [name, content] of Object.entries(texts)) writeFileSync(join(dir, name), JSON.stringify(content))
  const tensors = tensorsOf(config)
  const file = openSync(join(dir, 'model.safetensors'), 'w')
  try {
    writeSync(file, headerOf(tensors))
    const next = random(seed)
    // Sums of twelve even numbers are close enough to the normal distribution.
    const bell = Float32Array.from({ length: tableLength }, () => Array.from({ length: 12 }, next).reduce((sum, each) => sum + each, -6))
    for (const tensor of tensors) writeTensor(file, tensor, bell)
  } finally {
    closeSync(file)
  }
}

function tensorsOf({ model_type, vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads }: HubConfig): Tensor[] {
  const kvSize = (hidden_size / num_attention_heads) * num_key_value_heads
  const norm = (name: string): Tensor => ({ name: `${name}.weight`, shape: [hidden_size], around: 1, size: 0.1 })
  const linear = (name: string, rows: number, columns: number): Tensor => ({ name: `${name}.weight`, shape: [rows, columns], around: 0, size: 1 / Math.sqrt(columns) })
  const biased = (name: string, rows: number): Tensor[] => [linear(name, rows, hidden_size), ...(model_type === 'qwen2' ? [{ name: `${name}.bias`, shape: [rows], around: 0, size: 0.1 }] : [])]
  const layers = Array.from({ length: num_hidden_layers }, (_, index) => `model.layers.${index}`).flatMap(at => [
    norm(`${at}.input_layernorm`), ...biased(`${at}.self_attn.q_proj`, hidden_size), ...biased(`${at}.self_attn.k_proj`, kvSize), ...biased(`${at}.self_attn.v_proj`, kvSize),
    linear(`${at}.self_attn.o_proj`, hidden_size, hidden_size), norm(`${at}.post_attention_layernorm`),
    linear(`${at}.mlp.gate_proj`, intermediate_size, hidden_size), linear(`${at}.mlp.up_proj`, intermediate_size, hidden_size), linear(`${at}.mlp.down_proj`, hidden_size, intermediate_size)
  ])
  return [linear('model.embed_tokens', vocab_size, hidden_size), ...layers, norm('model.norm')]
}

/** As safetensors has it: the length of the header in eight bytes, and the header as JSON. */
function headerOf(tensors: readonly Tensor[]): Buffer {
  let end = 0
  const entries = tensors.map(({ name, shape }) => [name, { dtype: 'BF16', shape, data_offsets: [end, (end += count(shape) * bytesEach)] }] as const)
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json])
}

function writeTensor(file: number, { shape, around, size }: Tensor, bell: Float32Array): void {
  // The upper half of an f32 is the bf16 next to it towards zero.
  const table = Uint16Array.from(new Uint32Array(bell.map(value => around + value * size).buffer), bits => bits >>> 16)
  const piece = new Uint16Array(valuesPerWrite)
  // Marsaglia 2003, xorshift: half a billion values are drawn.
  let state = count(shape) | 1
  for (let left = count(shape); left > 0; left -= valuesPerWrite) {
    for (let at = 0; at < Math.min(left, valuesPerWrite); at++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      piece[at] = table[state & (tableLength - 1)] as number
    }
    writeSync(file, piece, 0, Math.min(left, valuesPerWrite) * bytesEach)
  }
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
