import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Sfc32 } from '../../model/text/sfc32.ts'
import { Dice } from '../dice.ts'
import { personFacts } from '../facts/person-facts.ts'
import { commonFacts, eventFacts, thingFacts, vehicleFacts } from '../facts/thing-facts.ts'
import { generate } from '../generate.ts'
import { finder } from '../prompt-order.ts'
import { taken } from '../taken.ts'
import { Finder } from './finder.ts'
import { packFinder, unpackFinder } from './finder-file.ts'
import { learnFinder } from './learn-finder.ts'
import { NetLearner } from './learn-net.ts'
import { wordsFor } from './lexicon.ts'
import { loosened } from './loose.ts'
import { partsIn } from './part-examples.ts'
import { allKinds, goesOn, noKind } from './kinds.ts'
import { type Question, questions } from './questions.ts'
import { Terms, rarest } from './seen.ts'
import { classOf, formsOf, isSlip, sourceOf } from './terms.ts'

test('one slip of the finger in a long word: a letter that is missing, doubled, wrong, or in its neighbour’s place; no other word', () => {
  for (const typed of ['birthday', 'brthday', 'birthhday', 'birtjday', 'brithday', 'birthdya', 'irthday', 'birthdays']) assert.ok(isSlip('birthday', typed), typed)
  for (const other of ['birthplace', 'bithdya', 'day', 'birdthay', 'brthdays']) assert.not(isSlip('birthday', other), other)
  assert.not(isSlip('cat', 'car'), 'short words have too many neighbours')
})

test('what others say of themselves is theirs, a document is nobody’s, and a value shows its kind', () => {
  assert.equal(formsOf('My bike cost €7'), ['<money>', '<number>'])
  assert.equal([undefined, 'Ben', 'bike.md'].map(by => sourceOf({ text: 'I love my bike', by })), ['user', 'person', 'document'])
  assert.equal(['zyx', '123456', 'k7', '12'].map(classOf), ['<word>', '<digits 5>', '<code>', '<digits 2>'])
  const { seeing } = finder
  assert.equal(seeing.memory({ text: 'I live in Rome', by: 'Ben' }).subject, ['ben'])
  assert.equal(seeing.memory({ text: 'I live in Rome' }).subject, [])
  const terms = new Terms(new Map([['birthday', 3], ['cat', 5]]))
  assert.equal(['birthday', 'birthdya', 'car', 'k7'].map(term => terms.known(term)), ['birthday', 'birthday', '<word>', '<code>'])
  assert.equal(['cat', 'car', 'birthdya'].map(term => terms.rarityOf(term)), [5, rarest, 3])
})

test('a question that goes on is about the same as the one before, or asks for the same', () => {
  const { seeing } = finder
  assert.equal(seeing.question(['where does my sister live?', 'and when is her birthday?']).subject, ['sister'])
  const more = seeing.question(['where does my sister live?', 'and my brother?'])
  assert.equal(more.subject, ['brother'])
  assert.ok((more.kinds.get('place/') ?? 0) > 0.3, `${more.kinds.get('place/')}`)
})

test('each kind of fact has words of its own, by which it is asked for and told in loose words', () => {
  for (const kind of [...personFacts, ...commonFacts, ...eventFacts, ...thingFacts, ...vehicleFacts]) assert.ok(wordsFor(kind), `${kind.group}/${kind.label}`)
  let count = 0
  for (let seed = 0; seed < 300; seed++) {
    for (const { fact } of generate(seed, 'train', 'grounded').memories) {
      const loose = fact && loosened(fact, new Dice(seed), 4)
      if (!loose) continue
      count++
      assert.ok(wordsFor(fact.type)!.asked.some(word => word.split(' ').every(each => loose.asked.includes(each))), loose.asked)
      assert.ok(loose.told.toLowerCase().includes(fact.value.toLowerCase()), `${loose.told} lacks ${fact.value}`)
    }
  }
  assert.ok(count > 500, `${count}`)
})

test('a question has its kind: that of what answers it, of all, of the question before, or of nothing that is told', () => {
  const kindsOf = (task: Parameters<typeof generate>[2]) => new Set(taken(200, questions('train', 5, { task })).map(({ kind }) => kind))
  assert.ok(kindsOf('grounded').has('place/'))
  assert.equal(kindsOf('abstention').has(noKind), false)
  assert.equal(kindsOf('small_talk'), new Set([noKind]))
  assert.ok(kindsOf('several').has(allKinds) && kindsOf('follow_up').has(goesOn))
  const changed = taken(300, questions('train', 5, { task: 'contradiction' }))
  const past = changed.filter(({ isPast }) => isPast)
  assert.ok(past.length > 10 && past.length < 60, `${past.length}`)
  for (const { memories, quoted, answering } of past) assert.ok([...answering].some(at => memories[at]!.day > memories[[...quoted][0]!]!.day))
})

test('a share of the phrases and the others have none in common', () => {
  const used = (others: boolean) => new Set(Array.from({ length: 300 }, (_, seed) => generate(seed, 'train', 'abstention', { by: 4, rest: 1, others })).flatMap(({ phrases }) => phrases))
  const [some, others] = [used(false), used(true)]
  assert.ok(some.size > 100 && others.size > 300, `${some.size} ${others.size}`)
  // A phrase may stand twice in a list, and one that is short may have none of a share.
  assert.ok([...some].filter(phrase => others.has(phrase)).length < some.size / 10)
})

