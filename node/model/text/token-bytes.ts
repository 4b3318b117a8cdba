import { quoted, unknownModel } from '../model-errors.ts'

/** How the vocabulary spells bytes, read off the decoder of a tokenizer.json. */
export type Spelling =
  /** GPT-2: every byte has a printable character of its own. */
  | { readonly kind: 'byte-level' }
  /** SentencePiece: text, with a stand-in for the space; `<0x0A>` is a byte. `leadingSpaces`: so many at the start of a text are the tokenizer's own. */
  | { readonly kind: 'pieces'; readonly replacements: readonly (readonly [string, string])[]; readonly byteFallback: boolean; readonly leadingSpaces: number }

const encoder = new TextEncoder()

/** GPT-2's table: the 188 printable characters of Latin-1 stand for themselves, the other bytes for 256, 257 … in order. */
const bytesOfChars = (() => {
  const table = new Map<string, number>()
  let others = 256
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    table.set(String.fromCharCode(printable ? byte : others++), byte)
  }
  return table
})()

/** The 256 characters of a byte-level vocabulary, by byte. */
export const charsOfBytes: readonly string[] = [...bytesOfChars].sort((a, b) => a[1] - b[1]).map(([char]) => char)

/** Bytes of an ordinary token of the vocabulary; an added one is its text as it stands. */
export function spelledBytes(spelling: Spelling, token: string): Uint8Array {
  if (spelling.kind === 'pieces') {
    const byte = spelling.byteFallback ? /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1] : undefined
    if (byte !== undefined) return Uint8Array.of(parseInt(byte, 16))
    return encoder.encode(spelling.replacements.reduce((text, [from, to]) => text.replaceAll(from, to), token))
  }
  const bytes: number[] = []
  for (const char of token) {
    const byte = bytesOfChars.get(char)
    // A few published vocabularies hold tokens that were added as plain text.
    if (byte === undefined) bytes.push(...encoder.encode(char))
    else bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** @throws KinmeshError `UnknownModel`: a decoder that no model of the Llama family has */
export function readSpelling(decoder: unknown): Spelling {
  const steps = flat(decoder)
  const kinds = steps.map(step => step['type'])
  if (kinds.includes('ByteLevel')) {
    const other = kinds.find(kind => kind !== 'ByteLevel' && kind !== 'Fuse')
    if (other !== undefined) throw unknownModel(`the tokenizer decodes with ByteLevel and ${quoted(other)} together`)
    return { kind: 'byte-level' }
  }
  const replacements: (readonly [string, string])[] = []
  let [byteFallback, fused, leadingSpaces] = [false, false, 0]
  for (const step of steps) {
    switch (step['type']) {
      case 'ByteFallback':
        byteFallback = true
        break
      case 'Fuse':
        fused = true
        break
      case 'Replace':
        replacements.push([textOf(fieldOf(step['pattern'], 'String')), textOf(step['content'], true)])
        break
      case 'Metaspace':
        replacements.push([textOf(step['replacement'] ?? '▁'), ' '])
        if (step['prepend_scheme'] !== 'never' && step['add_prefix_space'] !== false) leadingSpaces = 1
        break
      case 'Strip':
        // Before `Fuse` it would take a space from every token, which no model of ours does.
        if (!fused || step['content'] !== ' ' || (step['stop'] ?? 0) !== 0 || (step['start'] !== 0 && step['start'] !== 1)) throw unknownModel('the tokenizer strips more than one leading space when it decodes')
        leadingSpaces = step['start']
        break
      default:
        throw unknownModel(`the tokenizer's decoder ${quoted(step['type'])} is not one of ByteLevel, Metaspace, Replace, ByteFallback, Fuse and Strip`)
    }
  }
  if (steps.length === 0) throw unknownModel('the tokenizer has no decoder')
  return { kind: 'pieces', replacements, byteFallback, leadingSpaces }
}

type Step = Readonly<Record<string, unknown>>

function flat(decoder: unknown): Step[] {
  if (typeof decoder !== 'object' || decoder === null) return []
  const step = decoder as Step
  if (step['type'] !== 'Sequence') return [step]
  const steps: unknown = step['decoders']
  // One level: nested sequences exist in no published file, and recursion would need a bound.
  return Array.isArray(steps) ? steps.filter((each): each is Step => typeof each === 'object' && each !== null) : []
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Step)[name] : undefined
}

function textOf(value: unknown, mayBeEmpty = false): string {
  if (typeof value === 'string' && (mayBeEmpty || value !== '')) return value
  throw unknownModel(`the tokenizer's decoder replaces ${quoted(value)}, where a piece of text is expected`)
}
