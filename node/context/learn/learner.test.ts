import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../../mesh/errors.ts'
import { silentLogger } from '../../../mesh/log.ts'
import type { Conversations } from '../../conversations.ts'
import { openConversations } from '../../conversations.node.ts'
import { remember } from '../../memory.ts'
import { type Message, type Model, type TextOptions, fixedModel } from '../../model.ts'
import { chatTemplate } from '../../starter/chat-template.ts'
import { type LearnedItem, learnedText } from '../../starter/prompt.ts'
import { testSpace, testSync } from '../../testing/space.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { memoryTermIndex } from '../memory-term-index.ts'
import { createRecall } from '../recall.ts'
import { Learner } from './learner.ts'

process.env['TZ'] = 'UTC'
const start = Date.UTC(2026, 2, 10, 14, 5)

type World = {
  learner: Learner
  conversations: Conversations
  personal: ReturnType<typeof testSpace>
  device: ReturnType<typeof testSpace>
  /** Says it, and learns of it. */
  say: (text: string, conversation?: string, space?: string) => Promise<string>
  /** Texts that hold, and those that held. */
  known: () => string[]
  past: () => string[]
  add: (text: string) => Promise<string>
}

function withLearner(model: Model | null, work: (world: World) => Promise<void>, options: { modelMs?: number; isOn?: boolean; saved?: boolean[] } = {}): Promise<void> {
  return withTempDir(async dir => {
    const [device, personal] = [testSpace('device', 'me'), testSpace('personal', 'me')]
    const sync = testSync(device, personal)
    let now = start
    const clock = () => (now += 1000)
    const recall = createRecall({ index: memoryTermIndex(), spaces: () => sync.spaces(), log: silentLogger, clock: () => now })
    const conversations = openConversations(join(dir, 'conversations.db'))
    const learner = new Learner({ sync, device: 'me', recall, conversations, model: fixedModel(model), log: silentLogger, clock, isOn: options.isOn ?? true, save: async isOn => void options.saved?.push(isOn), ...(options.modelMs === undefined ? {} : { modelMs: options.modelMs }) })
    const items = () => [...device.list(), ...personal.list()]
    const texts = (holds: boolean) => items().filter(item => (item.value['validTo'] === undefined) === holds).map(item => String(item.value['text'])).sort()
    try {
      await work({
        learner, conversations, personal, device, known: () => texts(true), past: () => texts(false),
        async say(text, conversation = 'talk', space) {
          const { id } = conversations.append(conversation, 'user', text, clock(), { space })
          learner.wake()
          await learner.idle()
          return id
        },
        add: async text => (await remember(sync, 'me', { text }, { now: clock() })).id
      })
    } finally {
      await learner.close()
      await recall.close()
      conversations.close()
    }
  })
}

const written = (text: string) => ({ text, tokens: { prompt: 1, completion: 1 }, finish: 'end' as const, calls: [], refusals: [] })
const modelOf = (write: (messages: readonly Message[], options: TextOptions) => string | Promise<string>): Model => ({ name: 'double', generate: async (messages, options) => written(await write(messages, options)) })
const proposing = (...items: (Partial<LearnedItem> & { text: string })[]): Model => modelOf(() => learnedText(items.map(item => ({ kind: 'fact', subject: 'user', ...item }))))
const lastOf = (messages: readonly Message[]) => messages.at(-1)?.text ?? ''

test('what the user said is kept as they said it, with where it came from and no word of the conversation', () =>
  withLearner(proposing({ text: 'my cousin RADU is allergic to sesame', subject: 'Radu' }, { text: 'i cant stand olives', kind: 'preference' }), async ({ say, personal }) => {
    const turn = await say("Hi! My cousin Radu is  allergic to sesame. Also, I can't stand olives.")
    assert.equal(personal.list().sort((a, b) => Number(b.value['kind'] === 'fact') - Number(a.value['kind'] === 'fact')).map(({ value }) => [value['text'], value['kind'], value['subject'], value['observedAt'], value['source']]), [
      ['My cousin Radu is allergic to sesame', 'fact', 'Radu', start + 1000, { device: 'me', ref: `talk/${turn}`, how: 'learned' }],
      ["I can't stand olives", 'preference', undefined, start + 1000, { device: 'me', ref: `talk/${turn}`, how: 'learned' }]
    ])
  }))

