import { badPrivacyTerms } from './terms.ts'

/** Fills `words` with independent uniform bits. At most 16,384 words at once (64 KiB, the most that browsers give). */
export type RandomSource = (words: Uint32Array<ArrayBuffer>) => void

/** The platform's cryptographic generator: noise that somebody can foretell hides nothing. */
export const csprng: RandomSource = words => {
  crypto.getRandomValues(words)
}

/** 16 KiB: asking a platform's generator costs more than what it gives. */
const usualWords = 4096

/** Uniform numbers out of a source, each bit used once. */
export class RandomWords {
  readonly #source: RandomSource
  readonly #words: Uint32Array<ArrayBuffer>
  #at: number
  #bits = 0
  #bitsLeft = 0

  /** `atOnce`: words that the source is asked for at once. */
  constructor(source: RandomSource, atOnce = usualWords) {
    this.#source = source
    this.#words = new Uint32Array(atOnce)
    this.#at = atOnce
  }

  /** 32 bits. */
  word(): number {
    if (this.#at === this.#words.length) {
      this.#source(this.#words)
      this.#at = 0
    }
    const word = this.#words[this.#at]!
    // What a noise was made of would undo it: it stays in memory no longer than needed.
    this.#words[this.#at++] = 0
    return word
  }

  bit(): boolean {
    if (this.#bitsLeft === 0) {
      this.#bits = this.word()
      this.#bitsLeft = 32
    }
    const bit = (this.#bits & 1) === 1
    this.#bits >>>= 1
    this.#bitsLeft--
    return bit
  }

  /** One of the 2^53 multiples of 2^−53 within 2^−53 … 1: no zero, which has no logarithm. */
  uniform(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6) + 1) / 2 ** 53
  }

  /** An integer within 0 … limit − 1, each exactly as likely as the others. `limit`: 1 … 2^32. */
  below(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) throw badPrivacyTerms(`a draw is from 1 to 2^32 numbers, not ${limit}`)
    for (;;) {
      const word = this.word()
      const rest = word % limit
      // The words from the last whole multiple on would favour small numbers.
      if (word - rest + limit <= 2 ** 32) return rest
    }
  }
}
