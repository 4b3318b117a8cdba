import type { Random } from '../../../sync/random.fixtures.ts'

type Schema = Record<string, unknown>

const names = ['a', 'name', 'two words', '"quoted"', 'back\\slash', 'é', '手机', '🐝', '', 'new\nline', '__proto__', 'a/b~c']
const texts = ['', 'plain', 'say "no"', 'a\\b', 'tab\t', 'é', '手', '👩‍👩‍👧', '\u2028', '\ud800', '</tool_call>', '{"a": 1}']
const numbers = [0, -0.5, 1, 17, -3, 1e21, 1e-7, 0.1]
const constants = [...texts, ...numbers, true, false, null, [], [1, ['x']], {}, { a: { b: null } }]

/** For tests: a schema with whatever can be held, and values that fit it. */
export function randomSchema(random: Random, levels = 3): Schema | true {
  const defs = random.chance(0.4) ? { $defs: { tree: treeSchema(random), leaf: valueSchema(random, 1) } } : {}
  const schema = valueSchema(random, levels, '$defs' in defs)
  return schema === true ? true : { ...schema, ...defs }
}

/** Refers to itself, where it need not. */
function treeSchema(random: Random): Schema {
  const child = random.pick([{ anyOf: [{ type: 'null' }, { $ref: '#/$defs/tree' }] }, { type: 'array', items: { $ref: '#/$defs/tree' }, maxItems: 2 }])
  return { type: 'object', properties: { of: child, value: { $ref: '#/$defs/leaf' } }, required: random.some(['of', 'value'], 0.7), additionalProperties: false }
}

function valueSchema(random: Random, levels: number, hasDefs = false): Schema | true {
  const kinds: (() => Schema | true)[] = [
    () => ({ type: random.pick(['boolean', 'null']) }),
    () => ({ type: 'string', ...bounds(random, 'minLength', 'maxLength', 12) }),
    () => ({ type: 'integer', ...numberBounds(random, true) }),
    () => ({ type: 'number', ...numberBounds(random, false) }),
    () => ({ enum: random.shuffle(constants).slice(0, 1 + random.below(5)) }),
    () => ({ const: random.pick(constants), title: 'a constant' }),
    () => ({ type: random.shuffle(['string', 'integer', 'null', 'boolean']).slice(0, 2), minLength: 1, minimum: 3, format: 'date' })
  ]
  if (hasDefs) kinds.push(() => ({ $ref: random.pick(['#/$defs/tree', '#/$defs/leaf']) }))
  if (levels > 0) {
    const value = () => valueSchema(random, levels - 1, hasDefs)
    kinds.push(() => true, () => objectSchema(random, value), () => objectSchema(random, value), () => arraySchema(random, value), () => ({ anyOf: [value(), value()] }), () => ({ allOf: [value()] }), () => ({ oneOf: [{ type: 'integer' }, objectSchema(random, value), { const: 'x' }] }))
  }
  return random.pick(kinds)()
}

function objectSchema(random: Random, value: () => Schema | true): Schema {
  const kept = random.some(names, 0.3)
  if (random.chance(0.2)) return { type: 'object', additionalProperties: value() }
  return {
    type: 'object', properties: Object.fromEntries(kept.map(name => [name, value()])), required: random.some([...kept, 'other'], 0.4),
    ...(random.chance(0.3) ? { additionalProperties: value() } : {})
  }
}

function arraySchema(random: Random, value: () => Schema | true): Schema {
  const prefixItems = Array.from({ length: random.chance(0.3) ? 1 + random.below(3) : 0 }, value)
  const items = random.chance(0.3) ? {} : { items: value() }
  return { type: 'array', ...items, ...bounds(random, 'minItems', 'maxItems', 4), ...(prefixItems.length > 0 ? { prefixItems } : {}) }
}

