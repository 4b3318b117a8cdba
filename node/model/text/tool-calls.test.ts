import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { maxJsonChars, maxJsonLevels, readJson } from './json-piece.ts'
import { type ToolConvention, maxToolCalls, parseToolCalls, toolConventionOf, toolMarkers } from './tool-calls.ts'

const weather = { name: 'get_weather', arguments: { city: 'Rome', days: 3 } }
const json = JSON.stringify(weather)
const llama = JSON.stringify({ name: 'get_weather', parameters: weather.arguments })
const nothing = { text: '', calls: [], refusals: [] }

const good: [string, ToolConvention, string, object][] = [
  ['Qwen', 'hermes', `<tool_call>\n${json}\n</tool_call>`, { calls: [weather] }],
  ['text before, two calls', 'hermes', `Let me see.\n<tool_call>\n${json}\n</tool_call>\n<tool_call>${json}</tool_call>`, { text: 'Let me see.', calls: [weather, weather] }],
  ['text between and after', 'hermes', `a<tool_call>${json}</tool_call>b<tool_call>${json}</tool_call>c`, { text: 'abc', calls: [weather, weather] }],
  ['stopped at the closing tag', 'hermes', `<tool_call>\n${json}\n`, { calls: [weather] }],
  ['the closing tag within a text', 'hermes', '<tool_call>{"name": "say", "arguments": {"text": "</tool_call> } \\" {"}}</tool_call>', { calls: [{ name: 'say', arguments: { text: '</tool_call> } " {' } }] }],
  ['a list', 'hermes', `<tool_call>[${json}, ${json}]</tool_call>`, { calls: [weather, weather] }],
  ['no arguments', 'hermes', '<tool_call>{"name": "now"}</tool_call>', { calls: [{ name: 'now', arguments: {} }] }],
  ['arguments as JSON within JSON', 'hermes', `<tool_call>${JSON.stringify({ name: 'get_weather', arguments: JSON.stringify(weather.arguments) })}</tool_call>`, { calls: [weather] }],
  ['as OpenAI gives it back', 'hermes', `<tool_call>${JSON.stringify({ type: 'function', id: 'call_1', function: weather })}</tool_call>`, { calls: [{ ...weather, id: 'call_1' }] }],
  ['no call', 'hermes', 'Just { text }.', { text: 'Just { text }.' }],
  ['Llama 3.2', 'llama', llama, { calls: [weather] }],
  ['after the tag', 'llama', `<|python_tag|>${llama}`, { calls: [weather] }],
  ['text before the tag', 'llama', `Let me see.<|python_tag|>${llama}`, { text: 'Let me see.', calls: [weather] }],
  ['several', 'llama', ` ${llama}; ${llama}\n${llama}<|python_tag|>${llama}`, { calls: [weather, weather, weather, weather] }],
  ['with its type', 'llama', `{"type": "function", "name": "f", "parameters": {}}`, { calls: [{ name: 'f', arguments: {} }] }],
  ['text after it', 'llama', `${llama} That should do.`, { text: 'That should do.', calls: [weather] }],
  ['JSON that is an answer', 'llama', '{"city": "Rome"}', { text: '{"city": "Rome"}' }],
  ['a brace that is an answer', 'llama', '{x | x > 1} is a set', { text: '{x | x > 1} is a set' }],
  ['Mistral', 'mistral', `[TOOL_CALLS] [${JSON.stringify({ ...weather, id: 'abcdefghi' })}, ${json}]`, { calls: [{ ...weather, id: 'abcdefghi' }, weather] }],
  ['newer Mistral', 'mistral', `Let me see.[TOOL_CALLS]get_weather[ARGS]${JSON.stringify(weather.arguments)}[TOOL_CALLS]get_weather[CALL_ID]abc123[ARGS]${JSON.stringify(weather.arguments)}`, { text: 'Let me see.', calls: [weather, { ...weather, id: 'abc123' }] }],
  ['newest Mistral', 'mistral', `[TOOL_CALLS]get_weather${JSON.stringify(weather.arguments)}`, { calls: [weather] }],
  ['no call', 'mistral', 'Text.', { text: 'Text.' }]
]

test('calls as the models write them', () => {
  for (const [name, convention, text, expected] of good) assert.equal(parseToolCalls(text, convention), { ...nothing, ...expected }, `${convention}: ${name}`)
})

