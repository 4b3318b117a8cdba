import type { DecoderConfig, LayerConfig } from '../../model/decoder-config.ts'
import { Graph, type Value, elementTypes } from '../../model/graph/graph.ts'
import { type Linear, layerLinears } from '../../model/graph/low-rank.ts'
import { type BatchShape, type Rotation, attention, attentionMask, rotate } from '../autodiff/attention.ts'
import { type Head, headCrossEntropy } from '../autodiff/cross-entropy.ts'
import { add, swiGlu } from '../autodiff/elementwise.ts'
import { linear } from '../autodiff/linear.ts'
import { rmsNorm } from '../autodiff/norm.ts'
import { float, pick, reshape, reshaped, sizes } from '../autodiff/shape.ts'
import { Tape } from '../autodiff/tape.ts'
import { type BaseFormat, type BaseInput, BaseWeights, headPieceNumbers } from './base-weights.ts'
import type { Parameter } from './parameter.ts'

/** By the name of the layer, A f32 [rank, columns] of an adapter of which B alone is learned. */
export type FrozenA = ReadonlyMap<string, Float32Array>

/**
 * What of a decoder is learned. `adapter`: low-rank matrices beside some of its linear layers (Hu et al. 2021, arXiv:2106.09685), scale · B · A · x added to each. With `frozenA`, for all of
 * them, A stays as it is given and only B is learned (FFA-LoRA, Sun et al. 2024, arXiv:2403.12313).
 */
export type Learned = { readonly kind: 'all' } | { readonly kind: 'adapter'; readonly rank: number; readonly scale: number; readonly linears: ReadonlySet<string>; readonly frozenA?: FrozenA }

export type DecoderLossOptions = {
  readonly shape: BatchShape
  /** Positions whose scores are wanted: with few labels in a batch, most of them are not. */
  readonly picked: number
  readonly learned: Learned
  /** How the weights that stay as they are lie in memory; those that are learned are f32. */
  readonly base: BaseFormat
  /** Layers are computed once more on the way back: about a third more work, and much less memory. */
  readonly checkpoint: boolean
  /** False: the loss alone. */
  readonly gradients: boolean
  /** Numbers of a head of few bits that are unpacked at once. Default `headPieceNumbers`. */
  readonly headPiece?: number | undefined
}

/** `parameters` and `base` are inputs by their names, as are those of `lossInputs`. */
export type DecoderLossGraph = {
  readonly model: Uint8Array
  readonly parameters: readonly Parameter[]
  readonly base: readonly BaseInput[]
  /** Inputs of an adapter that nobody learns: A of each layer that has one. */
  readonly frozen: readonly { readonly name: string; readonly linear: string; readonly shape: readonly [number, number] }[]
  /** Name of the sum of losses, f32 []. */
  readonly loss: string
  /** Name of the gradient by the rows of the embedding that were looked up, f32 [rows · length, hiddenSize]; they are to be added to those rows: adding up in the graph is a race between threads. */
  readonly lookedUp: string | undefined
  /** `Graph.peakBytes`. */
  readonly peakBytes: number
}

/**
 * ids, segments, positions int32 [rows, length] (TokenBatch); labels, picked int32 [picked]: of rows · length positions, those that have a label, and what may fill up the rest, labelled −100;
 * places int32 [rows · length]: where each is among them, or `picked`; cos, sin, back f32 [positions, headDim / 2].
 */
export const lossInputs = { ids: 'ids', segments: 'segments', positions: 'positions', labels: 'labels', picked: 'picked', places: 'places', cos: 'cos', sin: 'sin', back: 'sin back' } as const
export const embeddingName = 'model.embed_tokens.weight'
/** Names of an adapter's two matrices, f32 [rank, columns] and [rows, rank]. */
export const adapterNames = (linear: string) => ({ a: `${linear}.lora_A.weight`, b: `${linear}.lora_B.weight` })

/** The loss of a decoder of the Llama family on whole examples, and its gradient, as one graph for one shape of batch. */
export function decoderLoss(config: DecoderConfig, options: DecoderLossOptions): DecoderLossGraph {
  return new DecoderLoss(config, options).build()
}

