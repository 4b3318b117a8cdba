import type { Adapter } from '../adapter.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { inputNames, logitsName, pastName, presentName } from '../graph/decoder.ts'
import { ropeTables } from '../graph/rope.ts'
import { AdapterInputs } from './adapter-inputs.ts'
import { type GraphOptions, type GraphPair, LoadedGraphs } from './loaded-graphs.ts'
import type { GraphSession, Tensor } from './session.ts'

export type CacheSize = {
  /** Sequences that are kept at once. */
  readonly slots: number
  /** Positions of each. */
  readonly positions: number
}

/** So many tokens at once are quicker in the graph for prompts: 16 texts of Qwen2.5-0.5B's shape came to 194 tokens per second, and to 105 in the other one. With 4 it is the other way round. */
const manyTexts = 8

/**
 * A decoder with the keys and values of the sequences that it has read. Each sequence has a slot, and whoever calls knows how many of
 * its positions are filled: reading at an earlier one forgets what came after.
 */
export class DecoderSession {
  readonly config: DecoderConfig
  readonly size: CacheSize
  readonly #graphs: LoadedGraphs
  readonly #adapterInputs: AdapterInputs
  readonly #rope: { readonly cos: Tensor; readonly sin: Tensor }
  /** By layer, keys and values: f32 [slots, kvHeads, positions, headDim]. The system gives memory for what is written only. */
  readonly #caches: readonly { readonly keys: Float32Array; readonly values: Float32Array }[]
  /** The caches of neighbouring slots as inputs and outputs. */
  readonly #views = new Map<string, { readonly inputs: Record<string, Tensor>; readonly outputs: Record<string, Tensor> }>()

  /** `prompts`: the same decoder, for many tokens at once; what one of them calls its memory, the other one does too. */
  constructor(session: GraphSession, config: DecoderConfig, size: CacheSize, prompts = session, options: GraphOptions = {}) {
    this.#graphs = new LoadedGraphs({ steps: session, prompts }, options)
    this.#adapterInputs = new AdapterInputs(config)
    this.config = config
    this.size = size
    const { cos, sin } = ropeTables(config.rope, config.headDim, size.positions)
    const shape = [size.positions, config.headDim / 2]
    const numbers = (count: number) => session.numbers?.(count) ?? new Float32Array(count)
    const lasting = (table: Float32Array) => {
      const data = numbers(table.length)
      data.set(table)
      return float32(data, shape)
    }
    this.#rope = { cos: lasting(cos), sin: lasting(sin) }
    const cache = size.slots * this.#slotNumbers
    this.#caches = config.layers.map(() => ({ keys: numbers(cache), values: numbers(cache) }))
  }

  /**
   * Reads `ids` into a slot as the positions from `past` on, through an adapter or none: the same one as for the positions before. Returns the logits
   * of those among them that `picked` counts from 0: f32 [picked, vocabSize].
   * @throws KinmeshError `ModelFailed`; with an adapter those of `admitAdapters`
   */
  read(slot: number, past: number, ids: readonly number[], picked: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    return this.#run('prompts', { first: slot, count: 1, ids, tokens: ids.length, lengths: [past + ids.length], picked, adapter })
  }

  /** As `read`, with exactly what `step` would give for each of them. */
  readAsSteps(slot: number, past: number, ids: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    return this.#run('steps', { first: slot, count: 1, ids, tokens: ids.length, lengths: [past + ids.length], picked: [...ids.keys()], adapter })
  }

  /**
   * Reads one token into each of `ids.length` slots from `first` on, at the positions `pasts`, all through one adapter or none. Returns f32 [slots, vocabSize]: of few slots
   * as `readAsSteps` rounds, of many as `read` does.
   * @throws as `read`
   */
  step(first: number, ids: readonly number[], pasts: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    return this.#run(ids.length < manyTexts ? 'steps' : 'prompts', { first, count: ids.length, ids, tokens: 1, lengths: pasts.map(past => past + 1), picked: ids.map((_, index) => index), adapter })
  }

  /** Makes ready for adapters; what was read stays. @throws as `LoadedGraphs.admitAdapters` */
  admitAdapters(): Promise<void> {
    return this.#graphs.admitAdapters()
  }

  /** Makes the first `positions` of one slot those of another one. */
  copy(from: number, to: number, positions: number): void {
    const { kvHeads, headDim } = this.config
    const headNumbers = this.size.positions * headDim
    for (const caches of this.#caches) {
      for (const cache of [caches.keys, caches.values]) {
        for (let head = 0; head < kvHeads; head++) {
          const at = (slot: number) => (slot * kvHeads + head) * headNumbers
          cache.copyWithin(at(to), at(from), at(from) + positions * headDim)
        }
      }
    }
  }

  close(): void {
    this.#graphs.close()
  }

  async #run(which: keyof GraphPair, { first, count, ids, tokens, lengths, picked, adapter }: Run): Promise<Float32Array> {
    if (adapter) await this.admitAdapters()
    const { vocabSize } = this.config
    const { inputs, outputs } = this.#view(first, count)
    const logits = new Float32Array(picked.length * vocabSize)
    await this.#graphs.use(which, session => session.run({
      [inputNames.ids]: int32(ids, [count, tokens]), [inputNames.lengths]: int32(lengths.map(length => length - 1), [count]), [inputNames.total]: int32([Math.max(...lengths)], []),
      [inputNames.rows]: int32(picked, [picked.length]), [inputNames.cos]: this.#rope.cos, [inputNames.sin]: this.#rope.sin, ...inputs, ...(this.#graphs.adapted ? this.#adapterInputs.of(adapter) : {})
    }, { [logitsName]: float32(logits, [picked.length, vocabSize]), ...outputs }))
    return logits
  }

  #view(first: number, count: number): { inputs: Record<string, Tensor>; outputs: Record<string, Tensor> } {
    const key = `${first} ${count}`
    const known = this.#views.get(key)
    if (known) return known
    const { kvHeads, headDim } = this.config
    const view: { inputs: Record<string, Tensor>; outputs: Record<string, Tensor> } = { inputs: {}, outputs: {} }
    for (const [layer, caches] of this.#caches.entries()) {
      for (const kind of ['keys', 'values'] as const) {
        const data = caches[kind].subarray(first * this.#slotNumbers, (first + count) * this.#slotNumbers)
        const tensor = float32(data, [count, kvHeads, this.size.positions, headDim])
        view.inputs[pastName(kind, layer)] = tensor
        view.outputs[presentName(kind, layer)] = tensor
      }
    }
    this.#views.set(key, view)
    return view
  }

  /** Numbers that one slot takes of one cache. */
  get #slotNumbers(): number {
    return this.config.kvHeads * this.size.positions * this.config.headDim
  }
}

/** `lengths`: positions of each sequence after the run. */
type Run = {
  readonly first: number; readonly count: number; readonly ids: readonly number[]; readonly tokens: number; readonly lengths: readonly number[]; readonly picked: readonly number[]
  readonly adapter: Adapter | undefined
}

function float32(data: Float32Array, shape: readonly number[]): Tensor {
  return { type: 'float32', shape, data }
}

function int32(numbers: readonly number[], shape: readonly number[]): Tensor {
  return { type: 'int32', shape, data: Int32Array.from(numbers) }
}
