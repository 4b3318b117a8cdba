import type { MountedFile } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import type { OrtWasm } from './ort-wasm.browser.ts'
import type { GraphSession, Tensor } from './session.ts'

type Named = readonly (readonly [string, Tensor])[]

/** Loads a graph. `files`: those beside the model, by name; they are read now, and not later. @throws KinmeshError `ModelFailed` */
export function openWebSession(ort: OrtWasm, model: Uint8Array, files: Readonly<Record<string, MountedFile>> = {}): GraphSession {
  return ort.failing(() => new OrtWebSession(ort, ort.session(model, files)))
}

/** A graph in the memory of onnxruntime-web. What lies there already is read and written in place; everything else is copied in, and out. */
class OrtWebSession implements GraphSession {
  readonly #ort: OrtWasm
  readonly #session: number
  /** Addresses of names, kept as long as the graph. */
  readonly #names = new Map<string, number>()
  /** Tensors in the memory of the library, which come again with each run. */
  readonly #lasting = new Map<Tensor, number>()

  constructor(ort: OrtWasm, session: number) {
    this.#ort = ort
    this.#session = session
  }

  numbers(count: number): Float32Array {
    return this.#ort.numbers(count)
  }

  async run(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Promise<void> {
    this.#ort.failing(() => this.#run(Object.entries(inputs), Object.entries(outputs)))
  }

  close(): void {
    for (const handle of this.#lasting.values()) this.#ort.releaseTensor(handle)
    this.#ort.releaseSession(this.#session)
    for (const address of this.#names.values()) this.#ort.free(address)
  }

  #run(inputs: Named, outputs: Named): void {
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
    try {
      const given = inputs.map(([, tensor]) => this.#inPlace(tensor) ?? passing(tensor, ort.copyIn(tensor.data)))
      const copies: { readonly address: number; readonly tensor: Tensor }[] = []
      const wanted = outputs.map(([, tensor]) => {
        const lasting = this.#inPlace(tensor)
        if (lasting !== undefined) return lasting
        const address = ort.allocate(tensor.data.byteLength)
        copies.push({ address, tensor })
        return passing(tensor, address)
      })
      const words = (values: readonly number[]) => kept(ort.words(values))
      ort.run(this.#session, words(this.#namesOf(inputs)), words(given), given.length, words(this.#namesOf(outputs)), words(wanted), wanted.length)
      for (const { address, tensor } of copies) ort.copyOut(address, tensor.data)
    } finally {
      for (const handle of handles) ort.releaseTensor(handle)
      for (const address of addresses) ort.free(address)
    }
  }

  #inPlace(tensor: Tensor): number | undefined {
    const known = this.#lasting.get(tensor)
    if (known !== undefined || !this.#ort.owns(tensor)) return known
    const handle = this.#ort.tensor(tensor, tensor.data.byteOffset)
    this.#lasting.set(tensor, handle)
    return handle
  }

  #namesOf(entries: Named): number[] {
    return entries.map(([name]) => {
      const known = this.#names.get(name) ?? this.#ort.text(name)
      this.#names.set(name, known)
      return known
    })
  }
}
