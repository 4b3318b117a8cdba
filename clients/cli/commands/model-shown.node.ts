import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { isHomeFree } from '../../../node/home.node.ts'
import { modelSummary } from '../../../node/model/store/model-summary.ts'
import type { Recipe } from '../../../node/model/store/manifest.ts'
import type { ModelStore, StoredModel } from '../../../node/model/store/store.ts'
import { type Client, connect } from '../client.node.ts'
import type { Io } from '../io.node.ts'

export type ModelSession = { readonly dir: string; readonly io: Io; readonly store: ModelStore }

/** A device as a list names it. */
export type Holder = { readonly id: string; readonly name: string }

/** Enough of an id to name a model by. */
export const shownIdLength = 12

export function summary(model: StoredModel) {
  return { ...modelSummary(model), dir: model.dir }
}

export function recipeText(recipe: Recipe | null): string {
  if (!recipe) return 'as published'
  return `${recipe.bits} bits${recipe.block === null ? '' : ` by ${recipe.block}`}`
}

/** Asks the device of this home where it runs; undefined where none does. */
export async function withRunning<T>({ dir, io }: Pick<ModelSession, 'dir' | 'io'>, ask: (client: Client) => Promise<T>): Promise<T | undefined> {
  if (isHomeFree(dir, 0)) return undefined
  let client: Client
  try {
    client = await connect(dir, { alone: 'never', log: io.log })
  } catch (error) {
    if (isKinmeshError(error, 'NotRunning')) return undefined // it was a command, which has ended
    throw error
  }
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}

export function interrupted(left: string, cause: unknown): KinmeshError {
  return new KinmeshError('Interrupted', `interrupted: ${left}`, { cause })
}
