import { termsOf } from '../../context/text/terms.ts'
import { Sfc32 } from '../../model/text/sfc32.ts'
import { Dice } from '../dice.ts'
import { kindOf } from '../facts/fact.ts'
import { type TaggerRecipe, learnTags, lookedAtAll } from '../tagging/learn-tagger.ts'
import { type KindRecipe, type KindText, learnKinds } from './learn-kinds.ts'
import { lexicon } from './lexicon.ts'
import { loosened } from './loose.ts'
import { type PartExample, partsIn } from './part-examples.ts'
import type { KnowingWeights } from '../tagging/found.ts'
import { partNames } from './parts.ts'
import { noKind } from './kinds.ts'
import type { Question } from './questions.ts'
import { type SeenWeights, Terms, rarest, timeBefore, timeNow } from './seen.ts'
import { sourceOf } from './terms.ts'

/** `least`: share of the examples in which a term must stand to be told apart. `mostLoose`: words of a text in loose words. `idle`: of questions for nothing, those that are learned from. `texts`: from which parts are learned. */
export type SeenRecipe = { readonly seed: number; readonly least: number; readonly mostLoose: number; readonly idle: number; readonly kinds: KindRecipe; readonly parts: TaggerRecipe & { readonly texts: number } }

export function learnSeen(questions: readonly Question[], recipe: SeenRecipe): SeenWeights {
  const rarity = rarities(questions, recipe.least)
  const { asked, told, times, kinds } = kindTexts(questions, new Terms(rarity), recipe)
  const random = new Sfc32(recipe.seed)
  const [askedParts, toldParts] = partTexts(questions)
  return {
    terms: rarity, askedKinds: learnKinds(asked, kinds, recipe.kinds, random), toldKinds: learnKinds(told, kinds, recipe.kinds, random), times: learnKinds(times, [timeNow, timeBefore], recipe.kinds, random),
    askedParts: learnParts(askedParts, recipe), toldParts: learnParts(toldParts, recipe)
  }
}

/** Terms of many examples, and of the lexicon. */
function rarities(questions: readonly Question[], least: number): Map<string, number> {
  const counts = new Map<string, number>(lexicon.flatMap(termsOf).map(term => [term, 0]))
  for (const { asked, memories } of questions) for (const term of new Set([...asked.flatMap(termsOf), ...memories.flatMap(({ text }) => termsOf(text))])) counts.set(term, (counts.get(term) ?? 0) + 1)
  const inLexicon = new Set(lexicon.flatMap(termsOf))
  const known = [...counts].filter(([term, count]) => inLexicon.has(term) || (count >= questions.length * least && !/\d/.test(term)))
  return new Map(known.map(([term, count]): [string, number] => [term, Math.min(rarest, Math.round(Math.log2(questions.length / (count + 1))))]).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Questions and memories with the kind of fact that they ask for or tell, in phrases and in loose words. */
function kindTexts(questions: readonly Question[], terms: Terms, { seed, mostLoose, idle }: SeenRecipe) {
  const dice = new Dice(seed)
  const kinds = [...new Set(questions.flatMap(({ kind, memories }) => [...(kind === undefined ? [] : [kind]), ...memories.flatMap(({ fact }) => (fact ? [kindOf(fact.type)] : []))]))].sort()
  const placeOf = new Map(kinds.map((kind, at) => [kind, at]))
  const [asked, told, times]: [KindText[], KindText[], KindText[]] = [[], [], []]
  for (const { asked: said, memories, kind, learns, isPast } of questions) {
    const last = said.at(-1) ?? ''
    // What replaces a memory tells the same kind of fact.
    if (kind !== undefined && learns) told.push({ ...terms.ofMemory({ text: last }), kind: placeOf.get(kind)!, loose: false })
    else if (kind !== undefined && (kind !== noKind || dice.chance(idle))) {
      asked.push({ ...terms.ofQuestion(last, said.length > 1), kind: placeOf.get(kind)!, loose: false })
      times.push({ ...terms.ofQuestion(last, false), kind: Number(isPast), loose: false })
    }
    for (const memory of memories) {
      if (!memory.fact) continue
      const loose = loosened(memory.fact, dice, mostLoose)
      const its = placeOf.get(kindOf(memory.fact.type))!
      told.push({ ...terms.ofMemory(memory), kind: its, loose: false })
      if (!loose) continue
      asked.push({ ...terms.ofQuestion(loose.asked, false), kind: its, loose: true })
      told.push({ ...terms.ofMemory({ text: loose.told }), kind: its, loose: true })
      if (dice.chance(0.1)) times.push({ ...terms.ofQuestion(loose.asked, false), kind: 0, loose: true }, { ...terms.ofQuestion(loose.before, false), kind: 1, loose: true })
    }
  }
  return { asked, told, times, kinds }
}

function partTexts(questions: readonly Question[]): readonly [asked: readonly PartExample[], told: readonly PartExample[]] {
  const asked = questions.flatMap(({ asked: said, memories, answering, learns }) => {
    const fact = memories[[...answering][0] ?? -1]?.fact
    return (fact && !learns && partsIn(said.at(-1) ?? '', fact, false)) || []
  })
  return [asked, questions.flatMap(({ memories }) => memories.flatMap(memory => (memory.fact && partsIn(memory.text, memory.fact, sourceOf(memory) === 'person')) || []))]
}

function learnParts(examples: readonly PartExample[], { parts }: SeenRecipe): KnowingWeights {
  const some = examples.slice(0, parts.texts)
  const { known, looked } = lookedAtAll(some.map(({ text }) => text), parts)
  return { known, ...learnTags(looked, some.map(({ spans }) => spans), partNames.length, parts) }
}
