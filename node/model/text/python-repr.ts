import { guard } from './control-tokens.ts'
import type { JinjaValue } from './jinja.ts'

/**
 * What Python's `str` makes of a template's value. Templates write tools with it (`tool | string`, SmolLM3), models were trained on what that gave, and
 * the library has JSON there or nothing.
 */
export function pythonText(value: JinjaValue): string {
  if (value.type === 'UndefinedValue') return ''
  return typeof value.value === 'string' ? value.value : pythonRepr(value)
}

/** Lists within lists are bounded before this is called. */
function pythonRepr(value: JinjaValue): string {
  const inner = value.value
  if (typeof inner === 'string') return quote(inner)
  if (typeof inner === 'boolean') return inner ? 'True' : 'False'
  if (typeof inner === 'number') return value.type === 'FloatValue' && Number.isInteger(inner) ? inner.toFixed(1) : String(inner)
  if (inner instanceof Map) return `{${[...(inner as Map<string, JinjaValue>)].map(([key, each]) => `${quote(key)}: ${pythonRepr(each)}`).join(', ')}}`
  if (!Array.isArray(inner)) return 'None'
  const list = (inner as JinjaValue[]).map(pythonRepr)
  return value.type === 'TupleValue' ? `(${list.join(', ')})` : `[${list.join(', ')}]`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Single quotes, unless there are some in the text and no double ones. What cannot be printed is escaped; our own mark stays. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\p{C}\p{Z}\\']/gu, char => {
    if (char === ' ' || char === guard) return char
    if (char === "'") return mark === "'" ? "\\'" : char
    const known = escapes[char]
    if (known !== undefined) return known
    const code = char.codePointAt(0) ?? 0
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
  return mark + body + mark
}
