/** Of one result, in characters: a model is given less (tools/guarded.ts). */
const maxText = 16 * 1024
const maxParts = 64

/** What a call gave back, as text. `result` is as the SDK checked it; all of its words are the server's. */
export function resultText(result: object): string {
  const { content = [], isError, structuredContent } = result as { content?: unknown; isError?: unknown; structuredContent?: unknown }
  const parts = (Array.isArray(content) ? content : []).slice(0, maxParts).map(partText).filter(text => text !== '')
  const text = parts.length > 0 ? parts.join('\n') : structuredContent === undefined ? '' : JSON.stringify(structuredContent)
  return `${isError === true ? 'error: ' : ''}${text === '' ? '(nothing)' : text}`.slice(0, maxText)
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return ''
  const { type, text, resource } = part as { type?: unknown; text?: unknown; resource?: { text?: unknown } }
  if (type === 'text' && typeof text === 'string') return text.slice(0, maxText)
  if (type === 'resource' && typeof resource?.text === 'string') return resource.text.slice(0, maxText)
  return typeof type === 'string' ? `(${type.slice(0, 32)}, left out)` : ''
}
