import type { Sfc32 } from '../../model/text/sfc32.ts'
import { shuffled } from '../tagging/learn-tagger.ts'
import { type KindWeights, Kinds, pairsIn } from './kinds.ts'

/** `loose`: its terms are in no order. */
export type KindText = { readonly terms: readonly string[]; readonly more: readonly string[]; readonly kind: number; readonly loose: boolean }
/** `hidden`: of the terms of a text, those that are taken for one that nobody knows. `alone`: of the texts, those of which no pairs are seen. `least`: share of the texts in which a pair must stand to have a row; `leastTerm`: and a term. */
export type KindRecipe = { readonly epochs: number; readonly rate: number; readonly decay: number; readonly hidden: number; readonly alone: number; readonly least: number; readonly leastTerm: number }

/** Softmax over the kinds by AdaGrad (Duchi et al. 2011); now and then a term is taken for one that nobody knows, so that no text is known by one word alone. */
export function learnKinds(texts: readonly KindText[], kinds: readonly string[], { epochs, rate, decay, hidden, alone, least, leastTerm }: KindRecipe, random: Sfc32): KindWeights {
  const features = [...frequent(texts.map(({ terms, more }) => [...terms, ...more]), leastTerm), ...frequent(texts.map(({ terms, loose }) => (loose ? [] : pairsIn(terms))), least)]
  const weights = new Float32Array(features.length * kinds.length)
  const squares = new Float32Array(weights.length).fill(1e-2)
  const learned = { kinds, features, weights }
  const all = new Kinds(learned)
  const order = [...texts]
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffled(order, random)
    for (const { terms, more, kind, loose } of order) {
      const share = hidden * 2 * random.uniform()
      const shown = terms.map(term => (random.uniform() < share ? '<word>' : term))
      const rows = all.rowsOf([...shown, ...more, ...(loose || random.uniform() < alone ? [] : pairsIn(shown))])
      const slopes = all.shares(rows)
      slopes[kind]! -= 1
      for (const row of rows) {
        for (let at = 0, place = row * kinds.length; at < kinds.length; at++, place++) {
          const slope = slopes[at]!
          if (slope < 1e-3 && slope > -1e-3) continue
          squares[place]! += slope * slope
          weights[place]! -= (rate * (slope + decay * weights[place]!)) / Math.sqrt(squares[place]!)
        }
      }
    }
  }
  return learned
}

function frequent(texts: readonly (readonly string[])[], least: number): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) for (const each of new Set(text)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= least * texts.length).map(([each]) => each).sort()
}