const bad: [string, ToolConvention, string, RegExp][] = [
  ['no JSON', 'hermes', '<tool_call>get_weather(Rome)</tool_call>', /no JSON/],
  ['quotes of Python', 'hermes', "<tool_call>{'name': 'f', 'arguments': {}}</tool_call>", /no JSON/],
  ['cut off', 'hermes', '<tool_call>{"name": "f", "argu', /without an end/],
  ['nothing', 'hermes', '<tool_call>', /no JSON/],
  ['no name', 'hermes', '<tool_call>{"arguments": {}}</tool_call>', /no name/],
  ['no name of a tool', 'hermes', '<tool_call>{"name": "rm -rf", "arguments": {}}</tool_call>', /no name/],
  ['a number for arguments', 'hermes', '<tool_call>{"name": "f", "arguments": 5}</tool_call>', /no object/],
  ['a list for arguments', 'hermes', '<tool_call>{"name": "f", "arguments": []}</tool_call>', /no object/],
  ['a sentence for arguments', 'hermes', '<tool_call>{"name": "f", "arguments": "Rome"}</tool_call>', /no object/],
  ['no object', 'hermes', '<tool_call>[5]</tool_call>', /is an object/],
  ['code', 'llama', '<|python_tag|>brave_search.call(query="x")', /code/],
  ['cut off', 'llama', '{"name": "f", "parameters": {"a": ', /without an end/],
  ['a second one cut off', 'llama', `${llama}; {"name": `, /without an end/],
  ['no JSON', 'mistral', '[TOOL_CALLS] get_weather Rome', /no JSON/],
  ['deep', 'mistral', `[TOOL_CALLS]f[ARGS]${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, /levels/]
]

test('what is no call is refused, with what was written', () => {
  for (const [name, convention, text, reason] of bad) {
    const { refusals } = parseToolCalls(text, convention)
    assert.is(refusals.length, 1, `${convention}: ${name}`)
    assert.match(refusals[0]!.reason, reason, `${convention}: ${name}`)
    assert.type(refusals[0]!.raw, 'string')
  }
  const { calls, refusals } = parseToolCalls(`<tool_call>${json}</tool_call>`.repeat(maxToolCalls + 5), 'hermes')
  assert.is(calls.length, maxToolCalls)
  assert.match(refusals[0]!.reason, /more than 32/)
  assert.is(parseToolCalls('<tool_call>x</tool_call>'.repeat(1000), 'hermes').refusals.length, maxToolCalls)
})

test('whatever a model writes, nothing is thrown, and plain text stays', () => {
  const random = new Random(1)
  const scraps = ['<tool_call>', '</tool_call>', '[TOOL_CALLS]', '[ARGS]', '<|python_tag|>', '{', '}', '[', ']', '"', '\\', ':', ',', '"name"', '"f"', '"arguments"', '"parameters"', '{}', json, llama, ' ', '\n', ';', 'text', '1', 'null', '__proto__', '🐝']
  for (let count = 0; count < 20_000; count++) {
    const text = Array.from({ length: random.below(14) }, () => random.pick(scraps)).join('')
    for (const convention of ['hermes', 'llama', 'mistral'] as const) {
      const { text: rest, calls } = parseToolCalls(text, convention)
      assert.ok(rest.length <= text.length)
      for (const { name, arguments: args } of calls) assert.ok(/^[\w.:/-]+$/.test(name) && typeof args === 'object' && args !== null && !Array.isArray(args))
    }
  }
})

test('the convention shows in the template', () => {
  assert.is(toolConventionOf(`For each function call, return a json object within <tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>}`), 'hermes')
  assert.is(toolConventionOf("{{- 'Environment: ipython' }} {{- '\"parameters\": ' }}"), 'llama')
  assert.is(toolConventionOf("{{- '<|python_tag|>' + call }}"), 'llama')
  assert.is(toolConventionOf("{{- '[TOOL_CALLS] [' }}"), 'mistral')
  assert.is(toolConventionOf("<tool_call>\n<function={{ name }}>"), undefined)
  assert.is(toolConventionOf('{{ messages }}'), undefined)
  assert.ok(toolMarkers.mistral.includes('[TOOL_CALLS]'))
})

test('the end of JSON in a text is where JSON.parse finds one', () => {
  const random = new Random(2)
  const value = (levels: number): unknown => {
    const kind = random.below(levels > 0 ? 6 : 4)
    if (kind === 0) return random.pick(['', '"', '\\', '{', '}', '[]', '\\"', '🐝\n'])
    if (kind === 1) return random.next()
    if (kind < 4) return random.pick([null, true])
    const parts = Array.from({ length: random.below(4) }, () => value(levels - 1))
    return kind === 4 ? parts : Object.fromEntries(parts.map((part, index) => [`"${index}{`, part]))
  }
  for (let count = 0; count < 3000; count++) {
    const list = [value(4)]
    const text = JSON.stringify(list, null, random.below(2))
    const piece = readJson(` x ${text} } ] "`, 2)
    assert.ok(typeof piece !== 'string')
    assert.equal(piece.value, list)
    assert.is(piece.end, 3 + text.length)
  }
  assert.is(readJson('5', 0), 'no JSON')
  assert.is(readJson('', 0), 'no JSON')
  assert.is(readJson('{]', 0), 'no JSON')
  assert.is(readJson('{"', 0), 'JSON without an end')
  assert.match(String(readJson(`["${'x'.repeat(maxJsonChars)}"]`, 0)), /characters/)
  assert.match(String(readJson('['.repeat(maxJsonLevels + 1), 0)), /levels/)
})

test.run()
