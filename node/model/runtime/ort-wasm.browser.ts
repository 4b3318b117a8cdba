import type { MountedFile, OrtModule } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import { KinmeshError } from '../../../mesh/errors.ts'
import { elementTypes } from '../graph/graph.ts'
import type { Tensor } from './session.ts'

/** Only what ends the library: every other error comes to the caller. */
const fatal = 4
/** ORT_ENABLE_ALL. */
const allOptimizations = 99
/** Addresses and handles, in bytes: the library has 32 bits. */
const wordBytes = 4
const cpuLocation = 1
/** Named by the session: threads that wait for work give their core away. */
const config = { 'session.intra_op.allow_spinning': '0' }

/**
 * onnxruntime-web without its JavaScript: that copies every input into the memory of the library and every output out of it, at each run. The cache of
 * SmolLM2-135M for 2,048 positions has 94 MB: to copy it in and out takes 38 ms of a core, beside 58 for the token itself. Here it lies in the memory of the library to begin with.
 */
export class OrtWasm {
  readonly #module: OrtModule
  /** Memory of the library by the objects that stand for it: each time it grows there is another one, and the older ones stay good for what they reach. */
  readonly #own = new WeakSet<ArrayBufferLike>()

  private constructor(module: OrtModule) {
    this.#module = module
  }

  /** `threads`: more than one needs a page that is cross-origin isolated. Each but the first is a worker of its own. @throws KinmeshError `ModelFailed` */
  static async load(threads: number): Promise<OrtWasm> {
    try {
      const { default: load } = await import('onnxruntime-web/ort-wasm-simd-threaded.mjs')
      const ort = new OrtWasm(await load({ numThreads: threads }))
      ort.check(ort.#module._OrtInit(threads, fatal) === 0)
      return ort
    } catch (cause) {
      throw modelFailed(cause)
    }
  }

  /** The handle of a graph that is loaded. `files`: those beside the model, by name. */
  session(model: Uint8Array, files: Readonly<Record<string, MountedFile>>): number {
    const options = this.#module._OrtCreateSessionOptions(allOptimizations, true, true, 0, false, 0, 0, fatal, 0, 0)
    this.check(options !== 0)
    const bytes = this.copyIn(model)
    try {
      for (const [name, file] of Object.entries(files)) this.#module.mountExternalData(name, file)
      this.#configure(options)
      const session = this.#module._OrtCreateSession(bytes, model.length, options)
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
    return this.failing(() => {
      const address = this.allocate(count * Float32Array.BYTES_PER_ELEMENT)
      const { buffer } = this.#heap()
      this.#own.add(buffer)
      return new Float32Array(buffer, address, count)
    })
  }

  /** Whether a tensor lies in the memory of the library. */
  owns({ data }: Tensor): boolean {
    return this.#own.has(data.buffer)
  }

  tensor({ type, shape, data }: Tensor, address: number): number {
    const dims = this.words(shape)
    try {
      const handle = this.#module._OrtCreateTensor(elementTypes[type].number, address, data.byteLength, dims, shape.length, cpuLocation)
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
  run(session: number, inputNames: number, inputs: number, inputCount: number, outputNames: number, outputs: number, outputCount: number): void {
    this.check(this.#module._OrtRun(session, inputNames, inputs, inputCount, outputNames, outputCount, outputs, 0) === 0)
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

  /** Whatever the library throws, by name. */
  failing<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw modelFailed(cause)
    }
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

function modelFailed(cause: unknown): KinmeshError {
  if (cause instanceof KinmeshError) return cause
  return new KinmeshError('ModelFailed', `onnxruntime: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
