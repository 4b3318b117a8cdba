/** A part of a text, in UTF-16 units: from `from` up to and without `to`. */
export type Span = { readonly from: number; readonly to: number }

type Token = Span & { readonly text: string }

const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const letters = `[[\\p{L}\\p{N}\\p{M}]--[${unspaced}]]+`
/** Words with what joins them inside ("don't", "o’clock"), and single characters of scripts that write no spaces. */
const tokenPattern = new RegExp(`[${unspaced}]\\p{M}*|${letters}(?:['’\`]${letters})*`, 'gv')

/**
 * Where each time the words of `text` stand in a message one after the other, whatever the case, the spaces and the marks between them: what a person said, to the letter. None where they do not,
 * or where `text` has no words.
 */
export function findSpans(message: string, text: string): Span[] {
  const said = tokensOf(message)
  const wanted = tokensOf(text).map(token => token.text)
  if (wanted.length === 0) return []
  return said.flatMap((first, index) => {
    const last = said[index + wanted.length - 1]
    return last && wanted.every((word, offset) => said[index + offset]?.text === word) ? [{ from: first.from, to: last.to }] : []
  })
}

/** The words of a text as they are compared: without case, width and apostrophes. */
export function wordsOf(text: string): string[] {
  return tokensOf(text).map(token => token.text)
}

function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(tokenPattern), ({ 0: found, index }) => ({ from: index, to: index + found.length, text: found.normalize('NFKC').toLowerCase().replaceAll(/['’`]/g, '') }))
}
