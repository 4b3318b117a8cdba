import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { readChatTemplate } from '../../model/text/chat-template.ts'
import { encodePrompt } from '../../model/text/prompt.ts'
import { byteLevelJson, piecesJson, read } from '../../model/text/tokenizer.fixtures.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import type { TokenExamples } from '../trainer/token-examples.ts'
import { type ChatExamplesOptions, conversationExamples, lineExamples } from './chat-examples.ts'
import { encodeConversation } from './conversation-tokens.ts'
import { isHeldOut, readConversation } from './conversation.ts'
import { type TextLine, maxLineBytes, maxLines, textLines } from './json-lines.ts'
import { fileLines } from './jsonl.node.ts'

const tokenizer = read(byteLevelJson(), { eos_token: '<|im_end|>' })
const endIds = new Set([tokenizer.idOf('<|im_end|>')!])
const chatml = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{% for call in m.tool_calls or [] %}<tool_call>{{ call.function | tojson }}</tool_call>{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
const textOf = (source: string | undefined) => ({ tokenizer, template: readChatTemplate(source), endIds })
const line = (value: unknown, at = 1): TextLine => ({ line: at, text: JSON.stringify(value) })
const say = (role: string, content: unknown, more = {}) => ({ role, content, ...more })
const failing = (code: string, ...words: (string | RegExp)[]) => (error: unknown) => isKinmeshError(error, code) && words.every(word => (typeof word === 'string' ? error.message.includes(word) : word.test(error.message)))

/** What is learned of each example, as text, with its control tokens; the stretches apart. */
function learnedOf(source: string | undefined, value: unknown, over: typeof tokenizer = tokenizer): string[][] {
  const text = { ...textOf(source), tokenizer: over }
  const spelled = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids.flatMap(id => [...over.tokenBytes(id)])))
  return encodeConversation(text, readConversation(line(value)), 0).map(({ ids, learned }) => learned.map(({ from, to }) => spelled(ids.slice(from, to))))
}

const talk = { messages: [say('system', 'Be kind.'), say('user', 'Hi'), say('assistant', 'Hello the user'), say('user', 'Where?'), say('assistant', 'There.')] }

test('learned is what the assistant says and the token that ends its turn, in the ids of the whole conversation', () => {
  assert.equal(learnedOf(chatml, talk), [['Hello the user<|im_end|>', 'There.<|im_end|>']])
  const [example] = encodeConversation(textOf(chatml), readConversation(line(talk)), 0)
  assert.equal(example!.ids, encodePrompt(tokenizer, readChatTemplate(chatml), talk.messages as never, { nowMs: 0, addGenerationPrompt: false }))
  // And the ids before each of them are the prompt that the model is given to answer.
  for (const [turn, { from }] of example!.learned.entries()) assert.equal(example!.ids.slice(0, from), encodePrompt(tokenizer, readChatTemplate(chatml), talk.messages.slice(0, 2 + 2 * turn) as never, { nowMs: 0 }))
})

test('a weight of 0 is not learned; developer is system; parts of a text are one', () => {
  const given = { messages: [say('developer', [{ type: 'text', text: 'Be ' }, { type: 'text', text: 'kind.' }]), say('user', 'Hi'), say('assistant', 'No', { weight: 0 }), say('user', 'Hi'), say('assistant', 'Yes', { weight: 1 })] }
  assert.equal(learnedOf(chatml, given), [['Yes<|im_end|>']])
  assert.equal(readConversation(line(given)).messages[0], { role: 'system', content: 'Be kind.' })
  assert.equal(learnedOf(chatml, { messages: [say('user', 'Hi'), say('assistant', 'No', { weight: 0 })] }), [])
})

test('calls of tools are learned as the template writes them, results are not', () => {
  const call = { id: 'a1', type: 'function', function: { name: 'remember', arguments: '{"text": "tea"}' } }
  const given = { messages: [say('user', 'I like tea'), say('assistant', null, { tool_calls: [call] }), say('tool', 'done', { tool_call_id: 'a1' }), say('assistant', 'Noted.')], tools: [{ type: 'function', function: { name: 'remember', parameters: { type: 'object' } } }] }
  assert.equal(learnedOf(chatml, given), [['<tool_call>{"name": "remember", "arguments": {"text": "tea"}}</tool_call><|im_end|>', 'Noted.<|im_end|>']])
})

test('control tokens in what people say are text, and end no turn', () => {
  const [example] = encodeConversation(textOf(chatml), readConversation(line({ messages: [say('user', '<|im_end|>'), say('assistant', 'a<|im_end|>b')] })), 0)
  assert.is(example!.ids.filter(id => endIds.has(id)).length, 2)
  assert.equal(learnedOf(chatml, { messages: [say('user', '<|im_end|>'), say('assistant', 'a<|im_end|>b')] }).flat().map(text => text.endsWith('b<|im_end|>')), [true])
})

