import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { finder } from '../prompt-order.ts'
import { taken } from '../taken.ts'
import { KnownWords } from '../known-words.ts'
import { argumentExamples, lengthened } from './argument-examples.ts'
import { packArguments, unpackArguments } from './argument-file.ts'
import { argumentNames, argumentsIn, labelsOf } from './arguments.ts'
import { Tagger } from './found.ts'
import { lookedAt, tagFeatures } from './features.ts'
import { rowOf } from './hashed.ts'
import { Keeping } from './kept.ts'
import { packKept, unpackKept } from './kept-file.ts'
import { learnKept } from './learn-kept.ts'
import { learnTags, lookedAtAll } from './learn-tagger.ts'
import { compounded, isSame, tagExamples, type TagExample } from './tag-examples.ts'
import { mayFollow, outside, spansIn, spansOf, tagged, tagsOf, tagsOfSpans } from './tagger.ts'
import weights from './kept-weights.json' with { type: 'json' }
import { wordsOf } from './words.ts'

const keeping = new Keeping(unpackKept(weights), finder.seeing)
const number = fc.double({ min: -2, max: 2, noNaN: true })
const wordsIn = (text: string) => wordsOf(text).map(({ from, to }) => text.slice(from, to))

test('words end before the marks behind them, and keep those within', () => {
  assert.equal(wordsIn("Ana's flat, it's €5.50 (50%)! – mother-in-law"), ["Ana's", 'flat', "it's", '€5.50', '50%', 'mother-in-law'])
  assert.equal(wordsIn('?! …'), [])
})

test('the tags that are found speak for more together than any others', () => {
  const labels = 2
  const tags = tagsOf(labels)
  fc.assert(fc.property(fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { maxLength: 4 }), fc.array(number, { minLength: 4 * tags, maxLength: 4 * tags }), fc.array(number, { minLength: tags * tags, maxLength: tags * tags }), (rows, features, follows) => {
    const words = rows.map(each => Int32Array.from(each))
    const sumOf = (list: readonly number[]) => list.reduce((sum, tag, at) => sum + words[at]!.reduce((own, row) => own + features[row * tags + tag]!, 0) + (at === 0 ? 0 : follows[list[at - 1]! * tags + tag]!), 0)
    const all = words.reduce<number[][]>(lists => lists.flatMap(list => Array.from({ length: tags }, (_, tag) => tag).flatMap(tag => (mayFollow(list.at(-1) ?? outside, tag) ? [[...list, tag]] : []))), [[]])
    const found = tagged(words, { labels, features: Float64Array.from(features), follows: Float64Array.from(follows) })
    assert.ok(all.some(list => String(list) === String(found)), `${String(found)} may not be`)
    assert.ok(Math.abs(sumOf(found) - Math.max(...all.map(sumOf))) < 1e-9)
    assert.equal(tagsOfSpans(spansOf(found), words.length), found)
  }))
  // outside, a run of the first label, one of the second
  assert.equal([[0, 1], [0, 2], [1, 2], [2, 2], [1, 4], [3, 4], [4, 3], [2, 1]].map(([before, tag]) => mayFollow(before!, tag!)), [true, false, true, true, false, true, true, true])
})

test('a word is seen with its neighbours, within its sentence; one that no list has by its form', () => {
  const text = 'My sister likes Oslo2. she "sings"'
  const features = tagFeatures(lookedAt(text, wordsOf(text), new KnownWords(['my', 'likes', 'she'], 4)))
  for (const feature of ['w <word>', '-1 my', '+1 likes', 'first my', 'end .', 'L my', 'R <number>', 'q 0']) assert.ok(features[1]!.includes(feature), feature)
  for (const feature of ['w she', '-1 <', 'first she', '< .', 'end "']) assert.ok(features[4]!.includes(feature), feature)
  assert.ok(features[5]!.includes('q 1'))
  assert.equal(['a', 'b', 'a'].map(each => rowOf(each, 1000)), [rowOf('a', 1000), rowOf('b', 1000), rowOf('a', 1000)])
  assert.ok(new Set(Array.from({ length: 1000 }, (_, at) => rowOf(`feature ${at}`, 2 ** 16))).size > 980)
})

test('what is to be kept of a message is learned, the same numbers each time; what is kept of it in a file says the same', () => {
  const examples = taken(3000, tagExamples('train'))
  const recipe = { seed: 1, epochs: 6, least: 10, tagRows: 2 ** 16, subjectRows: 2 ** 16, rate: 0.1, unknown: 10, common: 100, pairs: 500 }
  const learned = learnKept(examples, recipe)
  const right = (one: Keeping) => examples.filter(({ text, memories, kept }) => {
    const [places, found] = [wordsOf(text), one.of(text, memories)]
    return found.length === kept.length && kept.every(({ span: { from, to }, subject, replaces }, at) => found[at]!.text === text.slice(places[from]!.from, places[to - 1]!.to) && isSame(found[at]!.subject, subject) && found[at]!.replaces === replaces)
  }).length / examples.length
  const [exact, kept] = [right(new Keeping(learned, finder.seeing)), right(new Keeping(unpackKept(packKept(learned)), finder.seeing))]
  assert.ok(exact > 0.8, `${exact}`)
  assert.ok(Math.abs(exact - kept) < 0.02, `${kept}`)
  assert.equal(packKept(learnKept(examples, recipe)), packKept(learned))
})

