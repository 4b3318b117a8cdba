/** Sizes of an encoder as BERT has them. */
export type EncoderSizes = { readonly vocabSize: number; readonly hidden: number; readonly inner: number; readonly heads: number; readonly layers: number; readonly positions: number }

/** Numbers of a weight by its name, f32, row after row; matrices are [inputs, outputs], as exports have them. */
export type EncoderWeights = (name: string) => Float32Array

/**
 * For tests: the vectors of the tokens of one text, [tokens][hidden], computed the slow and obvious way in f64. Devlin et al. 2018 (BERT), with the normalisation after
 * each half of a layer.
 */
export function oracleVectors({ hidden, inner, heads, layers }: EncoderSizes, weights: EncoderWeights, ids: readonly number[]): number[][] {
  const row = (name: string, index: number) => [...weights(name).subarray(index * hidden, (index + 1) * hidden)]
  const linear = (name: string, x: readonly number[], outputs: number) => {
    const matrix = weights(`${name}.weight`)
    return Array.from({ length: outputs }, (_, output) => x.reduce((sum, value, input) => sum + value * matrix[input * outputs + output]!, weights(`${name}.bias`)[output]!))
  }
  const norm = (name: string, x: readonly number[]) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length + 1e-12)
    return x.map((value, at) => ((value - mean) / deviation) * weights(`${name}.weight`)[at]! + weights(`${name}.bias`)[at]!)
  }
  const size = hidden / heads
  let states = ids.map((id, position) => norm('embeddings.LayerNorm', plus(plus(row('embeddings.word', id), row('embeddings.position', position)), row('embeddings.type', 0))))
  for (let layer = 0; layer < layers; layer++) {
    const at = `layer.${layer}`
    const [queries, keys, values] = ['query', 'key', 'value'].map(part => states.map(state => linear(`${at}.${part}`, state, hidden)))
    states = states.map((state, position) => {
      const context = Array.from({ length: heads }, (_, head) => {
        const part = (vector: readonly number[]) => vector.slice(head * size, (head + 1) * size)
        const scores = keys!.map(key => part(key).reduce((sum, value, i) => sum + value * part(queries![position]!)[i]!, 0) / Math.sqrt(size))
        const most = Math.max(...scores)
        const shares = scores.map(score => Math.exp(score - most))
        const total = shares.reduce((sum, share) => sum + share, 0)
        return Array.from({ length: size }, (_, i) => values!.reduce((sum, value, place) => sum + (shares[place]! / total) * part(value)[i]!, 0))
      }).flat()
      const attended = norm(`${at}.attention.LayerNorm`, plus(state, linear(`${at}.attention`, context, hidden)))
      const inside = linear(`${at}.intermediate`, attended, inner).map(value => value * 0.5 * (1 + erf(value / Math.SQRT2)))
      return norm(`${at}.output.LayerNorm`, plus(attended, linear(`${at}.output`, inside, hidden)))
    })
  }
  return states
}

function plus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, at) => value + b[at]!)
}

/** Its power series, which needs some hundred terms for the largest numbers that occur here. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; n < 200; n++) {
    term *= -(x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
