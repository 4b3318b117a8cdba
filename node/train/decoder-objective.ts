import type { DecoderConfig } from '../model/decoder-config.ts'
import { type RopeTables, ropeTables } from '../model/graph/rope.ts'
import type { GraphSession, Tensor } from '../model/runtime/session.ts'
import { FlatViews } from './flat-views.ts'
import type { BaseFormat, BaseInput } from './graphs/base-weights.ts'
import { type DecoderLossGraph, type Learned, decoderLoss, embeddingName, lossInputs } from './graphs/decoder-loss.ts'
import type { Parameter } from './graphs/parameter.ts'
import { type BatchLoss, type Objective, type TokenBatch, notLearned, parameterCount, sizeOf } from './objective.ts'

/** The weights that stay as they are. `tensor` gives memory that lasts as long as the objective. */
export type Base = { readonly format: BaseFormat; tensor(input: BaseInput): Promise<Tensor> }

export type DecoderObjectiveOptions = {
  readonly config: DecoderConfig
  readonly learned: Learned
  readonly base: Base
  /** Less memory for more time: `DecoderLossOptions.checkpoint`. */
  readonly checkpoint: boolean
  readonly headPiece?: number | undefined
  /** Loads a graph to be run as it is written. */
  readonly open: (model: Uint8Array) => Promise<GraphSession>
}

/** Graphs that are kept, each for one shape of batch. */
const maxGraphs = 16

type Loaded = DecoderLossGraph & { readonly session: GraphSession; readonly inputs: Readonly<Record<string, Tensor>>; readonly loss: string; readonly lost: Float32Array; readonly lookedUpRows: Tensor | undefined }

/** The loss of a decoder on token sequences. One question at a time; to be closed. */
export class DecoderObjective implements Objective<TokenBatch> {
  readonly parameters: readonly Parameter[]
  readonly #options: DecoderObjectiveOptions
  readonly #graphs = new Map<string, Promise<Loaded>>()
  /** Gradients of one batch as the graph gives them. */
  readonly #gradient: Float32Array
  readonly #views: FlatViews
  #rope: RopeTables | undefined

  constructor(options: DecoderObjectiveOptions) {
    this.#options = options
    // Which parameters there are does not depend on the shape of a batch.
    this.parameters = decoderLoss(options.config, { ...options, base: options.base.format, shape: { rows: 1, length: 1 }, picked: 1, gradients: false }).parameters
    this.#gradient = new Float32Array(parameterCount(this.parameters))
    this.#views = new FlatViews(this.parameters)
  }

  /** @throws KinmeshError `ModelFailed` */
  async gradient(parameters: Float32Array, batch: TokenBatch, into: Float32Array): Promise<BatchLoss> {
    const labelled = labelledOf(batch)
    const graph = await this.#graph(batch, labelled, true)
    const wanted = this.#views.of(this.#gradient)
    const outputs = Object.fromEntries(graph.parameters.flatMap(({ name, gradient }) => (gradient === undefined ? [] : [[gradient, wanted[name] as Tensor]])))
    // An embedding without the head in it gets all of its gradient by the rows that were looked up.
    if (graph.parameters.some(({ gradient }) => gradient === undefined)) this.#gradient.fill(0)
    const lost = await this.#run(graph, parameters, batch, labelled, outputs)
    for (let at = 0; at < into.length; at++) into[at]! += this.#gradient[at]!
    if (graph.lookedUpRows) this.#scatter(graph.lookedUpRows.data as Float32Array, batch.ids, into)
    return lost
  }

  /** @throws KinmeshError `ModelFailed` */
  async loss(parameters: Float32Array, batch: TokenBatch): Promise<BatchLoss> {
    const labelled = labelledOf(batch)
    return this.#run(await this.#graph(batch, labelled, false), parameters, batch, labelled, {})
  }

  async close(): Promise<void> {
    for (const loading of this.#graphs.values()) await loading.then(({ session }) => session.close(), () => {})
    this.#graphs.clear()
  }

  async #run(graph: Loaded, parameters: Float32Array, { ids, segments, positions, rows, length }: TokenBatch, { count, ...labelled }: Labelled, gradients: Readonly<Record<string, Tensor>>): Promise<BatchLoss> {
    const whole = (shape: readonly number[], all: Readonly<Record<string, Int32Array>>) => Object.entries(all).map(([name, data]) => [name, { type: 'int32', shape, data } satisfies Tensor] as const)
    const tokens = [...whole([rows, length], { ids, segments, positions }), ...Object.entries(labelled).flatMap(([name, data]) => whole([data.length], { [name]: data }))]
    const given = this.#views.of(parameters)
    const looked = graph.lookedUp !== undefined && graph.lookedUpRows ? { [graph.lookedUp]: graph.lookedUpRows } : {}
    await graph.session.run({ ...graph.inputs, ...given, ...Object.fromEntries(tokens) }, { [graph.loss]: { type: 'float32', shape: [], data: graph.lost }, ...gradients, ...looked })
    return { loss: graph.lost[0]!, labels: count }
  }

