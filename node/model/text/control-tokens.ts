/**
 * Noncharacter that never belongs to interchanged text (Unicode 17, section 23.7). Put into a control token's spelling it keeps the text what
 * it is, text: the spelling is no longer found, and before encoding the mark is taken out again. So a prompt is encoded as if it had never been there.
 */
export const guard = '\uFDD0'

export type ControlToken = {
  readonly id: number
  readonly content: string
  /** Gives no text when decoded. */
  readonly special: boolean
  /** White space before (after) it belongs to it. */
  readonly lstrip: boolean
  readonly rstrip: boolean
}

/** Finds control tokens: the leftmost, and of those the longest, as the tokenizers of Hugging Face do. */
export interface ControlFinder {
  /** Alternately text and control token, in order. */
  split(text: string): (string | ControlToken)[]
  /** The same text, in which none of the tokens is found. `alone`: nor together with whatever text comes before and after it. */
  shield(text: string, alone: boolean): string
}

export function createControlFinder(tokens: readonly ControlToken[]): ControlFinder {
  if (tokens.length === 0) return { split: text => [text], shield: text => text.replaceAll(guard, '\uFFFD') }
  const byContent = new Map(tokens.map(token => [token.content, token]))
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length)
  const whole = new RegExp(contents.map(escaped).join('|'), 'gu')
  // Only the first character is taken, so that tokens which overlap are all found.
  const beginning = new RegExp(contents.map(content => `${escaped(firstOf(content))}(?=${escaped(content.slice(firstOf(content).length))})`).join('|'), 'gu')
  const [prefixes, suffixes] = [new Set<string>(), new Set<string>()]
  for (const content of contents) {
    for (let cut = 1; cut < content.length; cut++) {
      prefixes.add(content.slice(0, cut))
      suffixes.add(content.slice(cut))
    }
  }
  const longest = contents[0]?.length ?? 0
  const all = contents.join(guard)

  /** True when text that is put next to `text` can complete a token with it. */
  function completes(text: string, parts: ReadonlySet<string>, part: (length: number) => string): boolean {
    for (let length = 1; length < longest && length <= text.length; length++) if (parts.has(part(length))) return true
    return false
  }

  return {
    split(text) {
      const parts: (string | ControlToken)[] = []
      let from = 0
      for (const { 0: content, index } of text.matchAll(whole)) {
        const token = byContent.get(content)
        if (!token) continue
        parts.push(text.slice(from, index), token)
        from = index + content.length
      }
      parts.push(text.slice(from))
      return parts
    },
    shield(text, alone) {
      const safe = text.replaceAll(guard, '\uFFFD').replace(beginning, `$&${guard}`)
      // Templates trim what they are given, so the marks for the ends stand inside of the white space.
      const body = safe.trim()
      if (!alone || body === '') return safe
      const start = safe.length - safe.trimStart().length
      const inside = body.length < longest && all.includes(body)
      const before = inside || completes(body, suffixes, length => body.slice(0, length)) ? guard : ''
      const after = completes(body, prefixes, length => body.slice(-length)) ? guard : ''
      return safe.slice(0, start) + before + body + after + safe.slice(start + body.length)
    }
  }
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
