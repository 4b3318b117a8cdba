import { KinmeshError } from '../../../mesh/errors.ts'

export type SchemaObject = Readonly<Record<string, unknown>>

/** Longest schema, as JSON; tools of MCP servers have up to a few thousand characters. */
export const maxSchemaChars = 64 * 1024
/** Schemas within schemas. */
export const maxSchemaLevels = 24
/** Longest text or list that a schema may bound: bounded ones are counted, which costs time for each token. */
export const maxCount = 4096

/** Keywords that say which values are allowed and that a grammar cannot hold, or this one does not; each with a way round it. */
const notHeld: readonly (readonly [advice: string, ...keywords: string[]])[] = [
  ['list the values with enum, or bound the length', 'pattern'],
  ['use type integer, or list the values with enum', 'multipleOf'],
  ['leave it out, and take double items away afterwards', 'uniqueItems'],
  ['use items and prefixItems', 'contains', 'minContains', 'maxContains', 'unevaluatedItems', 'additionalItems'],
  ['name the properties', 'minProperties', 'maxProperties', 'propertyNames', 'patternProperties', 'unevaluatedProperties'],
  ['use anyOf with one object for each case', 'dependencies', 'dependentRequired', 'dependentSchemas', 'if', 'then', 'else'],
  ['say what is allowed instead', 'not'],
  ['use $ref', '$dynamicRef', '$recursiveRef']
]
/** … but not with these values, which forbid nothing. */
const harmless: Readonly<Record<string, unknown>> = { uniqueItems: false, unevaluatedProperties: false, minProperties: 0 }

/** Keywords that are held, by what they are said of. */
export const keywordsOf = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  null: []
} as const satisfies Record<string, readonly string[]>
export type TypeName = keyof typeof keywordsOf
export const typeNames = Object.keys(keywordsOf) as TypeName[]

const held = new Set<string>(['type', '$ref', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', ...Object.values(keywordsOf).flat()])

export function refused(path: string, problem: string): KinmeshError {
  return new KinmeshError('InvalidOption', `schema: ${path}: ${problem}`)
}

/** The schema at `path`, of which all that it demands can be held. What only describes (title, format, …) is nobody's demand. @throws KinmeshError `InvalidOption` */
export function checkedSchema(schema: unknown, path: string): SchemaObject {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) throw refused(path, schema === false ? 'false allows no value: leave it out' : 'a schema is an object or true')
  const found = schema as SchemaObject
  for (const [advice, ...keywords] of notHeld) {
    const keyword = keywords.find(each => Object.hasOwn(found, each) && !(each in harmless && found[each] === harmless[each]))
    if (keyword !== undefined) throw refused(path, `${keyword} cannot be held while a text is written: ${advice}`)
  }
  return found
}

/** Of the keywords that demand something only these may be there: together with others they would mean what cannot be held. @throws KinmeshError `InvalidOption` */
export function allowOnly(schema: SchemaObject, path: string, keywords: readonly string[]): void {
  const other = Object.keys(schema).find(keyword => held.has(keyword) && !keywords.includes(keyword))
  if (other !== undefined) throw refused(path, `${other} stands beside ${keywords[0]}: write both as one schema`)
}

/** The types it allows, those that its keywords are about where it names none; undefined: any. @throws KinmeshError `InvalidOption` */
export function typesOf(schema: SchemaObject, path: string): readonly TypeName[] | undefined {
  const { type } = schema
  const isType = (value: unknown): value is TypeName => typeNames.some(name => name === value)
  if (isType(type)) return [type]
  if (Array.isArray(type) && type.length > 0 && type.every(isType)) return [...new Set(type)]
  if (type !== undefined) throw refused(path, `type is one of ${typeNames.join(', ')}, or a list of them`)
  const implied = typeNames.filter(name => name !== 'integer' && keywordsOf[name].some(keyword => Object.hasOwn(schema, keyword)))
  return implied.length > 0 ? implied : undefined
}

/** @throws KinmeshError `InvalidOption` */
export function countOf(schema: SchemaObject, keyword: string, path: string): number | undefined {
  const value = schema[keyword]
  if (value === undefined) return undefined
  if (!Number.isInteger(value) || (value as number) < 0) throw refused(path, `${keyword} is a whole number`)
  return value as number
}

/** @throws KinmeshError `InvalidOption` */
export function boundsOf(schema: SchemaObject, path: string): { readonly [Keyword in (typeof keywordsOf.number)[number]]?: number } {
  const bounds = keywordsOf.number.flatMap(keyword => {
    const value = schema[keyword]
    if (value === undefined) return []
    if (typeof value !== 'number') throw refused(path, `${keyword} is a number`)
    return [[keyword, value] as const]
  })
  return Object.fromEntries(bounds)
}

/** Schemas side by side. @throws KinmeshError `InvalidOption` */
export function listOf(schema: SchemaObject, keyword: string, path: string): readonly unknown[] {
  const value = schema[keyword]
  if (!Array.isArray(value) || value.length === 0) throw refused(path, `${keyword} is a list, and not empty`)
  return value as unknown[]
}

/** What stands at a JSON pointer (RFC 6901) that begins with "#". @throws KinmeshError `InvalidOption` */
export function resolved(root: unknown, pointer: unknown, path: string): unknown {
  if (typeof pointer !== 'string' || !/^#(\/|$)/.test(pointer)) throw refused(path, '$ref begins with "#": bring other documents and named anchors into $defs')
  let value = root
  for (const part of pointer.split('/').slice(1)) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw refused(path, `there is nothing at ${pointer}`)
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
