import type { ElementType } from '../graph/graph.ts'

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array

/** Memory with a shape: what a graph reads, and where it writes. `data` may be a view into something larger. */
export type Tensor = { readonly type: ElementType; readonly shape: readonly number[]; readonly data: TensorData }

/** A graph that is loaded. One run at a time. */
export interface GraphSession {
  /** Reads `inputs` and fills `outputs`, both by name. An output may lie in the memory of an input: a cache grows in place so. @throws KinmeshError `ModelFailed` */
  run(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Promise<void>
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
