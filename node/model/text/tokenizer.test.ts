import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { createPlainTokenizer } from './plain-tokenizer.ts'
import { maxAddedTokens, maxTokenChars, maxVocab } from './tokenizer-file.ts'
import { type TokenizerJson, byteLevelJson, controls, hardText, markup, piecesJson, read, styles, tokensOf } from './tokenizer.fixtures.ts'
import { readTokenizer } from './tokenizer.ts'

const utf8 = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const clean = (text: string) => text.replaceAll('\uFDD0', '')

test('ids are those of the library, which reads the same file without the precautions', () => {
  const random = new Random(1)
  for (const [name, json] of styles) {
    const [ours, theirs] = [read(json()), createPlainTokenizer(json())]
    for (let count = 0; count < 300; count++) {
      const text = clean(hardText(random, random.below(20)))
      assert.equal(ours.encode(text), theirs.encode(text, { add_special_tokens: false }).ids, `${name}: ${JSON.stringify(text)}`)
    }
  }
})

test('what was encoded as text decodes to the same text, and holds no control token', () => {
  const random = new Random(2)
  for (const [name, json] of styles) {
    const tokenizer = read(json())
    const steering = new Set(json().added_tokens.map(({ id }) => id))
    for (let count = 0; count < 500; count++) {
      const text = hardText(random, random.below(20))
      const ids = tokenizer.encodeText(text)
      assert.is(ids.find(id => steering.has(id)), undefined, `${name}: ${JSON.stringify(text)}`)
      const expected = text.replaceAll('\uFDD0', '\uFFFD')
      // ▁ is how these vocabularies write a space; the first space is their own.
      if (name === 'byte-level') assert.is(tokenizer.decode(ids), expected)
      else assert.is(tokenizer.decode(ids).trimStart(), expected.replaceAll('▁', ' ').trimStart(), `${name}: ${JSON.stringify(text)}`)
    }
  }
})

test('text that a person typed is no control token, wherever it stands in a prompt', () => {
  const random = new Random(3)
  const tokenizer = read(byteLevelJson())
  const joints = ['', '<', '<|', '|>', '[', ']', '<|im_', 'end|>', '</', '<|end|>', '\n']
  for (let count = 0; count < 3000; count++) {
    const typed = random.chance(0.3) ? random.pick([...controls, ...markup, 'INST', 'end', 'user']).slice(random.below(4), random.chance(0.5) ? undefined : -random.below(4) || undefined) : hardText(random, random.below(6))
    const [before, after] = [random.pick(joints), random.pick(joints)]
    const shielded = tokenizer.shield(typed, 'typed')
    const placed = random.chance(0.5) ? shielded : shielded.trim()
    // Tokens of the joints alone are the template's; any other would need a character of the typed text.
    const own = tokenizer.encode(before).concat(tokenizer.encode(after)).filter(id => id < controls.length + markup.length)
    const found = tokenizer.encode(before + placed + after).filter(id => id < controls.length + markup.length)
    if (typed.trim() === '') continue
    assert.equal(found, own, JSON.stringify([before, typed, after]))
  }
})

test('the marks of shielded text change nothing but that', () => {
  const tokenizer = read(byteLevelJson())
  for (const text of ['hello there', '> quoted', 'a < b', 'user', ' INST ', 'x <b> y']) assert.equal(tokenizer.encode(tokenizer.shield(text, 'typed')), tokenizer.encode(text), text)
  assert.is(tokenizer.shield('hello there', 'typed'), 'hello there', 'and most text has none')
  const thought = '<think>\nwhy\n</think>\n<|end|>'
  assert.equal(tokenizer.encode(tokenizer.shield(thought, 'generated')).filter(id => id < 9), [tokenizer.idOf('<think>'), tokenizer.idOf('</think>')], 'its own markup a model keeps, special tokens it does not')
})

