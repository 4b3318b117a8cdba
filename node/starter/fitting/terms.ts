import { termsOf } from '../../context/text/terms.ts'

/** A memory, as far as it is compared. `by`: who said it, where that is another person than the user, or which document. */
export type Told = { readonly text: string; readonly by?: string | undefined }

/** What a user says of themselves is of somebody else where somebody else said it. */
const mine = new Set(['i', 'me', 'my', 'mine', 'am', 'myself'])
const fileName = /\.\w{1,5}$/
/** Kinds of values that are told by their form, whatever their words: a question for a price asks for one of them. */
const forms: readonly (readonly [string, RegExp])[] = [
  ['<money>', /[€$£¥]|\b(?:euros?|dollars?|francs|pounds|kroner|yen)\b/i], ['<clock>', /\d:\d\d|\d ?[ap]m\b/i], ['<address>', /@/], ['<number>', /\d/], ['<name>', /\p{Ll}.*\s\p{Lu}/u],
  ['<day>', /\b(?:jan|febr)uary\b|\b(?:march|april|may|june|july|august)\b|\b(?:septem|octo|novem|decem)ber\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bto(?:day|night|morrow)\b/i],
  ['<place>', /\b(?:at|in)\s+(?:the\s+)?(?:\p{Lu}|room\b)|\b(?:street|road|avenue|square|hall|centre|center|building)\b/u],
  ['<colour>', /\b(?:red|blue|green|yellow|black|white|gr[ae]y|brown|pink|purple|orange|violet|beige|turquoise|silver|gold|navy|lavender|maroon|teal|olive|crimson|indigo|magenta|ivory|scarlet|khaki)\b/i]
]
/** Of the message before the last: it says what "and my brother?" is about. */
export const before = 'before:'

/** The terms of a memory, and what else tells what it is. */
export function memoryTerms({ text, by }: Told): string[] {
  const own = [...termsOf(text), ...forms.flatMap(([name, form]) => (form.test(text) ? [name] : []))]
  if (by === undefined) return own
  return fileName.test(by) ? [...own, '<document>'] : [...termsOf(by), ...own.map(term => (mine.has(term) ? `their:${term}` : term)), '<said>']
}

/** The terms of what was asked: those of the last message, and of the one before. */
export function questionTerms(asked: readonly string[]): string[] {
  const [last = '', previous] = asked.toReversed()
  return ['<asked>', ...termsOf(last), ...(previous === undefined ? [] : termsOf(previous).map(term => before + term))]
}

/** What stands for a term that is in no list, and for whatever it may be. */
export function classOf(term: string): string {
  const prefix = term.startsWith(before) ? before : ''
  const plain = term.slice(prefix.length)
  if (!/\d/.test(plain)) return `${prefix}<word>`
  return `${prefix}${/^\d+$/.test(plain) ? `<digits ${Math.min(plain.length, 5)}>` : '<code>'}`
}

export const classes: readonly string[] = ['', before].flatMap(prefix => ['<word>', '<code>', ...[1, 2, 3, 4, 5].map(length => `<digits ${length}>`)].map(name => prefix + name))

/** Shortest words of which one with a slip of the finger is taken for the same. */
const shortestTyped = 5

/** Whether two terms are the same but for one letter that is missing, doubled, wrong, or in its neighbour's place. Short ones are too often other words. */
export function isSlip(a: string, b: string, shortest = shortestTyped): boolean {
  if (a.length < shortest || b.length < shortest || Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from++
  let [endA, endB] = [a.length, b.length]
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const [restA, restB] = [a.slice(from, endA), b.slice(from, endB)]
  return (restA.length <= 1 && restB.length <= 1) || (restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0])
}
