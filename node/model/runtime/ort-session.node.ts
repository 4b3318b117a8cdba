import { elementTypes } from '../graph/graph.ts'
import { type Handle, type OrtApi, loadOrtApi } from './ort-api.node.ts'
import type { DescribedSession, Port, SessionOptions, Tensor } from './session.ts'

/** Only what ends the process: every other error comes to the caller. */
const fatal = 4
const [noRunOptions, noArenaSettings] = [0n, 0n]
const [arenaAllocator, defaultMemory] = [1, 0]
// ORT_DISABLE_ALL and ORT_ENABLE_ALL.
const [noOptimizations, allOptimizations] = [0, 99]
/** Named by the session: threads that wait for work give their core away. Costs nothing on an idle machine, and helps a busy one. */
const config = { 'session.intra_op.allow_spinning': '0' }

/** Named by the session: results of operations lie in memory that all such sessions share, and that stays. Without it each of the graphs of a training, one for each shape of batch, would keep its own. */
const sharedMemory = { 'session.use_env_allocators': '1' }

/** By their number in ONNX. */
const typeNames = new Map([[10, 'float16'], ...Object.entries(elementTypes).map(([name, { number }]) => [number, name] as const)])

/** Beside a graph that is written with its weights packed. */
export const packedFile = 'packed.bin'
/** Named by the session: what is written of a model holds its weights as well as the kernels of this machine want them, in a file of its own. */
const packing = {
  'session.save_external_prepacked_constant_initializers': '1',
  'session.optimized_model_external_initializers_file_name': packedFile,
  // Whoever reads the graph wants small constants in it: shapes follow from them.
  'session.optimized_model_external_initializers_min_size_in_bytes': '16384'
}

type Library = { readonly api: OrtApi; readonly env: Handle; readonly memory: Handle }
let library: Promise<Library> | undefined

/** One environment per process, as the library wants it. */
function open(): Promise<Library> {
  return (library ??= loadOrtApi().then(api => {
    const env = handleFrom(out => api.CreateEnv(fatal, 'kinmesh', out))
    api.DisableTelemetryEvents(env) // once more, for a thread whose environment is not the process's
    const memory = handleFrom(out => api.CreateCpuMemoryInfo(arenaAllocator, defaultMemory, out))
    api.CreateAndRegisterAllocator(env, memory, noArenaSettings)
    return { api, env, memory }
  }))
}

export type OrtSessionOptions = SessionOptions & {
  /** Where to write the graph to, and its weights beside it into `packedFile`, as this machine wants them; to be read by packed-weights.node.ts only. */
  readonly packTo?: string | undefined
  /** The graph was written in this way before, on this machine and with this version of the library. */
  readonly isPacked?: boolean | undefined
  /** The graph is run node by node as it was written: what saves memory in it is not optimized away. */
  readonly asWritten?: boolean | undefined
}

/** Loads a model from its file, or from the bytes of one, without holding up this thread. @throws KinmeshError `ModelFailed` · `RuntimeMissing` */
export async function openOrtSession(source: string | Uint8Array, { threads, packTo, isPacked = false, asWritten = false }: OrtSessionOptions): Promise<DescribedSession> {
  const { api, env, memory } = await open()
  const options = handleFrom(out => api.CreateSessionOptions(out))
  try {
    api.SetIntraOpNumThreads(options, threads)
    api.SetInterOpNumThreads(options, 1)
    api.SetSessionGraphOptimizationLevel(options, isPacked || asWritten ? noOptimizations : allOptimizations)
    if (asWritten) {
      // Memory that is planned for the whole run is held for the whole run.
      api.DisableMemPattern(options)
    }
    if (packTo !== undefined) api.SetOptimizedModelFilePath(options, packTo)
    for (const [key, value] of Object.entries({ ...config, ...(packTo !== undefined && packing), ...(asWritten && sharedMemory) })) api.AddSessionConfigEntry(options, key, value)
    const session = new BigUint64Array(1)
    await (typeof source === 'string' ? api.CreateSession(env, source, options, session) : api.CreateSessionFromArray(env, source, source.byteLength, options, session))
    return new OrtSession(api, memory, session[0] as Handle)
  } finally {
    api.ReleaseSessionOptions(options)
  }
}

/** "1.30.0": the library that sessions run in. @throws KinmeshError `RuntimeMissing` */
export async function ortVersion(): Promise<string> {
  return (await open()).api.version
}

