/** Where a text is within a character (RFC 3629): 0 between two; so many bytes to come; and the bytes that may come next where not all of 80 … BF may. */
const states = [
  { left: 0, low: 0x80, high: 0xbf }, { left: 1, low: 0x80, high: 0xbf }, { left: 2, low: 0x80, high: 0xbf }, { left: 3, low: 0x80, high: 0xbf },
  { left: 2, low: 0xa0, high: 0xbf }, { left: 2, low: 0x80, high: 0x9f }, { left: 3, low: 0x90, high: 0xbf }, { left: 3, low: 0x80, high: 0x8f }
] as const

/** The state after a byte; undefined: no text has it there. */
function after(state: number, byte: number): number | undefined {
  const { left, low, high } = states[state] ?? states[0]
  if (left > 0) return byte >= low && byte <= high ? left - 1 : undefined
  if (byte < 0x80) return 0
  if (byte >= 0xc2 && byte <= 0xdf) return 1
  if (byte === 0xe0) return 4
  if (byte === 0xed) return 5
  if (byte >= 0xe1 && byte <= 0xef) return 2
  if (byte === 0xf0) return 6
  if (byte === 0xf4) return 7
  return byte >= 0xf1 && byte <= 0xf3 ? 3 : undefined
}

/** The state after several bytes. */
export function afterAll(state: number, bytes: Uint8Array): number | undefined {
  let now: number | undefined = state
  for (const byte of bytes) if ((now = after(now, byte)) === undefined) return undefined
  return now
}

/** For each state the tokens that leave a text well-formed, bit `id % 32` of word `id / 32`. Those without bytes come between two characters only. */
export class Utf8Masks {
  readonly #bytes: (id: number) => Uint8Array
  readonly #vocabSize: number
  readonly #masks = new Map<number, Uint32Array>()

  constructor(bytes: (id: number) => Uint8Array, vocabSize: number) {
    this.#bytes = bytes
    this.#vocabSize = vocabSize
  }

  of(state: number): Uint32Array {
    const known = this.#masks.get(state)
    if (known) return known
    const mask = new Uint32Array(Math.ceil(this.#vocabSize / 32))
    for (let id = 0; id < this.#vocabSize; id++) {
      const bytes = this.#bytes(id)
      if (bytes.length === 0 ? state === 0 : afterAll(state, bytes) !== undefined) mask[id >>> 5]! |= 1 << (id & 31)
    }
    this.#masks.set(state, mask)
    return mask
  }
}
