import type { Adapter } from '../adapter.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { ropeFrequencies } from '../graph/rope.ts'

/** Weights by their published names, f32, row after row. */
export type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>

/**
 * For tests: the logits of every position, [tokens][vocabSize], computed the slow and obvious way: one position after the other, one
 * number after the other, in f64, without a cache. `adapter`: what it adds to each linear layer that it changes, B · (A · x).
 */
export function oracleLogits(config: DecoderConfig, weights: Weights, ids: readonly number[], adapter?: Adapter): number[][] {
  const { hiddenSize, innerSize, heads, kvHeads, headDim, normEpsilon, rope } = config
  const tensor = (name: string) => {
    const found = weights.get(name)
    if (!found) throw new Error(`no ${name}`)
    return found.data
  }
  const embedding = tensor('model.embed_tokens.weight')
  const times = (name: string, x: readonly number[], rows: number, bias: boolean) => {
    const weight = tensor(`${name}.weight`)
    const { rank = 0, a, b } = adapter?.linears.get(name) ?? {}
    const narrow = Array.from({ length: rank }, (_, r) => x.reduce((sum, value, column) => sum + value * a![column * rank + r]!, 0))
    const added = (row: number) => narrow.reduce((sum, value, r) => sum + value * b![r * rows + row]!, bias ? tensor(`${name}.bias`)[row]! : 0)
    return Array.from({ length: rows }, (_, row) => x.reduce((sum, value, column) => sum + value * weight[row * x.length + column]!, added(row)))
  }
  const norm = (x: readonly number[], gamma: Float32Array) => {
    const inverse = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + normEpsilon)
    return x.map((value, i) => value * inverse * gamma[i]!)
  }
  const frequencies = ropeFrequencies(rope, headDim)
  const attentionFactor = rope.scaling?.kind === 'yarn' ? rope.scaling.attentionFactor : 1
  const turn = (x: readonly number[], position: number) => x.map((value, i) => {
    const half = headDim / 2
    const angle = position * frequencies[i % half]!
    const other = i < half ? -x[i + half]! : x[i - half]!
    return (value * Math.cos(angle) + other * Math.sin(angle)) * attentionFactor
  })

  let states = ids.map(id => [...embedding.subarray(id * hiddenSize, (id + 1) * hiddenSize)])
  for (const [index, { rotary, window }] of config.layers.entries()) {
    const at = `model.layers.${index}`
    const parts = states.map((state, position) => {
      const x = norm(state, tensor(`${at}.input_layernorm.weight`))
      const heads_ = (module: string, count: number, isValue: boolean) => {
        const all = times(`${at}.self_attn.${module}_proj`, x, count * headDim, config.qkvBias)
        return Array.from({ length: count }, (_, head) => {
          const one = all.slice(head * headDim, (head + 1) * headDim)
          if (isValue) return one
          const normed = config.qkNorm ? norm(one, tensor(`${at}.self_attn.${module}_norm.weight`)) : one
          return rotary ? turn(normed, position) : normed
        })
      }
      return { q: heads_('q', heads, false), k: heads_('k', kvHeads, false), v: heads_('v', kvHeads, true) }
    })
    states = states.map((state, position) => {
      const attended = Array.from({ length: heads }, (_, head) => {
        const group = Math.floor(head / (heads / kvHeads))
        const first = window === null ? 0 : Math.max(0, position - window + 1)
        const seen = parts.slice(first, position + 1)
        const scores = seen.map(({ k }) => k[group]!.reduce((sum, value, i) => sum + value * parts[position]!.q[head]![i]!, 0) / Math.sqrt(headDim))
        const greatest = Math.max(...scores)
        const shares = scores.map(score => Math.exp(score - greatest))
        const total = shares.reduce((sum, share) => sum + share, 0)
        return Array.from({ length: headDim }, (_, i) => seen.reduce((sum, { v }, place) => sum + (shares[place]! / total) * v[group]![i]!, 0))
      }).flat()
      const middle = plus(state, times(`${at}.self_attn.o_proj`, attended, hiddenSize, config.outputBias))
      const x = norm(middle, tensor(`${at}.post_attention_layernorm.weight`))
      const gate = times(`${at}.mlp.gate_proj`, x, innerSize, config.innerBias)
      const up = times(`${at}.mlp.up_proj`, x, innerSize, config.innerBias)
      const gated = gate.map((value, i) => (value / (1 + Math.exp(-value))) * up[i]!)
      return plus(middle, times(`${at}.mlp.down_proj`, gated, hiddenSize, config.innerBias))
    })
  }
  return states.map(state => times(config.tiedHead ? 'model.embed_tokens' : 'lm_head', norm(state, tensor('model.norm.weight')), config.vocabSize, false))
}

function plus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + b[i]!)
}
