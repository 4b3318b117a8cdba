import { type ToolCalls, type ToolConvention, parseToolCalls, toolMarkers } from './tool-calls.ts'

export interface CallStream {
  /** The text that is certainly no part of a call. */
  push(text: string): string
  /** What was held back and is no call, and everything that was found. All pieces together are its `text`. */
  end(): { readonly piece: string; readonly found: ToolCalls }
}

/** Tells text and calls apart as they come. What follows the first call waits for the end: models rarely say anything there. */
export function createCallStream(convention: ToolConvention): CallStream {
  const [mark = ''] = toolMarkers[convention]
  let whole = ''
  /** Where what was not given out yet begins. */
  let at = 0
  let said = ''

  return {
    push(text) {
      whole += text
      const from = said === '' ? whole.length - whole.trimStart().length : at
      // Llama's calls may have no mark: a text that begins as JSON is held until it is whole.
      if (convention === 'llama' && said === '' && whole[from] === '{') return ''
      const start = whole.indexOf(mark, from)
      const end = start < 0 ? whole.length - overlap(whole, mark) : start
      // White space before a call belongs to nothing, so it waits for what it stands before.
      const piece = whole.slice(from, end).trimEnd()
      if (piece === '') return ''
      at = from + piece.length
      said += piece
      return piece
    },
    end() {
      const found = parseToolCalls(whole, convention)
      return { piece: found.text.slice(said.length), found }
    }
  }
}

/** Length of the longest end of `text` that `mark` begins with. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) if (text.endsWith(mark.slice(0, length))) return length
  return 0
}