class DecoderLoss {
  readonly #graph = new Graph('decoder loss')
  readonly #tape = new Tape(this.#graph)
  readonly #parameters = new Map<string, { readonly value: Value; readonly decays: boolean }>()
  readonly #frozen = new Map<string, { readonly value: Value; readonly linear: string; readonly shape: readonly [number, number] }>()
  readonly #config: DecoderConfig
  readonly #options: DecoderLossOptions
  readonly #base: BaseWeights
  readonly #rotation: Rotation
  readonly #segments: Value
  readonly #masks = new Map<number | null, Value>()

  constructor(config: DecoderConfig, options: DecoderLossOptions) {
    const graph = this.#graph
    const { rows, length } = options.shape
    const token = (name: string) => graph.input(name, 'int32', [rows, length])
    const table = (name: string) => graph.input(name, 'float32', ['positions', config.headDim / 2])
    const positions = graph.op('Cast', [token(lossInputs.positions)], { type: 'int64', shape: [rows, length] }, { attributes: { to: { int: elementTypes.int64.number } } })
    this.#config = config
    this.#options = options
    this.#base = new BaseWeights(graph, options.base, options.headPiece ?? headPieceNumbers)
    this.#segments = token(lossInputs.segments)
    this.#rotation = { positions, cos: table(lossInputs.cos), sin: table(lossInputs.sin), back: table(lossInputs.back) }
  }

