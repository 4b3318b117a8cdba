import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../../mesh/log.ts'
import { openConversations } from '../../conversations.node.ts'
import type { Conversations } from '../../conversations.ts'
import { type Message, type Model, fixedModel } from '../../model.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { extract, sentencesOf } from './extract.ts'
import { type ShortTerm, createShortTerm } from './short-term.ts'
import { summaryTokens } from './summarize.ts'
import { chatTemplate } from '../../starter/chat-template.ts'
import { estimateTokens } from '../token-budget.ts'

type Opened = { readonly shortTerm: ShortTerm; readonly conversations: Conversations; say(user: string, assistant: string): Promise<void> }

function withShortTerm(model: Model | null, work: (opened: Opened) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const conversations = openConversations(join(dir, 'conversations.db'))
    const shortTerm = createShortTerm({ conversations, model: fixedModel(model), log: silentLogger })
    let at = 0
    const say = async (user: string, assistant: string) => {
      conversations.append('talk', 'user', user, at++)
      conversations.append('talk', 'assistant', assistant, at++)
      shortTerm.fold('talk')
      await shortTerm.settled()
    }
    try {
      await work({ shortTerm, conversations, say })
    } finally {
      await shortTerm.close()
      conversations.close()
    }
  })
}

/** A context of 512 tokens, 192 of them for turns; a word is a token. */
function wordModel(write: (messages: readonly Message[]) => string | Promise<string>): Model {
  return {
    name: 'words',
    generate: async messages => ({ text: await write(messages), tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: [], refusals: [] }),
    measure: async texts => ({ tokens: texts.map(text => text.split(/\s+/).filter(each => each !== '').length), context: 512 })
  }
}

const words = (count: number, word: string) => Array.from({ length: count }, (_, n) => `${word}${n}`).join(' ')

test('turns are shown as they are while they fit, and nothing is summed up', () =>
  withShortTerm(wordModel(() => Promise.reject(new Error('asked'))), async ({ shortTerm, say }) => {
    for (let n = 0; n < 4; n++) await say(words(10, 'a'), words(10, 'b'))
    const { earlier, turns } = await shortTerm.of('talk')
    assert.equal([earlier, turns.length], [undefined, 8])
    assert.equal(await shortTerm.of('another'), { earlier: undefined, turns: [] })
  }))

test('a question that nobody answered, because that failed or was stopped, is not shown: templates refuse two turns of the user behind each other', () =>
  withShortTerm(null, async ({ shortTerm, conversations, say }) => {
    await say('one', 'answer one')
    conversations.append('talk', 'user', 'lost', 10)
    conversations.append('talk', 'user', 'lost too', 11)
    await say('two', 'answer two')
    conversations.append('talk', 'user', 'lost last', 20)
    const { turns } = await shortTerm.of('talk')
    assert.equal(turns.map(({ text }) => text), ['one', 'answer one', 'two', 'answer two'])
  }))

test('what does not fit is summed up with what was summed up before, and the rest begins with the user and stays the same for some turns', () => {
  const asked: string[] = []
  const model = wordModel(messages => {
    asked.push(messages.at(-1)?.text ?? '')
    return 'user likes boats.'
  })
  return withShortTerm(model, async ({ shortTerm, conversations, say }) => {
    const firsts: string[] = []
    for (let n = 0; n < 16; n++) {
      await say(`user likes boats ${words(20, `u${n}x`)}`, words(20, `a${n}x`))
      const { turns } = await shortTerm.of('talk')
      assert.is(turns[0]?.role, 'user')
      assert.is(turns.at(-1)?.text, words(20, `a${n}x`))
      assert.ok(turns.length * 30 <= 192 + 8)
      firsts.push(turns[0]?.id ?? '')
    }
    assert.ok(asked.length >= 3 && new Set(firsts).size === asked.length + 1, `${asked.length} summaries`)
    assert.match(asked[0] ?? '', /^User: user likes boats u0x0/)
    assert.match(asked[1] ?? '', /^Before that: user likes boats\.\nUser: /)
    assert.is((await shortTerm.of('talk')).earlier, 'user likes boats.')
    // Each turn was summed up once.
    for (let n = 0; n < 10; n++) assert.is(asked.filter(text => text.includes(`a${n}x0 `)).length, 1, String(n))
    assert.is(conversations.turns('talk').length, 32)
  })
})

