import type { DecoderConfig, LayerConfig } from '../decoder-config.ts'
import { unknownModel } from '../model-errors.ts'
import { type Dim, Graph, type Value, like } from './graph.ts'
import { linear, lookUp, vector } from './linear.ts'
import { type Linear, addLowRank, layerLinears } from './low-rank.ts'
import { type Matrix, type RowFormat, type Section, type WeightFormat, WeightLayout } from './weight-layout.ts'

/** How the weights of a decoder rest: its linear layers, and the embedding with the head. `prompts`: the linear layers once more, for reading many tokens at once. */
export type Recipe = { readonly linear: WeightFormat; readonly embedding: WeightFormat; readonly prompts?: RowFormat | undefined }

/** All are used in the same way; `page` is for pages. */
export type DecoderGraphs = { readonly model: Uint8Array; readonly prompts: Uint8Array | null; readonly page: Uint8Array | null }
/** `adapted`: the same with inputs for an adapter, which cost time even where there is none. All of them find their weights in the one file. */
export type DecoderGraph = DecoderGraphs & { readonly adapted: DecoderGraphs; readonly sections: readonly Section[]; readonly weightBytes: number }

export const graphFile = 'model.onnx'
/** The same decoder for reading many tokens at once; small models have none. */
export const promptsFile = 'prompts.onnx'
/** As that one, the head included: onnxruntime-web has no kernels for blocks, and unpacks all of their weights for each token. */
export const pageFile = 'page.onnx'
/** The three with inputs for an adapter, in whose places they are loaded when there is one. */
export const adaptedFiles = { graph: 'model-adapted.onnx', prompts: 'prompts-adapted.onnx', page: 'page-adapted.onnx' } as const
/** The file that holds the weights, beside the model. */
export const weightFile = 'weights.bin'

// Names of inputs and outputs; shapes in decoderGraph.
export const inputNames = { ids: 'ids', lengths: 'lengths', total: 'total', rows: 'rows', cos: 'cos', sin: 'sin' } as const
export const logitsName = 'logits'
export const pastName = (kind: 'keys' | 'values', layer: number) => `past ${kind} ${layer}`
export const presentName = (kind: 'keys' | 'values', layer: number) => `${kind} ${layer}`

/** GroupQueryAttention of onnxruntime rotates whole vectors of the processor. */
const headDimStep = 16
const microsoft = { domain: 'com.microsoft' } as const

/**
 * A decoder of the Llama family as one graph that reads tokens and gives logits.
 *
 * | in | | |
 * |---|---|---|
 * | ids | int32 [batch, tokens] | where tokens > 1, batch is 1 |
 * | lengths | int32 [batch] | positions of each sequence after this run, less one |
 * | total | int32 [] | the greatest of them plus one |
 * | rows | int32 [picked] | of the batch · tokens positions, those whose logits are wanted |
 * | cos, sin | f32 [positions, headDim / 2] | rope.ts |
 * | past keys/values L | f32 [batch, kvHeads, slots, headDim] | slots ≥ total, when it is the same memory as what comes out |
 *
 * Out: logits f32 [picked, vocabSize], and keys/values L as they came in, with the new positions added.
 * @throws KinmeshError `UnknownModel`
 */
export function decoderGraph(config: DecoderConfig, recipe: Recipe): DecoderGraph {
  if (config.headDim % headDimStep !== 0) throw unknownModel(`its attention heads are ${config.headDim} wide, and onnxruntime takes multiples of ${headDimStep}: choose another model`)
  const layout = new WeightLayout(weightFile)
  const encoded = (linear: WeightFormat, adapted: boolean, head = recipe.embedding) => {
    const decoder = new Decoder(config, { linear, embedding: recipe.embedding, head }, layout, adapted)
    decoder.build()
    return decoder.graph.encode()
  }
  const { prompts } = recipe
  const graphs = (adapted: boolean) => ({ model: encoded(recipe.linear, adapted), prompts: prompts ? encoded(prompts, adapted) : null })
  const [plain, adapted] = [graphs(false), graphs(true)]
  // Last, so that what only pages read lies behind everything else.
  const pageOf = (adapted: boolean) => (prompts ? encoded(prompts, adapted, prompts) : null)
  return { ...plain, page: pageOf(false), adapted: { ...adapted, page: pageOf(true) }, sections: layout.sections, weightBytes: layout.bytes }
}

