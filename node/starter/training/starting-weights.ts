import { ropeFrequencies } from '../../model/graph/rope.ts'
import { Sfc32 } from '../../model/text/sfc32.ts'
import type { DecoderConfig } from '../../model/decoder-config.ts'
import type { Parameter } from '../../train/objective.ts'
import { FlatViews } from '../../train/flat-views.ts'
import { embeddingDeviation, initialParameters } from '../../train/trainer/initial-parameters.ts'

/**
 * Deviation of embeddings. Adam moves a number by the rate whatever its size, so what is to outlast the first hundred steps must not be small: from the usual 0.02, with all else in proportion,
 * nothing of the copying was left after 280.
 */
const embedding = 0.3
/** Of queries and keys of the heads that look back: attention is then 0.97 there at the least. */
const looksBack = 14
/** Tokens that are compared, from the last one back, and how much each counts: the position behind which most of them stand wins, as in prediction by partial matching (Cleary & Witten 1984). */
const looksFor = [5, 4, 3, 2.5]
/** Of the norm before layer 0: what its heads read is made small, so that their weights can be large, and last. */
const firstNorm = 0.04
/** Of values and of outputs, as what is written stands beside an embedding. */
const [writesBefore, writesCopied] = [Math.sqrt((0.5 * embedding) / firstNorm), Math.sqrt(40 * embedding)]
/** Of what heads write that have to learn yet where to look: they look everywhere, layer upon layer, and more than this would drown what is copied. */
const faint = 0.03
/** Of the last norm: logits of some tens, which decide. */
const lastNorm = 0.1 / embedding
/** Pairs of dimensions that turn by less than this in a step hardly turn over half of a row: they compare tokens and not places. Radians. */
const hardlyTurns = 0.004

/**
 * Weights that copy before anything is learned. Answering from what is shown is copying it, and a small model on a small computer takes longer than anybody's patience to find out how: its
 * induction heads (Olsson et al. 2022, arXiv:2209.11895) come late or never. So they are put there, as other structure was by Trockman & Kolter 2023 (arXiv:2305.09828): the four heads of layer 0
 * write into each position which tokens stand one to four places before it. A head of layer 1 looks for the position whose tokens before are the present one and those before that, as many of them as
 * possible, and writes down what stands there; one for each group of keys does so, by other dimensions. One token alone would not do: between two words there is a space, a token of its own, and "is" stands in every memory. All of it is learned on.
 *
 * What layers add to the stream is 0 elsewhere: at the start nothing drowns the embeddings, and they have nothing in the dimensions where the tokens before are written.
 * The rest is as `initialParameters` has it.
 */
