import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { seededModelTest } from '../seeded.fixtures.ts'
import { GrammarText } from './grammar-text.ts'
import { schemaRule } from './schema-grammar.ts'
import { accepts, randomSchema } from './schemas.fixtures.ts'
import { lets, randomText, vocabularies } from './vocabularies.fixtures.ts'

const styles = vocabularies()
const [[, bytes]] = styles as [(typeof styles)[number]]
const coded = (part: RegExp) => (error: unknown) => isKinmeshError(error, 'InvalidOption') && part.test(error.message)

function grammarOf(schema: unknown, vocabSize = 512): string {
  const grammar = new GrammarText(vocabSize)
  return grammar.withRoot(schemaRule(grammar, schema))
}

let [written, ended] = [0, 0]
seededModelTest('whatever a grammar lets through is JSON that its schema accepts', 'grammar/schema-grammar', 40, async random => {
  for (let round = 0; round < 4; round++) {
    const schema = randomSchema(random)
    let grammar: string
    try {
      grammar = grammarOf(schema)
    } catch (error) {
      // Bounds between which no number of few digits lies.
      if (isKinmeshError(error, 'InvalidOption') && /no number|none of its values/.test(error.message)) continue
      throw error
    }
    for (const [style, vocabulary] of styles) {
      const matcher = await vocabulary.grammars.matcher(grammar)
      const text = await randomText(vocabulary, matcher, random)
      matcher.release()
      written++
      if (text === undefined) continue
      ended++
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        assert.unreachable(`${style}: ${JSON.stringify(schema)} let through ${text}`)
      }
      assert.ok(accepts(schema, value), `${style}: ${JSON.stringify(schema)} let through ${text}`)
    }
  }
})

test('nearly all of those texts came to an end', () => {
  assert.ok(ended > 0.9 * written, `${ended} of ${written}`)
})

const person = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', title: 'A person',
  properties: { name: { type: 'string', minLength: 1 }, age: { type: 'integer', minimum: 0, maximum: 150 }, mail: { type: ['string', 'null'], format: 'email' }, tags: { type: 'array', items: { enum: ['home', 'work'] }, maxItems: 2 } },
  required: ['name', 'tags'], additionalProperties: false
}

/** The library by itself lets through "xam" with these. */
const alike = ['xan', 'xcn', 'zam', 'zbm', 'zbn', 'zcn']

const ones = (count: number) => JSON.stringify(Array.from({ length: count }, () => 1))

/** Schema, texts that must be possible, texts that must not. */
const cases: [string, unknown, string[], string[]][] = [
  ['objects', person, ['{"name":"Ada","tags":[]}', '{"name": "Zoë 手 🐝", "age": 36, "mail": null, "tags": ["home", "work"]}', '{"name":"\\"\\u00e9\\n","mail":"a@b","tags":["work"]}'], ['{"name":"","tags":[]}', '{"tags":[],"name":"Ada"}', '{"name":"Ada"}', '{"name":"Ada","tags":[],"x":1}', '{"name":"Ada","age":151,"tags":[]}', '{"name":"Ada","tags":["home","home","home"]}', '{"name":"Ada","tags":[]} ', '{ "name":"Ada","tags":[]}', '{"name":"a\nb","tags":[]}']],
  ['anything', true, ['null', '-0.5e-12', '[{"a":[1,"x",{}]},[],true]', '{"": {"b": ""}}'], ['nul', '01', '1e999', '"\\ud83d"', '[1,]', "{'a':1}", '\t1']],
  ['ways that begin alike', { anyOf: alike.map(value => ({ const: value })) }, alike.map(value => `"${value}"`), ['"xam"', '"xc"']],
  ['values that begin alike', { enum: [...alike, 'é1n', 'è2m', 'e1m', 'e1', 12, 1, '1'] }, [...alike.map(value => `"${value}"`), '"é1n"', '"è2m"', '"e1"', '"e1m"', '12', '1', '"1"'], ['"xam"', '"é2m"', '"è1n"', '2', '"x"']],
  ['whole numbers', { type: 'integer', minimum: -12, exclusiveMaximum: 205 }, ['-12', '-1', '0', '9', '10', '99', '199', '204'], ['-13', '205', '00', '-0', '1.0', '1000', '-112']],
  ['numbers', { type: 'number', minimum: -1.5, maximum: 10 }, ['-1.5', '-1', '-0.25', '0', '0.001', '9.99', '10', '10.0'], ['-1.6', '10.1', '10.00001', '-1.51', '1e1', '00.5', '.5', '5.']],
  ['shares', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, ['0.5', '0.01', '0.999'], ['0', '1', '0.0', '1.0', '0.00', '0.000000', '-0.5']],
  ['tuples', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'boolean' }], items: { type: 'null' }, minItems: 3, maxItems: 4 }, ['["a",true,null]', '["a", false, null, null]'], ['["a",true]', '["a",true,null,null,null]', '["a",1,null]']],
  ['long lists', { type: 'array', items: { const: 1 }, minItems: 130, maxItems: 140 }, [ones(130), ones(135), ones(140)], [ones(0), ones(129), ones(141)]],
  ['lengths', { type: 'string', minLength: 2, maxLength: 3 }, ['"ab"', '"手🐝\\n"', '"\\\\\\\\"'], ['"a"', '"abcd"', '"手"']],
  ['names', { type: 'object', properties: { '"a"\\': { const: 1 }, ['__proto__']: { const: 2 } } }, ['{}', '{"\\"a\\"\\\\":1}', '{"\\"a\\"\\\\":1,"__proto__":2}', '{"__proto__":2}'], ['{"a":1}']],
  ['trees', { $ref: '#/$defs/t~1x%25', $defs: { 't/x%': { type: 'array', items: { $ref: '#/$defs/t~1x%25' } } } }, ['[]', '[[],[[[]]]]'], ['[1]', '[[]']],
  ['one of', { oneOf: [{ type: 'integer' }, { type: 'array', items: false }, { enum: ['x'] }] }, ['1', '[]', '"x"'], ['"y"', '[1]']],
  ['maps', { type: 'object', additionalProperties: { type: 'integer', minimum: 1, maximum: 3 } }, ['{}', '{"a":1, "b":3}'], ['{"a":4}', '{"a"}']]
]
for (const [name, schema, good, bad] of cases) {
  test(`${name}: what the schema accepts can be written, what it does not cannot`, async () => {
    const grammar = grammarOf(schema)
    for (const text of good) assert.ok(await lets(bytes, grammar, text), `${text} cannot be written`)
    for (const text of bad) assert.not(await lets(bytes, grammar, text), `${text} can be written`)
  })
}

