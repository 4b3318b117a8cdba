import type { Adapter } from '../adapter.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { inputNames, logitsName } from '../graph/decoder.ts'
import { ropeTables } from '../graph/rope.ts'
import { AdapterInputs } from './adapter-inputs.ts'
import { type CacheSize, type KeyValues, keyValues } from './key-values.ts'
import { type GraphOptions, type GraphPair, LoadedGraphs } from './loaded-graphs.ts'
import type { AnyTensor, GraphSession, Tensor } from './session.ts'

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
  readonly #rope: { readonly cos: AnyTensor; readonly sin: AnyTensor }
  readonly #keyValues: KeyValues

  /** `prompts`: the same decoder, for many tokens at once; what one of them calls its memory, the other one does too. */
  constructor(session: GraphSession, config: DecoderConfig, size: CacheSize, prompts = session, options: GraphOptions = {}) {
    this.#graphs = new LoadedGraphs({ steps: session, prompts }, options)
    this.#adapterInputs = new AdapterInputs(config, session.device !== undefined)
    this.config = config
    this.size = size
    const { cos, sin } = ropeTables(config.rope, config.headDim, size.positions)
    const shape = [size.positions, config.headDim / 2]
    const lasting = (table: Float32Array) => {
      if (session.device) return session.device.tensor(shape, table)
      const data = session.numbers?.(table.length) ?? new Float32Array(table.length)
      data.set(table)
      return float32(data, shape)
    }
    this.#rope = { cos: lasting(cos), sin: lasting(sin) }
    this.#keyValues = keyValues(session, config, size)
  }

  /**
   * Reads `ids` into a slot as the positions from `past` on, through an adapter or none: the same one as for the positions before. Returns the logits
   * of those among them that `picked` counts from 0: f32 [picked, vocabSize].
   * @throws KinmeshError `ModelFailed`; with an adapter those of `admitAdapters`
   */
  read(slot: number, past: number, ids: readonly number[], picked: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    return this.#run('prompts', { first: slot, count: 1, ids, tokens: ids.length, lengths: [past + ids.length], picked, adapter })
  }

  /** As `read`, with exactly what `step` would give for each of them; on a graphics card, up to rounding. */
  readAsSteps(slot: number, past: number, ids: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    return this.#run('steps', { first: slot, count: 1, ids, tokens: ids.length, lengths: [past + ids.length], picked: [...ids.keys()], adapter })
  }

  /**
   * Reads one token into each of `ids.length` slots from `first` on, at the positions `pasts`, all through one adapter or none. Returns f32 [slots, vocabSize]: of few slots
   * as `readAsSteps` rounds, of many as `read` does.
   * @throws as `read`
   */
  async step(first: number, ids: readonly number[], pasts: readonly number[], adapter?: Adapter): Promise<Float32Array> {
    if (ids.length > this.#keyValues.slotsAtOnce) return this.#stepEach(first, ids, pasts, adapter)
    return this.#run(ids.length < manyTexts ? 'steps' : 'prompts', { first, count: ids.length, ids, tokens: 1, lengths: pasts.map(past => past + 1), picked: ids.map((_, index) => index), adapter })
  }

  /** Makes ready for adapters; what was read stays. @throws as `LoadedGraphs.admitAdapters` */
  admitAdapters(): Promise<void> {
    return this.#graphs.admitAdapters()
  }

  /** Makes the first `positions` of one slot those of another one. */
  copy(from: number, to: number, positions: number): void {
    this.#keyValues.copy(from, to, positions)
  }

  close(): void {
    this.#graphs.close()
  }

  async #run(which: keyof GraphPair, { first, count, ids, tokens, lengths, picked, adapter }: Run): Promise<Float32Array> {
    if (adapter) await this.admitAdapters()
    const { vocabSize } = this.config
    const { inputs, outputs } = this.#keyValues.of(first, count)
    const logits = new Float32Array(picked.length * vocabSize)
    await this.#graphs.use(which, session => session.run({
      [inputNames.ids]: int32(ids, [count, tokens]), [inputNames.lengths]: int32(lengths.map(length => length - 1), [count]), [inputNames.total]: int32([Math.max(...lengths)], []),
      [inputNames.rows]: int32(picked, [picked.length]), [inputNames.cos]: this.#rope.cos, [inputNames.sin]: this.#rope.sin, ...inputs, ...(this.#graphs.adapted ? this.#adapterInputs.of(adapter) : {})
    }, { [logitsName]: float32(logits, [picked.length, vocabSize]), ...outputs }))
    return logits
  }

  async #stepEach(first: number, ids: readonly number[], pasts: readonly number[], adapter: Adapter | undefined): Promise<Float32Array> {
    const { vocabSize } = this.config
    const all = new Float32Array(ids.length * vocabSize)
    for (const [row, id] of ids.entries()) all.set(await this.step(first + row, [id], [pasts[row]!], adapter), row * vocabSize)
    return all
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
