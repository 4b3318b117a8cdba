import { type Looked, tagFeatures } from './features.ts'
import { rowOf } from './hashed.ts'

/** Of a word: it is in no run. Of each label there are two tags more: a run of it begins here, or goes on. */
export const outside = 0
export const beginOf = (label: number) => 2 * label + 1
export const insideOf = (label: number) => 2 * label + 2

/** Runs of words are found, of so many labels. `features`: f32 [rows, tags], what a feature of a word speaks for a tag. `follows`: f32 [tags, tags], what a tag speaks for the one after it. */
export type TaggerWeights = { readonly labels: number; readonly features: Float32Array | Float64Array; readonly follows: Float32Array | Float64Array }

/** Far more than all features of a message together. */
const never = -1e9

/** Words from `from` to before `to`. */
export type Span = { readonly from: number; readonly to: number }
export type LabelledSpan = Span & { readonly label: number }

export function tagsOf(labels: number): number {
  return 2 * labels + 1
}

/** The rows of each word. */
export function tagRows(looked: Looked, rows: number): Int32Array[] {
  return tagFeatures(looked).map(features => Int32Array.from(features, feature => rowOf(feature, rows)))
}

/** The spans that are most likely together (Viterbi 1967). `may`: of these labels; of all where they are not given. */
export function spansIn(looked: Looked, weights: TaggerWeights, may?: ReadonlySet<number>): LabelledSpan[] {
  const [words, tags, against] = [tagRows(looked, weights.features.length / tagsOf(weights.labels)), tagsOf(weights.labels), againstOf(weights.labels, may)]
  return spansOf(tagged(words, weights, may && Float64Array.from({ length: words.length * tags }, (_, at) => against[at % tags]!)))
}

/** What speaks against each tag: everything, where it is of a label that may not be. */
export function againstOf(labels: number, may?: ReadonlySet<number>): readonly number[] {
  return Array.from({ length: tagsOf(labels) }, (_, tag) => (tag === outside || !may || may.has((tag - 1) >> 1) ? 0 : never))
}

/** `extra`: added to what speaks for each tag of each word, [words, tags]. */
export function tagged(words: readonly Int32Array[], { labels, features, follows }: TaggerWeights, extra?: Float64Array): number[] {
  const tags = tagsOf(labels)
  const [sums, backs] = [new Float64Array(words.length * tags), new Uint8Array(words.length * tags)]
  for (const [at, rows] of words.entries()) {
    for (let tag = 0; tag < tags; tag++) {
      let own = extra?.[at * tags + tag] ?? 0
      for (const row of rows) own += features[row * tags + tag]!
      let [best, from] = [-Infinity, outside]
      for (let before = 0; before < tags; before++) {
        if (!mayFollow(at === 0 ? outside : before, tag)) continue
        const sum = at === 0 ? 0 : sums[(at - 1) * tags + before]! + follows[before * tags + tag]!
        if (sum > best) [best, from] = [sum, before]
      }
      sums[at * tags + tag] = best + own
      backs[at * tags + tag] = from
    }
  }
  const found = Array.from({ length: words.length }, () => outside)
  for (let at = words.length - 1, tag = words.length === 0 ? outside : largest(sums.subarray(at * tags)); at >= 0; at--) {
    found[at] = tag
    tag = backs[at * tags + tag]!
  }
  return found
}

/** Nothing goes on that has not begun. */
export function mayFollow(before: number, tag: number): boolean {
  return tag === outside || tag % 2 === 1 || before === tag || before === tag - 1
}

export function spansOf(tags: readonly number[]): LabelledSpan[] {
  return tags.flatMap((tag, from) => {
    if (tag % 2 === 0) return []
    const end = tags.findIndex((other, at) => at > from && other !== tag + 1)
    return [{ from, to: end < 0 ? tags.length : end, label: (tag - 1) / 2 }]
  })
}

export function tagsOfSpans(spans: readonly LabelledSpan[], words: number): number[] {
  const tags = Array.from({ length: words }, () => outside)
  for (const { from, to, label } of spans) for (let at = from; at < to; at++) tags[at] = at === from ? beginOf(label) : insideOf(label)
  return tags
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > values[best]! ? at : best), 0)
}
