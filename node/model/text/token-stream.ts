/** What turning ids into text needs to know of a tokenizer. */
export interface TokenSource {
  /** Bytes that a token stands for; none for an id that no token has. */
  tokenBytes(id: number): Uint8Array
  /** Tokens that steer and give no text. */
  readonly specialIds: ReadonlySet<number>
  /** So many spaces at the start of a text are the tokenizer's own. */
  readonly leadingSpaces: number
}

export interface TokenStream {
  /** The text that is certain now: whole characters only. Often none, as a character may take several tokens. */
  push(id: number): string
  /** What is left: U+FFFD for a character that stayed incomplete. The stream then begins anew. */
  end(): string
}

/**
 * All pieces together are what `decode` says of all ids. A special token gives no text and ends the character before it: halves on both sides of it do
 * not become one. `visible`: special tokens that are to give their text all the same, as those around a tool call.
 */
export function createTokenStream(source: TokenSource, visible: ReadonlySet<number> = new Set()): TokenStream {
  // A byte order mark inside of a text is text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let spaces = source.leadingSpaces

  function withoutLeadingSpaces(text: string): string {
    let from = 0
    while (spaces > 0 && from < text.length) {
      if (text[from] === ' ') {
        from++
        spaces--
      } else spaces = 0
    }
    return from === 0 ? text : text.slice(from)
  }

  return {
    push(id) {
      const special = source.specialIds.has(id)
      let text = special ? decoder.decode() : ''
      if (!special || visible.has(id)) text += decoder.decode(source.tokenBytes(id), { stream: true })
      return withoutLeadingSpaces(text)
    },
    end() {
      const text = withoutLeadingSpaces(decoder.decode())
      spaces = source.leadingSpaces
      return text
    }
  }
}

/** The text of all ids. */
export function decodeTokens(source: TokenSource, ids: Iterable<number>, visible?: ReadonlySet<number>): string {
  const stream = createTokenStream(source, visible)
  const pieces: string[] = []
  for (const id of ids) pieces.push(stream.push(id))
  pieces.push(stream.end())
  return pieces.join('')
}
