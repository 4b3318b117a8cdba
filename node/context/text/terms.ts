import { stemmer } from 'stemmer'
import { functionWords, irregularForms } from './english.ts'

// Made here and not by a tokenizer of the index, so that every device finds the same, in Node as in a page.

/** Scripts that write words without spaces between them. No dictionary: those of browsers differ. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const unspacedRun = new RegExp(`${unspaced.source}(?:${unspaced.source}|\\p{M}|[ー々])*`, 'gu')
/** Letters that have no other form. */
const plainText = /^[\x20-\x7e]*$/
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu
/** Accents: marks that other scripts write are letters there. */
const accented = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu

/** Terms of a question; the rest adds cost and nothing to the answer. */
export const maxQueryTerms = 64

/** The terms of a text in their order: stems of its words, and of what is written without spaces each character and each pair of neighbours. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap(({ text: each, isRun }) => (isRun ? gramsOf(each, true) : [stemOf(each)]))
}

/** The terms that say what a question is about, each once; all of them when it has no such terms. */
export function contentTerms(text: string): string[] {
  const words = wordsOf(text)
  const content = words.filter(({ text: each }) => !functionWords.has(each))
  return [...new Set((content.length > 0 ? content : words).flatMap(({ text: each, isRun }) => (isRun ? gramsOf(each, false) : [stemOf(each)])))].slice(0, maxQueryTerms)
}

type Word = { readonly text: string; readonly isRun: boolean }

function wordsOf(text: string): Word[] {
  const plain = (plainText.test(text) ? text : text.toWellFormed().normalize('NFKD').replaceAll(accented, '$1').normalize('NFC')).toLowerCase()
  if (!unspaced.test(plain)) return Array.from(plain.match(word) ?? [], each => ({ text: each, isRun: false }))
  const found: Word[] = []
  let at = 0
  const spaced = (until: number) => found.push(...Array.from(plain.slice(at, until).match(word) ?? [], each => ({ text: each, isRun: false })))
  for (const { 0: run, index } of plain.matchAll(unspacedRun)) {
    spaced(index)
    found.push({ text: run, isRun: true })
    at = index + run.length
  }
  spaced(plain.length)
  return found
}

/** Pairs of neighbours, as Lucene's CJKAnalyzer makes them; and single characters, of a run of one or where `singles` are wanted too. */
function gramsOf(run: string, singles: boolean): string[] {
  const characters = Array.from(run)
  const pairs = characters.slice(1).map((character, index) => `${characters[index]!}${character}`)
  return singles || pairs.length === 0 ? [...characters, ...pairs] : pairs
}

/** Porter's algorithm (Porter 1980), for words of Latin letters. */
function stemOf(each: string): string {
  return /^[a-z]+$/.test(each) ? stemmer(irregularForms.get(each) ?? each) : each
}