class Decoder {
  readonly graph = new Graph('decoder')
  readonly layout: WeightLayout
  readonly #config: DecoderConfig
  readonly #recipe: Omit<Recipe, 'prompts'> & { readonly head: WeightFormat }
  readonly #adapted: boolean
  readonly #cos: Value
  readonly #sin: Value
  readonly #ids: Value
  readonly #lengths: Value
  readonly #total: Value
  readonly #rows: Value

  constructor(config: DecoderConfig, recipe: Omit<Recipe, 'prompts'> & { readonly head: WeightFormat }, layout: WeightLayout, adapted: boolean) {
    this.layout = layout
    this.#config = config
    this.#recipe = recipe
    this.#adapted = adapted
    this.#ids = this.graph.input(inputNames.ids, 'int32', ['batch', 'tokens'])
    this.#lengths = this.graph.input(inputNames.lengths, 'int32', ['batch'])
    this.#total = this.graph.input(inputNames.total, 'int32', [])
    this.#rows = this.graph.input(inputNames.rows, 'int32', ['picked'])
    this.#cos = this.graph.input(inputNames.cos, 'float32', ['positions', config.headDim / 2])
    this.#sin = this.graph.input(inputNames.sin, 'float32', ['positions', config.headDim / 2])
  }

  build(): void {
    const { hiddenSize, vocabSize, tiedHead } = this.#config
    const embedding: Matrix = { name: 'embedding', sources: ['model.embed_tokens.weight'], rows: vocabSize, columns: hiddenSize, format: this.#recipe.embedding }
    let stream: Stream = { sum: lookUp(this.graph, this.layout, this.#ids, embedding), added: null }
    for (const [index, layer] of this.#config.layers.entries()) stream = this.#layer(stream, index, layer)
    const picked = this.#pick(stream.added ? this.graph.op('Add', [stream.sum, stream.added], like(stream.sum)) : stream.sum)
    const normed = this.#norm(picked, vector(this.graph, this.layout, 'final norm', ['model.norm.weight'], hiddenSize))
    const { embedding: format, head: headFormat } = this.#recipe
    const ownHead: Matrix = { name: forPrompts('head', headFormat), sources: tiedHead ? embedding.sources : ['lm_head.weight'], rows: vocabSize, columns: hiddenSize, format: headFormat }
    const head = tiedHead && headFormat === format ? embedding : ownHead
    this.graph.output(linear(this.graph, this.layout, normed, head, logitsName))
  }

  #layer(stream: Stream, index: number, layer: LayerConfig): Stream {
    const { innerSize, innerBias, outputBias } = this.#config
    const linears = layerLinears(this.#config, index)
    const at = `model.layers.${index}`
    const before = this.#normStream(stream, `${index} input norm`, `${at}.input_layernorm.weight`)
    const attended = this.#attention(before.normed, linears.qkv, index, layer)
    const output = this.#linear(attended, `${index} output`, linears.output, outputBias)
    const middle = this.#normStream({ sum: before.sum, added: output }, `${index} inner norm`, `${at}.post_attention_layernorm.weight`)
    const inner = this.#product(middle.normed, `${index} gate up`, linears.gateUp, innerBias)
    // Apart anyway: each is adapted by itself, rather than both put together for it once more.
    const [gate, up] = this.#split(inner, [innerSize, innerSize]).map((half, place) => this.#adapt(middle.normed, half, [linears.gateUp[place]!]))
    const gated = this.graph.op('Mul', [this.graph.op('QuickGelu', [gate!], like(gate!), { ...microsoft, attributes: { alpha: 1 } }), up!], like(gate!))
    return { sum: middle.sum, added: this.#linear(gated, `${index} down`, linears.down, innerBias) }
  }

  /** Grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245) over what is cached and the new positions. */
  #attention(x: Value, qkv: readonly Linear[], index: number, { rotary, window }: LayerConfig): Value {
    const { heads, kvHeads, headDim, qkvBias, qkNorm } = this.#config
    const packed = this.#linear(x, `${index} qkv`, qkv, qkvBias)
    const cache: Dim[] = ['batch', kvHeads, 'slots', headDim]
    const past = (['keys', 'values'] as const).map(kind => this.graph.input(pastName(kind, index), 'float32', cache))
    const attributes = {
      num_heads: { int: heads }, kv_num_heads: { int: kvHeads }, do_rotary: { int: Number(rotary) }, rotary_interleaved: { int: 0 },
      local_window_size: { int: window ?? -1 }
    }
    const queryKeyValue = qkNorm ? this.#normedHeads(packed, index) : [packed, null, null]
    const [attended, ...present] = this.graph.node(
      'GroupQueryAttention', [...queryKeyValue, ...past, this.#lengths, this.#total, ...(rotary ? [this.#cos, this.#sin] : [])],
      [{ type: 'float32', shape: ['batch', 'tokens', heads * headDim] }, ...(['keys', 'values'] as const).map(kind => ({ name: presentName(kind, index), type: 'float32' as const, shape: cache }))],
      { ...microsoft, attributes }
    )
    for (const value of present) this.graph.output(value)
    return attended!
  }

  /** RMSNorm over each head of q and of k, before the rotation (Qwen3). */
  #normedHeads(packed: Value, index: number): Value[] {
    const { heads, kvHeads, headDim } = this.#config
    const [query, key, value] = this.#split(packed, [heads * headDim, kvHeads * headDim, kvHeads * headDim])
    const normed = (x: Value, count: number, which: 'q' | 'k') => {
      const gamma = vector(this.graph, this.layout, `${index} ${which} norm`, [`model.layers.${index}.self_attn.${which}_norm.weight`], headDim)
      const apart = this.#reshape(x, ['batch', 'tokens', count, headDim], [0, 0, count, headDim])
      return this.#reshape(this.#norm(apart, gamma), x.shape, [0, 0, count * headDim])
    }
    return [normed(query!, heads, 'q'), normed(key!, kvHeads, 'k'), value!]
  }

  /** One linear layer, or several over the same input as one, with what an adapter adds. */
  #linear(x: Value, name: string, linears: readonly Linear[], hasBias: boolean): Value {
    return this.#adapt(x, this.#product(x, name, linears, hasBias), linears)
  }

  #product(x: Value, name: string, linears: readonly Linear[], hasBias: boolean): Value {
    const columns = x.shape.at(-1) as number
    const rows = linears.reduce((sum, linear) => sum + linear.rows, 0)
    const format = this.#recipe.linear
    const matrix: Matrix = { name: forPrompts(name, format), sources: linears.map(linear => `${linear.name}.weight`), rows, columns, format }
    const y = linear(this.graph, this.layout, x, matrix)
    if (!hasBias) return y
    return this.graph.op('Add', [y, vector(this.graph, this.layout, `${name} bias`, linears.map(linear => `${linear.name}.bias`), rows)], like(y))
  }

  /** After the bias, which onnxruntime adds within the product: without an adapter every bit is the same then. */
  #adapt(x: Value, y: Value, linears: readonly Linear[]): Value {
    return this.#adapted ? addLowRank(this.graph, x, y, linears) : y
  }

  /** Adds up the residual stream and norms it, in one operation. */
  #normStream({ sum, added }: Stream, name: string, source: string): { sum: Value; normed: Value } {
    const gamma = vector(this.graph, this.layout, name, [source], this.#config.hiddenSize)
    if (!added) return { sum, normed: this.#norm(sum, gamma) }
    const [normed, newSum] = this.graph.node('SkipSimplifiedLayerNormalization', [sum, added, gamma], [like(sum), null, null, like(sum)], { ...microsoft, attributes: { epsilon: this.#config.normEpsilon } })
    return { sum: newSum!, normed: normed! }
  }

  /** RMSNorm over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467). */
  #norm(x: Value, gamma: Value): Value {
    return this.graph.op('SimplifiedLayerNormalization', [x, gamma], like(x), { attributes: { axis: { int: -1 }, epsilon: this.#config.normEpsilon } })
  }

  #pick(x: Value): Value {
    const { hiddenSize } = this.#config
    const flat = this.#reshape(x, ['positions', hiddenSize], [-1, hiddenSize])
    return this.graph.op('Gather', [flat, this.#rows], { type: 'float32', shape: ['picked', hiddenSize] })
  }

  #reshape(x: Value, shape: readonly Dim[], to: readonly number[]): Value {
    return this.graph.op('Reshape', [x, this.graph.constant(BigInt64Array.from(to, BigInt), [to.length])], { type: x.type, shape })
  }

  /** Along the last dimension. */
  #split(x: Value, sizes: readonly number[]): Value[] {
    const lengths = this.graph.constant(BigInt64Array.from(sizes, BigInt), [sizes.length])
    return this.graph.node('Split', [x, lengths], sizes.map(size => ({ type: x.type, shape: [...x.shape.slice(0, -1), size] })), { attributes: { axis: { int: -1 } } })
  }
}

/** The same matrix in another format is another one. */
function forPrompts(name: string, format: WeightFormat): string {
  return format.bits !== 32 && format.block === null ? `${name} for prompts` : name
}

/** The residual stream: a sum, and what is still to be added to it. */
type Stream = { readonly sum: Value; readonly added: Value | null }