test('examples are words of their messages; one with a thing of two words says the same of it', () => {
  let longer = 0
  for (const example of taken(500, tagExamples('train'))) {
    for (const { span: { from, to } } of example.kept) assert.ok(from < to && to <= wordsOf(example.text).length)
    const other = compounded(example)
    if (!other) continue
    longer++
    const of = ({ text, kept }: TagExample) => kept.map(({ span: { from, to }, subject }) => `${wordsIn(text).slice(from, to).join(' ')} | ${subject}`)
    assert.equal(of(other).map(each => each.replaceAll('zqx ', '')), of(example))
    assert.ok(other.text.includes('my zqx '))
  }
  assert.ok(longer > 50, `${longer}`)
})

test('what ships finds what people tell, whom it is about, and what it replaces', () => {
  const memories = ['My sister lives in Rome.', 'My sister works as a nurse.', 'My dog is called Rex.']
  assert.equal(keeping.of('ok, my sister lives in Oslo now. Bye!', memories), [{ text: 'my sister lives in Oslo now', subject: 'sister', replaces: 'My sister lives in Rome.' }])
  assert.equal(keeping.of('I am allergic to peanuts. What time is it?', memories), [{ text: 'I am allergic to peanuts', subject: 'user', replaces: undefined }])
  for (const nothing of ['', '?!', 'What is my sister called?', 'Set a timer for ten minutes', 'hello there']) assert.equal(keeping.of(nothing, memories), [], nothing)
})

test('whatever a message is, what is found are words of it', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.array(fc.constantFrom('my', 'sister', "Ana's", 'lives', 'in', '"', '.', '\n', '\0', '\ud800', '+44', 'she', "'s", '’')).map(words => words.join(' '))), text => {
    let from = 0
    for (const { text: words, subject, replaces } of keeping.of(text, [text])) {
      const at = text.indexOf(words, from)
      assert.ok(words !== '' && at >= from)
      assert.ok(subject === 'user' || text.includes(subject), subject)
      assert.ok(replaces === undefined || replaces === text)
      from = at + words.length
    }
  }))
})

test('which words are arguments of a call is learned, the same each time; examples are words of their messages', () => {
  const examples = taken(1500, argumentExamples('train'))
  for (const { text, spans } of examples) {
    assert.ok(spans.length > 0 && spans.every(({ from, to }) => from < to && to <= wordsOf(text).length))
    assert.ok(spans.every(one => spans.every(other => one === other || one.to <= other.from || other.to <= one.from)), text)
  }
  const recipe = { seed: 1, epochs: 3, least: 20, unknown: 30, common: 100, tagRows: 2 ** 12 }
  const learned = () => {
    const { known, looked } = lookedAtAll(examples.map(({ text }) => text), recipe)
    return { known, ...learnTags(looked, examples.map(({ spans }) => spans), argumentNames.length, recipe, examples.map(({ tool }) => labelsOf(tool))) }
  }
  const weights = learned()
  assert.equal(packArguments(learned()), packArguments(weights))
  const kept = new Tagger(unpackArguments(packArguments(weights)))
  const right = examples.filter(({ tool, text, spans }) => {
    const [places, found] = [wordsOf(text), argumentsIn(kept, tool, text)]
    return argumentNames.every((name, label) => String(found.get(name) ?? []) === String(spans.filter(span => span.label === label).toSorted((a, b) => a.from - b.from).map(({ from, to }) => text.slice(places[from]!.from, places[to - 1]!.to))))
  }).length
  assert.ok(right > 0.8 * examples.length, `${right}`)
})

test('an argument is of the tool that is called; an item of one word more is one item', () => {
  const names = (tool: string) => [...labelsOf(tool)].map(label => argumentNames[label])
  assert.equal([names('list_add'), names('set_timer'), names('no_such_tool')], [['list', 'items'], ['duration', 'label'], []])
  const looked = lookedAt('a b', wordsOf('a b'), new KnownWords([], 4))
  const weights = { labels: 2, features: new Float64Array(5).fill(0).with(1, 3).with(3, 2), follows: new Float64Array(25) }
  assert.equal([undefined, new Set([1]), new Set<number>()].map(may => spansIn(looked, weights, may).map(({ label }) => label)), [[0, 0], [1, 1], []])
  let count = 0
  for (const example of taken(300, argumentExamples('train', 'list_add'))) {
    const longer = lengthened(example)
    if (!longer) continue
    count++
    const words = ({ text, spans }: typeof example) => spans.map(({ from, to, label }) => `${label} ${wordsIn(text).slice(from, to).join(' ')}`)
    assert.equal(words(longer).map(each => each.replace(/zqx | zqx/, '')), words(example))
    assert.is(words(longer).filter(each => each.includes('zqx')).length, 1)
  }
  assert.ok(count > 250, `${count}`)
})

test('what its own clause takes from a story is not kept; what another clause of the sentence asks for does no harm', () => {
  assert.equal(keeping.of('In the novel my sister lives in Oslo.', []), [])
  assert.equal(keeping.of('my sister lives in Oslo, what is her number?', []).map(({ text }) => text), ['my sister lives in Oslo'])
})

test.run()