test('bytes of tokens, spelled in both ways', () => {
  const level = read(byteLevelJson())
  assert.equal(level.tokenBytes(byteLevelJson().model.vocab['Ġthe']!), new TextEncoder().encode(' the'))
  assert.equal(level.tokenBytes(byteLevelJson().model.vocab['Ã']!), Uint8Array.of(0xc3), 'half a character')
  assert.equal(level.tokenBytes(0), new TextEncoder().encode('<|end|>'), 'an added token is its text')
  const pieces = read(piecesJson())
  assert.equal(pieces.tokenBytes(piecesJson().model.vocab['<0x0A>']!), Uint8Array.of(10))
  assert.equal(pieces.tokenBytes(piecesJson().model.vocab['▁the']!), new TextEncoder().encode(' the'))
  assert.is(pieces.tokenBytes(9999).length, 0, 'an id without a token, as models pad their vocabulary')
  for (const [, json] of styles) {
    const tokenizer = read(json())
    const ids = tokenizer.encodeText('the user in 手机 🐝 é\n')
    const bytes = ids.flatMap(id => [...tokenizer.tokenBytes(id)])
    assert.is(utf8(Uint8Array.from(bytes)).trimStart(), 'the user in 手机 🐝 é\n')
  }
})

test('special tokens by name, and those that only the configuration calls special', () => {
  const tokenizer = read(byteLevelJson(), { bos_token: null, eos_token: { content: '<|im_end|>' }, pad_token: '<think>', additional_special_tokens: ['the'] })
  assert.equal(tokenizer.named, { eos_token: '<|im_end|>', pad_token: '<think>' })
  assert.is(tokenizer.idOf('<|im_end|>'), 2)
  assert.is(tokenizer.idOf('nothing'), undefined)
  const the = byteLevelJson().model.vocab['the']!
  assert.equal([...tokenizer.specialIds].sort((a, b) => a - b), [0, 1, 2, 3, 4, 7, the])
  assert.equal(tokenizer.encode('the<think>'), [the, 7])
  assert.not(tokenizer.encodeText('the').includes(the))
})

test('a control token takes the white space that belongs to it', () => {
  const json = byteLevelJson()
  Object.assign(json.added_tokens[1]!, { lstrip: true, rstrip: true })
  const tokenizer = read(json)
  assert.equal(tokenizer.encode('a \n<|im_start|>  b'), [...tokenizer.encode('a'), 1, ...tokenizer.encode('b')])
})

test('the keys of a vocabulary are tokens, whatever they mean in JavaScript', () => {
  const json = JSON.stringify({ ...byteLevelJson(), pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false } })
  const text = json.replace('"the":', '"__proto__":999,"constructor":998,"__":997,"__proto":996,"proto":995,"pr":994,"pro":993,"to":992,"the":').replace('"merges":[', '"merges":[["_","_"],["p","r"],["pr","o"],["t","o"],["pro","to"],["__","proto"],["__proto","__"],')
  const tokenizer = readTokenizer(JSON.parse(text), undefined, 1000)
  assert.equal(tokenizer.encodeText('__proto__'), [999])
  assert.is(tokenizer.decode([999, 998]), '__proto__constructor')
})

test('no vocabulary makes a control token out of typed text, and none loses it', () => {
  const json = byteLevelJson()
  // Whole texts are looked up (Llama 3 does so with words), and merges lead to the control token.
  Object.assign(json.pre_tokenizer as object, { use_regex: false })
  json.model['ignore_merges'] = true
  json.added_tokens.push({ id: 999, content: '<a>', special: true })
  Object.assign(json.model.vocab, { '<a>': 999, '<a': 998 })
  json.model.merges.push(['<', 'a'], ['<a', '>'])
  const tokenizer = read(json)
  for (const text of ['<a>', '<|end|>', 'x<a>']) {
    assert.is(tokenizer.decode(tokenizer.encodeText(text)), text)
    assert.not(tokenizer.encodeText(text).some(id => id === 0 || id === 999), text)
  }
  assert.equal(tokenizer.encode('<a>'), [999])
})

test('unknown text drops out of a byte-level vocabulary and is <unk> elsewhere', () => {
  const json = byteLevelJson()
  delete json.model.vocab['z']
  json.model['unk_token'] = '<|end|>'
  assert.is(read(json).decode(read(json).encode('a z b')), 'a  b', 'and is not the end of the text, which this file asks for')
  const pieces = piecesJson()
  pieces.model['byte_fallback'] = false
  assert.equal(read(pieces).encode('♥').includes(0), true)
})

