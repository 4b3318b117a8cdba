/** Levels of what is handed on to a template: as many as it reads. */
const maxLevels = 64

/** An object of JSON that is not so deep that what reads it later runs out of stack. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  let level: unknown[] = [value]
  for (let levels = 0; level.length > 0; levels++) {
    if (levels > maxLevels) return false
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : []))
  }
  return true
}

/** Undefined: the text is not the JSON of such an object. */
export function jsonObjectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
