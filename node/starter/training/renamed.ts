import { Sfc32 } from '../../model/text/sfc32.ts'
import type { Tokenizer } from '../../model/text/tokenizer.ts'
import type { TaskName } from '../generate.ts'
import type { EncodedExample } from '../render.ts'

/** Tokens that stand in more examples than this make up phrases and answers; those in fewer are what phrases are about. */
const phraseShare = 0.03
/** Of the examples, and of the tokens in one that may be. */
const [examplesShare, tokensShare] = [0.6, 0.4]

/** Tasks whose answers are made of what was said; in others an answer has rare words of its own. */
const copying: ReadonlySet<string> = new Set<TaskName>([
  'grounded', 'contradiction', 'abstention', 'yes_no', 'who', 'several', 'statement', 'told_then_asked', 'correction', 'follow_up', 'remember', 'recall', 'forget', 'list_add', 'list_remove', 'list_show', 'reminder', 'timer', 'learn_facts', 'learn_change', 'learn_nothing'
])

export type Renamer = (example: EncodedExample, task: string, seed: number) => EncodedExample

/**
 * Gives some tokens of an example another one of the vocabulary each, the same wherever it stands: what is copied may be anything. Words of the lists are known by heart after a while, and a token that none of
 * them has in it is never an answer; without this, a model copied words that it knew, and gave 1 in 50,000 to the first token of others (10.9 nats for "croissants", more than chance) while those of examples for learning cost 0.2.
 * `sample`: examples that tell which tokens are those of phrases.
 */
export function createRenamer(tokenizer: Tokenizer, sample: readonly EncodedExample[]): Renamer {
  const counts = new Map<number, number>()
  for (const { ids } of sample) for (const id of new Set(ids)) counts.set(id, (counts.get(id) ?? 0) + 1)
  const pieces = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter(id => /^[\p{L}\p{M}]+$/u.test(tokenizer.decode([id])))
  const renamable = new Set(pieces.filter(id => (counts.get(id) ?? 0) <= sample.length * phraseShare))

  return (example, task, seed) => {
    const random = new Sfc32(seed)
    if (!copying.has(task) || random.uniform() >= examplesShare) return example
    const names = new Map<number, number>()
    const taken = new Set(example.ids)
    for (const id of new Set(example.ids)) {
      if (!renamable.has(id) || random.uniform() >= tokensShare) continue
      const name = pieces[random.next() % pieces.length]!
      if (taken.has(name)) continue
      taken.add(name)
      names.set(id, name)
    }
    return { ids: example.ids.map(id => names.get(id) ?? id), learned: example.learned }
  }
}
