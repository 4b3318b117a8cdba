export const bitChoices = [4, 8, 32] as const
export const blockChoices = [32, 64, 128] as const

/** How the weights of a model are made. `block`: weights that share a scale; 32 bits have none. */
export type ConvertRecipe = { readonly bits: (typeof bitChoices)[number]; readonly block: (typeof blockChoices)[number]; readonly zeroPoints: boolean }
