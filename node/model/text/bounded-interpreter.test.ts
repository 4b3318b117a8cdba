import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { BoundedInterpreter, maxSteps } from './bounded-interpreter.ts'
import { readChatTemplate } from './chat-template.ts'
import { Environment } from './jinja.ts'
import { maxTemplateChars, maxTemplateNodes, planTemplate } from './template-plan.ts'

const grown = (times: number, step = 's + s', start = "'aaaaaaaaaaaaaaaa'") => `{% set s = ${start} %}` + `{% set s = ${step} %}`.repeat(times)
/** A text of a million characters. */
const million = grown(16)
const loops = (turns: number, depth: number, body: string) => `{% for i in range(${turns}) %}`.repeat(depth) + body + '{% endfor %}'.repeat(depth)

const hostile: [string, string, RegExp][] = [
  ['counts to a billion', loops(1e9, 1, 'x'), /counts to more/],
  ['loops in loops', loops(10_000, 3, ''), /takes more than/],
  ['loops that only continue', loops(10_000, 2, '{% continue %}'), /takes more than/],
  ['a text that doubles', grown(60), /text of more/],
  ['a list that doubles', grown(60, 's + s', '[1]'), /list of more/],
  ['lists of the same list', `${grown(60, '[s, s]', '[1]')}{{ s | tojson }}`, /list of more/],
  ['objects of the same object', `${grown(60, "{'a': s, 'b': s}", "{'a': 1}")}{{ s }}`, /list of more/],
  ['lists within lists', `{% set ns = namespace(l=[]) %}${loops(10_000, 1, '{% set ns.l = [ns.l] %}')}`, /levels/],
  ['replaces by a long text', `${million}{{ s | replace('a', s) }}`, /can be held/],
  ['the same as a method', `${million}{{ s.replace('a', s) }}`, /can be held/],
  ['… by name', `${million}{{ s['rep' + 'lace']('a', s) }}`, /can be held/],
  ['… with unpacked arguments', `${million}{{ s.replace(*['a', s]) }}`, /can be held/],
  ['… under another name', `${million}{% set f = s.replace %}{{ f('a', s) }}`, /not a function/],
  ['… out of a list', `${million}{{ [s.replace][0]('a', s) }}`, /not a function/],
  ['… out of a namespace', `${million}{% set ns = namespace(f=s.replace) %}{{ ns.f('a', s) }}`, /not a function/],
  ['… with a call among its arguments', `${million}{{ s.replace('a' | replace('b', 'c'), s) }}`, /can be held/],
  ['joins by a long text', `${million}{{ range(10000) | join(s) }}`, /can be held/],
  ['indents far', "{{ 'a\nb' | indent(1000000000) }}", /can be held/],
  ['indents JSON far', '{{ [1, [2]] | tojson(indent=1000000000) }}', /can be held/],
  ['separates JSON by a long text', `${million}{{ range(10000) | tojson(separators=(s, s)) }}`, /can be held/],
  ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', /nests more/],
  ['a macro that calls itself twice', '{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}', /takes more than/],
  ['a long macro in a loop', loops(10_000, 1, `{% macro f() %}${'{{ x }}'.repeat(5000)}{% endmacro %}`), /takes more than/],
  ['a namespace within itself', '{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}', /stack/],
  ['a namespace in a list', '{% set ns = namespace(v=1) %}{% set s = [ns] %}{{ s }}', /namespace or a function/],
  ['a macro in a list', '{% macro f() %}{% endmacro %}{% set s = [f] %}', /namespace or a function/],
  ['searches a long text', million + loops(10_000, 1, "{% if 'ab' in s %}{% endif %}"), /takes more than/],
  ['keeps long texts', `${million}{% set ns = namespace(l=[]) %}${loops(10_000, 1, '{% set ns.l = ns.l + [(s | upper)] %}')}`, /takes more than|list of more/],
  ['writes much', loops(10_000, 1, 'x'.repeat(10_000)), /takes more than|text of more/],
  ['filters in a row', `{{ [1]${'|list'.repeat(1000)} }}`, /nests more/],
  ['unknown names', loops(10_000, 2, '{{ nobody }}'), /takes more than/]
]

