/** What a slot takes in an update besides its value: header, origin or root name, `hlc` or `del`, and the deletion of what it replaces. */
const slotBytes = 80
/** A tag, or a tag and a length. */
const tagBytes = 1
const lengthBytes = 4
const numberBytes = 9
const text = new TextEncoder()

/** At most so many bytes does setting or clearing a slot take in an update. JSON tells too little: `0.1` is 3 characters there and 9 bytes here. */
export function slotSize(id: string, fields?: unknown): number {
  return slotBytes + id.length + (fields === undefined ? 0 : encodedSize(fields))
}

/** An upper bound for a JSON value in the encoding that Yjs uses for it (lib0 "any"). */
export function encodedSize(value: unknown): number {
  if (typeof value === 'number') return numberBytes
  if (typeof value === 'string') return tagBytes + lengthBytes + text.encode(value).length
  if (typeof value !== 'object' || value === null) return tagBytes
  let size = tagBytes + lengthBytes
  if (Array.isArray(value)) for (const each of value) size += encodedSize(each)
  else for (const [key, each] of Object.entries(value)) size += lengthBytes + text.encode(key).length + encodedSize(each)
  return size
}