  #graph(batch: TokenBatch, { labels }: Labelled, gradients: boolean): Promise<Loaded> {
    const key = `${batch.rows} ${batch.length} ${labels.length} ${gradients}`
    const known = this.#graphs.get(key)
    if (known) return known
    const loading = this.#load(batch, labels.length, gradients)
    loading.catch(() => this.#graphs.delete(key))
    this.#graphs.set(key, loading)
    for (const [oldest, old] of this.#graphs) {
      if (this.#graphs.size <= maxGraphs) break
      this.#graphs.delete(oldest)
      void old.then(({ session }) => session.close(), () => {})
    }
    return loading
  }

  async #load({ rows, length }: TokenBatch, picked: number, gradients: boolean): Promise<Loaded> {
    const { config, base, open } = this.#options
    const graph = decoderLoss(config, { ...this.#options, base: base.format, shape: { rows, length }, picked, gradients })
    const session = await open(graph.model)
    if (!this.#rope || this.#rope.positions < length) this.#rope = ropeTables(config.rope, config.headDim, length)
    const { cos, sin, positions } = this.#rope
    const table = (data: Float32Array): Tensor => ({ type: 'float32', shape: [positions, config.headDim / 2], data })
    const tables = { [lossInputs.cos]: table(cos), [lossInputs.sin]: table(sin), [lossInputs.back]: table(sin.map(value => -value)) }
    const weights = Object.fromEntries(await Promise.all(graph.base.map(async input => [input.name, await base.tensor(input)] as const)))
    const frozen = Object.fromEntries(graph.frozen.map(({ name, linear, shape: its }) => [name, { type: 'float32', shape: its, data: this.#frozenA(linear, sizeOf(its)) } satisfies Tensor] as const))
    const shape = [rows * length, config.hiddenSize]
    const lookedUpRows: Tensor | undefined = graph.lookedUp === undefined || !gradients ? undefined : { type: 'float32', shape, data: new Float32Array(sizeOf(shape)) }
    return { ...graph, session, inputs: { ...tables, ...weights, ...frozen }, lost: new Float32Array(1), lookedUpRows }
  }

  /** A of an adapter that learns B alone, f32 of so many numbers. */
  #frozenA(linear: string, size: number): Float32Array {
    const { learned } = this.#options
    const given = learned.kind === 'adapter' ? learned.frozenA?.get(linear) : undefined
    if (given?.length !== size) throw new RangeError(`${given?.length ?? 'no'} numbers for the frozen A of ${linear}, which has ${size}`)
    return given
  }

  /** Adds gradients by rows that were looked up, f32 [tokens, hiddenSize], to that of the embedding. */
  #scatter(rows: Float32Array, ids: Int32Array, into: Float32Array): void {
    const { hiddenSize } = this.#options.config
    const before = this.parameters.findIndex(({ name }) => name === embeddingName)
    const start = parameterCount(this.parameters.slice(0, before))
    for (const [token, id] of ids.entries()) {
      const at = start + id * hiddenSize
      for (let column = 0; column < hiddenSize; column++) into[at + column]! += rows[token * hiddenSize + column]!
    }
  }
}

/** Shares of all positions that may be picked: a graph for each. */
const pickedShares = [1 / 8, 1 / 4, 1 / 2, 1]

/** Where labels are, as the graph takes it; filled up to one of a few lengths. `count`: of labels. */
type Labelled = { readonly count: number; readonly labels: Int32Array; readonly picked: Int32Array; readonly places: Int32Array }

function labelledOf({ labels }: TokenBatch): Labelled {
  const at = Array.from(labels.keys()).filter(place => labels[place] !== notLearned)
  const length = Math.ceil(labels.length * (pickedShares.find(share => Math.ceil(labels.length * share) >= at.length) ?? 1))
  const found = { count: at.length, labels: new Int32Array(length).fill(notLearned), picked: new Int32Array(length), places: new Int32Array(labels.length).fill(length) }
  for (const [index, place] of at.entries()) {
    found.labels[index] = labels[place]!
    found.picked[index] = place
    found.places[place] = index
  }
  return found
}
