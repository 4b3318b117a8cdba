import { Sfc32 } from '../../model/text/sfc32.ts'
import { comparedAll } from './compared.ts'
import type { FinderWeights } from './finder.ts'
import { type NetRecipe, learnNet } from './learn-net.ts'
import { type SeenRecipe, learnSeen } from './learn-seen.ts'
import type { Question } from './questions.ts'
import { Seeing } from './seen.ts'

export type FinderRecipe = SeenRecipe & { readonly net: NetRecipe }

/** Questions in a part of the phrases, and questions in the others. */
export type Fold = { readonly seen: readonly Question[]; readonly unseen: readonly Question[] }

/**
 * What is to be known of single texts is learned from all phrases; and how far to trust it from questions in phrases that it has not seen, where it is right less often than where it was learned ("stacking", Wolpert 1992). The same
 * numbers each time.
 */
export function learnFinder(all: readonly Question[], folds: readonly Fold[], recipe: FinderRecipe): FinderWeights {
  const examples = folds.flatMap(({ seen, unseen }) => {
    const seeing = new Seeing(learnSeen(seen, recipe))
    return unseen.map(({ asked, memories, answering }) => ({ seen: comparedAll(seeing.question(asked), memories.map(each => seeing.memory(each)), seeing.terms), answering }))
  })
  return { ...learnSeen(all, recipe), net: learnNet(examples, recipe.net, new Sfc32(recipe.seed)) }
}
