import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Pieces of a file that are hashed by themselves, in bytes: the browser's own hashing takes bytes that are there all at once, and is ten times as fast. */
export const pieceBytes = 4 * 1024 * 1024

/** SHA-256 of a file that comes bit by bit, and of each of its pieces; all in hex. */
export class PiecedHash {
  readonly #whole = sha256.create()
  readonly #pieces: string[] = []
  #piece = sha256.create()
  /** Of the piece that is under way. */
  #filled = 0

  update(bytes: Uint8Array): void {
    this.#whole.update(bytes)
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + pieceBytes - this.#filled)
      this.#piece.update(part)
      at += part.length
      this.#filled += part.length
      if (this.#filled === pieceBytes) this.#endPiece()
    }
  }

  end(): { readonly sha256: string; readonly pieces: readonly string[] } {
    if (this.#filled > 0) this.#endPiece()
    return { sha256: bytesToHex(this.#whole.digest()), pieces: this.#pieces }
  }

  #endPiece(): void {
    this.#pieces.push(bytesToHex(this.#piece.digest()))
    this.#piece = sha256.create()
    this.#filled = 0
  }
}
