// Vectors over Z mod 2³²: sums are exact, whatever their order, and a uniform mask hides a word completely. Real numbers become words in aggregation/fixed-point.ts.

export function addWords(target: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! += other[at]!
}

export function subtractWords(target: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! -= other[at]!
}

/** Little-endian bytes of words, and back; copies (`slice` of Node's Buffer is none). Whatever runs JavaScript with typed arrays today is little-endian itself. */
export function bytesOfWords(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength).slice()
}

export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer)
}
