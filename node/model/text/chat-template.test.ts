import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { type ChatMessage, type RenderOptions, type ToolDescription, readChatTemplate } from './chat-template.ts'
import { strftime } from './strftime.ts'

const say = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content })
const render = (source: unknown, messages: ChatMessage[] = [say('user', 'Hi')], options: Partial<RenderOptions> = {}) => readChatTemplate(source).render(messages, { nowMs: 0, ...options })
const fails = (code: string, reason: RegExp) => (error: unknown) => isKinmeshError(error, code) && reason.test(error.message)

const tool: ToolDescription = { type: 'function', function: { name: 'remember', description: "it's \"so\"\n手", parameters: { type: 'object', properties: { text: { type: 'string' }, sure: { type: 'boolean', default: true } } } } }

test('messages, turns and the generation prompt', () => {
  const source = "{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message.content | trim + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
  const messages = [say('system', ' Be kind. '), say('user', 'Hi')]
  assert.is(render(source, messages, { named: { bos_token: '<s>' } }), '<s><|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n')
  assert.is(render(source, messages, { addGenerationPrompt: false }), '<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n')
})

test('what templates of published models do besides', () => {
  // Llama 3: slices, a system message taken out, defined and none; Mistral: selectattr, identity, items with a condition; Qwen3: a namespace, reversed lists, split.
  assert.is(render("{% if messages[0]['role'] == 'system' %}{% set system = messages[0].content %}{% set messages = messages[1:] %}{% endif %}{{ system }}|{{ messages | length }}|{{ tools is none }}|{{ date is not defined }}", [say('system', 'S'), say('user', 'Hi')]), 'S|1|true|true')
  assert.is(render("{% set users = messages | selectattr('role', 'equalto', 'user') | list %}{% for m in messages %}{{ m == users[-1] }} {% endfor %}", [say('user', 'a'), say('assistant', 'b'), say('user', 'a')]), 'false false true ')
  assert.is(render("{% for k, v in tools[0].function.items() if k != 'parameters' %}{{ k }}={{ v | tojson }}{{ ', ' if not loop.last }}{% endfor %}", undefined, { tools: [tool] }), 'name="remember", description="it\'s \\"so\\"\\n手"')
  assert.is(render("{% set ns = namespace(last=-1) %}{% for m in messages[::-1] %}{% if ns.last < 0 and m.role == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}{{ ns.last }}{{ messages[1].content.split('</think>')[-1].lstrip('\\n') }}", [say('user', 'a'), say('assistant', 'hm</think>\n\nyes')]), '1yes')
  assert.is(render("{% for m in messages %}{% if 'tool_calls' in m %}{{ m.tool_calls[0].function.arguments | tojson }}{% else %}none {% endif %}{% endfor %}", [say('user', ''), { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: { name: 'f', arguments: { a: [1, null] } } }] }]), 'none {"a": [1, null]}')
  assert.is(render('{%- generation -%}x{%- endgeneration -%}{{ thinking }}', undefined, { variables: { thinking: false } }), 'xfalse')
})

test('a template that turns a conversation away says why', () => {
  const source = "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must\n alternate') }}{% endif %}{{ m.content }}{% endfor %}"
  assert.is(render(source, [say('user', 'a'), say('assistant', 'b')]), 'ab')
  assert.throws(() => render(source, [say('user', 'a'), say('user', 'b')]), fails('TemplateRefused', /conversation: Roles must alternate$/))
  assert.throws(() => render('{{ messages + 1 }}'), fails('TemplateFailed', /failed/))
  assert.is(render('{{ messages | length }}{{ range(1) }}', undefined, { variables: { messages: 'none', range: 5 } }), '1[0]', 'a variable hides nothing of ours')
})

test('tools reach the template that is for them', () => {
  const list = [{ name: 'default', template: 'plain' }, { name: 'tool_use', template: '{{ tools | length }} tools' }]
  assert.is(render(list), 'plain')
  assert.is(render(list, undefined, { tools: [] }), 'plain')
  assert.is(render(list, undefined, { tools: [tool] }), '1 tools')
  assert.is(readChatTemplate(list).source, '{{ tools | length }} tools')
  assert.is(render([{ name: 'tool_use', template: 'only' }]), 'only')
  for (const source of [[], [{ name: 'rag', template: 'x' }], [{ name: 'default' }], 5, {}, [5], Array.from({ length: 17 }, () => list[0])]) assert.throws(() => readChatTemplate(source), fails('BadModelFile', /chat template/))
})

test('a value as text is what Python makes of it, as models were trained on that', () => {
  assert.is(render('{{ tools[0] | string }}', undefined, { tools: [tool] }), "{'type': 'function', 'function': {'name': 'remember', 'description': 'it\\'s \"so\"\\n手', 'parameters': {'type': 'object', 'properties': {'text': {'type': 'string'}, 'sure': {'type': 'boolean', 'default': True}}}}}")
  assert.is(render("{{ [none, 1, 1.0, 2.5, \"it's\", 'a\\\\b'] | string }}{{ (1, 2) | string }}{{ 'x' | string }}{{ true | string }}{{ nobody | string }}|{{ 7 | string }}"), `[None, 1, 1.0, 2.5, "it's", 'a\\\\b'](1, 2)xTrue|7`)
  assert.is(render("{{ ['\\u00a0\\x7f\\u200b\\ud83d\\udc1d é'] | string }}"), "['\\xa0\\x7f\\u200b🐝 é']")
})

test('the date is that of the clock it is given, in English', () => {
  const nowMs = new Date(2026, 2, 5, 14, 7, 9).getTime()
  assert.is(render('{{ strftime_now("%d %b %Y") }}{% if strftime_now is defined %}!{% endif %}', undefined, { nowMs }), '05 Mar 2026!')
  assert.is(strftime('%A %a %d %-d %B %b %m %Y %y %H:%M:%S %I %p %% %Q', nowMs), 'Thursday Thu 05 5 March Mar 03 2026 26 14:07:09 02 PM % %Q')
})

test('range counts as in Python', () => {
  assert.is(render('{{ range(3) }}{{ range(1, 3) }}{{ range(5, 0, -2) }}{{ range(3, 1) }}'), '[0, 1, 2][1, 2][5, 3, 1][]')
  for (const source of ['{{ range(1.5) }}', '{{ range(1, 2, 0) }}', "{{ range('a') }}"]) assert.throws(() => render(source), fails('TemplateFailed', /whole numbers/))
})

test('a model without a template gets a plain dialogue', () => {
  const template = readChatTemplate(undefined)
  assert.ok(template.isDefault)
  assert.not(readChatTemplate('x').isDefault)
  assert.is(render(null, [say('system', 'Be kind.'), say('user', ' Hi '), say('assistant', 'Hello.'), say('user', 'Bye')], { named: { bos_token: '<s>' } }), '<s>Instructions: Be kind.\n\nUser: Hi\n\nAssistant: Hello.\n\nUser: Bye\n\nAssistant:')
  assert.ok(template.stops.includes('\nUser:'), 'nothing else ends its turn')
})

test.run()
