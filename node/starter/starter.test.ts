import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ChatMessage } from '../model/text/chat-template.ts'
import { readChatTemplate } from '../model/text/chat-template.ts'
import { parseToolCalls, toolConventionOf } from '../model/text/tool-calls.ts'
import { chatMessageOf, toolDescriptionOf } from '../model/text-request.ts'
import { readTokenizer } from '../model/text/tokenizer.ts'
import { encodePrompt } from '../model/text/prompt.ts'
import { trainMerges } from './bpe.ts'
import { chatTemplate } from './chat-template.ts'
import { Dice } from './dice.ts'
import { exampleText } from './example-text.ts'
import { generate, taskNames } from './generate.ts'
import { abstains, fault, normalised } from './judge.ts'
import { expand } from './phrase.ts'
import { problemsOf } from './problems.ts'
import { memoryLine, spacedJson } from './prompt.ts'
import { createExampleEncoder, renderConversation } from './render.ts'
import { splitOf, splits } from './split.ts'
import { countPieces, maxPositions, tokenizerFiles, vocabSize } from './tokenizer-files.ts'
import { mannerOf, typed } from './typed.ts'
import { wordsIn, wordsOf } from './vocabulary.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, 'model', name), 'utf8'))
const tokenizer = readTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), vocabSize)
/** A few hundred here; `npm run starter:verify` looks through 20,000 of each split. */
const count = 400

test('the same seed gives the same example, and another seed another one', () => {
  for (const task of taskNames) {
    const text = (seed: number) => exampleText(generate(seed, 'train', task))
    assert.is(text(7), text(7), task)
    assert.is.not(text(7), text(8), task)
  }
})

test('examples of all splits: every answer passes its own check and wrong ones do not, calls fit their tools, what is learned was said, nothing is left unfilled', () => {
  const encode = createExampleEncoder(tokenizer)
  for (const split of splits) {
    for (let seed = 0; seed < count; seed++) {
      const example = generate(seed, split)
      assert.equal(problemsOf(example), [], `npm run starter:show -- --split ${split} --seed ${seed} --count 1`)
      assert.ok(encode(example).ids.length <= maxPositions, `${split} ${seed} is too long`)
    }
  }
})

test('no word and no phrase of the test split is in examples for learning', () => {
  const phrases = { train: new Set<string>(), test: new Set<string>() }
  const texts: string[] = []
  for (const split of ['train', 'test'] as const) {
    for (let seed = 1000; seed < 1000 + 2 * count; seed++) {
      const example = generate(seed, split)
      for (const phrase of example.phrases) phrases[split].add(phrase)
      if (split === 'train') texts.push(...example.messages.map(({ text }) => text))
    }
  }
  assert.equal(wordsIn(wordsOf('test'), texts), [])
  assert.equal([...phrases.test].filter(phrase => phrases.train.has(phrase)), [])
  assert.ok(phrases.test.size > 150 && wordsOf('test').length > 150)
  // The search itself finds what is there.
  assert.equal(wordsIn(['New Oslo', 'Ana'], ["is Ana's cat in new oslo?"]).sort(), ['New Oslo'])
})

test('made-up words belong to one split, and the lists to all three', () => {
  assert.is(new Set(['Ana', 'ana', 'ANA'].map(splitOf)).size, 1)
  for (const split of splits) assert.ok(wordsOf(split).length > 100)
})

test('phrases: choices, what may be left out, slots, and brackets that are not closed', () => {
  const all = new Set(Array.from({ length: 200 }, (_, seed) => expand('(a|b (c|d)) [x] <Y>, z', new Dice(seed), name => name.toLowerCase())))
  assert.equal([...all].sort(), ['a x y, z', 'a y, z', 'b c x y, z', 'b c y, z', 'b d x y, z', 'b d y, z'])
  for (const bad of ['(a', 'a)', '[a|b', '<a', 'a]']) assert.throws(() => expand(bad, new Dice(1), name => name), /not closed/)
})

test('what is typed keeps what must be found again, to the letter but for its case', () => {
  for (let seed = 0; seed < 500; seed++) {
    const dice = new Dice(seed)
    assert.ok(typed(dice, mannerOf(dice), "what is Zoë's dont-touch it is code", '?', ["Zoë's dont-touch it is"]).toLowerCase().includes("zoë's dont-touch it is"))
  }
})

