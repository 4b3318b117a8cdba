import { KinmeshError } from '../../../mesh/errors.ts'
import { type ConvertRecipe, bitChoices, graphVersion } from '../../model/convert-recipe.ts'
import { adaptableLinears } from '../../model/graph/low-rank.ts'
import type { ModelText } from '../../model/model-text.ts'
import type { Manifest, Recipe } from '../../model/store/manifest.ts'
import { type Base, DecoderObjective, type DecoderObjectiveOptions } from '../decoder-objective.ts'
import type { Learned } from '../graphs/decoder-loss.ts'
import type { MemoryPlan } from '../memory-plan.ts'

/** A converted model, to learn beside it. To be closed. */
export type BaseModel = {
  readonly id: string
  readonly name: string
  readonly text: ModelText
  readonly base: Base
  /** The same as f32, where that is a way to train; undefined where it is none, or where they rest so. */
  readonly unpacked: Base | undefined
  /** Loads a graph to be run as it is written. */
  readonly open: DecoderObjectiveOptions['open']
  /** The same numbers where graphs read and write them in place, if they do so somewhere only. */
  place(numbers: Float32Array): Float32Array
  close(): Promise<void>
}

/** All linear layers of a model, with an adapter of this rank. */
export function learnedOf({ text: { config } }: BaseModel, rank: number, alpha: number): Learned & { readonly kind: 'adapter' } {
  return { kind: 'adapter', rank, scale: alpha / rank, linears: new Set(adaptableLinears(config).map(({ name }) => name)) }
}

/** To be closed before its model. */
export function objectiveOf({ text: { config }, base, unpacked, open }: BaseModel, learned: Learned, plan: Pick<MemoryPlan, 'checkpoint' | 'unpacked'>): DecoderObjective {
  return new DecoderObjective({ config, learned, base: plan.unpacked && unpacked ? unpacked : base, checkpoint: plan.checkpoint, open })
}

/** How the weights of a model were made, which its manifest says. @throws KinmeshError `WrongModelKind` · `NotConverted` */
export function readRecipe({ name, kind, recipe }: Manifest): ConvertRecipe {
  if (kind !== 'decoder') throw new KinmeshError('WrongModelKind', `${name} makes vectors of texts: train a model that writes`)
  const bits = bitChoices.find(each => each === recipe?.bits)
  if (!recipe || bits === undefined || recipe['graph'] !== graphVersion) throw new KinmeshError('NotConverted', `${name} is not as this kinmesh makes models: make it anew with kinmesh model convert DIR --out DIR, or get it again`)
  if (bits === 32) return { bits, block: 32, zeroPoints: false, small: true }
  return { bits, block: blockOf(recipe, name), zeroPoints: recipe['zeroPoints'] === true, small: recipe['small'] === true }
}

function blockOf({ block }: Recipe, name: string): ConvertRecipe['block'] {
  if (block === 32 || block === 64 || block === 128) return block
  throw new KinmeshError('NotConverted', `${name} has blocks of ${block} weights, which this kinmesh does not make: get or make it again`)
}
