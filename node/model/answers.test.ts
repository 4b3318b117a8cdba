import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import type { Message, TextOptions } from '../model.ts'
import { convertFolder } from './convert.node.ts'
import { accepts } from './grammar/schemas.fixtures.ts'
import { type ModelFiles, publishedModel, writeModel } from './published-model.fixtures.ts'
import type { ThreadedModel } from './worker/model-calls.ts'
import { openThreadedModel } from './worker/threaded-model.node.ts'

// Weights are random, so every token is about as likely as any other: whatever these texts keep to, the grammar holds them to.

const coded = (code: string, part = /./) => (error: unknown) => isKinmeshError(error, code) && part.test(error.message)
const ask: Message[] = [{ role: 'user', text: 'hello' }]
const hot = (seed: number) => ({ temperature: 50, seed })

/** Templates as published ones are, shortened: what they say of tools tells how they are called. */
const templates = {
  hermes: '{% if tools %}{% for tool in tools %}{{ tool.function.name }}{% endfor %}<tool_call>{% endif %}{% for m in messages %}<|user|>{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}{{ m.tool_call_id }}<|end|>{% endfor %}',
  mistral: '{% for m in messages %}[INST]{{ m.content }}{% endfor %}{% if tools %}[TOOL_CALLS]{{ tools | length }}{% endif %}',
  'newer mistral': '{% for m in messages %}[INST]{{ m.content }}{% endfor %}{% if tools %}[TOOL_CALLS]f[ARGS]{}{% endif %}',
  llama: '{% for m in messages %}<|user|>{{ m.content }}{% endfor %}{% if tools %}<|python_tag|>{% endif %}'
}

