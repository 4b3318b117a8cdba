import type { ElementType } from '../graph/graph.ts'

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array

/** Memory with a shape: what a graph reads, and where it writes. `data` may be a view into something larger. */
export type Tensor = { readonly type: ElementType; readonly shape: readonly number[]; readonly data: TensorData }

/** Numbers in the memory of a device, which only graphs on that device read and write, in place. */
export type DeviceTensor = { readonly type: 'float32'; readonly shape: readonly number[]; readonly device: object }
export type AnyTensor = Tensor | DeviceTensor

/** Of a graphics card. */
export interface DeviceMemory {
  /** As long as the device is in use: of zeros, or of `numbers`. @throws KinmeshError `ModelFailed` */
  tensor(shape: readonly number[], numbers?: Float32Array): DeviceTensor
  /** Makes parts of tensors those of other ones, each at the same place. `parts` are in numbers from the start. */
  copy(pairs: readonly { readonly from: DeviceTensor; readonly to: DeviceTensor }[], parts: readonly { readonly at: number; readonly length: number }[]): void
}

/** A graph that is loaded. One run at a time. */
export interface GraphSession {
  /** Reads `inputs` and fills `outputs`, both by name. An output may lie in the memory of an input: a cache grows in place so. @throws KinmeshError `ModelFailed` */
  run(inputs: Readonly<Record<string, AnyTensor>>, outputs: Readonly<Record<string, AnyTensor>>): Promise<void>
  /** The device that it runs on, if that is not the processor: nowhere else are there tensors of a device. */
  readonly device?: DeviceMemory
  /** Memory, of whatever content, that `run` reads and writes where it is; where there is no such method, any memory is. @throws KinmeshError `ModelFailed` */
  numbers?(count: number): Float32Array
  close(): void
}

/** An input or an output of a graph. `type`: an ElementType, or what else onnxruntime has. A size that is known only when the graph runs is null. */
export type Port = { readonly name: string; readonly type: string; readonly shape: readonly (number | null)[] }

/** A graph of which it is told what it takes and gives: for those that others wrote. */
export interface DescribedSession extends GraphSession {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

export type SessionOptions = {
  /** Threads that one run uses. */
  readonly threads: number
}