  build(): DecoderLossGraph {
    const { hiddenSize, vocabSize, layers, tiedHead, normEpsilon } = this.#config
    const { shape: { rows, length }, picked, learned, gradients } = this.#options
    const graph = this.#graph
    const ids = graph.input(lossInputs.ids, 'int32', [rows, length])
    const labels = graph.input(lossInputs.labels, 'int32', [picked])
    const embedding = learned.kind === 'all' ? this.#parameter(embeddingName, [vocabSize, hiddenSize]) : null
    const looked = embedding ? graph.op('Gather', [embedding, ids], float(rows, length, hiddenSize)) : this.#base.lookUp(embeddingName, [vocabSize, hiddenSize], ids)
    const flat = reshaped(graph, looked, [rows * length, hiddenSize])
    if (embedding) this.#tape.variable(flat)
    const stream = layers.reduce((x, layer, index) => this.#layer(x, index, layer), flat)
    const last = pick(this.#tape, stream, graph.input(lossInputs.picked, 'int32', [picked]), graph.input(lossInputs.places, 'int32', [rows * length]))
    const normed = rmsNorm(this.#tape, last, this.#vector(this.#tape, 'model.norm.weight', hiddenSize), normEpsilon)
    const loss = headCrossEntropy(this.#tape, normed, this.#head(tiedHead ? embedding : null), labels, { gradients })
    graph.output(loss)
    const found = gradients ? this.#tape.backward(loss, loss) : new Map<Value, Value>()
    const given = (value: Value): string | undefined => {
      const gradient = found.get(value)
      if (gradient) graph.output(gradient)
      return gradient?.name
    }
    const parameters = [...this.#parameters].map(([name, { value, decays }]) => ({ name, shape: sizes(value), decays, gradient: given(value) }))
    const lookedUp = embedding ? given(flat) : undefined
    const frozen = [...this.#frozen].map(([name, { linear: of, shape }]) => ({ name, linear: of, shape }))
    return { model: graph.encode(), parameters, base: this.#base.inputs, frozen, loss: loss.name, lookedUp, peakBytes: graph.peakBytes() }
  }

  #head(tied: Value | null): Head {
    const { hiddenSize, vocabSize, tiedHead } = this.#config
    if (tied) return { kind: 'whole', weight: tied, learned: true }
    if (this.#options.learned.kind === 'all') return { kind: 'whole', weight: this.#parameter('lm_head.weight', [vocabSize, hiddenSize]), learned: true }
    return this.#base.head(tiedHead ? embeddingName : 'lm_head.weight', [vocabSize, hiddenSize])
  }

  #layer(x: Value, index: number, layer: LayerConfig): Value {
    if (!this.#options.checkpoint) return this.#block(this.#tape, x, index, layer)
    return this.#tape.checkpoint([x], (tape, [own]) => this.#block(tape, own as Value, index, layer))
  }

  #block(tape: Tape, x: Value, index: number, layer: LayerConfig): Value {
    const { hiddenSize, normEpsilon, outputBias, innerBias } = this.#config
    const { output, gateUp: [gate, up], down } = layerLinears(this.#config, index)
    const norm = (value: Value, which: string) => rmsNorm(tape, value, this.#vector(tape, `model.layers.${index}.${which}_layernorm.weight`, hiddenSize), normEpsilon)
    const attended = add(tape, x, this.#linear(tape, this.#attention(tape, norm(x, 'input'), index, layer), output[0] as Linear, outputBias))
    const normed = norm(attended, 'post_attention')
    const inner = swiGlu(tape, this.#linear(tape, normed, gate as Linear, innerBias), this.#linear(tape, normed, up as Linear, innerBias))
    return add(tape, attended, this.#linear(tape, inner, down[0] as Linear, innerBias))
  }

  #attention(tape: Tape, x: Value, index: number, { rotary, window }: LayerConfig): Value {
    const { heads, kvHeads, headDim, qkvBias, qkNorm, normEpsilon } = this.#config
    const { shape } = this.#options
    const { rows, length } = shape
    const [q, k, v] = layerLinears(this.#config, index).qkv.map(each => this.#linear(tape, x, each, qkvBias)) as [Value, Value, Value]
    const placed = (value: Value, count: number, which: string) => {
      const normed = qkNorm ? rmsNorm(tape, reshape(tape, value, [rows * length * count, headDim]), this.#vector(tape, `model.layers.${index}.self_attn.${which}_norm.weight`, headDim), normEpsilon) : value
      const apart = reshape(tape, normed, [rows, length, count * headDim])
      return rotary ? rotate(tape, apart, this.#rotation) : apart
    }
    const mask = this.#mask(window)
    const attended = attention(tape, placed(q, heads, 'q'), placed(k, kvHeads, 'k'), reshape(tape, v, [rows, length, kvHeads * headDim]), mask, shape, { heads, kvHeads, headDim })
    return reshape(tape, attended, [rows * length, heads * headDim])
  }

  #mask(window: number | null): Value {
    const known = this.#masks.get(window)
    if (known) return known
    const mask = attentionMask(this.#graph, this.#segments, this.#options.shape, this.#config.heads / this.#config.kvHeads, window)
    this.#masks.set(window, mask)
    return mask
  }

  #linear(tape: Tape, x: Value, { name, rows, columns }: Linear, hasBias: boolean): Value {
    const { learned } = this.#options
    const weight = `${name}.weight`
    const y = learned.kind === 'all' ? linear(tape, x, this.#parameter(weight, [rows, columns], tape)) : this.#base.linear(tape, weight, [rows, columns], x)
    const biased = hasBias ? add(tape, y, this.#vector(tape, `${name}.bias`, rows)) : y
    if (learned.kind === 'all' || !learned.linears.has(name)) return biased
    const { a, b } = adapterNames(name)
    const narrow = linear(tape, x, learned.frozenA ? this.#frozenA(a, name, [learned.rank, columns]) : this.#parameter(a, [learned.rank, columns], tape))
    return add(tape, biased, linear(tape, narrow, this.#parameter(b, [rows, learned.rank], tape), learned.scale))
  }

  /** A vector: learned with everything, or as it was published. */
  #vector(tape: Tape, name: string, length: number): Value {
    return this.#options.learned.kind === 'all' ? this.#parameter(name, [length], tape) : this.#base.vector(name, length)
  }

  /** No variable of the tape: its gradient is never computed. The same input when a layer is computed once more. */
  #frozenA(name: string, of: string, shape: readonly [number, number]): Value {
    const known = this.#frozen.get(name)
    if (known) return known.value
    const value = this.#graph.input(name, 'float32', shape)
    this.#frozen.set(name, { value, linear: of, shape })
    return value
  }

  /** Matrices decay, vectors do not. */
  #parameter(name: string, shape: readonly number[], tape = this.#tape): Value {
    const known = this.#parameters.get(name)
    const value = known?.value ?? this.#graph.input(name, 'float32', shape)
    if (!known) this.#parameters.set(name, { value, decays: shape.length > 1 })
    return tape.variable(value)
  }
}
