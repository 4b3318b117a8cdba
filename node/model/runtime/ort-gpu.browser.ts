import type { MountedFile } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import type { OrtGpuModule } from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs'
import { KinmeshError } from '../../../mesh/errors.ts'
import { OrtWasm, failing, numbersOf } from './ort-wasm.browser.ts'
import type { DeviceMemory, DeviceTensor } from './session.ts'

/** By the library's name for it, as its own JavaScript gives it. */
const provider = 'WebGPU'
/** COPY_SRC, COPY_DST and STORAGE (https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage), which are no names in a browser without WebGPU. */
const bufferUsage = 0x04 | 0x08 | 0x80

/**
 * onnxruntime-web on a graphics card. Of its two builds with these kernels this is the one that runs in every browser: the smaller one (4 MB instead of 7, compressed) needs
 * WebAssembly that waits (JSPI), which some lack; both give the same numbers.
 */
export class OrtGpu implements DeviceMemory {
  readonly wasm: OrtWasm
  readonly #module: OrtGpuModule
  readonly #device: GPUDevice
  /** What went wrong on the card: it tells that later, and gives wrong numbers until then. */
  #fault: string | undefined

  private constructor(module: OrtGpuModule, device: GPUDevice) {
    this.wasm = new OrtWasm(module, 1)
    this.#module = module
    this.#device = device
    module.asyncInit()
    module.webgpuInit(() => {})
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= error.message.split('\n', 1)[0]
    })
    void device.lost.then(({ message }) => {
      this.#fault ??= message
    })
  }

  /** @throws KinmeshError `ModelFailed` */
  static load(device: GPUDevice): Promise<OrtGpu> {
    return failing(async () => {
      const { default: load } = await import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs')
      return new OrtGpu(await load({ numThreads: 1 }), device)
    })
  }

  /** As `OrtWasm.session`. Weights go to the card one by one. */
  async session(model: Uint8Array, files: Readonly<Record<string, MountedFile>>): Promise<number> {
    let session = 0
    try {
      session = await this.wasm.session(model, { files, onto: options => this.#addTo(options) })
      return session
    } finally {
      // Also where there is none: until then the library takes no other one.
      this.#module.webgpuOnCreateSession(session)
    }
  }

  tensor(shape: readonly number[], numbers?: Float32Array): DeviceTensor {
    const buffer = this.#device.createBuffer({ size: numbersOf(shape) * Float32Array.BYTES_PER_ELEMENT, usage: bufferUsage })
    if (numbers) this.#device.queue.writeBuffer(buffer, 0, numbers.slice())
    return { type: 'float32', shape, device: buffer }
  }

  copy(pairs: readonly { readonly from: DeviceTensor; readonly to: DeviceTensor }[], parts: readonly { readonly at: number; readonly length: number }[]): void {
    const commands = this.#device.createCommandEncoder()
    const bytes = (numbers: number) => numbers * Float32Array.BYTES_PER_ELEMENT
    for (const { from, to } of pairs) for (const { at, length } of parts) commands.copyBufferToBuffer(bufferOf(from), bytes(at), bufferOf(to), bytes(at), bytes(length))
    this.#device.queue.submit([commands.finish()])
  }

  /** The handle of a tensor of the card for one graph, until `release`. */
  handle(session: number, tensor: DeviceTensor): number {
    return this.wasm.tensor(tensor, this.#module.webgpuRegisterBuffer(bufferOf(tensor), session))
  }

  /** Before a graph is released. */
  release(session: number, tensors: Iterable<DeviceTensor>): void {
    for (const tensor of tensors) this.#module.webgpuUnregisterBuffer(bufferOf(tensor))
    this.#module.webgpuOnReleaseSession(session)
  }

  /** To be told of a run that failed: onnxruntime-web 1.30 does not come back from the next one. */
  failed(error: unknown): void {
    this.#fault ??= error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
  }

  /** @throws KinmeshError `ModelFailed`: something went wrong on the card */
  check(): void {
    if (this.#fault !== undefined) throw new KinmeshError('ModelFailed', `the graphics card failed (${this.#fault}): load the model again`)
  }

  async #addTo(options: number): Promise<void> {
    const [deviceId, webgpuInstance, webgpuDevice] = this.#module.webgpuRegisterDevice(this.#device)
    const settings = Object.entries({ deviceId, webgpuInstance, webgpuDevice })
    const { wasm } = this
    const texts = [provider, ...settings.flatMap(([key, value]) => [key, String(value)])].map(text => wasm.text(text))
    const keys = wasm.words(texts.filter((_, index) => index % 2 === 1))
    const values = wasm.words(texts.filter((_, index) => index > 0 && index % 2 === 0))
    try {
      wasm.check((await this.#module._OrtAppendExecutionProvider(options, texts[0]!, keys, values, settings.length)) === 0)
    } finally {
      for (const address of [...texts, keys, values]) wasm.free(address)
    }
  }
}

function bufferOf({ device }: DeviceTensor): GPUBuffer {
  return device as GPUBuffer
}
