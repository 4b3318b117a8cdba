import type { DecoderConfig } from '../decoder-config.ts'
import { pastName, presentName } from '../graph/decoder.ts'
import type { AnyTensor, DeviceMemory, DeviceTensor, GraphSession, Tensor } from './session.ts'

export type CacheSize = {
  /** Sequences that are kept at once. */
  readonly slots: number
  /** Positions of each. */
  readonly positions: number
}

/** Caches of neighbouring slots as inputs and outputs of a graph; the same memory is both. */
export type CacheTensors = { readonly inputs: Readonly<Record<string, AnyTensor>>; readonly outputs: Readonly<Record<string, AnyTensor>> }

/** Keys and values of the sequences that a decoder has read, by layer and slot: f32 [kvHeads, positions, headDim] each. */
export interface KeyValues {
  /** Slots that one run can read at once. */
  readonly slotsAtOnce: number
  of(first: number, count: number): CacheTensors
  /** Makes the first `positions` of one slot those of another one. */
  copy(from: number, to: number, positions: number): void
}

/** Where the graph reads and writes them. @throws KinmeshError `ModelFailed` */
export function keyValues(session: GraphSession, config: DecoderConfig, size: CacheSize): KeyValues {
  return session.device ? new DeviceKeyValues(session.device, config, size) : new MemoryKeyValues(session, config, size)
}

const kinds = ['keys', 'values'] as const

/** All slots one after the other, so that a run reads as many neighbours as there are. */
class MemoryKeyValues implements KeyValues {
  readonly slotsAtOnce: number
  readonly #config: DecoderConfig
  readonly #positions: number
  /** The system gives memory for what is written only. */
  readonly #layers: readonly { readonly keys: Float32Array; readonly values: Float32Array }[]
  readonly #known = new Map<string, CacheTensors>()

  constructor(session: GraphSession, config: DecoderConfig, { slots, positions }: CacheSize) {
    this.slotsAtOnce = slots
    this.#config = config
    this.#positions = positions
    const numbers = () => session.numbers?.(slots * this.#slotNumbers) ?? new Float32Array(slots * this.#slotNumbers)
    this.#layers = config.layers.map(() => ({ keys: numbers(), values: numbers() }))
  }

  of(first: number, count: number): CacheTensors {
    const key = `${first} ${count}`
    const known = this.#known.get(key)
    if (known) return known
    const { kvHeads, headDim } = this.#config
    const made = named(this.#layers.map(layer => (kind): Tensor => {
      const data = layer[kind].subarray(first * this.#slotNumbers, (first + count) * this.#slotNumbers)
      return { type: 'float32', shape: [count, kvHeads, this.#positions, headDim], data }
    }))
    this.#known.set(key, made)
    return made
  }

  copy(from: number, to: number, positions: number): void {
    const places = (slot: number) => headParts(this.#config, this.#positions, positions, slot * this.#slotNumbers)
    const targets = places(to)
    for (const layer of this.#layers) {
      for (const kind of kinds) for (const [head, { at, length }] of places(from).entries()) layer[kind].copyWithin(targets[head]!.at, at, at + length)
    }
  }

  /** Numbers that one slot takes of one cache. */
  get #slotNumbers(): number {
    return this.#config.kvHeads * this.#positions * this.#config.headDim
  }
}

/** Each slot apart: a tensor of a device is all of its memory, and never a part of it. */
class DeviceKeyValues implements KeyValues {
  readonly slotsAtOnce = 1
  readonly #device: DeviceMemory
  readonly #config: DecoderConfig
  readonly #positions: number
  readonly #slots: readonly CacheTensors[]

  constructor(device: DeviceMemory, config: DecoderConfig, { slots, positions }: CacheSize) {
    this.#device = device
    this.#config = config
    this.#positions = positions
    const shape = [1, config.kvHeads, positions, config.headDim]
    this.#slots = Array.from({ length: slots }, () => named(config.layers.map(() => () => device.tensor(shape))))
  }

  of(first: number): CacheTensors {
    return this.#slots[first]!
  }

  copy(from: number, to: number, positions: number): void {
    const tensors = (slot: number) => Object.values(this.#slots[slot]!.inputs) as DeviceTensor[]
    const targets = tensors(to)
    this.#device.copy(tensors(from).map((tensor, index) => ({ from: tensor, to: targets[index]! })), headParts(this.#config, this.#positions, positions, 0))
  }
}

/** By the names that the graph has for them. */
function named(layers: readonly ((kind: (typeof kinds)[number]) => AnyTensor)[]): CacheTensors {
  const caches = layers.flatMap((tensorOf, layer) => kinds.map(kind => ({ kind, layer, tensor: tensorOf(kind) })))
  return {
    inputs: Object.fromEntries(caches.map(({ kind, layer, tensor }) => [pastName(kind, layer), tensor])),
    outputs: Object.fromEntries(caches.map(({ kind, layer, tensor }) => [presentName(kind, layer), tensor]))
  }
}

/** Where the first `count` positions of each head lie, in a slot that begins at `start`. */
function headParts({ kvHeads, headDim }: DecoderConfig, positions: number, count: number, start: number): { at: number; length: number }[] {
  return Array.from({ length: kvHeads }, (_, head) => ({ at: start + head * positions * headDim, length: count * headDim }))
}
