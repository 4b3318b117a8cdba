import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type koffi from 'koffi'
import { KinmeshError } from '../../../mesh/errors.ts'
import { turnTelemetryOff } from './no-telemetry.node.ts'

/** A pointer of the library's, by its address. */
export type Handle = bigint
export type OutHandle = BigUint64Array
type Bytes = Uint8Array | BigInt64Array | BigUint64Array | Float32Array | Int32Array

/**
 * The functions of the C API in use: place in the table of `OrtApi`, and parameters. The table only ever grows at its end, so that
 * places hold for every later version. Source: microsoft/onnxruntime:include/onnxruntime/core/session/onnxruntime_c_api.h.
 * `handle`: an address; `out`: where one is written to; `bytes`: memory; `text`: UTF-8.
 */
const functions = {
  CreateEnv: [3, ['int', 'text', 'out']],
  DisableTelemetryEvents: [6, ['handle']],
  Run: [9, ['handle', 'handle', 'bytes', 'bytes', 'size', 'bytes', 'size', 'bytes']],
  CreateSessionOptions: [10, ['out']],
  SetOptimizedModelFilePath: [11, ['handle', 'text']],
  DisableMemPattern: [17, ['handle']],
  SetSessionGraphOptimizationLevel: [23, ['handle', 'int']],
  SetIntraOpNumThreads: [24, ['handle', 'int']],
  SetInterOpNumThreads: [25, ['handle', 'int']],
  SessionGetInputCount: [30, ['handle', 'out']],
  SessionGetOutputCount: [31, ['handle', 'out']],
  SessionGetInputTypeInfo: [33, ['handle', 'size', 'out']],
  SessionGetOutputTypeInfo: [34, ['handle', 'size', 'out']],
  SessionGetInputName: [36, ['handle', 'size', 'handle', 'out']],
  SessionGetOutputName: [37, ['handle', 'size', 'handle', 'out']],
  CreateTensorWithDataAsOrtValue: [49, ['handle', 'bytes', 'size', 'bytes', 'size', 'int', 'out']],
  CastTypeInfoToTensorInfo: [55, ['handle', 'out']],
  GetTensorElementType: [60, ['handle', 'bytes']],
  GetDimensionsCount: [61, ['handle', 'out']],
  GetDimensions: [62, ['handle', 'bytes', 'size']],
  CreateCpuMemoryInfo: [69, ['int', 'int', 'out']],
  AllocatorFree: [76, ['handle', 'handle']],
  GetAllocatorWithDefaultOptions: [78, ['out']],
  AddSessionConfigEntry: [130, ['handle', 'text', 'text']],
  CreateAndRegisterAllocator: [144, ['handle', 'handle', 'handle']]
} as const
/** Those that take long: run in a thread of their own. */
const slowFunctions = { CreateSession: [7, ['handle', 'text', 'handle', 'out']], CreateSessionFromArray: [8, ['handle', 'bytes', 'size', 'handle', 'out']] } as const
const releases = { ReleaseSession: 95, ReleaseValue: 96, ReleaseTypeInfo: 98, ReleaseSessionOptions: 100 } as const
const [getErrorMessage, releaseStatus] = [2, 93]
/** The oldest version of the API that has them all. */
const apiVersion = 18

type Parameters = { handle: Handle; out: OutHandle; bytes: Bytes; text: string; int: number; size: number }
type Arguments<T extends readonly (keyof Parameters)[]> = { [Place in keyof T]: Parameters[T[Place]] }
export type OrtApi =
  & { readonly [Name in keyof typeof functions]: (...args: Arguments<(typeof functions)[Name][1]>) => void }
  & { readonly [Name in keyof typeof slowFunctions]: (...args: Arguments<(typeof slowFunctions)[Name][1]>) => Promise<void> }
  & { readonly [Name in keyof typeof releases]: (handle: Handle) => void }
  & {
    /** "1.30.0" */
    readonly version: string
    /** Where memory begins. It stays there as long as somebody holds it. */
    addressOf(bytes: Uint8Array): bigint
    /** The text that ends in a zero byte at this address. */
    textAt(address: Handle): string
  }

