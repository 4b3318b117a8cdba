import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Sfc32 } from '../../model/text/sfc32.ts'
import { Dice } from '../dice.ts'
import { personFacts } from '../facts/person-facts.ts'
import { commonFacts, eventFacts, thingFacts, vehicleFacts } from '../facts/thing-facts.ts'
import { generate } from '../generate.ts'
import { Fit } from './fit.ts'
import { fitExamples } from './fit-examples.ts'
import { packFit, unpackFit } from './fit-file.ts'
import { wordsFor } from './lexicon.ts'
import { loosened } from './loose-phrases.ts'
import { type FitExample, Learner, learnFit } from './learn.ts'
import { classOf, isSlip, memoryTerms, questionTerms } from './terms.ts'

test('one slip of the finger in a long word: a letter that is missing, doubled, wrong, or in its neighbour’s place; no other word', () => {
  for (const typed of ['birthday', 'brthday', 'birthhday', 'birtjday', 'brithday', 'birthdya', 'irthday', 'birthdays']) assert.ok(isSlip('birthday', typed), typed)
  for (const other of ['birthplace', 'bithdya', 'day', 'birdthay', 'brthdays']) assert.not(isSlip('birthday', other), other)
  assert.not(isSlip('cat', 'car'), 'short words have too many neighbours')
})

test('what others say of themselves is theirs, a document is nobody’s, and a value shows its kind', () => {
  assert.equal(memoryTerms({ text: 'My bike cost €7' }), ['my', 'bike', 'cost', '7', '<money>', '<number>'])
  const bens = memoryTerms({ by: 'Ben', text: 'I love my bike' })
  assert.ok(bens.includes('ben') && bens.includes('their:my') && bens.includes('their:i') && !bens.includes('my'))
  assert.ok(memoryTerms({ by: 'bike.md', text: 'my bike' }).includes('my'))
  assert.equal(questionTerms(['where is Ana', 'and Ben']), ['<asked>', 'and', 'ben', 'before:where', 'before:is', 'before:ana'])
  assert.equal(['zyx', '123456', 'k7', 'before:12', '<digits 2>'].map(classOf), ['<word>', '<digits 5>', '<code>', 'before:<digits 2>', '<code>'])
})

/** Few words, so that each gradient is of several pairs. */
function someExamples(count: number): FitExample[] {
  const found: FitExample[] = []
  for (const example of fitExamples('train', 77)) {
    if (example.memories.length > 1) found.push(example)
    if (found.length === count) break
  }
  return found
}

test('each kind of fact has words of its own, by which it is asked for and told in loose words; what nobody told is answered by nothing', () => {
  for (const kind of [...personFacts, ...commonFacts, ...eventFacts, ...thingFacts, ...vehicleFacts]) assert.ok(wordsFor(kind), `${kind.group}/${kind.label}`)
  const [answered, unanswered] = [[], []] as [number[], number[]]
  for (let seed = 0; seed < 300; seed++) {
    const { memories } = generate(seed, 'train', 'grounded')
    const loose = loosened({ memories, answering: new Set([0]) }, new Dice(seed))
    if (!loose) continue
    ;(loose.answering.size > 0 ? answered : unanswered).push(seed)
    const [question = ''] = loose.asked
    const words = memories.flatMap(({ fact }) => (fact ? (wordsFor(fact.type)?.asked ?? []) : []))
    if (loose.answering.size > 0) assert.ok(words.some(word => question.includes(word)), question)
    for (const [at, { fact }] of memories.entries()) if (fact) assert.ok(loose.memories[at]!.text.toLowerCase().includes(fact.value.toLowerCase()), `${loose.memories[at]!.text} lacks ${fact.value}`)
  }
  assert.ok(answered.length > 100 && unanswered.length > 50, `${answered.length}, ${unanswered.length}`)
})

test('the gradient is that of finite differences', () => {
  const [example] = someExamples(1) as [FitExample]
  const texts = { question: questionTerms(example.asked), memories: example.memories.map(memoryTerms), answering: example.answering }
  const terms = [...new Set([...texts.question, ...texts.memories.flat(), '<word>'])].slice(0, 30)
  const learner = new Learner(terms, { width: 3, names: 8 }, new Sfc32(5))
  const prepared = learner.prepare(texts)
  learner.learn(prepared, () => false)
  const gradient = learner.gradient.slice()
  let told = 0
  for (let at = 0; at < gradient.length; at += 7) {
    // Small, because there is a bend where another term becomes the best.
    const [kept, step] = [learner.all[at]!, 2 ** -12]
    const lossAt = (value: number) => {
      learner.all[at] = value
      return learner.learn(prepared, () => false)
    }
    const slope = (lossAt(kept + step) - lossAt(kept - step)) / (2 * step)
    learner.all[at] = kept
    if (slope !== 0) told++
    assert.ok(Math.abs(slope - gradient[at]!) < 2e-3, `${at}: ${slope} and ${gradient[at]}`)
  }
  assert.ok(told > 5, `${told} slopes`)
})

test('what goes together is learned, also of words that are no longer the same; what is kept of it in a file says the same', () => {
  const examples = someExamples(600)
  const weights = learnFit(examples, { seed: 1, width: 8, epochs: 3, batch: 8, rate: 0.02, knownShare: 1 / 200, unknown: 0.2 })
  const share = (fit: Fit) => {
    const answered = examples.filter(({ answering }) => answering.size > 0)
    return answered.filter(({ memories, asked, answering }) => {
      const scores = fit.scores(memories, asked)
      return answering.has(scores.indexOf(Math.max(...scores)))
    }).length / answered.length
  }
  const [learned, kept] = [new Fit(weights), new Fit(unpackFit(packFit(weights)))]
  assert.ok(share(learned) > 0.8, `${share(learned)}`)
  assert.ok(Math.abs(share(learned) - share(kept)) < 0.05, `${share(kept)}`)
  const again = learnFit(someExamples(600), { seed: 1, width: 8, epochs: 3, batch: 8, rate: 0.02, knownShare: 1 / 200, unknown: 0.2 })
  assert.equal(packFit(again), packFit(weights), 'the same numbers each time')
})

test.run()
