import { Sfc32 } from '../../model/text/sfc32.ts'
import { type TokenBatch, notLearned } from '../../train/objective.ts'

/** Tokens of one span, and spans of one drill: all of them, and all again, take about half a row. */
const [shortest, longest, fewest, most] = [3, 12, 4, 24]

/**
 * Spans of tokens that mean nothing, and the same spans again in another order: what follows the first token of a span is learned the second time. In half of the drills there is a `space`
 * between any two tokens, as there is between words. It keeps a model copying any tokens whatever,
 * names that no example has had among them; without it, examples alone turned the heads that copy into some that copy what they know (6.7 nats on such texts after 500 steps).
 */
export function copyingDrill(seed: number, { rows, length, vocabSize, space }: { readonly rows: number; readonly length: number; readonly vocabSize: number; readonly space: number }): TokenBatch {
  const random = new Sfc32(seed)
  const below = (bound: number) => random.next() % bound
  const size = rows * length
  const [ids, labels, positions, segments] = [new Int32Array(size), new Int32Array(size).fill(notLearned), new Int32Array(size), new Int32Array(size)]
  for (let row = 0; row < rows; row++) {
    let [at, segment] = [row * length, 0]
    for (const end = at + length; at < end; segment++) {
      const spans = Array.from({ length: fewest + below(most - fewest + 1) }, () => Array.from({ length: shortest + below(longest - shortest + 1) }, () => below(vocabSize)))
      const again = shuffled(spans, below)
      const whole = [...spans.flat().map(id => ({ id, known: false })), ...again.flatMap(span => span.map((id, place) => ({ id, known: place > 0 })))]
      const written = below(2) === 0 ? whole : whole.flatMap(each => [{ id: space, known: false }, each])
      for (let position = 0; position < written.length && at < end; position++, at++) {
        const next = written[position + 1]
        ids[at] = written[position]!.id
        if (next?.known) labels[at] = next.id
        positions[at] = position
        segments[at] = segment
      }
    }
  }
  return { rows, length, ids, labels, positions, segments, tokens: size }
}

/** By Fisher and Yates. */
function shuffled<T>(items: readonly T[], below: (bound: number) => number): T[] {
  const all = [...items]
  for (let left = all.length - 1; left > 0; left--) {
    const other = below(left + 1)
    ;[all[left], all[other]] = [all[other]!, all[left]!]
  }
  return all
}