function bounds(random: Random, low: string, high: string, limit: number): Schema {
  const [least, more] = [random.below(limit), random.below(limit)]
  return { ...(random.chance(0.5) ? { [low]: least } : {}), ...(random.chance(0.5) ? { [high]: least + more } : {}) }
}

function numberBounds(random: Random, whole: boolean): Schema {
  const scale = whole ? 1 : random.pick([1, 10, 1000])
  const low = Math.round((random.next() - 0.5) * random.pick([3, 200, 1e6])) / scale
  const high = low + (1 + random.below(random.pick([2, 30, 1e6]))) / scale
  const rounded = Number(high.toFixed(3))
  return {
    ...(random.chance(0.5) ? { [random.pick(['minimum', 'exclusiveMinimum'])]: whole ? low - 1 : low } : {}),
    ...(random.chance(0.5) ? { [random.pick(['maximum', 'exclusiveMaximum'])]: whole ? rounded + 1 : rounded } : {})
  }
}

/** For tests: whether a JSON schema accepts a value, keyword by keyword as the specification (2020-12) says it. */
export function accepts(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (typeof schema === 'boolean') return schema
  const rules = schema as Schema
  const check = (inner: unknown, each: unknown) => accepts(inner, each, root)
  const count = (keyword: string) => rules[keyword] as number
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isObject ? Object.entries(value as Schema) : []
  const properties = (rules['properties'] ?? {}) as Schema
  const holds: Record<string, () => boolean> = {
    $ref: () => check((rules['$ref'] as string).split('/').slice(1).reduce<unknown>((at, part) => (at as Schema)[part], root), value),
    type: () => [rules['type']].flat().some(type => isType(type as string, value)),
    const: () => same(rules['const'], value),
    enum: () => (rules['enum'] as unknown[]).some(each => same(each, value)),
    anyOf: () => (rules['anyOf'] as unknown[]).some(each => check(each, value)),
    oneOf: () => (rules['oneOf'] as unknown[]).filter(each => check(each, value)).length === 1,
    allOf: () => (rules['allOf'] as unknown[]).every(each => check(each, value)),
    minLength: () => typeof value !== 'string' || Array.from(value).length >= count('minLength'),
    maxLength: () => typeof value !== 'string' || Array.from(value).length <= count('maxLength'),
    minimum: () => typeof value !== 'number' || value >= count('minimum'),
    maximum: () => typeof value !== 'number' || value <= count('maximum'),
    exclusiveMinimum: () => typeof value !== 'number' || value > count('exclusiveMinimum'),
    exclusiveMaximum: () => typeof value !== 'number' || value < count('exclusiveMaximum'),
    minItems: () => !Array.isArray(value) || value.length >= count('minItems'),
    maxItems: () => !Array.isArray(value) || value.length <= count('maxItems'),
    prefixItems: () => !Array.isArray(value) || (rules['prefixItems'] as unknown[]).every((each, index) => index >= value.length || check(each, value[index])),
    items: () => !Array.isArray(value) || value.slice(((rules['prefixItems'] ?? []) as unknown[]).length).every(each => check(rules['items'], each)),
    required: () => !isObject || (rules['required'] as string[]).every(name => Object.hasOwn(value as Schema, name)),
    properties: () => entries.every(([name, each]) => !Object.hasOwn(properties, name) || check(properties[name], each)),
    additionalProperties: () => entries.every(([name, each]) => Object.hasOwn(properties, name) || check(rules['additionalProperties'], each))
  }
  return Object.keys(rules).every(keyword => !Object.hasOwn(holds, keyword) || holds[keyword]?.())
}

function isType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  return typeof value === type && (type !== 'object' || (value !== null && !Array.isArray(value))) && (type !== 'number' || Number.isFinite(value))
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b
  const [ours, theirs] = [Object.keys(a), Object.keys(b)]
  return Array.isArray(a) === Array.isArray(b) && ours.length === theirs.length && ours.every(key => Object.hasOwn(b, key) && same((a as Schema)[key], (b as Schema)[key]))
}
