import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import sniffEncoding from 'html-encoding-sniffer'
import { KinmeshError } from '../../mesh/errors.ts'
import { documentKinds, type DocumentKind, kindOf } from './documents.ts'
import { htmlBlocks } from './parse/html.ts'
import { markdownBlocks } from './parse/markdown.ts'
import { pdfBlocks } from './parse/pdf.node.ts'
import { plainBlocks } from './parse/plain.ts'
import type { Block } from './passages.ts'

/** Of a file, in bytes: what is read whole, and what a parser makes of it, has to fit into the memory of its process (reading-process.node.ts). */
const maxBytes: Record<DocumentKind, number> = { text: 32 * 1024 ** 2, markdown: 8 * 1024 ** 2, html: 8 * 1024 ** 2, pdf: 128 * 1024 ** 2 }

/** A file as it was read. `hash`: SHA-256 of its bytes. */
export type ReadFile = { readonly kind: DocumentKind; readonly bytes: Uint8Array; readonly hash: string }

/**
 * Reads a file whole.
 * @throws KinmeshError `NoSuchFile`, `FileUnreadable`, `UnknownFormat`, `FileTooLarge`
 */
export function readFile(path: string): ReadFile {
  const kind = kindOf(path)
  if (!kind) throw new KinmeshError('UnknownFormat', `only files that end in ${Object.values(documentKinds).flat().map(ending => `.${ending}`).join(' ')} are read`)
  const bytes = readBytes(path, maxBytes[kind], kind)
  return { kind, bytes, hash: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * The blocks of a file, in its order.
 * @throws KinmeshError `NotText`, `InvalidText`, `PdfBroken`, `PdfEncrypted`
 */
export function blocksOf({ kind, bytes }: ReadFile): Iterable<Block> | AsyncIterable<Block> {
  if (kind === 'pdf') return pdfBlocks(bytes)
  const text = decode(bytes, kind)
  if (kind === 'html') return htmlBlocks(text)
  return kind === 'markdown' ? markdownBlocks(text) : plainBlocks(text)
}

/** Not more than was allowed, also of a file that grows meanwhile; and never waits for a writer, as a pipe would. */
function readBytes(path: string, most: number, kind: DocumentKind): Uint8Array {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const about = fstatSync(file)
    if (!about.isFile()) throw new KinmeshError('FileUnreadable', 'it is no file')
    if (about.size > most) throw tooLarge(about.size, most, kind)
    const bytes = new Uint8Array(about.size + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(file, bytes, length, bytes.length - length, null)
    if (length > about.size) throw new KinmeshError('FileUnreadable', 'it is being written: add it again when that is done')
    return bytes.subarray(0, length)
  } catch (cause) {
    throw cause instanceof KinmeshError ? cause : fileError(cause)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** What the system says of a path, as people read it. */
export function fileError(cause: unknown): KinmeshError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new KinmeshError('NoSuchFile', 'there is no such file: check its name', { cause })
  if (code === 'ELOOP') return new KinmeshError('FileUnreadable', 'it is a link that leads back to itself: name the file it should lead to', { cause })
  if (code === 'EACCES' || code === 'EPERM') return new KinmeshError('FileUnreadable', 'its permissions do not let this device read it: change them and add it again', { cause })
  return new KinmeshError('FileUnreadable', `it cannot be read (${code}): check the disk that it is on`, { cause })
}

function tooLarge(size: number, most: number, kind: DocumentKind): KinmeshError {
  const mib = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MiB`
  return new KinmeshError('FileTooLarge', `it has ${mib(size)}, and of ${kind} files up to ${mib(most)} are read: divide it into several`)
}

/** UTF-8, or what a byte order mark or the page itself says. */
function decode(bytes: Uint8Array, kind: DocumentKind): string {
  // UTF-8 where nothing is said: the other answer of the sniffer, windows-1252, would take anything.
  const encoding = kind === 'html' ? sniffEncoding(bytes, { defaultEncoding: 'UTF-8' }) : bytes[0] === 0xff && bytes[1] === 0xfe ? 'UTF-16LE' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'UTF-16BE' : 'UTF-8'
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw bytes.includes(0) ? notText(cause) : new KinmeshError('InvalidText', `it is not valid ${encoding}: convert it to UTF-8 first, for example with iconv`, { cause })
  }
  if (text.includes('\0')) throw notText()
  return text
}

function notText(cause?: unknown): KinmeshError {
  return new KinmeshError('NotText', 'it is no text, whatever its name says: name it as what it is', { cause })
}