const nativeTypes: Record<keyof Parameters, string> = { handle: 'uintptr_t', out: 'void *', bytes: 'void *', text: 'const char *', int: 'int', size: 'size_t' }
const pointerBytes = 8

type Koffi = typeof koffi
type Native = ((...args: unknown[]) => unknown) & { async(...args: unknown[]): void }

/** The library that onnxruntime-node brings along, called without its binding, which copies what a run gives out. @throws KinmeshError `RuntimeMissing` */
export async function loadOrtApi(): Promise<OrtApi> {
  const { koffi, table, version } = await open()
  const at = (place: number, name: string, result: string, parameters: readonly string[]): Native =>
    koffi.decode(koffi.decode(table, place * pointerBytes, 'void *'), koffi.proto(name, result, [...parameters])) as Native
  const message = at(getErrorMessage, 'OrtGetErrorMessage', 'const char *', ['uintptr_t'])
  const release = at(releaseStatus, 'OrtReleaseStatus', 'void', ['uintptr_t'])
  const check = (status: unknown) => {
    if (!status) return
    const text = String(message(status)).trim().replaceAll(/\s+/g, ' ')
    release(status)
    throw new KinmeshError('ModelFailed', `onnxruntime: ${text}`)
  }
  const natives = (table: Readonly<Record<string, readonly [number, readonly (keyof Parameters)[]]>>) =>
    Object.entries(table).map(([name, [place, parameters]]) => [name, at(place, `Ort${name}`, 'uintptr_t', parameters.map(each => nativeTypes[each]))] as const)
  return {
    ...Object.fromEntries([
      ...natives(functions).map(([name, native]) => [name, (...args: unknown[]) => check(native(...args))]),
      ...natives(slowFunctions).map(([name, native]) => [name, async (...args: unknown[]) => check(await inThread(native, args))]),
      ...Object.entries(releases).map(([name, place]) => [name, at(place, `Ort${name}`, 'void', ['uintptr_t'])])
    ]),
    version, addressOf: bytes => koffi.address(bytes), textAt: address => koffi.decode(address, 'char', -1) as string
  } as OrtApi
}

function inThread(native: Native, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    native.async(...args, (error: unknown, status: unknown) => (error ? reject(error as Error) : resolve(status)))
  })
}

/** Koffi unloads a library of which nobody holds the object, whoever still calls its functions. */
const kept: unknown[] = []

async function open(): Promise<{ koffi: Koffi; table: unknown; version: string }> {
  const libraries: Record<string, string> = { linux: 'libonnxruntime.so.1', darwin: 'libonnxruntime.1.dylib', win32: 'onnxruntime.dll' }
  const { platform, arch } = process
  try {
    // Built for each kind of machine, and for some there is none.
    const { default: koffi } = await import('koffi')
    const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
    turnTelemetryOff()
    const library = koffi.load(join(folder, 'bin', 'napi-v6', platform, arch, libraries[platform] ?? ''))
    kept.push(library)
    const base = library.func('void *OrtGetApiBase()')() as unknown
    const [getApi, getVersion] = [koffi.proto('OrtGetApi', 'void *', ['uint32_t']), koffi.proto('OrtGetVersionString', 'const char *', [])]
      .map((proto, place) => koffi.decode(koffi.decode(base, place * pointerBytes, 'void *'), proto) as Native) as [Native, Native]
    const table = getApi(apiVersion)
    if (!table) throw new Error(`it does not know version ${apiVersion} of its API`)
    return { koffi, table, version: String(getVersion()) }
  } catch (error) {
    throw new KinmeshError('RuntimeMissing', `the library of onnxruntime does not load on ${platform} ${arch}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