function files(template: string): ModelFiles {
  return { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|end|>', chat_template: template }) }
}

async function withModel(template: string, work: (model: ThreadedModel) => Promise<void>): Promise<void> {
  await withTempDir(async dir => {
    const out = join(dir, 'made')
    await convertFolder(writeModel(join(dir, 'published'), files(template)), out, { bits: 8, block: 32, zeroPoints: false, small: false })
    const model = await openThreadedModel({ dir: out, name: 'tiny' })
    try {
      await work(model)
    } finally {
      await model.close()
    }
  })
}

const place = { type: 'object', properties: { city: { enum: ['Rome', 'Zürich', '東京'] }, days: { type: 'integer', minimum: 1, maximum: 14 } }, required: ['city'] }
const tools = [{ name: 'weather', description: 'tells it', parameters: place }, { name: 'now' }, { name: 'pick', parameters: { type: 'object', properties: { one: { pattern: '^a' } } } }]

test('an answer under a schema is one JSON document that the schema accepts, also with guesses of how it goes on', () => withModel(templates.hermes, async model => {
  const schema = { type: 'array', items: place, minItems: 3, maxItems: 4 }
  let guessed = 0
  for (let seed = 1; seed <= 8; seed++) {
    let heard = ''
    // What the prompt repeats is guessed, right or wrong.
    const written = await model.generate([{ role: 'user', text: '[{"city": "Rome", "days": 7}, {"city": "Rome", "days": 7}, {"city": "Rome"' }], { schema, maxTokens: 300, sampling: hot(seed), onToken: piece => void (heard += piece) })
    assert.is(written.finish, 'end')
    assert.is(heard, written.text)
    assert.ok(accepts(schema, JSON.parse(written.text)), written.text)
    guessed += written.guessed
  }
  assert.ok(guessed > 0)
}))

test('a document that is cut off says so, and is the beginning of one', () => withModel(templates.hermes, async model => {
  const { text, finish, tokens } = await model.generate(ask, { schema: { type: 'array', items: { const: 'abc' }, minItems: 9 }, maxTokens: 6, sampling: hot(1) })
  assert.equal([finish, tokens.completion], ['length', 6])
  assert.ok('["abc", "abc", "abc"'.replaceAll(' ', '').startsWith(text.replaceAll(' ', '')), text)
}))

test('several texts at once, each with its own grammar or none', () => withModel(templates.hermes, async model => {
  const options: TextOptions[] = [{ schema: { enum: ['a', 'bc'] } }, {}, { schema: place }, { schema: { type: 'integer', minimum: 10, maximum: 99 } }, { tools, toolChoice: { name: 'now' } }]
  const alone = []
  for (const each of options) alone.push((await model.generate(ask, { ...each, maxTokens: 60, sampling: hot(4) })).text)
  const together = await Promise.all(options.map(each => model.generate(ask, { ...each, maxTokens: 60, sampling: hot(4) })))
  const texts = [alone, together.map(({ text }) => text)]
  for (const [first = '', , third = '', fourth = ''] of texts) assert.ok(['"a"', '"bc"'].includes(first) && accepts(place, JSON.parse(third)) && /^\d\d$/.test(fourth), texts.join())
  assert.equal(together.map(({ calls }) => calls.map(({ name }) => name)), [[], [], [], [], ['now']])
}))

for (const [convention, template] of Object.entries(templates)) {
  test(`${convention}: a call that is required is made, with arguments that fit the tool, and is no text`, () => withModel(template, async model => {
    const named = new Set<string>()
    for (let seed = 1; seed <= 6; seed++) {
      let heard = ''
      const { calls, refusals, text, finish } = await model.generate(ask, { tools, toolChoice: 'required', maxTokens: 200, sampling: hot(seed), onToken: piece => void (heard += piece) })
      assert.equal([heard, text, finish === 'end' ? refusals : []], ['', '', []])
      if (finish === 'end') assert.ok(calls.length > 0)
      for (const call of calls) {
        named.add(call.name)
        assert.match(call.id ?? '', /^[a-z0-9]{9}$/)
        if (call.name === 'weather') assert.ok(accepts(place, call.arguments), JSON.stringify(call))
        if (call.name === 'now') assert.equal(call.arguments, {})
      }
      const one = await model.generate(ask, { tools, toolChoice: { name: 'weather' }, maxTokens: 200, sampling: hot(seed) })
      assert.equal([one.calls.map(({ name }) => name), one.finish, one.text], [['weather'], 'end', ''])
      assert.ok(accepts(place, one.calls[0]?.arguments), JSON.stringify(one.calls))
    }
    assert.ok(named.size > 1, [...named].join(' '))
  }))
}

test('a text that is free until it calls: what follows the mark fits a tool', () => withModel(templates.hermes, async model => {
  let made = 0
  for (let seed = 1; seed <= 30; seed++) {
    const { calls, refusals, finish, text } = await model.generate(ask, { tools: tools.slice(0, 2), maxTokens: 150, sampling: hot(seed) })
    assert.not(text.includes('<tool_call>'), text)
    made += calls.length
    for (const call of calls) assert.ok(call.name === 'now' ? Object.keys(call.arguments).length === 0 : accepts(place, call.arguments), JSON.stringify(call))
    // One that is cut off is told.
    if (refusals.length > 0) assert.is(finish, 'length', JSON.stringify(refusals))
  }
  assert.ok(made > 3, `${made} calls`)
}))

test('a text that is held to forms is one of them, whatever the model would say, or begins with one; calls are made beside it', () => withModel(templates.hermes, async model => {
  const forms = { texts: ['Okay.', 'Of course.', '東京', 'You said: "tea"', 'You said: "ten"\nBen: "tea"'], begins: ['You said: "tent"', 'Then'] }
  const isForm = (text: string) => forms.texts.includes(text) || forms.begins.some(form => text.startsWith(form) && /^[^\n"]{0,24}$/u.test(text.slice(form.length)))
  const isBegun = (text: string) => isForm(text) || [...forms.texts, ...forms.begins].some(form => form.startsWith(text))
  const seen = new Set<string>()
  let [made, wentOn] = [0, 0]
  for (let seed = 1; seed <= 60; seed++) {
    const { text, finish, calls } = await model.generate(ask, { forms, tools: seed % 2 === 0 ? tools.slice(0, 2) : [], maxTokens: 150, sampling: hot(seed) })
    made += calls.length
    wentOn += Number(forms.begins.some(form => text.startsWith(form) && text !== form))
    if (calls.length > 0) assert.is(text, '')
    else assert.ok(finish === 'end' ? isForm(text) : isBegun(text), JSON.stringify([finish, text]))
    seen.add(text)
  }
  assert.ok(seen.size > 5 && made > 0 && wentOn > 0, `${seen.size} texts, ${made} calls, ${wentOn} went on`)
}))

test('the one form that there is is said without the model, and heard once', () => withModel(templates.hermes, async model => {
  const heard: string[] = []
  const { text, finish, tokens } = await model.generate(ask, { forms: { texts: ['Okay.', 'Okay.'], begins: [] }, onToken: piece => heard.push(piece) })
  assert.equal([text, finish, tokens.completion, heard], ['Okay.', 'end', 0, ['Okay.']])
  assert.ok(tokens.prompt > 0)
  const gone = new AbortController()
  gone.abort(new Error('not any more'))
  await rejects(model.generate(ask, { forms: { texts: ['Okay.'], begins: [] }, signal: gone.signal }), (error: unknown) => (error as Error).message === 'not any more')
  const { calls } = await model.generate(ask, { forms: { texts: ['Okay.'], begins: [] }, tools, toolChoice: 'required', maxTokens: 150, sampling: hot(1) })
  assert.ok(calls.length > 0, 'a call is to be made')
}))

test('a conversation with calls and what they gave is read by the template', () => withModel(templates.hermes, async model => {
  const turns: Message[] = [...ask, { role: 'assistant', text: '', calls: [{ id: 'abc123xyz', name: 'weather', arguments: { city: 'Rome' } }] }, { role: 'tool', text: '21 °C <|end|>', callId: 'abc123xyz', name: 'weather' }]
  const [without, withTurns] = [await model.generate(ask, { tools, maxTokens: 1 }), await model.generate(turns, { tools, maxTokens: 1 })]
  assert.ok(withTurns.tokens.prompt > without.tokens.prompt + 30, `${withTurns.tokens.prompt} tokens`)
  assert.is((await model.generate(ask, { tools, toolChoice: 'none', maxTokens: 1 })).tokens.prompt, (await model.generate(ask, { maxTokens: 1 })).tokens.prompt)
}))

test('of a conversation that is too long no result stays without its call', () => withTempDir(async dir => {
  const out = join(dir, 'made')
  await convertFolder(writeModel(join(dir, 'published'), files("{% for m in messages %}{% if loop.first and m.role != 'user' %}{{ raise_exception('begins with ' + m.role) }}{% endif %}<|user|>{{ m.content }}<|end|>{% endfor %}")), out, { bits: 8, block: 32, zeroPoints: false, small: false })
  const model = await openThreadedModel({ dir: out, name: 'tiny', positions: 128 })
  const round = (index: number): Message[] => [{ role: 'user', text: `question ${index}` }, { role: 'assistant', text: '', calls: [{ name: 'now', arguments: {} }] }, { role: 'tool', text: `result ${index}` }, { role: 'assistant', text: `answer ${index}` }]
  const { dropped } = await model.generate([...Array.from({ length: 8 }, (_, index) => round(index)).flat(), ...round(9).slice(0, 3)], { maxTokens: 1 })
  assert.ok(dropped > 0 && dropped % 4 === 0, `${dropped} dropped`)
  // … unless nothing may be left out.
  const long = Array.from({ length: 8 }, (_, index) => round(index)).flat()
  const error = await rejects(model.generate(long, { maxTokens: 1, whole: true }), (error: unknown) => isKinmeshError(error, 'PromptTooLong')) as Error
  assert.match(error.message, /context holds 128/)
  // Of what fits there may be more than leaves room for an answer.
  const most = [...round(0), ...round(1), ...round(2)]
  const [all, cut] = [await model.generate(most, { maxTokens: 1, whole: true }), await model.generate(most, { maxTokens: 1 })]
  assert.ok(all.tokens.prompt > 96 && all.tokens.prompt < 128 && cut.tokens.prompt <= 96, `${all.tokens.prompt} and ${cut.tokens.prompt} tokens`)
  await model.close()
}))

const bad: [string, unknown, TextOptions, string, RegExp][] = [
  ['a schema that cannot be held', ask, { schema: { type: 'string', pattern: '(a+)+' } }, 'InvalidOption', /pattern cannot be held/],
  ['a schema that is none', ask, { schema: 'string' }, 'InvalidOption', /schema is a JSON schema/],
  ['a function in it', ask, { schema: { properties: { a: () => true } } }, 'InvalidOption', /plain values/],
  ['both', ask, { schema: true, tools }, 'InvalidOption', /leave one of them out/],
  ['a schema and forms', ask, { schema: true, forms: { texts: ['a'], begins: [] } }, 'InvalidOption', /leave one of them out/],
  ['no form', ask, { forms: { texts: [], begins: [] } }, 'InvalidOption', /forms has a text or a beginning at least/],
  ['forms without number', ask, { forms: { texts: Array.from({ length: 513 }, (_, n) => `${n}`), begins: [] } }, 'InvalidOption', /forms\.texts has at most 512 texts/],
  ['forms without end', ask, { forms: { texts: ['b'.repeat(20_000)], begins: [] } }, 'InvalidOption', /at most 16384 characters in all/],
  ['a form that cannot be seen', ask, { forms: { texts: ['b\0'], begins: [] } }, 'InvalidOption', /forms\.texts\.0 is a text of visible characters/],
  ['half of a character', ask, { forms: { texts: [], begins: ['\ud83d'] } }, 'InvalidOption', /visible characters/],
  ['no such tool', ask, { tools, toolChoice: { name: 'rm' } }, 'InvalidOption', /none of the tools is named "rm"/],
  ['no tools', ask, { toolChoice: 'required' }, 'InvalidOption', /no tools/],
  ['a bad name', ask, { tools: [{ name: 'rm -rf' }] }, 'InvalidOption', /tools\.0\.name is the name of a tool/],
  ['two of one name', ask, { tools: [{ name: 'a' }, { name: 'a' }] }, 'InvalidOption', /two are named a/],
  ['many tools', ask, { tools: Array.from({ length: 200 }, (_, index) => ({ name: `t${index}` })) }, 'InvalidOption', /at most 128/],
  ['an unknown role', [{ role: 'root', text: 'x' }], {}, 'InvalidOption', /role is one of/],
  ['no text', [{ role: 'user' }], {}, 'InvalidOption', /text/],
  ['no messages', 'hello', {}, 'InvalidOption', /messages is a list/]
]
test('what cannot be asked is refused by name, in the thread as well', () => withModel(templates.hermes, async model => {
  for (const [name, messages, options, code, message] of bad) await rejects(model.generate(messages as Message[], options), coded(code, message), name)
  assert.is((await model.generate(ask, { schema: { const: 1 }, maxTokens: 9 })).text, '1')
}))

test('a model whose template knows no tools says so', () => withModel('{% for m in messages %}{{ m.content }}{% endfor %}', async model => {
  await rejects(model.generate(ask, { tools }), coded('NoTools'))
}))

test.run()
