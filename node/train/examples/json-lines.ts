import { KinmeshError } from '../../../mesh/errors.ts'
import { badTrainingData } from '../training-errors.ts'

/** `line`: counted from 1, as editors do. */
export type TextLine = { readonly line: number; readonly text: string }

/** A conversation of a hundred long turns has about a tenth. */
export const maxLineBytes = 1024 * 1024
export const maxLines = 1_000_000
const newline = 0x0a

/**
 * The lines of a text that comes in pieces; those that hold nothing are skipped. One line is in memory at a time.
 * @throws KinmeshError `BadTrainingData`: a line is too long or no UTF-8; `TooMuchTrainingData`
 */
export async function* textLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  let line = 1
  let [parts, bytes]: [Uint8Array[], number] = [[], 0]
  const add = (part: Uint8Array) => {
    bytes += part.length
    if (bytes > maxLineBytes) throw badTrainingData(`line ${line} has more than ${maxLineBytes} bytes: split its conversation, or leave it out`)
    parts.push(part)
  }
  const take = (): TextLine | undefined => {
    const text = decoded(parts, bytes, line)
    const taken = text.trim() === '' ? undefined : { line, text }
    if (++line > maxLines + 1) throw new KinmeshError('TooMuchTrainingData', `the file has more than ${maxLines} lines: train on a part of it`)
    parts = []
    bytes = 0
    return taken
  }
  for await (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      add(piece.subarray(from, end))
      const taken = take()
      if (taken) yield taken
      from = end + 1
    }
    // A copy: whoever gives the pieces may use their memory again.
    if (from < piece.length) add(piece.slice(from))
  }
  const last = bytes > 0 ? take() : undefined
  if (last) yield last
}

function decoded(parts: readonly Uint8Array[], bytes: number, line: number): string {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(whole)
  } catch {
    throw badTrainingData(`line ${line} is not UTF-8: save the file in this encoding`)
  }
}