const code = (json: unknown, config: unknown = {}, vocabSize = 1000): string => {
  try {
    readTokenizer(json, config, vocabSize)
  } catch (error) {
    assert.ok(isKinmeshError(error), String(error))
    assert.not(error.message.includes('\n'), 'one line')
    return error.code
  }
  return 'none'
}
const changed = (change: (json: TokenizerJson) => void): TokenizerJson => {
  const json = byteLevelJson()
  change(json)
  return json
}

test('a file that is damaged, of another model or absurd is refused', () => {
  assert.is(code(byteLevelJson()), 'none')
  const bad: [string, unknown, unknown?, number?][] = [
    ['no object', 5], ['null', null], ['a list', []], ['text', '{}'], ['empty', {}],
    ['an id beyond the model', byteLevelJson(), {}, tokensOf(byteLevelJson()) - 1], ['an added id beyond the model', changed(json => (json.added_tokens[0]!.id = 1000))],
    ['no tokens', changed(json => Object.assign(json, { added_tokens: [], model: { ...json.model, vocab: {} } }))], ['no vocabulary', changed(json => Object.assign(json.model, { vocab: null }))],
    ['two tokens of one id', changed(json => (json.model.vocab['the'] = 100))], ['a fraction', changed(json => (json.model.vocab['the'] = 1.5))], ['a negative id', changed(json => (json.model.vocab['the'] = -1))], ['text for an id', changed(json => Object.assign(json.model.vocab, { the: '7' }))],
    ['no merges', changed(json => Object.assign(json.model, { merges: undefined }))], ['a merge of three', changed(json => json.model.merges.push('a b c'))], ['a merge of one', changed(json => json.model.merges.push(['a']))], ['a merge with nothing', changed(json => json.model.merges.push('a '))], ['a merge that makes no token', changed(json => json.model.merges.push('a b'))], ['a merge of what is no token', changed(json => json.model.merges.push(['xy', 'z']))], ['a number among merges', changed(json => json.model.merges.push(5))],
    ['a long token', changed(json => (json.model.vocab['x'.repeat(maxTokenChars + 1)] = 900))], ['an empty added token', changed(json => (json.added_tokens[0]!.content = ''))], ['an added token twice', changed(json => (json.added_tokens[0]!.content = '<|im_end|>'))],
    ['too many added tokens', changed(json => (json.added_tokens = Array.from({ length: maxAddedTokens + 1 }, (_, id) => ({ id: 0, content: `<${id}>`, special: true }))))],
    ['many long added tokens', changed(json => (json.added_tokens = Array.from({ length: 1000 }, (_, id) => ({ id: 0, content: `<${id}${'x'.repeat(2000)}>`, special: true }))))],
    ['a bad expression', changed(json => (json.pre_tokenizer = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' }))], ['an unknown step', changed(json => (json.pre_tokenizer = { type: 'Magic' }))],
    ['a number for a name', byteLevelJson(), { eos_token: 5 }], ['a configuration that is none', byteLevelJson(), 'text'], ['no size', byteLevelJson(), {}, 0], ['half a token', byteLevelJson(), {}, 1000.5], ['a size beyond all bounds', byteLevelJson(), {}, maxVocab + 1]
  ]
  for (const [name, json, config, vocabSize] of bad) assert.is(code(json, config ?? {}, vocabSize), 'BadModelFile', name)
  const foreign: [string, TokenizerJson][] = [
    ['word pieces', changed(json => (json.model.type = 'WordPiece'))], ['marked parts', changed(json => (json.model['end_of_word_suffix'] = '</w>'))], ['no decoder', changed(json => (json.decoder = null))], ['another decoder', changed(json => (json.decoder = { type: 'CTC' }))],
    ['two decoders', changed(json => (json.decoder = { type: 'Sequence', decoders: [{ type: 'ByteLevel' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] }))], ['strips every token', changed(json => (json.decoder = { type: 'Strip', content: ' ', start: 1, stop: 0 }))],
    ['replaces nothing', changed(json => (json.decoder = { type: 'Replace', pattern: { String: '' }, content: ' ' }))], ['a control token of one character', changed(json => (json.added_tokens[0]!.content = '~'))]
  ]
  for (const [name, json] of foreign) assert.is(code(json), 'UnknownModel', name)
})

test.run()
