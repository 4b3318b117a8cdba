import { either, eitherText } from './choices.ts'
import { type GrammarText, jsonLiteral } from './grammar-text.ts'
import { type NumberBounds, decimalGrammar, integerGrammar } from './numbers.ts'
import { type SchemaObject, type TypeName, allowOnly, boundsOf, checkedSchema, countOf, listOf, maxCount, maxSchemaChars, maxSchemaLevels, refused, resolved, typeNames, typesOf } from './schema-keywords.ts'

/** Where a schema stands: for errors, and how deep it is. `begins`: the reference whose text begins with it; none once something was written. */
type Place = { readonly path: string; readonly levels: number; readonly begins: string | undefined }

/** Between the parts of objects and lists. JSON allows any white space, which a weak model might go on writing for ever. */
const [comma, colon] = ['"," " "?', '":" " "?']
/** A character as it is, and what follows a backslash: no half of a pair, so that lengths are true. */
const plainCharacter = '[^\\0-\\x1f"\\\\]'
const escape = '["\\\\/bfnrt] | "u" ([0-9A-CEFa-cef] [0-9A-Fa-f] | [Dd] [0-7]) [0-9A-Fa-f] [0-9A-Fa-f]'

/**
 * A JSON schema (2020-12, as far as it can be held) as rules of a grammar; the name of the rule for it. The texts of the grammar are JSON that the schema
 * accepts, but not all of it: properties come in the order of the schema, an object that names properties has no others, numbers have at most 15 digits, white space is a
 * space after "," and ":".
 *
 * The grammar library has a converter as well. It is not used: its build for the web ends with the whole instance at a schema that it does not like, writes names of
 * properties into the grammar as they are, and passes over what it cannot hold.
 *
 * @throws KinmeshError `InvalidOption`: it is no schema, is too large, or demands what cannot be held; says where, and what to do
 */
export function schemaRule(grammar: GrammarText, schema: unknown): string {
  const root = plainJson(schema)
  const writer = new SchemaWriter(grammar, root)
  const rule = writer.reference('#', { path: '#', levels: 0, begins: undefined })
  writer.checkEnds()
  return rule
}

/** Without prototypes, cycles and functions. @throws KinmeshError `InvalidOption` */
function plainJson(schema: unknown): unknown {
  let text: string | undefined
  try {
    text = JSON.stringify(schema)
  } catch {
    throw refused('#', 'it is no JSON: give an object without cycles')
  }
  if (text === undefined) throw refused('#', 'it is no JSON: give an object')
  if (text.length > maxSchemaChars) throw refused('#', `it has ${text.length} characters; at most ${maxSchemaChars} are read`)
  return JSON.parse(text)
}

class SchemaWriter {
  readonly #grammar: GrammarText
  readonly #root: unknown
  readonly #references = new Map<string, string>()
  /** References that begin with a reference. */
  readonly #beginnings = new Map<string, Set<string>>()

  constructor(grammar: GrammarText, root: unknown) {
    this.#grammar = grammar
    this.#root = root
  }

