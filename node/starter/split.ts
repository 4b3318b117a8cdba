/** What an example is for: learning, choosing between trainings, or scores. Templates, names and words of one are never in another. */
export type Split = 'train' | 'validation' | 'test'
export const splits: readonly Split[] = ['train', 'validation', 'test']

/** Where a word belongs: a tenth each to validation and test, by FNV-1a (Fowler, Noll, Vo; public domain) of its lower case. So a word in two lists is in the same part of both. */
export function splitOf(word: string): Split {
  let hash = 0x811c9dc5
  for (const char of word.toLowerCase()) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  // The low bits of FNV repeat those of the last letters.
  const tenth = ((hash ^ (hash >>> 15)) >>> 3) % 10
  return tenth === 0 ? 'test' : tenth === 1 ? 'validation' : 'train'
}

/** Words that stand in phrases, or in longer words of the lists: they are seen in learning whatever their hash. */
const everyday = new Set('orange juice phone mustard yellow passport picnic suitcase motorbike paper recipe printer fridge river car chess garage potatoes travel black'.split(' ').concat('dentist appointment'))

export type BySplit<T> = Readonly<Record<Split, readonly T[]>>

/** Words by split. Throws where a list is too short to have some for each. */
export function splitWords(words: readonly string[]): BySplit<string> {
  const part = (split: Split) => words.filter(word => (everyday.has(word) ? 'train' : splitOf(word)) === split)
  const parts = { train: part('train'), validation: part('validation'), test: part('test') }
  for (const split of splits) if (parts[split].length === 0) throw new Error(`none of these words is for ${split}: ${words.slice(0, 5).join(', ')} …`)
  return parts
}

/** Phrases by their place: the last sixth (one at least) for scores, as many before for validation, the rest for learning, and `more` beside it. Throws for fewer than three. */
export function splitPhrases<T>(phrases: readonly T[], more: readonly T[] = []): BySplit<T> {
  if (phrases.length < 3) throw new Error(`three phrases at least, one for each split: ${phrases.map(String).join(', ')}`)
  const held = Math.max(1, Math.floor(phrases.length / 6))
  return { train: [...phrases.slice(0, -2 * held), ...more], validation: phrases.slice(-2 * held, -held), test: phrases.slice(-held) }
}