class OrtSession implements DescribedSession {
  readonly #api: OrtApi
  readonly #memory: Handle
  readonly #session: Handle
  /** The library's view of each tensor that was used, as long as the tensor itself is. */
  readonly #values = new WeakMap<Tensor, Handle>()
  readonly #unused: FinalizationRegistry<Handle>
  /** Names as the library wants them: kept, because it is given their addresses. */
  readonly #names = new Map<string, CString>()
  /** What the library reads and writes now: it knows addresses only, and memory that nobody holds is given away. */
  readonly #inUse = new Set<Tensor>()

  constructor(api: OrtApi, memory: Handle, session: Handle) {
    this.#api = api
    this.#memory = memory
    this.#session = session
    this.#unused = new FinalizationRegistry(value => api.ReleaseValue(value))
  }

  async run(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Promise<void> {
    const [given, wanted] = [Object.entries(inputs), Object.entries(outputs)]
    for (const [, tensor] of [...given, ...wanted]) this.#inUse.add(tensor)
    try {
      this.#api.Run(
        this.#session, noRunOptions, this.#namesOf(given), this.#valuesOf(given), given.length, this.#namesOf(wanted), wanted.length, this.#valuesOf(wanted)
      )
    } finally {
      this.#inUse.clear()
    }
  }

  get inputs(): Port[] {
    const { SessionGetInputCount, SessionGetInputName, SessionGetInputTypeInfo } = this.#api
    return this.#ports(SessionGetInputCount, SessionGetInputName, SessionGetInputTypeInfo)
  }

  get outputs(): Port[] {
    const { SessionGetOutputCount, SessionGetOutputName, SessionGetOutputTypeInfo } = this.#api
    return this.#ports(SessionGetOutputCount, SessionGetOutputName, SessionGetOutputTypeInfo)
  }

  close(): void {
    this.#api.ReleaseSession(this.#session)
  }

  #ports(count: OrtApi['SessionGetInputCount'], nameOf: OrtApi['SessionGetInputName'], typeOf: OrtApi['SessionGetInputTypeInfo']): Port[] {
    const api = this.#api
    const allocator = handleFrom(out => api.GetAllocatorWithDefaultOptions(out))
    return Array.from({ length: numberFrom(out => count(this.#session, out)) }, (_, index) => {
      const text = handleFrom(out => nameOf(this.#session, index, allocator, out))
      const name = this.#api.textAt(text)
      api.AllocatorFree(allocator, text)
      const type = handleFrom(out => typeOf(this.#session, index, out))
      try {
        return { name, ...this.#tensorType(type) }
      } finally {
        api.ReleaseTypeInfo(type)
      }
    })
  }

  #tensorType(typeInfo: Handle): Omit<Port, 'name'> {
    const api = this.#api
    const tensor = handleFrom(out => api.CastTypeInfoToTensorInfo(typeInfo, out))
    if (tensor === 0n) return { type: 'no tensor', shape: [] }
    const element = new Int32Array(1)
    api.GetTensorElementType(tensor, element)
    const shape = new BigInt64Array(numberFrom(out => api.GetDimensionsCount(tensor, out)))
    api.GetDimensions(tensor, shape, shape.length)
    return { type: typeNames.get(element[0] ?? 0) ?? `type ${element[0]}`, shape: Array.from(shape, size => (size < 0n ? null : Number(size))) }
  }

  #namesOf(entries: readonly (readonly [string, Tensor])[]): BigUint64Array {
    return BigUint64Array.from(entries, ([name]) => {
      const known = this.#names.get(name) ?? new CString(this.#api, name)
      this.#names.set(name, known)
      return known.address
    })
  }

  #valuesOf(entries: readonly (readonly [string, Tensor])[]): BigUint64Array {
    return BigUint64Array.from(entries, ([, tensor]) => {
      const known = this.#values.get(tensor)
      if (known !== undefined) return known
      const shape = BigInt64Array.from(tensor.shape, BigInt)
      const value = handleFrom(out => this.#api.CreateTensorWithDataAsOrtValue(this.#memory, tensor.data, tensor.data.byteLength, shape, shape.length, elementTypes[tensor.type].number, out))
      this.#values.set(tensor, value)
      this.#unused.register(tensor, value)
      return value
    })
  }
}

class CString {
  readonly address: bigint
  readonly #bytes: Uint8Array

  constructor(api: OrtApi, text: string) {
    this.#bytes = new TextEncoder().encode(`${text}\0`)
    this.address = api.addressOf(this.#bytes)
  }
}

function numberFrom(create: (out: BigUint64Array) => void): number {
  return Number(handleFrom(create))
}

function handleFrom(create: (out: BigUint64Array) => void): Handle {
  const out = new BigUint64Array(1)
  create(out)
  return out[0] as Handle
}