test('a template that writes earlier turns in another way: their answers become examples of their own, as they are written', () => {
  const thinking = "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' and loop.last %}<think>{{ m.reasoning_content or '' }}</think>{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
  const given = { messages: [say('user', 'Hi'), say('assistant', 'Hello', { reasoning_content: 'kind' }), say('user', 'Where?'), say('assistant', 'There')] }
  // The first turn's thoughts are nowhere in the whole; so it is learned in an example that ends with it.
  assert.equal(learnedOf(thinking, given), [['<think></think>There<|im_end|>'], ['<think>kind</think>Hello<|im_end|>']])
})

test('tokens that grow together across the beginning of an answer count to the answer', () => {
  // " the" is one token: of the space of the prompt and the word of the answer.
  const spaced = '{% for m in messages %}{{ m.role }}: {{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}'
  assert.equal(learnedOf(spaced, { messages: [say('user', 'a'), say('assistant', 'the')] }), [[' the<|im_end|>']])
  assert.equal(learnedOf(spaced, { messages: [say('user', 'a'), say('assistant', 'no')] }), [['no<|im_end|>']])
})

test('a model without a template, and pieces with a space of their own', () => {
  assert.equal(learnedOf(undefined, { messages: [say('user', 'a'), say('assistant', 'be'), say('user', 'c'), say('assistant', 'de')] }), [[' be\n\n', ' de\n\n']])
  const pieces = read(piecesJson(true), { bos_token: '<s>', eos_token: '</s>' })
  const mistral = "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [INST]{% else %} {{ m.content }}</s>{% endif %}{% endfor %}"
  const text = { tokenizer: pieces, template: readChatTemplate(mistral), endIds: new Set([pieces.idOf('</s>')!]) }
  const [example] = encodeConversation(text, readConversation(line({ messages: [say('user', 'hello'), say('assistant', 'the hero')] })), 0)
  assert.equal(example!.learned.map(({ from, to }) => [pieces.decode(example!.ids.slice(from, to)).trim(), to]), [['the hero', example!.ids.length]])
})

test('a template that does not show where answers begin, or takes no such conversation, is told', () => {
  const hidden = "{% for m in messages %}{{ m.role }}{{ messages | length }}{{ m.content }}<|im_end|>{% endfor %}"
  assert.throws(() => learnedOf(hidden, talk), failing('BadTrainingData', 'where an answer begins'))
  assert.throws(() => learnedOf("{% if messages | length > 2 %}{{ raise_exception('too many') }}{% endif %}", talk), failing('BadTrainingData', 'too many'))
})

/** [a line, what its error says] */
const bad: [unknown, RegExp][] = [
  [[], /is an object/], [{}, /messages/], [{ messages: [] }, /is empty/], [{ messages: 'Hi' }, /is a list/], [{ prompt: 'a', completion: 'b' }, /messages/], [{ messages: [{}] }, /messages\.0/],
  [{ messages: [say('robot', 'a')] }, /messages\.0\.role/], [{ messages: [say('user', 3)] }, /messages\.0\.content/], [{ messages: [say('user', null)] }, /messages\.0\.content/],
  [{ messages: [say('user', [{ type: 'image_url', image_url: {} }])] }, /text alone/], [{ messages: [say('assistant', null)] }, /messages\.0 says nothing/], [{ messages: [say('user', 'a'), say('assistant', 'b', { weight: 0.5 })] }, /weight is 0 or 1/],
  [{ messages: [say('assistant', 'b', { function_call: { name: 'f' } })] }, /function_call is a key/], [{ messages: [say('assistant', 'b', { tool_calls: [{ function: { name: 'f', arguments: '[1]' } }] })] }, /messages\.0\.tool_calls\.0\.function\.arguments is no JSON object/],
  [{ messages: [say('assistant', 'b', { tool_calls: [{ function: { name: 'f', arguments: '{secret' } }] })] }, /is no JSON object/], [{ messages: [say('user', 'a')], functions: [] }, /older form/], [{ messages: [say('user', 'a')], tools: [{ name: 'f' }] }, /tools\.0/],
  [{ messages: Array.from({ length: 257 }, () => say('user', 'a')) }, /at most 256/]
]
for (const [value, says] of bad) {
  test(`refused, with its line: ${JSON.stringify(value).slice(0, 90)}`, () => {
    const error = (() => {
      try {
        return readConversation(line(value, 17))
      } catch (thrown) {
        return thrown
      }
    })()
    assert.ok(failing('BadTrainingData', 'line 17', says)(error), String(error))
    assert.not.match(String(error), /secret/)
  })
}

test('what says nothing may be there: null where an export puts it', () => {
  const { messages } = readConversation(line({ messages: [say('user', 'a', { name: null }), say('assistant', 'b', { refusal: null, tool_calls: null, audio: null })], tools: null, parallel_tool_calls: true }))
  assert.equal(messages, [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }])
})

async function linesOf(pieces: readonly (string | Uint8Array)[]): Promise<TextLine[]> {
  const found: TextLine[] = []
  const source = (async function* () { for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece })()
  for await (const each of textLines(source)) found.push(each)
  return found
}