export function startingWeights(config: DecoderConfig, parameters: readonly Parameter[], seed: number): Float32Array {
  const flat = initialParameters(parameters, seed)
  const views = new FlatViews(parameters).of(flat)
  const of = (name: string) => views[`model.${name}`]!.data as Float32Array
  const attention = (layer: number, name: string) => of(`layers.${layer}.self_attn.${name}`)
  const { hiddenSize: width, headDim, heads, kvHeads } = config
  for (const layer of config.layers.keys()) for (const name of ['self_attn.o_proj.weight', 'mlp.down_proj.weight']) of(`layers.${layer}.${name}`).fill(0)
  of('norm.weight').fill(lastNorm)
  of('layers.0.input_layernorm.weight').fill(firstNorm)

  // Subspaces of the stream that do not touch: the token, those before it, and what is copied.
  const basis = orthonormal(width, new Sfc32(seed + 2 ** 40))
  const [part, place] = [width / 4, width / 8]
  const [token, copied] = [basis.slice(0, part), basis.slice(3 * part)]
  const before = Array.from({ length: heads }, (_, head) => basis.slice(part + head * place, part + (head + 1) * place))
  setEmbeddings(of('embed_tokens.weight'), width, token, before.flat())
  /** Writes a direction of the stream into a row of a matrix that reads it, [out, width], or into a column of one that writes it, [width, in]. */
  const reads = (matrix: Float32Array, row: number, direction: Float32Array, size: number) => direction.forEach((value, column) => (matrix[row * width + column] = size * value))
  const writes = (matrix: Float32Array, column: number, direction: Float32Array, size: number) => direction.forEach((value, row) => (matrix[row * heads * headDim + column] = size * value))

  const [half, angles] = [headDim / 2, ropeFrequencies(config.rope, headDim)]
  for (let head = 0; head < heads; head++) {
    angles.forEach((angle, pair) => {
      // Turned back by so many positions.
      attention(0, 'q_proj.bias')[head * headDim + pair] = looksBack * Math.cos((head + 1) * angle)
      attention(0, 'q_proj.bias')[head * headDim + pair + half] = -looksBack * Math.sin((head + 1) * angle)
    })
    for (let at = 0; at < place; at++) writes(attention(0, 'o_proj.weight'), head * headDim + at, before[head]![at]!, writesBefore)
  }
  const still = [...angles.keys()].filter(pair => angles[pair]! < hardlyTurns).flatMap(pair => [pair, pair + half])
  const compared = looksFor.length
  for (let kv = 0; kv < kvHeads; kv++) {
    angles.forEach((_, pair) => (attention(0, 'k_proj.bias')[kv * headDim + pair] = looksBack))
    for (let at = 0; at < place; at++) reads(attention(0, 'v_proj.weight'), kv * headDim + at, token[at]!, writesBefore)
    // The first of the heads that share keys.
    const head = (kv * heads) / kvHeads
    for (const [nth, dimension] of still.entries()) {
      const [back, at] = [nth % compared, (Math.floor(nth / compared) + kv * Math.floor(still.length / compared)) % place]
      reads(attention(1, 'q_proj.weight'), head * headDim + dimension, (back === 0 ? token : before[back - 1]!)[at]!, looksFor[back]!)
      reads(attention(1, 'k_proj.weight'), kv * headDim + dimension, before[back]![at]!, looksFor[back]!)
    }
    for (let at = 0; at < headDim; at++) {
      reads(attention(1, 'v_proj.weight'), kv * headDim + at, copied[at]!, writesCopied)
      writes(attention(1, 'o_proj.weight'), head * headDim + at, copied[at]!, writesCopied)
    }
  }
  // Half of the heads behind those write down what they look at; where that is, they have to learn.
  for (const layer of Array.from(config.layers.keys()).slice(2)) {
    for (let at = 0; at < headDim; at++) {
      reads(attention(layer, 'v_proj.weight'), at, copied[at]!, writesCopied)
      for (let head = 0; head < heads / kvHeads; head++) writes(attention(layer, 'o_proj.weight'), head * headDim + at, copied[at]!, writesCopied * faint)
    }
  }
  return flat
}

/** Embeddings, [tokens, width], of the same length in each of the dimensions that are compared, and with nothing in those that are left `free`. */
function setEmbeddings(embeddings: Float32Array, width: number, compared: readonly Float32Array[], free: readonly Float32Array[]): void {
  for (const [at, value] of embeddings.entries()) embeddings[at] = value * (embedding / embeddingDeviation)
  for (let from = 0; from < embeddings.length; from += width) {
    const own = embeddings.subarray(from, from + width)
    const set = (direction: Float32Array, wanted: (along: number) => number) => {
      const along = direction.reduce((sum, value, at) => sum + value * own[at]!, 0)
      direction.forEach((value, at) => (own[at]! += (wanted(along) - along) * value))
    }
    for (const direction of free) set(direction, () => 0)
    for (const direction of compared) set(direction, along => Math.sign(along) * embedding)
  }
}

/** `size` directions of a space of that many dimensions, by Gram and Schmidt. */
function orthonormal(size: number, random: Sfc32): Float32Array[] {
  const found: Float32Array[] = []
  while (found.length < size) {
    const next = Float64Array.from({ length: size }, () => random.uniform() - 0.5)
    // Twice is enough (Giraud et al. 2005): what the first time leaves by rounding, the second takes.
    for (let round = 0; round < 2; round++) {
      for (const other of found) {
        const along = other.reduce((sum, value, at) => sum + value * next[at]!, 0)
        for (const [at, value] of other.entries()) next[at]! -= along * value
      }
    }
    const length = Math.hypot(...next)
    found.push(Float32Array.from(next, value => value / length))
  }
  return found
}
