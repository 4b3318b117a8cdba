import * as v from 'valibot'
import type { Rope, RopeScaling } from './decoder-config.ts'
import { checked, isRecord, refuseUnknownKeys } from './hub-keys.ts'
import { badModelFile, quoted, unknownModel } from './model-errors.ts'

/** Positions are counted in f32, which is exact up to here; the longest published model takes 10 million. */
export const maxPositionsBound = 2 ** 24
/** Base of the rotation: published ones go from 10,000 to 5e10 (a Llama 3 stretched to four million positions). */
export const maxTheta = 1e12
/** How often a model may be stretched: 64 is the most published; a thousand times that and neighbouring positions fall together in f32. */
export const maxRopeFactor = 65_536
/** Yarn's other numbers are a few tens at most. */
export const maxYarnNumber = 1000

const file = 'config.json'
const positions = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxPositionsBound))
const theta = v.pipe(v.number(), v.gtValue(1), v.maxValue(maxTheta))
const factor = v.pipe(v.number(), v.minValue(1), v.maxValue(maxRopeFactor))
const yarnNumber = v.pipe(v.number(), v.minValue(0), v.maxValue(maxYarnNumber))
const frequencyFactor = v.pipe(v.number(), v.gtValue(0), v.maxValue(maxYarnNumber))

/** What every kind of rope may say; transformers ignores the length of training where a kind has no use for it. */
const common = { rope_type: v.nullish(v.string()), type: v.nullish(v.string()), rope_theta: v.nullish(theta), original_max_position_embeddings: v.nullish(positions) }
const kinds = {
  default: v.looseObject(common),
  linear: v.looseObject({ ...common, factor }),
  llama3: v.looseObject({ ...common, factor, low_freq_factor: frequencyFactor, high_freq_factor: frequencyFactor }),
  yarn: v.looseObject({
    ...common, factor: v.nullish(factor), attention_factor: v.nullish(v.pipe(yarnNumber, v.gtValue(0))), beta_fast: v.nullish(yarnNumber), beta_slow: v.nullish(yarnNumber),
    mscale: v.nullish(yarnNumber), mscale_all_dim: v.nullish(yarnNumber), truncate: v.nullish(v.boolean())
  })
}

/** The keys of config.json that readRope reads. */
export const ropeKeys = ['rope_theta', 'rope_scaling', 'rope_parameters', 'original_max_position_embeddings'] as const

const outerSchema = v.looseObject({ rope_theta: v.nullish(theta), original_max_position_embeddings: v.nullish(positions) })

/**
 * Both spellings: `rope_theta` with `rope_scaling` (transformers 4), and `rope_parameters` with the base inside (5). Defaults and their order
 * are those of transformers 5.18, modeling_rope_utils.py (RotaryEmbeddingConfigMixin, _compute_yarn_parameters, _compute_llama3_parameters).
 * @throws KinmeshError `UnknownModel`, `BadModelFile`
 */
export function readRope(config: Readonly<Record<string, unknown>>, { defaultTheta, maxPositions }: { defaultTheta: number; maxPositions: number }): Rope {
  const [parameters, scaling] = [record(config, 'rope_parameters'), record(config, 'rope_scaling')]
  for (const [key, value] of scaling) agreed(key, parameters.get(key), value)
  const given = Object.fromEntries([...parameters, ...scaling])
  if ('full_attention' in given || 'sliding_attention' in given) throw unknownModel(`${file} gives each kind of layer a rope of its own, which this kinmesh cannot do: choose another model, or update kinmesh`)
  const kind = agreed('rope_type', given['rope_type'], given['type']) ?? 'default'
  if (!isKind(kind)) throw unknownModel(`${file} asks for the rope type ${quoted(kind)}, and this kinmesh knows ${Object.keys(kinds).join(', ')}: choose another model, or update kinmesh`)
  refuseUnknownKeys(file, given, new Set(Object.keys(kinds[kind].entries)))
  const outer = checked(file, outerSchema, config)
  const inner = checked(file, kinds.default, given)
  return {
    theta: agreed('rope_theta', inner.rope_theta, outer.rope_theta) ?? defaultTheta,
    // The outer one wins, as there: models that have it put the length they were trained on there.
    scaling: readScaling(kind, given, { maxPositions, originalMaxPositions: outer.original_max_position_embeddings ?? inner.original_max_position_embeddings ?? maxPositions })
  }
}

function readScaling(kind: keyof typeof kinds, given: unknown, { maxPositions, originalMaxPositions }: { maxPositions: number; originalMaxPositions: number }): RopeScaling | null {
  switch (kind) {
    case 'default':
      return null
    case 'linear':
      return { kind, factor: checked(file, kinds.linear, given).factor }
    case 'llama3': {
      const { factor, low_freq_factor: lowFreqFactor, high_freq_factor: highFreqFactor } = checked(file, kinds.llama3, given)
      // Between the two it is blended, over their difference.
      if (highFreqFactor <= lowFreqFactor) throw badModelFile(`${file} has a high_freq_factor of ${highFreqFactor}, which must be over its low_freq_factor of ${lowFreqFactor}: get this file again`)
      return { kind, factor, lowFreqFactor, highFreqFactor, originalMaxPositions }
    }
    case 'yarn': {
      const yarn = checked(file, kinds.yarn, given)
      const factor = yarn.factor ?? maxPositions / originalMaxPositions
      if (factor < 1) throw badModelFile(`${file} stretches ${originalMaxPositions} positions to ${maxPositions}, which are fewer: get this file again`)
      // Zero is as good as nothing, there as here.
      const [betaFast, betaSlow] = [yarn.beta_fast || 32, yarn.beta_slow || 1]
      if (betaFast <= betaSlow) throw badModelFile(`${file} has a beta_fast of ${betaFast}, which must be over its beta_slow of ${betaSlow}: get this file again`)
      const attentionFactor = yarn.attention_factor ?? (yarn.mscale && yarn.mscale_all_dim ? yarnScale(factor, yarn.mscale) / yarnScale(factor, yarn.mscale_all_dim) : yarnScale(factor, 1))
      return { kind, factor, originalMaxPositions, betaFast, betaSlow, attentionFactor, truncate: yarn.truncate ?? true }
    }
  }
}

/** Section 3.4 of arXiv:2309.00071, weighted as DeepSeek does: what makes up for the flatter attention over a longer text. */
function yarnScale(factor: number, weight: number): number {
  return 0.1 * weight * Math.log(factor) + 1
}

function isKind(kind: unknown): kind is keyof typeof kinds {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind)
}

/** What an object of the file sets; null sets nothing. */
function record(config: Readonly<Record<string, unknown>>, key: string): Map<string, unknown> {
  const value = config[key] ?? {}
  if (!isRecord(value)) throw badModelFile(`${file}: ${key} is ${quoted(value)}, and must be an object: get this file again`)
  return new Map(Object.entries(value).filter(([, each]) => each != null))
}

/** A value that a file may say in two places. Which one counts depends on who reads it, so they must not differ. */
function agreed<T>(key: string, one: T, other: T): T {
  if (one != null && other != null && one !== other) throw badModelFile(`${file} says ${quoted(key)} twice, as ${quoted(one)} and as ${quoted(other)}: get this file again`)
  return one ?? other
}
