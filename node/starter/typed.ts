import type { Dice } from './dice.ts'
import { capital } from './words/made-up.ts'

/** How somebody types. One person keeps one manner through a conversation. */
export type Manner = { readonly lower: boolean; readonly marks: boolean; readonly apostrophes: boolean; readonly typos: number }

export const careful: Manner = { lower: false, marks: true, apostrophes: true, typos: 0 }

export function mannerOf(dice: Dice): Manner {
  if (dice.chance(0.55)) return careful
  return { lower: dice.chance(0.6), marks: dice.chance(0.4), apostrophes: dice.chance(0.6), typos: dice.chance(0.3) ? 1 : 0 }
}

/** What is typed where `text` is meant: a sentence without its mark. `keep`: what must be found again as it is, whatever the case. */
export function typed(dice: Dice, manner: Manner, text: string, mark: '.' | '?' | '!' | '', keep: readonly string[] = []): string {
  const kept = keep.filter(each => each !== '').toSorted((a, b) => b.length - a.length)
  // Characters for private use stand for what is kept meanwhile.
  let written = kept.reduce((whole, each, index) => whole.replaceAll(each, String.fromCharCode(firstPrivate + index)), text)
  if (dice.chance(0.5)) written = contracted(written)
  for (let left = manner.typos; left > 0; left--) written = misspelt(dice, written)
  if (!manner.apostrophes) written = written.replaceAll(/\b(what|where|who|it|that|don|can|isn|doesn|i|you|he|she)'(s|t|m|re|ve|ll)\b/gi, '$1$2')
  written = kept.reduce((whole, each, index) => whole.replaceAll(String.fromCharCode(firstPrivate + index), each), written)
  written = manner.lower ? written.toLowerCase() : capital(written)
  return manner.marks && !/[.?!]$/.test(written) ? written + mark : written
}

const firstPrivate = 0xe000

/** "I'm" for "I am", where both are said. */
export function contracted(text: string): string {
  return text.replaceAll(/\bI am\b/g, "I'm").replaceAll(/\bit is\b/g, "it's").replaceAll(/\bdo not\b/g, "don't").replaceAll(/\bis not\b/g, "isn't").replaceAll(/\b(what|where|who|when) is\b/g, "$1's")
}

/** One word with two letters swapped, one lost or one twice; short ones stay. */
function misspelt(dice: Dice, text: string): string {
  const words = text.split(' ')
  const places = words.flatMap((word, index) => (/^[a-z]{4,}$/.test(word) ? [index] : []))
  if (places.length === 0) return text
  const at = dice.pick(places)
  const word = words[at] ?? ''
  const letter = dice.between(1, word.length - 2)
  words[at] = dice.pick([
    word.slice(0, letter) + (word[letter + 1] ?? '') + (word[letter] ?? '') + word.slice(letter + 2),
    word.slice(0, letter) + word.slice(letter + 1),
    word.slice(0, letter) + (word[letter] ?? '') + word.slice(letter)
  ])
  return words.join(' ')
}
