import type { MountedFile, OrtModule } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import { KinmeshError } from '../../../mesh/errors.ts'
import { elementTypes } from '../graph/graph.ts'
import type { AnyTensor, Tensor, TensorData } from './session.ts'

/** Only what ends the library: every other error comes to the caller. */
const fatal = 4
// ORT_DISABLE_ALL and ORT_ENABLE_ALL.
const [noOptimizations, allOptimizations] = [0, 99]
/** Addresses and handles, in bytes: the library has 32 bits. */
const wordBytes = 4
const cpuLocation = 1
const gpuLocation = 4
/** Named by the session: threads that wait for work give their core away. */
const config = { 'session.intra_op.allow_spinning': '0' }

export type GraphOptions = {
  /** Beside the model, by name; they are read while it is loaded. */
  readonly files?: Readonly<Record<string, MountedFile>>
  /** The graph is run node by node as it was written: what saves memory in it is not optimized away. */
  readonly asWritten?: boolean
  /** Adds what it runs on, if that is not the processor, to the options of a session. */
  readonly onto?: (options: number) => Promise<void>
}

/**
 * onnxruntime-web without its JavaScript: that copies every input into the memory of the library and every output out of it, at each run. The cache of
 * SmolLM2-135M for 2,048 positions has 94 MB: to copy it in and out takes 38 ms of a core, beside 58 for the token itself. Here it lies in the memory of the library to begin with.
 */
export class OrtWasm {
  readonly #module: OrtModule
  /** Memory of the library by the objects that stand for it: each time it grows there is another one, and the older ones stay good for what they reach. */
  readonly #own = new WeakSet<ArrayBufferLike>()

  /** Begins with a library that was loaded for so many threads. */
  constructor(module: OrtModule, threads: number) {
    this.#module = module
    this.check(module._OrtInit(threads, fatal) === 0)
  }

  /** `threads`: more than one needs a page that is cross-origin isolated. Each but the first is a worker of its own. @throws KinmeshError `ModelFailed` */
  static load(threads: number): Promise<OrtWasm> {
    return failing(async () => {
      const { default: load } = await import('onnxruntime-web/ort-wasm-simd-threaded.mjs')
      return new OrtWasm(await load({ numThreads: threads }), threads)
    })
  }

  /** The handle of a graph that is loaded. */
  async session(model: Uint8Array, { files = {}, asWritten = false, onto }: GraphOptions = {}): Promise<number> {
    // Memory that is planned ahead is for the processor only. Planned for a whole run it is held for the whole run, and an arena keeps the most that a graph ever took.
    const options = this.#module._OrtCreateSessionOptions(asWritten ? noOptimizations : allOptimizations, !asWritten, !onto && !asWritten, 0, false, 0, 0, fatal, 0, 0)
    this.check(options !== 0)
    const bytes = this.copyIn(model)
    try {
      for (const [name, file] of Object.entries(files)) this.#module.mountExternalData(name, file)
      this.#configure(options)
      await onto?.(options)
      const session = await this.#module._OrtCreateSession(bytes, model.length, options)
      this.check(session !== 0)
      return session
    } finally {
      this.#module.unmountExternalData()
      this.free(bytes)
      this.#module._OrtReleaseSessionOptions(options)
    }
  }

  /** Numbers that lie in the memory of the library, of whatever value. They are there as long as the library is. @throws KinmeshError `ModelFailed` */
  numbers(count: number): Float32Array {
    const { buffer, byteOffset } = this.bytes(count * Float32Array.BYTES_PER_ELEMENT)
    return new Float32Array(buffer, byteOffset, count)
  }

  /** The same in bytes, for whatever type. @throws KinmeshError `ModelFailed` */
  bytes(count: number): Uint8Array<SharedArrayBuffer> {
    const address = this.allocate(count)
    const { buffer } = this.#heap()
    this.#own.add(buffer)
    return new Uint8Array(buffer, address, count)
  }

  /** All of its memory: it grows, and never shrinks. */
  get memoryBytes(): number {
    return this.#heap().length
  }

