import { KinmeshError } from '../../../mesh/errors.ts'
import { badTrainingData } from '../training-errors.ts'

/** In a gigabyte of memory; more than a device trains on in a week. */
const defaultMaxTokens = 2 ** 28

/**
 * Texts as ids, in four bytes a token. Each token of an example is either learned, that is, the model shall write it after what stands before, or only read.
 */
export class TokenExamples {
  readonly #maxTokens: number
  /** One behind the other; of tokens that are only read, the complement. */
  #tokens = new Int32Array(1024)
  #ends = new Int32Array(64)
  #count = 0

  constructor(maxTokens = defaultMaxTokens) {
    this.#maxTokens = maxTokens
  }

  get count(): number {
    return this.#count
  }

  get tokens(): number {
    return this.#count === 0 ? 0 : this.#ends[this.#count - 1]!
  }

  /** `learned` says of each token whether it is. @throws KinmeshError `TooMuchTrainingData` · `BadTrainingData` */
  add(ids: ArrayLike<number>, learned: (at: number) => boolean): void {
    const from = this.tokens
    if (from + ids.length > this.#maxTokens) throw new KinmeshError('TooMuchTrainingData', `the training data has more than ${this.#maxTokens} tokens: train on a part of it`)
    this.#tokens = roomFor(this.#tokens, from + ids.length)
    this.#ends = roomFor(this.#ends, this.#count + 1)
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      if (!(Number.isInteger(id) && id >= 0 && id < 2 ** 31)) throw badTrainingData(`token ${at} of an example is ${id}, which is no id`)
      this.#tokens[from + at] = learned(at) ? id : ~id
    }
    this.#ends[this.#count++] = from + ids.length
  }

  length(example: number): number {
    return this.#ends[example]! - this.#start(example)
  }

  id(example: number, at: number): number {
    const token = this.#tokens[this.#start(example) + at]!
    return token < 0 ? ~token : token
  }

  isLearned(example: number, at: number): boolean {
    return this.#tokens[this.#start(example) + at]! >= 0
  }

  /** All that it holds, for a hash. */
  bytes(): Uint8Array[] {
    return [this.#tokens.subarray(0, this.tokens), this.#ends.subarray(0, this.#count)].map(({ buffer, byteLength }) => new Uint8Array(buffer, 0, byteLength))
  }

  #start(example: number): number {
    return example === 0 ? 0 : this.#ends[example - 1]!
  }
}

function roomFor(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array
  const larger = new Int32Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}