test('the model is asked as its contract says: memories, two messages before, the schema; and one that is at work stops for who waits for an answer', async () => {
  const prompts: (readonly Message[])[] = []
  let [begun, asked] = [Promise.withResolvers<void>(), 0]
  const model = modelOf((messages, { schema, signal }) => {
    prompts.push(messages)
    assert.ok(schema)
    begun.resolve()
    if (++asked === 1) return new Promise<string>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    return learnedText([{ text: lastOf(messages), kind: 'fact', subject: 'user' }])
  })
  await withLearner(model, async ({ learner, conversations, add, known }) => {
    await add('Ben lives in Rome')
    for (const text of ['one', 'two', 'three']) conversations.append('talk', text === 'two' ? 'assistant' : 'user', text, start)
    conversations.append('talk', 'user', 'Ben is my tailor', start, { space: undefined })
    learner.wake()
    await begun.promise
    const [goOn, alsoGoOn] = [learner.hold(), learner.hold()]
    await learner.idle()
    begun = Promise.withResolvers()
    goOn()
    goOn()
    await learner.idle()
    assert.equal([asked, known()], [1, ['Ben lives in Rome']])
    alsoGoOn()
    await learner.idle()
    assert.equal([asked, known()], [2, ['Ben is my tailor', 'Ben lives in Rome']])
    assert.match(prompts[1]?.[0]?.text ?? '', /^Learn from the last message\.\nMessage: Ben is my tailor\n(?:Memories:\n|About this:\nYou said: )"Ben lives in Rome"\nNow: Tuesday 2026-03-10 14:05$/)
    assert.equal(prompts[1]?.slice(1).map(({ role, text }) => [role, text]), [['assistant', 'two'], ['user', 'three'], ['user', 'Ben is my tailor']])
    // However often it was stopped, it is no turn at which the process ends.
    assert.equal(conversations.toLearn(9), [])
  })
})

test('whatever a model says, only what the user said as being so is kept', async () => {
  const hallucinating = proposing({ text: 'The user lives in Paris' }, { text: 'my sister hates Oslo' })
  const leaking = modelOf(messages => learnedText([{ text: messages[0]?.text.slice(0, 400) ?? '', kind: 'fact', subject: 'user' }, { text: 'Learn from the last message', kind: 'fact', subject: 'user' }, { text: 'Ben lives in Rome', kind: 'fact', subject: 'Ben' }]))
  const junk = modelOf(messages => learnedText(lastOf(messages).split(/\s+/).slice(0, 8).map((text, index, words) => ({ text: words.slice(index, index + 3).join(' '), kind: 'fact', subject: text }))))
  const greedy = proposing(...['My sister moved to Oslo', 'My sister moved to Oslo last week', 'sister moved to Oslo', 'moved to Oslo last week', 'Oslo last week', 'when is her birthday', 'thanks', 'My sister moved'].map(text => ({ text, subject: 'Oslo' })))
  const broken = ['', '{', 'null', '[]', '[1]', '{"text":"My sister moved to Oslo last week"}', '[{"text":"My sister moved to Oslo last week"}]', `[${'{"text":"My sister moved to Oslo last week","kind":"fact","subject":"sister"},'.repeat(9).slice(0, -1)}]`, '[{"text":"My sister moved to Oslo last week","kind":"poem","subject":"x"}]', `[{"text":"${'a'.repeat(600)}","kind":"fact","subject":"user"}]`].map(text => modelOf(() => text))
  const throwing = modelOf(() => Promise.reject(new KinmeshError('ModelFailed', 'My sister moved: it broke')))
  const all = [hallucinating, leaking, junk, greedy, throwing, ...broken]
  for (const [index, model] of all.entries()) await withLearner(model, async ({ say, known, add, learner }) => {
    await add('Ben lives in Rome')
    await say('My sister moved to Oslo last week. When is her birthday?')
    // The last two words are no part of a home, so that no rule is sure of it.
    assert.equal(known().filter(text => text !== 'Ben lives in Rome' && text !== 'My sister moved to Oslo last week'), [], `model ${index}`)
    await say('thanks, what is on the list?')
    await say('she said "my name is Earl"')
    assert.ok(known().length <= 2, `model ${index}`)
    assert.ok(learner.isOn)
  })
})

test('one that never ends is cut off, and the turn is done', async () => {
  let asked = 0
  await withLearner(modelOf(() => (asked++, new Promise(() => {}))), async ({ say, known, conversations }) => {
    await say('I live in Rome.')
    assert.equal([asked, known(), conversations.toLearn(9)], [1, ['I live in Rome'], []])
  }, { modelMs: 1 })
})

