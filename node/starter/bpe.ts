import { charsOfBytes } from '../model/text/token-bytes.ts'

/** Two tokens that become one. */
export type Merge = readonly [string, string]

type Word = { readonly count: number; parts: string[] }

const encoder = new TextEncoder()

/** A text in the spelling of a byte-level vocabulary: a character for each byte. */
export function spelledText(text: string): string[] {
  return Array.from(encoder.encode(text), byte => charsOfBytes[byte] ?? '')
}

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units"): the pair of neighbouring tokens that is most frequent becomes a token, again and again. `words`: pieces
 * of text that no token reaches over, with how often each comes. Of pairs that are equally frequent the first in the order of code units is taken, so that the result depends on the counts alone. Pairs that come once only are left.
 */
export function trainMerges(words: ReadonlyMap<string, number>, merges: number): Merge[] {
  const all: Word[] = [...words].map(([text, count]) => ({ count, parts: spelledText(text) }))
  const counts = new Map<string, number>()
  /** Words in which a pair is, or was. */
  const places = new Map<string, Set<Word>>()
  const add = (word: Word, sign: 1 | -1) => {
    for (let at = 1; at < word.parts.length; at++) {
      const pair = `${word.parts[at - 1]} ${word.parts[at]}`
      counts.set(pair, (counts.get(pair) ?? 0) + sign * word.count)
      if (sign < 0) continue
      const found = places.get(pair)
      if (found) found.add(word)
      else places.set(pair, new Set([word]))
    }
  }
  for (const word of all) add(word, 1)
  const done: Merge[] = []
  while (done.length < merges) {
    const best = mostFrequent(counts)
    if (best === undefined) break
    const [left = '', right = ''] = best.split(' ')
    done.push([left, right])
    for (const word of places.get(best) ?? []) {
      add(word, -1)
      word.parts = merged(word.parts, left, right)
      add(word, 1)
    }
    counts.delete(best)
    places.delete(best)
  }
  return done
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let [best, most]: [string | undefined, number] = [undefined, 1]
  for (const [pair, count] of counts) if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count]
  return best
}

function merged(parts: readonly string[], left: string, right: string): string[] {
  const result: string[] = []
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] === left && parts[at + 1] === right) {
      result.push(left + right)
      at++
    } else result.push(parts[at] as string)
  }
  return result
}
