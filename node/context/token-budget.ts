/** Counts the tokens of texts, each for itself. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>

/** A part of a prompt: no more tokens than `most`. Without `count` they are estimated. */
export type TokenBudget = { readonly most: number; readonly count?: CountTokens | undefined }

/** Characters of a token, in words of Latin letters and in what else is written with an alphabet: what tokenizers of 30,000 tokens and more come to in English, and less than most need elsewhere. */
const [latinChars, otherChars] = [4, 2]
const latin = /[\p{Script=Latin}\p{N}\s]/u
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Tokens of a text where no tokenizer says it: rather too many than too few. */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const char of text) tokens += tokensOf(char)
  return Math.ceil(tokens)
}

/** Tokens of each text, as the model has them; estimated where it does not say. */
export async function countTokens(texts: readonly string[], count?: CountTokens): Promise<readonly number[]> {
  const counted = await count?.(texts).catch(() => undefined)
  return counted?.length === texts.length ? counted : texts.map(estimateTokens)
}

/** Those of `values`, from the first on, that together fit; one that does not is left out for those after it. */
export async function withinBudget<T>(values: readonly T[], textOf: (value: T) => string, { most, count }: TokenBudget): Promise<T[]> {
  // A token has a byte at least: the model need not be asked.
  if (values.reduce((sum, value) => sum + new TextEncoder().encode(textOf(value)).length, 0) <= most) return [...values]
  const tokens = await countTokens(values.map(textOf), count)
  let left = most
  return values.filter((_, index) => {
    const own = tokens[index] ?? 0
    if (own > left) return false
    left -= own
    return true
  })
}

/** The beginning of a text that has more tokens than `most`, by estimate. */
export function clipped(text: string, most: number): string {
  let tokens = 0
  let end = 0
  for (const char of text) {
    tokens += tokensOf(char)
    if (tokens > most) return `${text.slice(0, end)}…`
    end += char.length
  }
  return text
}

function tokensOf(char: string): number {
  return latin.test(char) ? 1 / latinChars : unspaced.test(char) ? 1 : 1 / otherChars
}
