import { decode as cborDecode, encode as cborEncode, rfc8949EncodeOptions } from 'cborg'
import { compare } from 'uint8arrays/compare'
import { KinmeshError } from './errors.ts'

/** What kinmesh puts into CBOR: positional arrays of these, so that there is no key order to agree on. */
export type CborValue = null | boolean | number | string | Uint8Array | CborValue[]

/** Deterministic CBOR (RFC 8949 §4.2.1): one value has exactly one encoding, so its hash and signature are well defined. */
export function encodeCbor(value: CborValue): Uint8Array {
  return cborEncode(value, rfc8949EncodeOptions)
}

/**
 * Decodes one value and refuses everything but its deterministic encoding: indefinite lengths, long integers,
 * maps, tags, NaN and trailing bytes included. cborg bounds allocations by the bytes that are really there.
 * @throws KinmeshError `MalformedBytes`
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  let value: CborValue
  try {
    value = cborDecode(bytes, { strict: true, allowIndefinite: false, allowUndefined: false, allowNaN: false, allowInfinity: false, allowBigInt: false }) as CborValue
    // Not `equals`: it goes through megabytes byte by byte.
    if (compare(cborEncode(value, rfc8949EncodeOptions), bytes) === 0) return value
  } catch (cause) {
    throw new KinmeshError('MalformedBytes', 'these bytes are not CBOR', { cause })
  }
  throw new KinmeshError('MalformedBytes', 'these bytes are CBOR, but not in its deterministic encoding')
}

/** Reads a positional array field by field; each method throws `MalformedBytes` naming the field that is wrong. */
export class FieldReader {
  readonly #fields: CborValue[]
  readonly #what: string
  #next = 0

  constructor(value: CborValue | undefined, what: string) {
    if (!Array.isArray(value)) throw malformed(what, 'is not an array')
    this.#fields = value
    this.#what = what
  }

  /** Integer within 0…max (default: the largest safe one). */
  uint(name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.#take()
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) throw malformed(this.#what, `${name} is not an integer within 0…${max}`)
    return value
  }

  /** Byte string of exactly `length` bytes, or at most `max`. */
  bytes(name: string, size: { length: number } | { max: number }): Uint8Array {
    const value = this.#take()
    const fits = value instanceof Uint8Array && ('length' in size ? value.length === size.length : value.length <= size.max)
    if (!fits) throw malformed(this.#what, `${name} is not a byte string of ${'length' in size ? size.length : `at most ${size.max}`} bytes`)
    return value
  }

  /** Text of at most `maxChars` UTF-16 units. */
  text(name: string, maxChars: number): string {
    const value = this.#take()
    if (typeof value !== 'string' || value.length > maxChars) throw malformed(this.#what, `${name} is not a text of at most ${maxChars} characters`)
    return value
  }

  bool(name: string): boolean {
    const value = this.#take()
    if (typeof value !== 'boolean') throw malformed(this.#what, `${name} is not a boolean`)
    return value
  }

  /** Array of at most `maxItems` values, each read by `read`. */
  list<T>(name: string, maxItems: number, read: (value: CborValue) => T): T[] {
    const value = this.#take()
    if (!Array.isArray(value) || value.length > maxItems) throw malformed(this.#what, `${name} is not a list of at most ${maxItems}`)
    return value.map(read)
  }

  /** Call last: a message with fields that nobody reads is malformed. */
  end(): void {
    if (this.#next !== this.#fields.length) throw malformed(this.#what, `has ${this.#fields.length} fields instead of ${this.#next}`)
  }

  #take(): CborValue | undefined {
    return this.#fields[this.#next++]
  }
}

export function malformed(what: string, problem: string): KinmeshError {
  return new KinmeshError('MalformedBytes', `${what}: ${problem}`)
}
