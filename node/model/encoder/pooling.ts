/** Below this a vector has no direction; as torch's normalize. */
const leastNorm = 1e-12

/**
 * The vector of a text out of those of its first `tokens` tokens: f32 [tokens, size] from `from` on. What fills a batch up comes after those, and does not count.
 * `mean`: their mean; `cls`: that of the first, which training made stand for all.
 */
export function pooled(vectors: Float32Array, from: number, tokens: number, size: number, mode: 'mean' | 'cls'): Float32Array {
  if (mode === 'cls') return vectors.slice(from, from + size)
  const sums = new Float64Array(size)
  for (let token = 0; token < tokens; token++) {
    for (let at = 0; at < size; at++) sums[at] = (sums[at] ?? 0) + (vectors[from + token * size + at] ?? 0)
  }
  return Float32Array.from(sums, sum => sum / tokens)
}

/** Brings a vector to length 1, in place. */
export function normalize(vector: Float32Array): Float32Array {
  const norm = Math.max(leastNorm, Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)))
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / norm
  return vector
}
