import * as v from 'valibot'
import { type Manifest, checkManifest, modelId, sha256Schema } from '../store/manifest.ts'

/** What a page remembers of a model that it keeps whole. */
export type CacheRecord = {
  readonly id: string
  /** Where it came from. */
  readonly url: string
  readonly manifest: Manifest
  /** Of each file, by its SHA-256: those of its pieces. */
  readonly pieces: Readonly<Record<string, readonly string[]>>
}

/** Ends the names of records; files are named by their SHA-256. */
const ending = '.json'

const schema = v.strictObject({ format: v.literal(1), url: v.string(), manifest: v.unknown(), pieces: v.record(sha256Schema, v.array(sha256Schema)) })

export function recordName(id: string): string {
  return `${id}${ending}`
}

export function isRecordName(name: string): boolean {
  return name.endsWith(ending)
}

export function writeRecord({ url, manifest, pieces }: Omit<CacheRecord, 'id'>): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ format: 1, url, manifest, pieces }))
}

/** Undefined where it is not whole, or of another version: its files are looked at as if there was none. */
export function readRecord(text: string): CacheRecord | undefined {
  try {
    const { url, manifest: given, pieces } = v.parse(schema, JSON.parse(text))
    const manifest = checkManifest(given)
    return { id: modelId(manifest), url, manifest, pieces }
  } catch {
    return undefined
  }
}
