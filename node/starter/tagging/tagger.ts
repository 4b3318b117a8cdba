import { type Looked, tagFeatures } from './features.ts'
import { rowOf } from './hashed.ts'

/** Of a word: it is not kept; a run that is kept begins with it; goes on with it. */
export const [outside, begins, inside] = [0, 1, 2] as const
export const tags = 3

/** `features`: f32 [rows, tags], what a feature of a word speaks for a tag. `follows`: f32 [tags, tags], what a tag speaks for the one after it. */
export type TaggerWeights = { readonly features: Float32Array | Float64Array; readonly follows: Float32Array | Float64Array }

/** Words from `from` to before `to`. */
export type Span = { readonly from: number; readonly to: number }

/** The rows of each word. */
export function tagRows(looked: Looked, rows: number): Int32Array[] {
  return tagFeatures(looked).map(features => Int32Array.from(features, feature => rowOf(feature, rows)))
}

/** The most likely tags together (Viterbi 1967). `extra`: added to what speaks for each tag of each word, [words, tags]. */
export function tagged(words: readonly Int32Array[], { features, follows }: TaggerWeights, extra?: Float64Array): number[] {
  const [sums, backs] = [new Float64Array(words.length * tags), new Uint8Array(words.length * tags)]
  for (const [at, rows] of words.entries()) {
    for (let tag = 0; tag < tags; tag++) {
      let own = extra?.[at * tags + tag] ?? 0
      for (const row of rows) own += features[row * tags + tag]!
      let [best, from] = [-Infinity, outside as number]
      for (let before = 0; before < tags; before++) {
        // Nothing goes on that has not begun.
        if (tag === inside && (at === 0 || before === outside)) continue
        const sum = at === 0 ? 0 : sums[(at - 1) * tags + before]! + follows[before * tags + tag]!
        if (sum > best) [best, from] = [sum, before]
      }
      sums[at * tags + tag] = best + own
      backs[at * tags + tag] = from
    }
  }
  const found = Array.from({ length: words.length }, () => outside as number)
  for (let at = words.length - 1, tag = words.length === 0 ? outside : largest(sums.subarray(at * tags)); at >= 0; at--) {
    found[at] = tag
    tag = backs[at * tags + tag]!
  }
  return found
}

export function spansOf(found: readonly number[]): Span[] {
  return found.flatMap((tag, from) => {
    if (tag !== begins) return []
    const end = found.findIndex((other, at) => at > from && other !== inside)
    return [{ from, to: end < 0 ? found.length : end }]
  })
}

export function tagsOf(spans: readonly Span[], words: number): number[] {
  const found = Array.from({ length: words }, () => outside as number)
  for (const { from, to } of spans) for (let at = from; at < to; at++) found[at] = at === from ? begins : inside
  return found
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > values[best]! ? at : best), 0)
}
