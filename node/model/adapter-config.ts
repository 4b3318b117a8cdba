import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Linear } from './graph/low-rank.ts'
import { checked, isOff, isRecord } from './hub-keys.ts'
import { badModelFile, quoted } from './model-errors.ts'

/** What an adapter does to a linear layer: y += scale · B · A · x, for A [rank, columns] and B [rows, rank]. */
export type LayerPlan = { readonly linear: Linear; readonly rank: number; readonly scale: number }

export const adapterConfigFile = 'adapter_config.json'
/** Ranks of published adapters go up to 256; beyond it the narrow way is hardly narrower than the layer itself. */
export const maxRank = 1024
/** A few hundred is the most published. */
const maxAlpha = 1e6
/** Modules are named one by one where the layers differ: seven in each. */
const maxNames = 8192

const rank = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxRank))
const alpha = v.pipe(v.number(), v.gtValue(0), v.maxValue(maxAlpha))
const layerIndex = v.pipe(v.number(), v.integer(), v.minValue(0))
/** Last parts of the name of a module. PEFT takes them for a regular expression, to which a dot is any character; no two modules differ in that alone. */
const moduleName = v.pipe(v.string(), v.regex(/^\w+(\.\w+)*$/))
const perModule = <T extends v.GenericSchema>(value: T) => v.nullish(v.pipe(v.record(moduleName, value), v.check(record => Object.keys(record).length <= maxNames)), {})

const schema = v.looseObject({
  r: rank,
  lora_alpha: alpha,
  use_rslora: v.nullish(v.boolean(), false),
  target_modules: v.union([v.string(), v.pipe(v.array(moduleName), v.minLength(1), v.maxLength(maxNames))]),
  rank_pattern: perModule(rank),
  alpha_pattern: perModule(alpha),
  layers_to_transform: v.nullish(v.union([layerIndex, v.array(layerIndex)]))
})
type PeftConfig = v.InferOutput<typeof schema>

/** How it was trained and saved: nothing that changes what is computed. `megatron_core` and `qalora_group_size` belong to options that are off. */
const harmless: ReadonlySet<string> = new Set([
  'auto_mapping', 'base_model_name_or_path', 'revision', 'inference_mode', 'lora_dropout', 'peft_version', 'megatron_core', 'eva_config', 'qalora_group_size', 'runtime_config'
])
/** Values other than "off" that change nothing here. Other ways to begin (PiSSA, OLoRA, CorDA, LoftQ) change the base model as well, and the files lack that half. */
const fine: Readonly<Record<string, readonly unknown[]>> = {
  peft_type: ['LORA'], task_type: ['CAUSAL_LM'], bias: ['none'], init_lora_weights: [true, 'gaussian', 'eva', 'orthogonal'], layers_pattern: ['layers']
}

/**
 * Reads the adapter_config.json of PEFT (huggingface/peft:src/peft/tuners/lora/config.py): which of `linears` it changes, in their order. An option that is
 * neither known nor off is refused by its name, since it would give another model than the one that was trained.
 * @throws KinmeshError `UnknownAdapter`; `AdapterMismatch`: it changes modules that are not among them; `BadModelFile`: missing or impossible values
 */
export function readAdapterConfig(json: unknown, linears: readonly Linear[]): LayerPlan[] {
  if (!isRecord(json)) throw badModelFile(`${adapterConfigFile} is not a JSON object: get this file again`)
  for (const [key, value] of Object.entries(json)) {
    const known = Object.hasOwn(schema.entries, key) || harmless.has(key) || isOff(value) || (Object.hasOwn(fine, key) && fine[key]!.includes(value))
    if (!known) throw unknownAdapter(`${adapterConfigFile} sets ${quoted(key)} to ${quoted(value)}, which this kinmesh cannot do`)
  }
  if (json['peft_type'] !== 'LORA') throw unknownAdapter(`${adapterConfigFile} does not say that it is of peft_type LORA`)
  const config = checked(adapterConfigFile, schema, json)
  const targets = linears.filter(targetsOf(config, linears))
  if (targets.length === 0) throw new KinmeshError('AdapterMismatch', 'the adapter changes no layer of this model: use it with the model it was made for')
  return targets.map(linear => {
    const rank = ofModule(config.rank_pattern, linear) ?? config.r
    const alpha = ofModule(config.alpha_pattern, linear) ?? config.lora_alpha
    return { linear, rank, scale: alpha / (config.use_rslora ? Math.sqrt(rank) : rank) }
  })
}

/** Which modules it was trained on. @throws KinmeshError `AdapterMismatch` · `UnknownAdapter` */
function targetsOf({ target_modules: targets, layers_to_transform: layers }: PeftConfig, linears: readonly Linear[]): (linear: Linear) => boolean {
  const { names, ends } = typeof targets === 'string' ? readPattern(targets) : { names: targets, ends: endsWithName }
  const stranger = names.find(name => !linears.some(linear => ends(linear, name)))
  if (stranger !== undefined) throw new KinmeshError('AdapterMismatch', `the adapter changes ${quoted(stranger)}, which is none of this model's linear layers between embedding and head: use it with the model it was made for`)
  if (layers == null) return linear => names.some(name => ends(linear, name))
  const inLayer = new Set([layers].flat().map(String))
  // As there: a module that is named whole is meant in any case.
  return linear => names.some(name => linear.name === name || (ends(linear, name) && inLayer.has(linear.name.split('.')[2] ?? '')))
}

type Targets = { readonly names: readonly string[]; readonly ends: (linear: Linear, name: string) => boolean }

/**
 * The patterns that people write: `all-linear`, or names behind `.*`, as in `.*\.(q_proj|v_proj)`. Others are refused: Python's regular expressions are not JavaScript's, and a
 * foreign one could take for ever.
 */
function readPattern(pattern: string): Targets {
  if (pattern === 'all-linear') return { names: [''], ends: () => true }
  const parts = /^\.\*(\\\.)?(?:\((?:\?:)?((?:\w|\\\.)+(?:\|(?:\w|\\\.)+)*)\)|((?:\w|\\\.)+))\$?$/.exec(pattern)
  if (!parts) throw unknownAdapter(`${adapterConfigFile} gives target_modules as the pattern ${quoted(pattern)}, which this kinmesh does not read: write them there as a list of names`)
  const names = (parts[2] ?? parts[3] ?? '').replaceAll('\\.', '.').split('|')
  return { names, ends: parts[1] ? endsWithName : (linear, name) => linear.name.endsWith(name) }
}

function endsWithName({ name }: Linear, end: string): boolean {
  return name === end || name.endsWith(`.${end}`)
}

/** The first that fits, as there. */
function ofModule(pattern: Readonly<Record<string, number>> | null, linear: Linear): number | undefined {
  return Object.entries(pattern ?? {}).find(([name]) => endsWithName(linear, name))?.[1]
}

function unknownAdapter(problem: string): KinmeshError {
  return new KinmeshError('UnknownAdapter', `${problem}: choose another adapter, or update kinmesh`)
}