test('the chat template and the quick renderer write the same text, which is parsed back', () => {
  const template = readChatTemplate(chatTemplate)
  assert.is(toolConventionOf(chatTemplate), 'hermes')
  for (let seed = 0; seed < 150; seed++) {
    const { messages, tools } = generate(seed, 'validation')
    const chat: ChatMessage[] = messages.map(chatMessageOf)
    assert.is(template.render(chat, { tools: tools.map(toolDescriptionOf), addGenerationPrompt: false, nowMs: 0 }), renderConversation(messages, tools))
    for (const message of messages) {
      if (message.role !== 'assistant' || !message.calls?.length) continue
      const written = renderConversation([message], []).replace('<|im_start|>assistant\n', '').replace('<|im_end|>\n', '')
      assert.equal(parseToolCalls(written, 'hermes').calls.map(({ name, arguments: given }) => ({ name, arguments: given })), message.calls.map(({ name, arguments: given }) => ({ name, arguments: given })))
    }
  }
  assert.is(renderConversation([{ role: 'user', text: 'hi' }], [{ name: 'a', parameters: { properties: { x: {}, y: {} }, required: ['x'] } }]), '<|im_start|>system\nTools: a(x, y?)\n<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n')
})

test('an encoded example has the tokens of its text, and learns the turns that are targets, their end included', () => {
  const encode = createExampleEncoder(tokenizer)
  for (let seed = 0; seed < 150; seed++) {
    const example = generate(seed, 'train')
    const { ids, learned } = encode(example)
    assert.equal(ids, tokenizer.encode(renderConversation(example.messages, example.tools)))
    const text = tokenizer.decode(ids.filter((_, index) => learned[index] === 1))
    const wanted = example.targets.map(({ index }) => renderConversation([example.messages[index]!], []).replace('<|im_start|>assistant\n', '').replace('<|im_end|>\n', '')).join('')
    assert.is(text, wanted)
    assert.is(ids.filter((id, index) => learned[index] === 1 && id === tokenizer.idOf('<|im_end|>')).length, example.targets.length)
    // What a device would give the model before the last answer is what the example has before it.
    const last = example.targets.at(-1)!
    const prompt = encodePrompt(tokenizer, readChatTemplate(chatTemplate), example.messages.slice(0, last.index).map(chatMessageOf), { tools: example.tools.map(toolDescriptionOf), nowMs: 0 })
    assert.equal(ids.slice(0, prompt.length), prompt)
    assert.is(learned[prompt.length], 1)
    assert.is(learned[prompt.length - 1], 0)
  }
})

test('the tokenizer gives back every text: all bytes, emoji, numbers digit by digit', () => {
  for (const text of ['🐝👩‍👩‍👧 e\u0301 \uFEFF\0', 'Zelló  two\n\nlines\t', '手机 שלום', "don't", '{"a": ["b"]}', Array.from({ length: 0x500 }, (_, code) => String.fromCharCode(code)).join('')]) assert.is(tokenizer.decode(tokenizer.encodeText(text)), text)
  const bytes = new Set(Array.from({ length: vocabSize }, (_, id) => tokenizer.tokenBytes(id)).filter(each => each.length === 1).map(([byte]) => byte))
  assert.is(bytes.size, 256)
  assert.is(tokenizer.encodeText('40712').length, 5)
  assert.equal(tokenizer.encodeText('x Marit').slice(-tokenizer.encodeText('Marit').length), tokenizer.encodeText('Marit'))
})

test('merges: the most frequent pair first, ties by their order, pairs that come once are left', () => {
  assert.equal(trainMerges(new Map([['aab', 3], ['ab', 2], ['cd', 5], ['xy', 1]]), 10), [['a', 'b'], ['c', 'd'], ['a', 'ab']])
  const counts = countPieces(['one two, one 12'])
  assert.equal(Object.fromEntries(counts), { one: 2, ' ': 2, two: 1, ', ': 1, 1: 1, 2: 1 })
  assert.equal(tokenizerFiles(counts), tokenizerFiles(counts))
})

test('judging: whole words, accents count, and what says that it does not know', () => {
  assert.is(normalised("It's 14:30, at Ana's—OK?"), " it's 14:30 at ana's ok ")
  const says = { kind: 'says', all: [['Zelló', 'Zello']], none: ['Rome'] } as const
  const reply = (text: string) => ({ text, calls: [] })
  assert.is(fault(says, reply("Zelló's.")), undefined)
  assert.match(fault(says, reply('Zellón.')) ?? '', /lacks/)
  assert.match(fault(says, reply('Zelló, before that Rome.')) ?? '', /says "Rome"/)
  for (const text of ["I don’t know.", "You haven't told me that.", 'I have no note of that.', "I can't do that."]) assert.ok(abstains(text), text)
  for (const text of ['Your sister lives in Noto.', 'No, Ana lives in Rome.', 'Nobody knows.']) assert.not.ok(abstains(text), text)
  assert.is(memoryLine({ day: '2026-01-02', text: 'a\nb', by: 'Ben' }), '- 2026-01-02, Ben: a b')
  assert.is(spacedJson({ a: [1, 'x'], b: undefined }), '{"a": [1, "x"]}')
})

test.run()
