import type { KnownWords } from '../known-words.ts'
import type { Word } from './words.ts'

/** A message as its words are looked at. `plain`: each without case, possessive and apostrophes; of a number, that it is one; of a word that is not known, its form. `between`: what stands before each, and behind the last. */
export type Looked = { readonly text: string; readonly places: readonly Word[]; readonly plain: readonly string[]; readonly between: readonly string[] }

export type Known = Pick<KnownWords, 'meant'>

/** Words of a sentence before and behind that say something about one of them. */
const near = 7

export function lookedAt(text: string, places: readonly Word[], known: Known): Looked {
  return {
    text, places,
    plain: places.map(({ from, to }) => plain(text.slice(from, to), known)),
    between: [...places.map(({ from }, at) => text.slice(at === 0 ? 0 : places[at - 1]!.to, from)), text.slice(places.at(-1)?.to ?? 0)]
  }
}

/** What is seen of each word: itself and its neighbours, how its sentence begins and ends, marks and quotation marks. */
export function tagFeatures({ plain: words, between }: Looked): string[][] {
  const ends = between.map((gap, at) => at === 0 || at === words.length || /[.?!;]/.test(gap))
  let quotes = 0
  return words.map((word, at) => {
    const first = ends.lastIndexOf(true, at)
    const last = ends.indexOf(true, at + 1) - 1
    quotes += between[at]!.split('"').length - 1
    const of = (place: number) => (place < first ? '<' : place > last ? '>' : words[place]!)
    const [before, after, end] = [markOf(between[at]!), markOf(between[at + 1]!), markOf(between[last + 1]!)]
    const [one, two, next, overnext] = [of(at - 1), of(at - 2), of(at + 1), of(at + 2)]
    return [
      `w ${word}`, `-1 ${one}`, `-2 ${two}`, `+1 ${next}`, `+2 ${overnext}`, `- ${one} ${word}`, `+ ${word} ${next}`, `-- ${two} ${one} ${word}`, `++ ${word} ${next} ${overnext}`, `-+ ${one} ${next}`,
      `< ${before}`, `> ${after}`, `<> ${before} ${after}`, `<w ${before} ${word}`, `end ${end}`, `q ${quotes % 2}`, `first ${of(first)}`, `firsts ${of(first)} ${of(first + 1)}`, `last ${of(last)} ${end}`, `at ${Math.min(at - first, 3)}`,
      `all ${first === 0} ${last === words.length - 1}`, ...words.slice(Math.max(first, at - near), at).map(each => `L ${each}`), ...words.slice(at + 1, Math.min(last, at + near) + 1).map(each => `R ${each}`)
    ]
  })
}

export function plain(word: string, known: Known): string {
  const lower = plainest(word)
  if (/\d/.test(lower)) return '<number>'
  return known.meant(lower) ?? (/^\p{Lu}/u.test(word) ? '<Name>' : '<word>')
}

export function plainest(word: string): string {
  return word.toLowerCase().replaceAll('’', "'").replace(/'s$/, '').replaceAll("'", '')
}

function markOf(gap: string): string {
  return gap.replaceAll(/\s/g, '').slice(0, 2)
}