  /** The rule for what stands at a JSON pointer; it may need itself. */
  reference(pointer: unknown, place: Place): string {
    const schema = resolved(this.#root, pointer, place.path)
    const key = String(pointer)
    if (place.begins !== undefined) this.#beginnings.get(place.begins)?.add(key)
    const known = this.#references.get(key)
    if (known !== undefined) return known
    const name = this.#grammar.name()
    this.#references.set(key, name)
    this.#beginnings.set(key, new Set())
    return this.#grammar.rule(this.#value(schema, { path: key, levels: place.levels + 1, begins: key }), name)
  }

  /** A reference that begins with itself says nothing. @throws KinmeshError `InvalidOption` */
  checkEnds(): void {
    const done = new Set<string>()
    for (const start of this.#beginnings.keys()) {
      const open = [...(this.#beginnings.get(start) ?? [])]
      const seen = new Set<string>()
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (next === start) throw refused(start, 'it refers to nothing but itself: no value would ever end')
        if (seen.has(next) || done.has(next)) continue
        seen.add(next)
        open.push(...(this.#beginnings.get(next) ?? []))
      }
      done.add(start)
    }
  }

  #value(schema: unknown, place: Place): string {
    const { path, levels } = place
    if (levels > maxSchemaLevels) throw refused(path, `it has more than ${maxSchemaLevels} levels: put parts of it into $defs, or make it flatter`)
    if (schema === true) return anyRule(this.#grammar)
    const found = checkedSchema(schema, path)
    if ('$ref' in found) {
      allowOnly(found, path, ['$ref'])
      return this.reference(found['$ref'], place)
    }
    if ('const' in found || 'enum' in found) return this.#constants(found, path)
    for (const keyword of ['anyOf', 'oneOf', 'allOf']) if (keyword in found) return this.#branches(found, keyword, place)
    const types = typesOf(found, path)
    if (!types) return anyRule(this.#grammar)
    return either(this.#grammar, types.map(type => this.#typed(type, found, place)))
  }

  #constants(schema: SchemaObject, path: string): string {
    allowOnly(schema, path, 'const' in schema ? ['const', 'type'] : ['enum', 'type'])
    const types = typesOf(schema, path)
    const values = ('const' in schema ? [schema['const']] : listOf(schema, 'enum', path)).filter(value => !types || types.some(type => isOfType(value, type)))
    if (values.length === 0) throw refused(path, 'none of its values has its type')
    const texts = values.map(value => JSON.stringify(value))
    // Once, however many properties have the same.
    return this.#grammar.shared(`constants ${texts.join()}`, () => eitherText(this.#grammar, texts))
  }

  #branches(schema: SchemaObject, keyword: string, place: Place): string {
    const { path, levels } = place
    allowOnly(schema, path, [keyword])
    const branches = listOf(schema, keyword, path)
    if (keyword === 'allOf' && branches.length > 1) throw refused(path, 'allOf has several schemas: write them as one')
    if (keyword === 'oneOf' && !areApart(branches, path)) throw refused(path, 'oneOf has schemas that a value could fit together: use anyOf')
    return either(this.#grammar, branches.map((branch, index) => this.#value(branch, { ...place, path: `${path}/${keyword}/${index}`, levels: levels + 1 })))
  }

  #typed(type: TypeName, schema: SchemaObject, place: Place): string {
    switch (type) {
      case 'object':
        return this.#object(schema, place)
      case 'array':
        return this.#array(schema, place)
      case 'string':
        return this.#text(schema, place.path)
      case 'integer':
        return this.#number(integerGrammar, schema, place.path)
      case 'number':
        return this.#number(decimalGrammar, schema, place.path)
      case 'boolean':
        return eitherText(this.#grammar, ['true', 'false'])
      case 'null':
        return '"null"'
    }
  }

  #object(schema: SchemaObject, { path, levels }: Place): string {
    const { properties = {}, required = [], additionalProperties = true } = schema
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) throw refused(path, 'properties is an object')
    if (!Array.isArray(required) || !required.every(name => typeof name === 'string')) throw refused(path, 'required is a list of names')
    const needed = new Set<string>(required)
    const named = new Map(Object.entries(properties))
    for (const name of needed) {
      if (named.has(name)) continue
      if (additionalProperties === false) throw refused(path, `${JSON.stringify(name)} is required, and not allowed`)
      named.set(name, additionalProperties)
    }
    const within = (name: string): Place => ({ path: `${path}/${name}`, levels: levels + 1, begins: undefined })
    if (named.size === 0) {
      if (additionalProperties === false) return '"{}"'
      return objectRule(this.#grammar, this.#grammar.rule(this.#value(additionalProperties, within('additionalProperties'))))
    }
    // From the last to the first: what may follow a property that was written, and what may stand there if none was.
    let [following, first] = ['', '']
    for (const [name, value] of [...named].reverse()) {
      // A property that can have no value can only be left out.
      if (value === false && !needed.has(name)) continue
      const property = this.#grammar.rule(`${jsonLiteral(name)} ${colon} ${this.#value(value, within(`properties/${name}`))}`)
      const isNeeded = needed.has(name)
      first = this.#grammar.rule(`${property} ${following}${isNeeded ? '' : ` | ${first || '""'}`}`)
      following = this.#grammar.rule(`${comma} ${property} ${following}${isNeeded ? '' : ` | ${following || '""'}`}`)
    }
    return `"{" ${first} "}"`
  }

  #array(schema: SchemaObject, { path, levels }: Place): string {
    const items = schema['items'] ?? true
    if (Array.isArray(items)) throw refused(path, 'items is one schema: use prefixItems for several')
    const prefix = 'prefixItems' in schema ? listOf(schema, 'prefixItems', path) : []
    const least = countOf(schema, 'minItems', path) ?? 0
    const most = Math.min(countOf(schema, 'maxItems', path) ?? Infinity, items === false ? prefix.length : Infinity)
    if (least > most) throw refused(path, `it has ${least} items at least and ${most} at most`)
    const within = (name: string): Place => ({ path: `${path}/${name}`, levels: levels + 1, begins: undefined })
    const [first, ...others] = prefix.slice(0, most).map((item, index) => this.#value(item, within(`prefixItems/${index}`)))
    if (first === undefined) {
      if (most === 0) return '"[]"'
      const item = this.#grammar.rule(this.#value(items, within('items')))
      const list = `${item} ${repeated(`${comma} ${item}`, Math.max(0, least - 1), most - 1, path)}`
      return `"[" ${least === 0 ? `(${list})?` : list} "]"`
    }
    const head = [first, ...others].join(` ${comma} `)
    if (most <= prefix.length) return `"[" ${head} "]"`
    const item = this.#grammar.rule(this.#value(items, within('items')))
    return `"[" ${head} ${repeated(`${comma} ${item}`, Math.max(0, least - prefix.length), most - prefix.length, path)} "]"`
  }

  #text(schema: SchemaObject, path: string): string {
    const [least, most] = [countOf(schema, 'minLength', path) ?? 0, countOf(schema, 'maxLength', path) ?? Infinity]
    if (least > most) throw refused(path, `it has ${least} characters at least and ${most} at most`)
    return textRule(this.#grammar, least, most)
  }

  #number(grammarOf: (grammar: GrammarText, bounds: NumberBounds) => string | undefined, schema: SchemaObject, path: string): string {
    const bounds = boundsOf(schema, path)
    return this.#grammar.shared(`${grammarOf.name} ${JSON.stringify(bounds)}`, () => {
      try {
        const numbers = grammarOf(this.#grammar, bounds)
        if (numbers !== undefined) return numbers
      } catch (error) {
        if (error instanceof RangeError) throw refused(path, error.message)
        throw error
      }
      throw refused(path, 'no number lies between its bounds')
    })
  }
}

/** A JSON text of so many characters. */
function textRule(grammar: GrammarText, least = 0, most = Infinity): string {
  // The library decides beforehand on tokens that begin within a rule, and on those that go on beyond its end anew at each step. So a text goes on within its rule.
  const escaped = grammar.shared('escape', () => escape)
  const more = (rest: string) => `${plainCharacter} ${rest} | "\\\\" ${escaped} ${rest}`
  const end = '"\\""'
  return grammar.shared(`text ${least} ${most}`, () => {
    const counted = most === Infinity ? least : most
    grammar.countPlaces(counted)
    let rest = most === Infinity ? grammar.shared('rest', name => `${end} | ${more(name)}`) : end
    for (let length = counted; length > 0; length--) rest = grammar.rule(`${length > least ? `${end} | ` : ''}${more(rest)}`)
    return `${end} ${rest}`
  })
}

function anyRule(grammar: GrammarText): string {
  return grammar.shared('any', any => {
    const number = grammar.shared('number', () => decimalGrammar(grammar, {}) ?? '')
    return `"null" | "true" | "false" | ${number} | ${textRule(grammar)} | "[" (${any} (${comma} ${any})*)? "]" | ${objectRule(grammar, any)}`
  })
}

/** An object with any names. */
function objectRule(grammar: GrammarText, value: string): string {
  return grammar.shared(`object ${value}`, () => {
    const entry = grammar.rule(`${textRule(grammar)} ${colon} ${value}`)
    return `"{" (${entry} (${comma} ${entry})*)? "}"`
  })
}

/** Any JSON object. */
export function anyObjectRule(grammar: GrammarText): string {
  return objectRule(grammar, anyRule(grammar))
}

function repeated(part: string, least: number, most: number, path: string): string {
  if (least > maxCount) throw refused(path, `it is longer than ${maxCount}`)
  // What is longer than can be counted is not written, which the schema allows.
  const bound = most === Infinity ? '' : String(Math.min(most, maxCount))
  return least === 0 && bound === '' ? `(${part})*` : `(${part}){${least},${bound}}`
}

function isOfType(value: unknown, type: TypeName): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'null') return value === null
  return typeof value === type && (type !== 'object' || (value !== null && !Array.isArray(value)))
}

/** No value is of two of them: they differ in type. */
function areApart(branches: readonly unknown[], path: string): boolean {
  const types = branches.flatMap(branch => {
    const found = checkedSchema(branch, path)
    const constants = 'const' in found ? [found['const']] : Array.isArray(found['enum']) ? (found['enum'] as unknown[]) : undefined
    const own = constants ? typeNames.filter(type => type !== 'integer' && constants.some(value => isOfType(value, type))) : '$ref' in found ? undefined : typesOf(found, path)
    return own?.map(type => (type === 'integer' ? 'number' : type)) ?? ['any']
  })
  return !types.includes('any') && new Set(types).size === types.length
}
