import { closeSync, ftruncateSync, openSync, readSync, statSync, truncateSync, writevSync } from 'node:fs'
import { addressOf } from '../../federated/compression/chunks.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { isMissing } from '../model/store/files.node.ts'

/** Before each piece, its length: u32, little-endian. */
const prefixBytes = 4
/** A piece fits a frame of mesh/. */
const maxPieceBytes = 64 * 1024

type Place = { readonly at: number; readonly length: number }

/**
 * The pieces of one round, one behind the other in a file that only grows: of sixty kilobytes each, a file of its own would cost ten times as much. They are named by their hash, so the file holds no names: what the disk changed is another piece, and
 * what a crash cut off at the end goes. The calls wait for the system's memory and not for the disk, tens of microseconds.
 */
export class PieceFile {
  readonly #path: string
  /** Read from the file when it is first asked for. */
  #places: Map<string, Place> | undefined
  #end = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Undefined where it is not, or not any more as it was. @throws the error of the system */
  get(address: string): Uint8Array | undefined {
    const place = this.#known().get(address)
    if (!place) return undefined
    const bytes = this.#read(file => readFully(file, place.at, place.length))
    if (bytes && addressOf(bytes) === address) return bytes
    // It may be kept anew.
    this.#known().delete(address)
    return undefined
  }

  /** @throws the error of the system, and the file is as it was; KinmeshError `PieceTooLarge` */
  put(address: string, bytes: Uint8Array): void {
    if (bytes.length > maxPieceBytes) throw new KinmeshError('PieceTooLarge', `a piece has at most ${maxPieceBytes} bytes, not ${bytes.length}`)
    const places = this.#known()
    if (places.has(address)) return
    const prefix = new Uint8Array(prefixBytes)
    new DataView(prefix.buffer).setUint32(0, bytes.length, true)
    this.#append([prefix, bytes])
    places.set(address, { at: this.#end + prefixBytes, length: bytes.length })
    this.#end += prefixBytes + bytes.length
  }

  #append(parts: readonly Uint8Array[]): void {
    const file = openSync(this.#path, 'a', 0o600)
    try {
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      // A disk that fills takes a part of it.
      if (writevSync(file, parts) !== length) throw Object.assign(new Error('not all of a piece could be written'), { code: 'ENOSPC' })
    } catch (error) {
      ftruncateSync(file, this.#end)
      throw error
    } finally {
      closeSync(file)
    }
  }

  #known(): Map<string, Place> {
    this.#places ??= this.#read(file => this.#scan(file)) ?? new Map<string, Place>()
    return this.#places
  }

  #scan(file: number): Map<string, Place> {
    const places = new Map<string, Place>()
    const { size } = statSync(this.#path)
    this.#end = 0
    for (let bytes = record(file, 0, size); bytes; bytes = record(file, this.#end, size)) {
      places.set(addressOf(bytes), { at: this.#end + prefixBytes, length: bytes.length })
      this.#end += prefixBytes + bytes.length
    }
    if (this.#end < size) truncateSync(this.#path, this.#end)
    return places
  }

  /** Undefined where there is no file. */
  #read<T>(work: (file: number) => T): T | undefined {
    let file: number
    try {
      file = openSync(this.#path, 'r')
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
    try {
      return work(file)
    } finally {
      closeSync(file)
    }
  }
}

/** The piece whose length stands at `at`; undefined where no whole one follows. */
function record(file: number, at: number, size: number): Uint8Array | undefined {
  if (at + prefixBytes > size) return undefined
  const prefix = readFully(file, at, prefixBytes)
  const length = new DataView(prefix.buffer).getUint32(0, true)
  return length <= maxPieceBytes && at + prefixBytes + length <= size ? readFully(file, at + prefixBytes, length) : undefined
}

/** Shorter where the file ends. */
function readFully(file: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let have = 0
  for (let read = -1; have < length && read !== 0; have += read) read = readSync(file, bytes, have, length - have, at + have)
  return bytes
}
