// Scripts that write words without spaces between them; unicode61 would take a whole sentence for one word.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const unspacedRun = new RegExp(`${unspaced.source}(?:${unspaced.source}|\\p{M}|[ー々])*`, 'gu')
const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/** Words a question may have; the rest adds cost and nothing to the answer. */
export const maxQueryWords = 64

// The dictionary segmenter finds out by itself which language a run is in.
const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

/** The text as the index takes it: words apart, in every script. */
export function spaced(text: string): string {
  if (!unspaced.test(text)) return text
  return text.replaceAll(unspacedRun, run => ` ${[...segmenter.segment(run)].map(part => part.segment).join(' ')} `)
}

// English function words, and what is left of contracted ones: in a question they carry no subject, and in a small memory they would outweigh one.
const functionWords = new Set(
  (
    'a about am an d ll m re s t ve and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it its know me mine my ' +
    'of on or our please remember say she should so tell that the their them there they this to us was we were what when where which who whom whose why will with would you your'
  ).split(' ')
)

/** The words of a question that say what it is about; all of them when it has no such words. */
export function contentWords(text: string): string[] {
  const words = [...new Set(spaced(text.toWellFormed().toLowerCase()).match(wordPattern))]
  const content = words.filter(word => !functionWords.has(word))
  return (content.length > 0 ? content : words).slice(0, maxQueryWords)
}
