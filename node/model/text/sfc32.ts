/**
 * Numbers for drawing tokens: sfc32 of Chris Doty-Humphrey's PractRand (public domain, pracrand.sourceforge.net): three words, of which the seed fills two,
 * a counter from 1, and twelve rounds before the first number. Integers of 32 bits only, so that Node and every browser draw the same. Not for secrets.
 */
export class Sfc32 {
  #a = 0
  #b: number
  #c: number
  #counter = 1

  /** `seed`: a whole number from 0 to 2^53 − 1. */
  constructor(seed: number) {
    this.#b = seed | 0
    this.#c = Math.floor(seed / 2 ** 32) | 0
    for (let round = 0; round < 12; round++) this.next()
  }

  /** A whole number below 2^32. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** Within [0, 1), with 53 bits. */
  uniform(): number {
    const [high, low] = [this.next() >>> 5, this.next() >>> 6]
    return (high * 2 ** 26 + low) / 2 ** 53
  }
}