  /** The same tensor in the memory of the library, if it is not there yet. @throws KinmeshError `ModelFailed` */
  placed(tensor: Tensor): Tensor {
    if (this.owns(tensor)) return tensor
    const { type, shape, data } = tensor
    const bytes = this.bytes(data.byteLength)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return { type, shape, data: viewLike(data, bytes) }
  }

  /** Whether a tensor lies in the memory of the library. */
  owns({ data }: Tensor): boolean {
    return this.#own.has(data.buffer)
  }

  /** `address`: of a device, its handle there. */
  tensor(tensor: AnyTensor, address: number): number {
    const { type, shape } = tensor
    const dims = this.words(shape)
    const [bytes, location] = 'data' in tensor ? [tensor.data.byteLength, cpuLocation] : [numbersOf(shape) * Float32Array.BYTES_PER_ELEMENT, gpuLocation]
    try {
      const handle = this.#module._OrtCreateTensor(elementTypes[type].number, address, bytes, dims, shape.length, location)
      this.check(handle !== 0)
      return handle
    } finally {
      this.free(dims)
    }
  }

  releaseTensor(handle: number): void {
    this.#module._OrtReleaseTensor(handle)
  }

  /** Each list is the address of words. */
  async run(session: number, inputNames: number, inputs: number, inputCount: number, outputNames: number, outputs: number, outputCount: number): Promise<void> {
    this.check((await this.#module._OrtRun(session, inputNames, inputs, inputCount, outputNames, outputCount, outputs, 0)) === 0)
  }

  releaseSession(session: number): void {
    this.#module._OrtReleaseSession(session)
  }

  allocate(bytes: number): number {
    const address = this.#module._malloc(bytes)
    if (address === 0) throw new KinmeshError('ModelFailed', `there is no memory left for this model (${Math.ceil(bytes / 2 ** 20)} MB more): close other pages, or choose a smaller model`)
    return address >>> 0
  }

  free(address: number): void {
    this.#module._free(address)
  }

  words(values: readonly number[]): number {
    const address = this.allocate(values.length * wordBytes)
    for (const [index, value] of values.entries()) this.#module.setValue(address + index * wordBytes, value, '*')
    return address
  }

  copyIn({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const address = this.allocate(byteLength)
    this.#heap().set(new Uint8Array(buffer, byteOffset, byteLength), address)
    return address
  }

  copyOut(address: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
    new Uint8Array(buffer, byteOffset, byteLength).set(this.#heap().subarray(address, address + byteLength))
  }

  /** @throws Error with what the library says went wrong last */
  check(done: boolean): void {
    if (done) return
    const [code, text] = [this.allocate(wordBytes), this.allocate(wordBytes)]
    try {
      this.#module._OrtGetLastError(code, text)
      const address = this.#module.getValue(text, '*')
      throw new Error(address === 0 ? `error ${this.#module.getValue(code, 'i32')}` : this.#module.UTF8ToString(address))
    } finally {
      this.free(code)
      this.free(text)
    }
  }

  #configure(options: number): void {
    for (const entry of Object.entries(config)) {
      const [key, value] = entry.map(text => this.text(text))
      try {
        this.check(this.#module._OrtAddSessionConfigEntry(options, key!, value!) === 0)
      } finally {
        for (const address of [key!, value!]) this.free(address)
      }
    }
  }

  text(text: string): number {
    return this.copyIn(new TextEncoder().encode(`${text}\0`))
  }

  #heap(): Uint8Array<SharedArrayBuffer> {
    // Looking at it lets the library notice that another of its threads made it grow.
    this.#module.getValue(0, 'i8')
    return this.#module.HEAPU8
  }
}

/** Bytes as numbers of the same kind. */
function viewLike(data: TensorData, { buffer, byteOffset }: Uint8Array): TensorData {
  if (data instanceof Float32Array) return new Float32Array(buffer, byteOffset, data.length)
  if (data instanceof Int32Array) return new Int32Array(buffer, byteOffset, data.length)
  if (data instanceof BigInt64Array) return new BigInt64Array(buffer, byteOffset, data.length)
  return new Uint8Array(buffer, byteOffset, data.length)
}

export function numbersOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Whatever the library throws, by name. */
export async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof KinmeshError) throw cause
    throw new KinmeshError('ModelFailed', `onnxruntime: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