test('where a text has whom it is about, and what it tells', () => {
  const { memories: [memory] } = taken(1, questions('train', 3, { task: 'grounded' }))[0]!
  const fact = { ...memory!.fact!, subject: { kin: 'sister', name: 'Ana', she: true }, value: 'Rome', extra: 'dog' }
  assert.equal(partsIn("My sister Ana's dog is in Rome", fact, false)?.spans, [{ from: 1, to: 3, label: 0 }, { from: 3, to: 4, label: 1 }, { from: 6, to: 7, label: 2 }])
  assert.is(partsIn("Ana's dog is in Rome", fact, false), undefined)
  assert.equal(partsIn('I am in Rome', fact, true)?.spans, [{ from: 3, to: 4, label: 2 }])
})

test('the gradient of the net is that of finite differences', () => {
  const random = new Sfc32(5)
  const learner = new NetLearner(3, 4, random)
  for (const answering of [new Set([1, 2]), new Set<number>()]) {
    const example = { seen: Array.from({ length: 4 }, () => Float64Array.from({ length: 3 }, () => random.uniform() * 2 - 1)), answering }
    learner.gradient.fill(0)
    learner.learn(example)
    const gradient = learner.gradient.slice()
    for (let at = 0; at < gradient.length; at++) {
      const [kept, step] = [learner.all[at]!, 2 ** -7]
      const lossAt = (value: number) => {
        learner.all[at] = value
        return learner.learn(example)
      }
      const slope = (lossAt(kept + step) - lossAt(kept - step)) / (2 * step)
      learner.all[at] = kept
      assert.ok(Math.abs(slope - gradient[at]!) < 1e-3, `${at}: ${slope} and ${gradient[at]}`)
    }
  }
})

const recipe = {
  seed: 1, least: 1 / 200, mostLoose: 6, idle: 0.1, kinds: { epochs: 2, rate: 0.15, decay: 0.001, hidden: 0.1, alone: 0.5, least: 1 / 300, leastTerm: 1 / 600 },
  parts: { seed: 1, epochs: 2, least: 20, unknown: 30, common: 100, tagRows: 2 ** 12, texts: 1500 }, net: { hidden: 8, epochs: 6, batch: 16, rate: 0.01 }
}

test('what goes together is learned; what is kept of it in files says the same, and the same numbers each time', () => {
  const examples = taken(1200, questions('train', 77, { even: true }))
  const fold = (others: boolean) => taken(600, questions('train', 2 ** 20, { even: true, share: { by: 4, rest: 0, others } }))
  const learned = () => learnFinder(examples, [{ seen: fold(true), unseen: fold(false) }], recipe)
  const weights = learned()
  const share = (one: Finder) => {
    const answered = examples.filter(({ answering }) => answering.size > 0)
    return answered.filter(({ memories, asked, answering }: Question) => {
      const scores = one.scores(memories, asked)
      return answering.has(scores.indexOf(Math.max(...scores)))
    }).length / answered.length
  }
  const [exact, kept] = [share(new Finder(weights)), share(new Finder(unpackFinder(packFinder(weights))))]
  assert.ok(exact > 0.8, `${exact}`)
  assert.ok(Math.abs(exact - kept) < 0.05, `${kept}`)
  assert.equal(packFinder(learned()), packFinder(weights))
})

test('what ships finds what is asked in words of its own, or says that nothing does; names and values of a question say yes or no', () => {
  const memories = ['My sister lives in Rome.', "Ana's birthday is on 4 May.", 'My dentist is Dr Lund.', 'The bike cost 200 euros.'].map(text => ({ text }))
  const best = (...asked: string[]) => {
    const scores = finder.scores(memories, asked)
    const at = scores.indexOf(Math.max(...scores))
    return scores[at]! > finder.least ? at : -1
  }
  assert.equal(['in which town does my sister live', 'when is Ana’s birthday', 'who is my dentist', 'how much was the bike'].map(each => best(each)), [0, 1, 2, 3])
  assert.equal(['where does my brother live', 'who is my boss', 'what is the serial number of the bike', 'hello'].map(each => best(each)), [-1, -1, -1, -1])
  assert.equal(['does my sister live in Rome?', 'does my sister live in Oslo?'].map(each => finder.hasNamesOf(each, memories[0]!)), [true, false])
})

test('ten memories are compared in a few milliseconds', () => {
  const memories = Array.from({ length: 10 }, (_, at) => ({ text: `My cousin Ana${at} told me that the yellow bicycle in the garage cost ${at}0 euros.` }))
  for (let warm = 0; warm < 20; warm++) finder.scores(memories, ['how much did the bicycle cost'])
  const from = performance.now()
  // Others each time: what was looked at is kept.
  for (let times = 0; times < 20; times++) finder.scores(memories.map(({ text }) => ({ text: `${text} ${times}` })), ['how much did the bicycle cost'])
  const ms = (performance.now() - from) / 20
  assert.ok(ms < 50, `${ms}`)
})

test.run()