test('without a model, with one that fails or makes things up, or with the starter, which is not asked, the sentences that say most are quoted, as many as fit', async () => {
  const filler = (n: number) => `Fine ${words(12, `f${n}x`)}.`
  const models: (Model | null)[] = [wordModel(() => Promise.reject(new Error('out of memory'))), wordModel(() => 'Elephants dance upon seven silver moons.'), wordModel(() => ''), { ...wordModel(() => 'The boat trip, a summary.'), template: chatTemplate }]
  for (const model of models) {
    await withShortTerm(model, async ({ shortTerm, say }) => {
      await say('The boat trip to Oslo starts on Friday. Shall we pack?', filler(0))
      await say('For the boat trip we need warm coats. The boat leaves from Kiel.', filler(1))
      for (let n = 2; n < 8; n++) await say(`Something else ${words(12, `s${n}x`)}.`, filler(n))
      const { earlier = '' } = await shortTerm.of('talk')
      assert.match(earlier, 'User: The boat trip to Oslo starts on Friday.')
      assert.not.match(earlier, 'pack')
      assert.not.match(earlier, 'Elephants')
      assert.not.match(earlier, 'a summary')
      assert.ok(estimateTokens(earlier) <= summaryTokens + earlier.split('\n').length)
    })
  }
})

test('the starter is shown no summary, and so it takes no room from the turns', async () => {
  const shown = async (model: Model) => {
    let count = 0
    await withShortTerm(model, async ({ shortTerm, say }) => {
      for (let n = 0; n < 12; n++) await say(`Something else ${words(12, `s${n}x`)}.`, `Fine ${words(12, `f${n}x`)}.`)
      const { earlier = '', turns } = await shortTerm.of('talk')
      assert.ok(earlier !== '')
      count = turns.length
    })
    return count
  }
  // Of a context of its size, the words of the summary alone would take most of the quarter for turns.
  assert.ok((await shown({ ...wordModel(() => ''), measure: async texts => ({ tokens: texts.map(text => text.split(' ').length), context: 512 }), template: chatTemplate })) >= 4)
})

test('a summary goes with its conversation, and is no turn of it', () =>
  withShortTerm(wordModel(() => 'u0x0'), async ({ shortTerm, conversations, say }) => {
    for (let n = 0; n < 6; n++) await say(words(20, `u${n}x`), words(20, `a${n}x`))
    assert.ok((await shortTerm.of('talk')).earlier)
    assert.is(conversations.list(1)[0]?.turns, 12)
    assert.ok(conversations.remove('talk'))
    assert.equal(await shortTerm.of('talk'), { earlier: undefined, turns: [] })
    assert.not(conversations.sumUp('talk', { through: 'gone', text: 'late' }))
    assert.equal(conversations.recent('talk', 9), { summary: undefined, turns: [] })
  }))

test('closing ends a summary that is being written, and leaves the one before', () => {
  const started = Promise.withResolvers<void>()
  const model: Model = {
    ...wordModel(() => ''),
    generate: (_, { signal }) => {
      started.resolve()
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    }
  }
  return withShortTerm(model, async ({ shortTerm, conversations }) => {
    for (let n = 0; n < 6; n++) for (const role of ['user', 'assistant'] as const) conversations.append('talk', role, words(20, 'x'), n)
    shortTerm.fold('talk')
    await started.promise
    await shortTerm.close()
    assert.is(conversations.recent('talk', 1).summary, undefined)
  })
})

test('sentences of any language; what says the same is quoted once, a long one only in part', () => {
  assert.equal(sentencesOf('Hello  there. How are you? 我喜欢咖啡。真的。', 'User').map(({ text }) => text), ['Hello there.', 'How are you?', '我喜欢咖啡。', '真的。'])
  assert.is(sentencesOf('x'.repeat(500), 'User')[0]?.text.length, 241)
  const said = ['We sail to Oslo on Friday.', 'We sail to Oslo on Friday!', 'Oslo on Friday is cold.', 'Bananas.'].flatMap(text => sentencesOf(text, 'User'))
  assert.equal(extract(said, 2, () => 1).map(({ text }) => text), ['We sail to Oslo on Friday!', 'Oslo on Friday is cold.'])
  assert.equal(extract([], 5, () => 1), [])
})

test.run()
