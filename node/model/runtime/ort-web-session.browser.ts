import type { MountedFile } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import type { OrtGpu } from './ort-gpu.browser.ts'
import { type GraphOptions, type OrtWasm, failing } from './ort-wasm.browser.ts'
import type { AnyTensor, DeviceTensor, GraphSession, Tensor } from './session.ts'

type Named = readonly (readonly [string, AnyTensor])[]

/** Loads a graph. `files`: those beside the model, by name; they are read now, and not later. @throws KinmeshError `ModelFailed` */
export function openWebSession(ort: OrtWasm, model: Uint8Array, files: Readonly<Record<string, MountedFile>> = {}, { asWritten }: Pick<GraphOptions, 'asWritten'> = {}): Promise<GraphSession> {
  return failing(async () => new OrtWebSession(ort, await ort.session(model, { files, ...(asWritten && { asWritten }) })))
}

/** The same on a graphics card. @throws KinmeshError `ModelFailed` */
export function openGpuSession(gpu: OrtGpu, model: Uint8Array, files: Readonly<Record<string, MountedFile>> = {}): Promise<GraphSession> {
  return failing(async () => new OrtWebSession(gpu.wasm, await gpu.session(model, files), gpu))
}

/** A graph in onnxruntime-web. What lies there already, in its memory or on its card, is read and written in place; everything else is copied in, and out. */
class OrtWebSession implements GraphSession {
  readonly #ort: OrtWasm
  readonly #session: number
  readonly device?: OrtGpu
  /** Addresses of names, kept as long as the graph. */
  readonly #names = new Map<string, number>()
  /** Tensors that lie there, and come again with each run. */
  readonly #lasting = new Map<AnyTensor, number>()

  constructor(ort: OrtWasm, session: number, gpu?: OrtGpu) {
    this.#ort = ort
    this.#session = session
    if (gpu) this.device = gpu
  }

  numbers(count: number): Float32Array {
    return this.#ort.numbers(count)
  }

  run(inputs: Readonly<Record<string, AnyTensor>>, outputs: Readonly<Record<string, AnyTensor>>): Promise<void> {
    return failing(() => this.#run(Object.entries(inputs), Object.entries(outputs)))
  }

  close(): void {
    for (const handle of this.#lasting.values()) this.#ort.releaseTensor(handle)
    this.device?.release(this.#session, [...this.#lasting.keys()].filter(isOfDevice))
    this.#ort.releaseSession(this.#session)
    for (const address of this.#names.values()) this.#ort.free(address)
  }

  async #run(inputs: Named, outputs: Named): Promise<void> {
    const ort = this.#ort
    const [addresses, handles]: [number[], number[]] = [[], []]
    const kept = (address: number) => {
      addresses.push(address)
      return address
    }
    const passing = (tensor: Tensor, address: number) => {
      const handle = ort.tensor(tensor, kept(address))
      handles.push(handle)
      return handle
    }
    const copies: { readonly address: number; readonly tensor: Tensor }[] = []
    try {
      this.device?.check()
      const given = inputs.map(([, each]) => this.#handle(each, tensor => passing(tensor, ort.copyIn(tensor.data))))
      const wanted = outputs.map(([, each]) => this.#handle(each, tensor => {
        const address = ort.allocate(tensor.data.byteLength)
        copies.push({ address, tensor })
        return passing(tensor, address)
      }))
      const words = (values: readonly number[]) => kept(ort.words(values))
      await ort.run(this.#session, words(this.#namesOf(inputs)), words(given), given.length, words(this.#namesOf(outputs)), words(wanted), wanted.length)
      this.device?.check()
      for (const { address, tensor } of copies) ort.copyOut(address, tensor.data)
    } catch (error) {
      this.device?.failed(error)
      throw error
    } finally {
      for (const handle of handles) ort.releaseTensor(handle)
      for (const address of addresses) ort.free(address)
    }
  }

  #handle(tensor: AnyTensor, passing: (tensor: Tensor) => number): number {
    const known = this.#lasting.get(tensor)
    if (known !== undefined) return known
    if (!isOfDevice(tensor) && !this.#ort.owns(tensor)) return passing(tensor)
    const handle = isOfDevice(tensor) ? this.#onDevice().handle(this.#session, tensor) : this.#ort.tensor(tensor, tensor.data.byteOffset)
    this.#lasting.set(tensor, handle)
    return handle
  }

  #onDevice(): OrtGpu {
    if (!this.device) throw new Error('a graph on the processor reads nothing of a device')
    return this.device
  }

  #namesOf(entries: Named): number[] {
    return entries.map(([name]) => {
      const known = this.#names.get(name) ?? this.#ort.text(name)
      this.#names.set(name, known)
      return known
    })
  }
}

function isOfDevice(tensor: AnyTensor): tensor is DeviceTensor {
  return 'device' in tensor
}
