import type { Recipe } from './graph/decoder.ts'
import type { WeightFormat } from './graph/weight-layout.ts'

export const bitChoices = [4, 8, 32] as const
export const blockChoices = [32, 64, 128] as const

/** Of what is made of a model, the graphs and what lies where in the weights: another one is to be made anew. */
export const graphVersion = 3

/**
 * How the weights of a model are made. `block`: weights that share a scale; 32 bits have none. `small`: without the second set of weights, which
 * reads prompts about three times as quickly and takes a byte for each weight of a linear layer. 32 bits never have it.
 */
export type ConvertRecipe = { readonly bits: (typeof bitChoices)[number]; readonly block: (typeof blockChoices)[number]; readonly zeroPoints: boolean; readonly small: boolean }

/** What a graph is made by. */
export function graphRecipe({ bits, block, zeroPoints, small }: ConvertRecipe): Recipe {
  const format: WeightFormat = bits === 32 ? { bits } : { bits, block, zeroPoints }
  return { linear: format, embedding: format, prompts: small || bits === 32 ? undefined : { bits: 8, block: null } }
}
