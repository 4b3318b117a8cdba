/** An object or a list that stands in a text. */
export type JsonPiece = { readonly value: unknown; readonly raw: string; /** Where the text goes on. */ readonly end: number }

/** Longest piece, in characters: the arguments of a tool are no documents. */
export const maxJsonChars = 256 * 1024
/** Levels of lists and objects: whoever takes the value goes through it by recursion. */
export const maxJsonLevels = 64

/** The object or list that begins at `from`, white space aside; or why there is none. JSON.parse reads it: only its end is looked for here. */
export function readJson(text: string, from: number): JsonPiece | string {
  let at = from
  while (/\s/.test(text[at] ?? '')) at++
  const start = at
  const last = Math.min(text.length, start + maxJsonChars)
  let [levels, inText] = [0, false]
  for (; at < last; at++) {
    const char = text[at]
    if (inText) {
      if (char === '\\') at++
      else if (char === '"') inText = false
    } else if (char === '"') inText = true
    else if (char === '{' || char === '[') {
      if (++levels > maxJsonLevels) return `JSON of more than ${maxJsonLevels} levels`
    } else if (char === '}' || char === ']') levels--
    if (levels === 0) break
  }
  const first = text[start]
  if (first !== '{' && first !== '[') return 'no JSON'
  if (at >= last) return at >= text.length ? 'JSON without an end' : `JSON of more than ${maxJsonChars} characters`
  const raw = text.slice(start, at + 1)
  try {
    return { value: JSON.parse(raw) as unknown, raw, end: at + 1 }
  } catch {
    // What is wrong with it in V8's words helps nobody, and differs between browsers.
    return 'no JSON'
  }
}
