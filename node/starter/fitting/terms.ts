/** A memory, as far as it is compared. `by`: who said it, where that is another person than the user, or which document. */
export type Told = { readonly text: string; readonly by?: string | undefined }

/** Kinds of values that are told by their form, whatever their words: a question for a price asks for one of them. */
const forms: readonly (readonly [string, RegExp])[] = [
  ['<money>', /[€$£¥]|\b(?:euros?|dollars?|francs|pounds|kroner|yen)\b/i], ['<clock>', /\d:\d\d|\d ?[ap]m\b/i], ['<address>', /@/], ['<number>', /\d/], ['<name>', /\p{Ll}.*\s\p{Lu}/u],
  ['<day>', /\b(?:jan|febr)uary\b|\b(?:march|april|may|june|july|august)\b|\b(?:septem|octo|novem|decem)ber\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bto(?:day|night|morrow)\b/i],
  ['<place>', /\b(?:at|in)\s+(?:the\s+)?(?:\p{Lu}|room\b)|\b(?:street|road|avenue|square|hall|centre|center|building)\b/u],
  ['<colour>', /\b(?:red|blue|green|yellow|black|white|gr[ae]y|brown|pink|purple|orange|violet|beige|turquoise|silver|gold|navy|lavender|maroon|teal|olive|crimson|indigo|magenta|ivory|scarlet|khaki)\b/i]
]
const fileName = /\.\w{1,5}$/

/** The kinds of values that a text shows by their form. */
export function formsOf(text: string): string[] {
  return forms.flatMap(([name, form]) => (form.test(text) ? [name] : []))
}

/** `user`: who says it is the user. */
export type Source = 'user' | 'person' | 'document'

export function sourceOf({ by }: Told): Source {
  return by === undefined ? 'user' : fileName.test(by) ? 'document' : 'person'
}

/** What stands for a term that is in no list. */
export const unknownTerm = '<word>'

export function classOf(term: string): string {
  if (!/\d/.test(term)) return unknownTerm
  return /^\d+$/.test(term) ? `<digits ${Math.min(term.length, 5)}>` : '<code>'
}

/** Shortest words of which one with a slip of the finger is taken for the same. */
export const shortestTyped = 5

export function areSame(a: string, b: string): boolean {
  return a === b || isSlip(a, b)
}

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
