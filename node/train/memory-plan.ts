import { KinmeshError } from '../../mesh/errors.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { BaseFormat, BaseInput } from './graphs/base-weights.ts'
import { type DecoderLossGraph, type Learned, decoderLoss } from './graphs/decoder-loss.ts'
import { parameterCount, sizeOf } from './objective.ts'

export type MemoryNeeds = {
  readonly config: DecoderConfig
  readonly learned: Learned
  /** How the weights rest that stay as they are. */
  readonly base: BaseFormat
  /** Whether those of few bits may be unpacked once and for all. */
  readonly mayUnpack: boolean
  /** Lengths that rows may have, tokens. */
  readonly lengths: readonly number[]
  /** Positions of one step. */
  readonly stepTokens: number
  readonly hasHoldout: boolean
  /** What the training may take beyond the process as it is. */
  readonly maxMemoryBytes: number
  /** What the runtime takes by itself. Default: what it does on a device. */
  readonly runtimeBytes?: number | undefined
}

/** `unpacked`: weights of few bits lie in memory as f32. `batchTokens` · `batchesPerStep` make a step. `bytes`: what it takes at most, by this estimate. */
export type MemoryPlan = { readonly checkpoint: boolean; readonly unpacked: boolean; readonly lengths: readonly number[]; readonly batchTokens: number; readonly batchesPerStep: number; readonly bytes: number }

/** Parameters, gradient, that of one batch, and the two vectors of AdamW, bytes for each parameter; the best ones on a holdout come on top. */
const [vectorBytes, bestBytes] = [20, 4]
/** The library, its sessions, and what making graphs leaves to the collector: measured in a process of its own, 60 to 120 MiB. memory-plan.test.ts compares the sum with what is taken. */
const deviceRuntimeBytes = 128 * 1024 ** 2
/** What kernels need for themselves, and what the allocator keeps in larger pieces than were asked for: the results take this much more than their sizes. */
const spare = 1.4
const mib = 1024 ** 2

/**
 * How to train within so much memory, as quickly as it lets: batches that are smaller first, of which more make a step, then weights that stay packed, then layers that are computed once more, then shorter rows. More memory
 * never gives a slower plan.
 * @throws KinmeshError `TooLittleMemory`, which says how much the least takes; `InvalidOption`
 */
export function planMemory(needs: MemoryNeeds): MemoryPlan {
  const { lengths, stepTokens, maxMemoryBytes } = needs
  if (!(maxMemoryBytes > 0)) throw new KinmeshError('InvalidOption', 'maxMemoryBytes: a number above 0')
  if (!(stepTokens > 0) || lengths.length === 0) throw new KinmeshError('InvalidOption', 'stepTokens: a number above 0, and a length at least')
  const estimate = estimator(needs)
  let least = Infinity
  for (const each of plans([...lengths].sort((a, b) => a - b), stepTokens, needs.mayUnpack && needs.base.bits !== 32)) {
    const bytes = estimate(each)
    if (bytes <= maxMemoryBytes) return { ...each, bytes }
    least = Math.min(least, bytes)
  }
  throw new KinmeshError('TooLittleMemory', `the training takes ${Math.ceil(least / mib)} MiB at least, and may take ${Math.floor(maxMemoryBytes / mib)}: allow it more, close other programs, or train a smaller model`)
}

type Way = Omit<MemoryPlan, 'bytes'>

/** All ways to train, the quickest first. */
function* plans(lengths: readonly number[], stepTokens: number, mayUnpack: boolean): Generator<Way> {
  for (let kept = lengths.length; kept > 0; kept--) {
    const its = lengths.slice(0, kept)
    const least = Math.min(stepTokens, its.at(-1)!)
    for (const checkpoint of [false, true]) {
      for (const unpacked of mayUnpack ? [true, false] : [false]) for (let batchTokens = stepTokens; batchTokens >= least; batchTokens = batchTokens > least ? Math.max(least, Math.floor(batchTokens / 2)) : 0) {
        yield { checkpoint, unpacked, lengths: its, batchTokens, batchesPerStep: Math.max(1, Math.round(stepTokens / batchTokens)) }
      }
    }
  }
}

/** Bytes of a way to train; the same graph is looked at once. */
function estimator({ config, learned, base, hasHoldout, runtimeBytes = deviceRuntimeBytes }: MemoryNeeds): (way: Way) => number {
  const known = new Map<string, DecoderLossGraph>()
  const graphOf = (checkpoint: boolean, unpacked: boolean, rows: number, length: number): DecoderLossGraph => {
    const key = `${checkpoint} ${unpacked} ${rows} ${length}`
    // The most that may be picked: every position has a label.
    const graph = known.get(key) ?? decoderLoss(config, { shape: { rows, length }, picked: rows * length, learned, base: unpacked ? { bits: 32 } : base, checkpoint, gradients: true })
    known.set(key, graph)
    return graph
  }
  return ({ checkpoint, unpacked, lengths, batchTokens }) => {
    let [peak, looked, fixed] = [0, 0, 0]
    for (const length of lengths) {
      const rows = Math.max(1, Math.floor(batchTokens / length))
      const graph = graphOf(checkpoint, unpacked, rows, length)
      peak = Math.max(peak, graph.peakBytes)
      // Each graph keeps the rows that it looked up.
      if (graph.lookedUp !== undefined) looked += sizeOf([rows, length, config.hiddenSize]) * Float32Array.BYTES_PER_ELEMENT
      fixed = parameterCount(graph.parameters) * (vectorBytes + (hasHoldout ? bestBytes : 0)) + baseBytes(graph.base) + f32Bytes(graph.frozen)
    }
    return Math.ceil(runtimeBytes + fixed + looked + spare * peak)
  }
}

function f32Bytes(tensors: readonly { readonly shape: readonly number[] }[]): number {
  return tensors.reduce((sum, { shape }) => sum + sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT, 0)
}

/** Inputs may be parts of the same matrix: it is there once. */
function baseBytes(inputs: readonly BaseInput[]): number {
  const rows = new Map<string, { readonly to: number; readonly rowBytes: number }>()
  for (const { source, part, from, shape: [count, width = 1], type } of inputs) {
    const key = `${source} ${part}`
    rows.set(key, { to: Math.max(from + count, rows.get(key)?.to ?? 0), rowBytes: width * (type === 'float32' ? 4 : type === 'uint8' ? 1 : 0.5) })
  }
  return rows.values().reduce((sum, { to, rowBytes }) => sum + to * rowBytes, 0)
}
