import { toString } from 'uint8arrays/to-string'
import * as v from 'valibot'
import { maxDeviceChars, maxRoundNumber, maxTaskChars } from '../../federated/privacy/ledger.ts'
import { sha256 } from '../../mesh/crypto.ts'
import type { DeviceId } from '../../mesh/types.ts'

/** What left this device for a task, once. `at`: Unix ms. `kind`: which message, such as `contribution`. `sha256`: names the bytes that were sent, as hex: a round names them by the list of their pieces (federated/compression). `epsilon`: spent by it, 0 where no budget is. */
export type Upload = {
  readonly at: number
  readonly task: string
  readonly round: number
  readonly attempt: number
  readonly to: DeviceId
  readonly kind: string
  readonly bytes: number
  readonly sha256: string
  readonly epsilon: number
}

export type UploadLog = {
  /** On disk when it resolves. To be called before the first byte is sent: the log may know of bytes that a crash kept from leaving, and never lacks any that left. @throws KinmeshError `StoreFailed` · `DiskFull` */
  add(upload: Upload): Promise<void>
  /** The newest first, `limit` at most. `damaged`: lines on the way that are no entries. `more`: there are older ones. @throws KinmeshError `StoreFailed` */
  newest(limit: number, filter?: { readonly task?: string }): Promise<{ readonly uploads: readonly Upload[]; readonly damaged: number; readonly more: boolean }>
}

/** A line is shorter, in bytes: 200 characters of a task's name may take three each in UTF-8, and six each where JSON escapes them. */
export const maxLineBytes = 4096

const count = (most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most))
const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most))
const uploadSchema = v.strictObject({
  at: count(Number.MAX_SAFE_INTEGER), task: text(maxTaskChars), round: count(maxRoundNumber), attempt: count(maxRoundNumber), to: text(maxDeviceChars), kind: text(40),
  bytes: count(Number.MAX_SAFE_INTEGER), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), epsilon: v.pipe(v.number(), v.minValue(0), v.finite())
})
const checkChars = 16

/** A line: JSON, a space, and the first 16 hex digits of its SHA-256. @throws ValiError for what is no upload, which is a mistake of the caller's */
export function writeUpload(upload: Upload): string {
  const json = JSON.stringify(v.parse(uploadSchema, upload))
  return `${json} ${checkOf(json)}\n`
}

/** Undefined for what is no whole line of ours. */
export function readUpload(line: string): Upload | undefined {
  const json = line.slice(0, -checkChars - 1)
  if (line !== `${json} ${checkOf(json)}`) return undefined
  try {
    const result = v.safeParse(uploadSchema, JSON.parse(json))
    return result.success ? result.output : undefined
  } catch {
    return undefined // counted as damaged by who reads the file
  }
}

function checkOf(json: string): string {
  return toString(sha256(new TextEncoder().encode(json)), 'base16').slice(0, checkChars)
}