test('without a model plain statements are learned, and nothing else', () =>
  withLearner(null, async ({ say, known }) => {
    for (const text of ['Hello! My favourite colour is blue, and my sister lives in Oslo.', 'I love pancakes. Is my brother in Rome?', 'If I live in Paris, I am happy.', 'Ben says I live in Bern', 'what a day', 'she works as a nurse', 'I like', 'remind me to feed the cat', 'my idea is that we should go']) await say(text)
    assert.equal(known(), ['I love pancakes', 'My favourite colour is blue', 'my sister lives in Oslo'])
  }))

test('the starter is not asked where code found nothing to keep; it is where it did', async () => {
  const asked: string[] = []
  const starter: Model = { ...modelOf(messages => (asked.push(lastOf(messages)), '[]')), template: chatTemplate }
  await withLearner(starter, async ({ say }) => {
    await say('What is my sister called?')
    assert.equal(asked, [])
    await say('My sister lives in Oslo now')
    assert.equal(asked, ['My sister lives in Oslo now'])
  })
})

test('what changed takes the place of what was known, with both kept; what says the same adds nothing', () =>
  withLearner(null, async ({ say, known, past, personal }) => {
    await say('I live in Rome.')
    for (const text of ['i live in rome', 'By the way, I live in Rome!', 'I am living in Rome now.', 'My home is in Rome']) await say(text)
    assert.equal([known(), past()], [['I live in Rome'], []])
    await say('I moved to Oslo.')
    await say('My sister moved to Bergen.')
    assert.equal([known(), past()], [['I moved to Oslo', 'My sister moved to Bergen'], ['I live in Rome']])
    const [rome, oslo] = ['I live in Rome', 'I moved to Oslo'].map(text => personal.list().find(item => item.value['text'] === text))
    assert.equal([oslo?.value['supersedes'], rome?.value['validTo'] === oslo?.value['observedAt']], [rome?.id, true])
    await say('I live in Rome.')
    assert.equal([known(), past()], [['I live in Rome', 'My sister moved to Bergen'], ['I live in Rome', 'I moved to Oslo']])
    for (const text of ['I love olives', "I don't like olives any more"]) await say(text)
    assert.equal(known().filter(text => text.includes('olives')), ["I don't like olives any more"])
  }))

test('what a model says is replaced has to be there, of the same subject, and borne out by the words', async () => {
  const replacing = (text: string, replaces: string, subject = 'user') => withLearner(proposing({ text, replaces, subject }), async ({ say, add, past }) => {
    for (const each of ['My garage door opens with 4711', 'Ben has a parrot', 'I live in Rome', 'buy milk', 'My cousin lives in Oslo']) await add(each)
    await say(`${text}.`)
    assert.equal(past(), accepted ? [replaces] : [], text)
  })
  let accepted = true
  await replacing('the code of my garage door is 5518 instead of 4711', 'My garage door opens with 4711', 'garage door')
  await replacing('Ben has no parrot any more', 'Ben has a parrot', 'Ben')
  // No rule knows these words.
  await replacing('My cousin calls Bergen home', 'My cousin lives in Oslo', 'cousin')
  accepted = false
  await replacing('I bought a new bike', 'I live in Rome')
  await replacing('My aunt has a new bike', 'Ben has a parrot', 'aunt')
  await replacing('Ben has a boat', 'Ben has a parrot', 'Ben')
  await replacing('I sold my car', 'I never said this')
})

test('the same conversation told again adds nothing, also with its changes, in another conversation, and turn by turn', () =>
  withLearner(null, async ({ say, known, past, personal }) => {
    const told = ['My name is Ann.', 'I live in Rome. I like tea.', 'I moved to Oslo.', 'My favourite colour is red', 'my favourite colour is blue now']
    for (const text of told) await say(text, 'first')
    const before = [personal.count, known(), past()]
    assert.equal(before, [6, ['I like tea', 'I moved to Oslo', 'My name is Ann', 'my favourite colour is blue now'], ['I live in Rome', 'My favourite colour is red']])
    for (const text of told) await say(text, 'second')
    assert.equal([personal.count, known(), past()], before)
  }))

test('two devices that learn the same, apart from each other, write the same memories', async () => {
  const ids: string[][] = []
  for (let device = 0; device < 2; device++) {
    await withLearner(null, async ({ say, add, personal }) => {
      // Ids that are given in turn are others here and there.
      for (let others = 0; others <= device; others++) await add(`Ben has ${others} bikes`)
      for (const text of ['I live in Rome.', 'I moved to Oslo.', 'I love tea.']) await say(text, `talk ${device}`)
      ids.push(personal.list().flatMap(({ id, value }) => (String(value['text']).startsWith('Ben') ? [] : [id])).sort())
    })
  }
  assert.is(ids[0]?.length, 3)
  assert.equal(ids[0], ids[1])
})