function failure(run: () => unknown): { code: string; message: string } {
  try {
    run()
  } catch (error) {
    assert.ok(isKinmeshError(error), String(error))
    return error
  }
  return { code: 'none', message: '' }
}

test('a hostile template ends, with a name', () => {
  for (const [name, source, reason] of hostile) {
    const template = readChatTemplate(source)
    const { code, message } = failure(() => template.render([], { nowMs: 0 }))
    assert.is(code, 'TemplateFailed', name)
    assert.match(message, reason, name)
  }
})

test('a template that is none, or too large, is refused when it is read', () => {
  const bad: [string, string][] = [
    ['too long', 'x'.repeat(maxTemplateChars + 1)], ['too many parts', '{{ 1 }}'.repeat(Math.ceil(maxTemplateNodes / 2) + 1).slice(0, maxTemplateChars - 7)], ['many sums', `{{ ${'1+'.repeat(40_000)}1 }}`],
    ['spaces', `x${' '.repeat(1001)}`], ['deep parentheses', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`], ['deep lists', `{{ ${'['.repeat(50_000)} }}`], ['deep conditions', '{% if 1 %}'.repeat(6000) + '{% endif %}'.repeat(6000)], ['long conditions', `{% if a %}${'{% elif a %}'.repeat(8000)}{% endif %}`],
    ['open', '{% if a %}'], ['open tags', '{%'.repeat(50_000)], ['open comments', '{#'.repeat(50_000)], ['an unknown statement', '{% include "x" %}'], ['a filter block', '{% filter upper %}x{% endfilter %}'], ['calls what is computed', '{{ (a or b)() }}']
  ]
  for (const [name, source] of bad) assert.is(failure(() => readChatTemplate(source)).code, 'BadModelFile', name)
})

/** Steps, and what came out. */
function run(source: string, variables: Record<string, unknown> = {}): [number, string] {
  const plan = planTemplate(source)
  const scope = new Environment()
  for (const [name, value] of Object.entries(variables)) scope.set(name, value)
  const interpreter = new BoundedInterpreter(plan, scope)
  const text = String(interpreter.run(plan.program).value)
  return [interpreter.steps, text]
}

test('honest templates come nowhere near the bounds, and long ones grow with their length', () => {
  const source = "{% for m in messages %}{% if loop.first or m.role != messages[loop.index0 - 1].role %}{{ '<|' + m.role + '|>' + m.content.strip().replace('<', '&lt;') }}{% endif %}{% endfor %}"
  const talk = (count: number) => ({ messages: Array.from({ length: count }, (_, index) => ({ role: index % 2 ? 'assistant' : 'user', content: 'x'.repeat(250) })) })
  const [few] = run(source, talk(20))
  const [many, text] = run(source, talk(2000))
  assert.ok(few < maxSteps / 200, `${few} steps for 20 messages`)
  assert.ok(many < maxSteps / 2, `${many} steps for 2,000 messages`)
  assert.ok(text.length > 500_000)
  assert.ok(run('{% for i in list %}{% endfor %}', { list: Array.from({ length: 1000 }, () => 1) })[0] > 8000, 'a turn has its price, also when nothing is done in it')
})

test('a filter that finds nothing, and a property that is called like a method, are nothing', () => {
  assert.is(run("{{ [] | first }}{{ [] | last }}|{{ s['items'] is defined }}|{{ s.keys is defined }}|{% for k in s.keys() %}{{ k }}{% endfor %}", { s: { type: 'x' } })[1], '|false|false|type')
})

test('after a break the nesting is what it was', () => {
  assert.is(run(`${'{% for i in [1, 2] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}'.repeat(400)}`)[1], '1'.repeat(400))
})

test.run()
