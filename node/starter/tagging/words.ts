/** Where the words of a text begin, and end without the marks behind them. */
export type Word = { readonly from: number; readonly to: number }

export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}$€£][^\s]*/gu), ({ 0: word, index }) => ({ from: index, to: index + word.replace(/[^\p{L}\p{M}\p{N}%$€£]+$/u, '').length }))
}
