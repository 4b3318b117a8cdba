import { KinmeshError } from '../../../mesh/errors.ts'
import { adapterWeightsFile } from '../../model/adapter.ts'
import { adapterConfigFile, maxRank } from '../../model/adapter-config.ts'
import type { DecoderConfig } from '../../model/decoder-config.ts'
import { narrow } from '../../model/float-narrow.ts'
import { adaptableLinears } from '../../model/graph/low-rank.ts'
import { type StoredShape, safetensorsBeginning } from '../../model/safetensors-writer.ts'
import { adapterNames } from '../graphs/decoder-loss.ts'
import { type Parameter, sizeOf } from '../objective.ts'

/** What was learned beside the linear layers of a model, by their names. A f32 [rank, columns], B f32 [rows, rank]; they add alpha / rank · B · A. */
export type TrainedAdapter = {
  readonly rank: number
  readonly alpha: number
  readonly linears: ReadonlyMap<string, { readonly a: Float32Array; readonly b: Float32Array }>
}

/** The adapter in the flat parameters of a training, whose tensors are named as `adapterNames` says. Its numbers are views of `flat`. */
export function trainedAdapter(parameters: readonly Parameter[], flat: Float32Array, { rank, alpha }: { readonly rank: number; readonly alpha: number }): TrainedAdapter {
  let at = 0
  const views = new Map(parameters.map(({ name, shape }) => [name, flat.subarray(at, (at += sizeOf(shape)))]))
  const [beforeA, afterA] = adapterNames('|').a.split('|') as [string, string]
  const linears = parameters.flatMap(({ name }) => (name.startsWith(beforeA) && name.endsWith(afterA) ? [name.slice(beforeA.length, -afterA.length)] : []))
  return { rank, alpha, linears: new Map(linears.map(linear => {
    const names = adapterNames(linear)
    const [a, b] = [views.get(names.a), views.get(names.b)]
    if (!a || !b) throw new RangeError(`${linear} has no ${names.b}`)
    return [linear, { a, b }]
  })) }
}

/** The two files of an adapter. */
export type AdapterFiles = Readonly<Record<typeof adapterConfigFile | typeof adapterWeightsFile, Uint8Array>>

/**
 * An adapter in the layout of PEFT (huggingface/peft: save_pretrained), which `readAdapter` and others load. `baseModel`: the name of the model it belongs to, as its makers
 * publish it.
 * @throws KinmeshError `BadAdapter`: it holds what is not finite; `AdapterMismatch`: it changes what is no linear layer of the model
 */
export function encodeAdapter(config: DecoderConfig, { rank, alpha, linears }: TrainedAdapter, baseModel: string | null = null): AdapterFiles {
  if (!(Number.isInteger(rank) && rank > 0 && rank <= maxRank && alpha > 0 && Number.isFinite(alpha))) throw new RangeError(`rank ${rank}, alpha ${alpha}`)
  const known = adaptableLinears(config)
  const stranger = [...linears.keys()].find(name => !known.some(linear => linear.name === name))
  if (stranger !== undefined || linears.size === 0) throw new KinmeshError('AdapterMismatch', `the adapter changes ${stranger ?? 'nothing'}, which is no linear layer of this model: train it with the model it is for`)
  const tensors: StoredShape[] = []
  const values: Uint8Array[] = []
  const add = (name: string, shape: readonly number[], numbers: Float32Array) => {
    if (numbers.length !== sizeOf(shape)) throw new RangeError(`${numbers.length} numbers for ${name} [${shape.join(', ')}]`)
    if (!numbers.every(Number.isFinite)) throw new KinmeshError('BadAdapter', `${name} holds a number that is not finite: the training diverged; take an earlier checkpoint`)
    tensors.push({ name: `base_model.model.${name}`, type: 'F32', shape })
    values.push(narrow('F32', numbers))
  }
  for (const { name, rows, columns } of known) {
    const linear = linears.get(name)
    if (!linear) continue
    const names = adapterNames(name)
    add(names.a, [rank, columns], linear.a)
    add(names.b, [rows, rank], linear.b)
  }
  return { [adapterConfigFile]: new TextEncoder().encode(`${JSON.stringify(peftConfig(rank, alpha, targets(known.map(({ name }) => name), linears), baseModel), null, 2)}\n`), [adapterWeightsFile]: joined([safetensorsBeginning(tensors, { format: 'pt' }), ...values]) }
}

/** Last parts of names where they say it all, whole names where some layers of a kind are left out. */
function targets(all: readonly string[], linears: ReadonlyMap<string, unknown>): string[] {
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1)
  const kinds = new Set([...linears.keys()].map(last))
  return all.every(name => linears.has(name) === kinds.has(last(name))) ? [...kinds].sort() : [...linears.keys()]
}

/** What is not said has its usual value there. */
function peftConfig(rank: number, alpha: number, targetModules: readonly string[], baseModel: string | null): Record<string, unknown> {
  return {
    peft_type: 'LORA', task_type: 'CAUSAL_LM', base_model_name_or_path: baseModel, inference_mode: true, r: rank, lora_alpha: alpha, lora_dropout: 0, target_modules: targetModules, bias: 'none',
    fan_in_fan_out: false, init_lora_weights: true, modules_to_save: null, rank_pattern: {}, alpha_pattern: {}, use_dora: false, use_rslora: false
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