const cycle: Record<string, unknown> = {}
cycle['properties'] = { a: cycle }
function nested(levels: number): unknown {
  return levels === 0 ? { type: 'string' } : { type: 'array', items: nested(levels - 1) }
}

const refusals: [string, unknown, RegExp][] = [
  ['false', false, /#: false allows no value/],
  ['no schema', 'string', /a schema is an object or true/],
  ['a cycle of objects', cycle, /it is no JSON/],
  ['a function', () => 1, /it is no JSON/],
  ['a large number', { const: 1n }, /it is no JSON/],
  ['an unknown type', { type: 'date' }, /type is one of object, array/],
  ['a pattern', { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } }, /#\/properties\/a: pattern cannot be held .*: list the values/],
  ['conditions', { if: {}, else: {} }, /if cannot be held .*: use anyOf/],
  ['another document', { $ref: 'https://example.org/x.json' }, /\$ref begins with "#"/],
  ['a reference to nothing', { $ref: '#/$defs/constructor', $defs: {} }, /there is nothing at/],
  ['a reference to itself', { $ref: '#' }, /refers to nothing but itself/],
  ['references in a circle', { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/b' } }, { $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }, /refers to nothing but itself/],
  ['demands beside a reference', { $ref: '#/$defs/a', minLength: 3, $defs: { a: {} } }, /minLength stands beside \$ref/],
  ['overlapping schemas', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, /use anyOf/],
  ['several at once', { allOf: [{ type: 'string' }, { minLength: 1 }] }, /write them as one/],
  ['nothing between bounds', { type: 'integer', minimum: 2, maximum: 1 }, /no number lies/],
  ['fine bounds', { type: 'number', minimum: 1e-9 }, /too many digits/],
  ['a required name that is not allowed', { required: ['a'], additionalProperties: false }, /required, and not allowed/],
  ['more than at most', { type: 'array', minItems: 3, maxItems: 2 }, /3 items at least and 2 at most/],
  ['values of another type', { type: 'string', enum: [1] }, /none of its values/],
  ['many levels', nested(40), /more than 24 levels/],
  ['levels that end the stack', nested(5000), /more than 24 levels|it is no JSON|characters/],
  ['much text', { description: 'x'.repeat(70_000), type: 'string' }, /70\d+ characters; at most 65536/],
  ['many properties', { properties: Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`p${index}`, {}])) }, /too large/],
  ['many references', { anyOf: Array.from({ length: 1000 }, (_, index) => ({ type: 'array', maxItems: 90 + index, items: { $ref: '#' } })) }, /too large/],
  ['a long text', { type: 'string', maxLength: 1e9 }, /lengths of texts together may be up to \d+ .*leave maxLength out/],
  ['a long list', { type: 'array', minItems: 1e6 }, /longer than 4096/]
]
test('what is no schema, or cannot be held, is refused with its place and what to do', () => {
  for (const [name, schema, message] of refusals) assert.throws(() => grammarOf(schema, 150_000), coded(message), name)
})

test.run()