test('lines: cut anywhere, with any ends, numbered as editors do; those that hold nothing are skipped', async () => {
  const whole = new TextEncoder().encode('\uFEFF{"a":"手🐝"}\r\n\n  \n{"b":1}')
  const expected = [{ line: 1, text: '{"a":"手🐝"}\r' }, { line: 4, text: '{"b":1}' }]
  for (let cut = 0; cut <= whole.length; cut++) assert.equal(await linesOf([whole.subarray(0, cut), whole.subarray(cut)]), expected, String(cut))
  assert.equal(await linesOf([...whole].map(byte => Uint8Array.of(byte))), expected)
  assert.equal([await linesOf([]), await linesOf(['\n\n'])], [[], []])
})

test('lines that are too long, too many or no UTF-8 are refused', async () => {
  await rejects(linesOf(['a\n', Uint8Array.of(0x22, 0xff, 0x0a)]), failing('BadTrainingData', 'line 2 is not UTF-8'))
  const half = 'x'.repeat(maxLineBytes / 2)
  assert.is((await linesOf([half, half, '\n'])).length, 1)
  await rejects(linesOf(['\n', half, half, 'x']), failing('BadTrainingData', 'line 2 has more than'))
  await rejects(linesOf(['a\n'.repeat(maxLines + 1)]), failing('TooMuchTrainingData', String(maxLines)))
})

/** For each example its ids, those that are learned as they are, the others as their complement. */
const contents = (examples: TokenExamples) => Array.from({ length: examples.count }, (_, example) => Array.from({ length: examples.length(example) }, (_, at) => (examples.isLearned(example, at) ? examples.id(example, at) : ~examples.id(example, at))).join(' '))
const options: ChatExamplesOptions = { nowMs: 0, holdoutShare: 0.25 }
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ messages: [say('user', `Question ${from + index}`), say('assistant', `Answer ${from + index}`)] }))

test('the holdout is chosen by content: it has about its share, and what is in it stays there when others come', async () => {
  const take = async (values: readonly unknown[]) => {
    const { training, holdout, conversations } = await conversationExamples(values.map(value => readConversation(line(value))), textOf(chatml), options)
    assert.is(training.count + holdout.count, conversations)
    return { training: contents(training), holdout: contents(holdout) }
  }
  const [few, all] = [await take(many(200)), await take([...many(150, 200), ...many(200)])]
  assert.ok(few.holdout.length > 35 && few.holdout.length < 65, String(few.holdout.length))
  assert.equal(few.holdout.filter(each => !all.holdout.includes(each)), [])
  assert.equal(few.training.filter(each => !all.training.includes(each)), [])
  assert.equal([0, 0.25, 0.5, 0.99].map(share => isHeldOut(readConversation(line(many(1)[0])), share)).filter((held, index, list) => index > 0 && list[index - 1] && !held), [], 'a larger share takes more and leaves none')
})

test('a file becomes examples, with what is learned in them', () =>
  withTempDir(async dir => {
    const path = join(dir, 'talk.jsonl')
    await writeFile(path, [talk, ...many(20)].map(value => JSON.stringify(value)).join('\n'))
    const { training, conversations } = await lineExamples(fileLines(path), textOf(chatml), { ...options, holdoutShare: 0 })
    assert.equal([training.count, conversations], [21, 21])
    const [{ ids, learned } = { ids: [], learned: [] }] = encodeConversation(textOf(chatml), readConversation(line(talk)), 0)
    assert.is(contents(training)[0], ids.map((id, at) => (learned.some(({ from, to }) => at >= from && at < to) ? id : ~id)).join(' '))
    await writeFile(path, `${JSON.stringify(talk)}\n\n{"messages": [{"role": "user", "content": "my secret"\n`)
    const error = await rejects(lineExamples(fileLines(path), textOf(chatml), options), failing('BadTrainingData', 'line 3 is not JSON'))
    assert.not.match(JSON.stringify([(error as Error).message, (error as Error).cause]), /secret/)
    await writeFile(path, JSON.stringify(talk))
    await rejects(lineExamples(fileLines(path), textOf("{{ raise_exception('no') }}"), options), failing('BadTrainingData', 'line 1: ', 'no'))
    await rejects(lineExamples(fileLines(path), textOf(chatml), { ...options, maxTokens: 5 }), failing('TooMuchTrainingData'))
    await rejects(lineExamples(fileLines(path), textOf(chatml), { ...options, holdoutShare: 1 }), failing('InvalidOption'))
  }))

test('no conversation, no file and no file of text are told', () =>
  withTempDir(async dir => {
    const path = join(dir, 'empty.jsonl')
    await writeFile(path, '\n \n')
    const lines = (at: string, signal?: AbortSignal) => lineExamples(fileLines(at, signal), textOf(chatml), options)
    await rejects(lines(path), failing('NoTrainingData', 'each line'))
    await rejects(conversationExamples([], textOf(chatml), options), failing('NoTrainingData'))
    await rejects(lines(join(dir, 'absent')), failing('BadTrainingData', 'there is no file'))
    await rejects(lines(dir), failing('BadTrainingData', 'is no file'))
    await writeFile(path, readFileSync(process.execPath).subarray(0, 4096))
    await rejects(lines(path), failing('BadTrainingData', 'line 1'))
    await rejects(lines(path, AbortSignal.abort(new Error('enough'))), /enough/)
  }))

test.run()
