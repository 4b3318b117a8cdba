import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../durable-file.node.ts'
import { diskError, isMissing } from '../model/store/files.node.ts'
import { maxLineBytes, readUpload, type Upload, type UploadLog, writeUpload } from './upload-log.ts'

/** Read from the end in such pieces. */
const pieceBytes = 64 * 1024
/** Entries that are shown at once. */
const maxShown = 10_000
const newline = 10

/** In a file that only grows. A line that a crash tore is ended before the next one, and counted as damaged. @throws KinmeshError `StoreFailed` */
export async function openUploadLog(path: string): Promise<UploadLog> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw diskError(path, cause)
  }
  let before: Promise<unknown> = Promise.resolve()
  return {
    add(upload) {
      const line = writeUpload(upload)
      const added = before.then(() => append(path, line))
      before = added.catch(() => {}) // its caller hears of it
      return added
    },
    async newest(limit, { task } = {}) {
      const most = Math.max(0, Math.min(maxShown, limit))
      const uploads: Upload[] = []
      let damaged = 0
      for await (const line of linesFromTheEnd(path)) {
        const upload = line === undefined ? undefined : readUpload(line)
        if (!upload) damaged++
        else if (task !== undefined && upload.task !== task) continue
        else if (uploads.length === most) return { uploads, damaged, more: true }
        else uploads.push(upload)
      }
      return { uploads, damaged, more: false }
    }
  }
}

async function append(path: string, line: string): Promise<void> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'a+', 0o600)
    const { size } = await file.stat()
    const last = new Uint8Array(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    await file.writeFile(new TextEncoder().encode(size > 0 && last[0] !== newline ? `\n${line}` : line))
    await file.sync()
    if (size === 0) await syncFolder(dirname(path))
  } catch (cause) {
    throw diskError(path, cause)
  } finally {
    await file?.close()
  }
}

/** Lines without their ends; undefined for one that is longer than any of ours. What is written meanwhile is not read. */
async function* linesFromTheEnd(path: string): AsyncGenerator<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if (isMissing(cause)) return
    throw diskError(path, cause)
  }
  const decoder = new TextDecoder()
  /** The end of a line that begins in an earlier piece. */
  let rest = new Uint8Array()
  let isTooLong = false
  const line = (bytes: Uint8Array) => (isTooLong || bytes.length > maxLineBytes ? undefined : decoder.decode(bytes))
  try {
    let { size: at } = await file.stat()
    let isFirst = true
    while (at > 0) {
      const from = Math.max(0, at - pieceBytes)
      const piece = new Uint8Array(at - from + rest.length)
      let got = 0
      while (got < at - from) {
        const { bytesRead } = await file.read(piece, got, at - from - got, from + got)
        if (bytesRead === 0) return // somebody cut the file meanwhile
        got += bytesRead
      }
      piece.set(rest, at - from)
      let end = piece.length
      for (let found = piece.lastIndexOf(newline, end - 1); end > 0 && found >= 0; found = end > 0 ? piece.lastIndexOf(newline, end - 1) : -1) {
        // Behind the last line there is nothing.
        if (!(isFirst && found === piece.length - 1)) {
          yield line(piece.subarray(found + 1, end))
          isTooLong = false
        }
        isFirst = false
        end = found
      }
      isFirst = false
      rest = piece.slice(0, end)
      if (rest.length > maxLineBytes) [rest, isTooLong] = [new Uint8Array(), true]
      at = from
    }
    if (rest.length > 0 || isTooLong) yield line(rest)
  } catch (cause) {
    throw diskError(path, cause)
  } finally {
    await file.close()
  }
}
