/**
 * The compiled library inside of onnxruntime-web, as far as it is called here. The package exports the file, and its own sources say what the functions do
 * (lib/wasm/wasm-types.ts and wasm-core-impl.ts); its typings leave them out. Addresses are in the memory of the library.
 */
declare module 'onnxruntime-web/ort-wasm-simd-threaded.mjs' {
  /** A file as the library reads it: a part at a time. */
  export type MountedFile = { readonly byteLength: number; subarray(begin: number, end: number): Uint8Array }

  export type OrtModule = {
    /** All of its memory, as long as it did when the library last looked. */
    readonly HEAPU8: Uint8Array<SharedArrayBuffer>
    _malloc(bytes: number): number
    _free(address: number): void
    getValue(address: number, type: 'i8' | 'i32' | '*'): number
    setValue(address: number, value: number, type: 'i32' | '*'): void
    UTF8ToString(address: number): string
    mountExternalData(path: string, file: MountedFile): void
    unmountExternalData(): void
    /** These give 0 for "done". */
    _OrtInit(threads: number, logLevel: number): number
    _OrtGetLastError(code: number, message: number): number
    _OrtAddSessionConfigEntry(options: number, key: number, value: number): number
    _OrtRun(session: number, inputNames: number, inputs: number, inputCount: number, outputNames: number, outputCount: number, outputs: number, options: number): number | Promise<number>
    _OrtReleaseSession(session: number): number
    _OrtReleaseSessionOptions(options: number): number
    _OrtReleaseTensor(tensor: number): number
    /** These give a handle, or 0. */
    _OrtCreateSessionOptions(optimizations: number, arena: boolean, pattern: boolean, mode: number, profiling: boolean, profile: number, id: number, logLevel: number, verbosity: number, optimizedPath: number): number
    _OrtCreateSession(model: number, bytes: number, options: number): number | Promise<number>
    _OrtCreateTensor(type: number, data: number, bytes: number, dims: number, rank: number, location: number): number
  }

  const load: (settings: { readonly numThreads: number }) => Promise<OrtModule>
  export default load
}

/** The same with kernels for graphics cards. Where it waits for one, its functions give promises. */
declare module 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs' {
  import type { OrtModule } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'

  export type OrtGpuModule = OrtModule & {
    /** Once, before any of the functions that may wait. */
    asyncInit(): void
    webgpuInit(setDefault: (device: GPUDevice) => void): void
    /** Of the session that is created next: its number, and handles of WebGPU and of the device. */
    webgpuRegisterDevice(device: GPUDevice): readonly [id: number, instance: number, device: number]
    webgpuOnCreateSession(session: number): void
    webgpuOnReleaseSession(session: number): void
    /** What takes the place of an address. */
    webgpuRegisterBuffer(buffer: GPUBuffer, session: number): number
    webgpuUnregisterBuffer(buffer: GPUBuffer): void
    _OrtAppendExecutionProvider(options: number, name: number, keys: number, values: number, count: number): number | Promise<number>
  }

  const load: (settings: { readonly numThreads: number }) => Promise<OrtGpuModule>
  export default load
}