test('a fact that is asked for a hundred times is learned once', () =>
  withLearner(modelOf(messages => learnedText([{ text: 'I live in Rome', kind: 'fact', subject: 'user' }, { text: lastOf(messages), kind: 'fact', subject: 'user' }])), async ({ say, known }) => {
    await say('I live in Rome.')
    for (let asked = 0; asked < 100; asked++) await say('where do I live?')
    assert.equal(known(), ['I live in Rome'])
  }))

test('secrets stay on the device, unless the user said where to keep things', () =>
  withLearner(null, async ({ say, personal, device }) => {
    await say('My password is hunter2.')
    await say('My PIN is 4711')
    assert.equal([device.count, personal.count], [2, 0])
    await say('My password is swordfish now.')
    assert.equal([device.count, personal.count], [3, 0])
    await say('My name is Ann.', 'other', 'device')
    await say('The password for the cabin is elk', 'other', 'personal')
    assert.equal([device.count, personal.count], [4, 1])
    // What they call one is not learned by the way.
    for (const text of ['My secret cat is called Rex.', "I live in Bern, but don't tell anybody"]) await say(text)
    assert.equal([device.count, personal.count], [4, 1])
  }))

test('what is forgotten is not learned of what was said before', () =>
  withLearner(null, async ({ learner, conversations, say, known, personal }) => {
    conversations.append('talk', 'user', 'I live in Rome.', start, { space: undefined })
    conversations.append('talk', 'user', 'I like tea.', start, { space: undefined })
    assert.is(learner.leaveOut('that I live in Rome'), 1)
    learner.wake()
    await learner.idle()
    assert.equal(known(), ['I like tea'])
    const [tea] = personal.list()
    await personal.remove(tea?.id ?? '')
    await say('hello there')
    assert.equal(known(), [])
  }))

test('forgotten while it is being written: it is taken back', () =>
  withLearner(null, async ({ learner, personal, say }) => {
    const stop = personal.subscribe(() => void learner.leaveOut('I live in Rome'))
    await say('I live in Rome.')
    stop()
    assert.is(personal.count, 0)
  }))

test('turned off, nothing is learned of what waits either; on again, of what is said from then on', () => {
  const saved: boolean[] = []
  return withLearner(null, async ({ learner, conversations, say, known }) => {
    await say('I live in Rome.')
    assert.equal([learner.isOn, known()], [false, []])
    await learner.turn(true)
    await learner.idle()
    assert.equal(known(), ['I live in Rome'])
    const goOn = learner.hold()
    conversations.append('talk', 'user', 'I like tea.', start, { space: undefined })
    await learner.turn(false)
    await learner.turn(true)
    goOn()
    await learner.idle()
    assert.equal([known(), saved], [['I live in Rome'], [true, false, true]])
  }, { isOn: false, saved })
})

test('a full disk loses nothing: the turn is looked at again; one that fails for no known reason is left alone in the end', () =>
  withLearner(null, async ({ say, known, personal, conversations }) => {
    personal.fail = new KinmeshError('StoreFailed', 'the disk is full')
    for (let times = 0; times < 5; times++) await say(`hello ${times} times`)
    await say('I live in Rome.')
    for (let times = 0; times < 5; times++) await say(`hello again ${times} times`)
    assert.is(conversations.toLearn(99)[0]?.turn.text, 'I live in Rome.')
    delete personal.fail
    await say('good morning')
    assert.equal([known(), conversations.toLearn(9)], [['I live in Rome'], []])
    personal.fail = new Error('a fault in a program')
    await say('I love tea.')
    for (let times = 0; times < 5; times++) await say('hello')
    assert.equal(conversations.toLearn(9), [])
  }))

test('the device stops at once, and goes on where it was at its next start', async () => {
  const begun = Promise.withResolvers<void>()
  const model = modelOf((_, { signal }) => {
    begun.resolve()
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
  })
  await withLearner(model, async ({ learner, conversations }) => {
    conversations.append('talk', 'user', 'I live in Rome.', start, { space: undefined })
    learner.wake()
    await begun.promise
    await learner.close()
    assert.is(conversations.toLearn(9).length, 1)
    learner.wake()
    await learner.idle()
    assert.is(conversations.toLearn(9).length, 1)
  })
})

test.run()
