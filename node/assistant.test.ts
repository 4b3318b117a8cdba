import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../mesh/log.ts'
import { createAssistant, isWrittenByCode, type Assistant, type AssistantParts } from './assistant.ts'
import { createRecall } from './context/recall.ts'
import { type ShortTerm, createShortTerm } from './context/short-term/short-term.ts'
import { openTermIndex } from './context/term-index.node.ts'
import { openConversations } from './conversations.node.ts'
import type { Conversations } from './conversations.ts'
import { type Message, type Model, fixedModel } from './model.ts'
import type { RunnableTool } from './agent/tools/tool.ts'
import { chatTemplate } from './starter/chat-template.ts'
import { unsure } from './starter/mended.ts'
import { untold } from './starter/prompt.ts'
import { testSpace, testSync } from './testing/space.ts'
import { withTempDir } from './testing/temp.node.ts'
import { failsWith } from './testing/throws.ts'

process.env['TZ'] = 'UTC'
const now = Date.UTC(2026, 10, 22)

type World = { assistant: Assistant; space: ReturnType<typeof testSpace>; deviceSpace: ReturnType<typeof testSpace>; conversations: Conversations; shortTerm: ShortTerm }

/** `learner`: one that only notes what it is told. */
function withAssistant(model: Model | null, work: (parts: World) => Promise<void>, tools: readonly RunnableTool[] = [], learner?: AssistantParts['learner']): Promise<void> {
  return withTempDir(async dir => {
    const space = testSpace('personal')
    const deviceSpace = testSpace('device')
    const sync = testSync(deviceSpace, space)
    const recall = createRecall({ index: openTermIndex(join(dir, 'index.db'), silentLogger), spaces: () => sync.spaces(), log: silentLogger, clock: () => now })
    const conversations = openConversations(join(dir, 'conversations.db'))
    const slot = fixedModel(model)
    const shortTerm = createShortTerm({ conversations, model: slot, log: silentLogger })
    try {
      await work({ assistant: createAssistant({ device: 'me', sync, recall, conversations, shortTerm, model: slot, tools, learner, log: silentLogger, clock: () => now }), space, deviceSpace, conversations, shortTerm })
    } finally {
      await shortTerm.close()
      await recall.close()
      conversations.close()
    }
  })
}

test('without a model it answers from memory, says so, and stores both turns', () =>
  withAssistant(null, async ({ assistant, space, conversations }) => {
    const dentist = await space.put({ v: 1, kind: 'fact', text: 'the dentist is Dr. Weber', observedAt: now })
    const answer = await assistant.ask('who is my dentist?')
    assert.match(answer.text, 'Dr. Weber')
    assert.match(answer.text, 'from memory only')
    assert.equal([answer.memories, answer.model, answer.tokens], [[dentist.id], null, { prompt: 0, completion: 0 }])
    const unknown = await assistant.ask('what is the capital of Peru?', { conversation: answer.conversation })
    assert.equal([unknown.memories, unknown.conversation], [[], answer.conversation])
    assert.match(unknown.text, 'no memory about that')
    assert.equal(conversations.turns(answer.conversation).map(turn => turn.text), ['who is my dentist?', answer.text, 'what is the capital of Peru?', unknown.text])
    assert.is(space.count, 1)
  }))

test('"remember …" remembers the statement, and its source says nothing of the conversation', () =>
  withAssistant(null, async ({ assistant, space, conversations }) => {
    for (const [said, text, kind] of [
      ['Remember that Anna likes tulips', 'Anna likes tulips', 'fact'],
      ['please remember: the code is 4711', 'the code is 4711', 'fact'],
      ['remember to buy milk', 'buy milk', 'task'],
      ['remember the alarm', 'the alarm', 'fact']
    ] as const) {
      const answer = await assistant.ask(said)
      const item = space.get(answer.memories[0] ?? '')
      assert.equal([item?.value['text'], item?.value['kind']], [text, kind], said)
      const turn = conversations.turns(answer.conversation)[0]
      assert.equal(item?.value['source'], { device: 'me', ref: turn?.id ?? '' })
    }
    const before = space.count
    for (const said of ['remember when we met?', 'do you remember Anna', 'remember', 'remembering is hard']) await assistant.ask(said)
    assert.is(space.count, before)
  }))

test('"forget …" acts on one clear match only', () =>
  withAssistant(null, async ({ assistant, space }) => {
    const put = (text: string) => space.put({ v: 1, kind: 'fact', text })
    const [tulips] = [await put('Anna likes tulips'), await put('Anna likes roses'), await put('Anna likes roses and wine')]
    assert.match((await assistant.ask('forget Anna')).text, 'several memories fit')
    assert.match((await assistant.ask('forget that Anna likes opera')).text, 'forgot nothing')
    assert.is(space.count, 3)
    assert.equal((await assistant.ask('Forget about the tulips')).memories, [tulips.id])
    assert.match((await assistant.ask('forget that Anna likes roses.')).text, 'I forgot: Anna likes roses')
    const [last] = space.list()
    assert.is(last?.value['text'], 'Anna likes roses and wine')
    await assistant.ask(`forget ${last?.id}`)
    assert.is(space.count, 0)
  }))

test('where the starter says that it was not told, what comes nearest in memory is shown as well, and is no answer to learn from', () => {
  const starter: Model = {
    name: 'starter', template: chatTemplate,
    async generate(_, { onToken }) {
      onToken?.(untold)
      return { text: untold, tokens: { prompt: 10, completion: 2 }, finish: 'end', calls: [], refusals: [] }
    }
  }
  return withAssistant(starter, async ({ assistant, space }) => {
    assert.is((await assistant.ask('who is my dentist?')).text, untold)
    await space.put({ v: 1, kind: 'fact', text: 'the dentist is Dr. Weber', observedAt: now })
    const pieces: string[] = []
    const { text } = await assistant.ask('who is my dentist?', { onToken: piece => pieces.push(piece) })
    assert.is(text, `${unsure}\n- the dentist is Dr. Weber (2026-11-22)`)
    assert.is(pieces.join(''), text)
    assert.ok(isWrittenByCode(text))
    // A larger model means what it says.
    const other: Model = { ...starter, template: 'another' }
    await withAssistant(other, async larger => {
      await larger.space.put({ v: 1, kind: 'fact', text: 'the dentist is Dr. Weber', observedAt: now })
      assert.is((await larger.assistant.ask('who is my dentist?')).text, untold)
    })
  })
})

test('a model gets the memories and the last turns, and its words are stored', () => {
  const prompts: (readonly Message[])[] = []
  const model: Model = {
    name: 'echo',
    async generate(messages, { onToken }) {
      prompts.push(messages)
      onToken?.('It is ')
      onToken?.('Weber.')
      return { text: 'It is Weber.', tokens: { prompt: 10, completion: 2 }, finish: 'end', calls: [], refusals: [] }
    }
  }
  return withAssistant(model, async ({ assistant, space, conversations }) => {
    await space.put({ v: 1, kind: 'fact', text: 'the dentist is Dr. Weber' })
    const pieces: string[] = []
    const answer = await assistant.ask('who is my dentist?', { onToken: piece => pieces.push(piece) })
    assert.equal([answer.text, answer.model, answer.tokens, pieces], ['It is Weber.', 'echo', { prompt: 10, completion: 2 }, ['It is ', 'Weber.']])
    await assistant.ask('thanks', { conversation: answer.conversation })
    assert.match(prompts[0]?.at(-1)?.text ?? '', /Dr\. Weber[^]*who is my dentist\?/)
    assert.equal(prompts[1]?.map(message => message.text).slice(1), ['who is my dentist?', 'It is Weber.', 'Now: Sunday 2026-11-22 00:00\n\nthanks'])
    assert.is(conversations.turns(answer.conversation).length, 4)
  })
})

test('a model may use tools, and is given what the user said; what programs ask goes without them', () => {
  const given: unknown[] = []
  const tool: RunnableTool = {
    tool: { name: 'list_add' },
    async run(args, { said, turnId }) {
      given.push([args, said, turnId.length > 0])
      return { text: 'ok', memories: ['m'] }
    }
  }
  const offered: (number | undefined)[] = []
  const model: Model = {
    name: 'caller',
    async generate(messages, { tools }) {
      offered.push(tools?.length)
      const isDone = messages.at(-1)?.role === 'tool' || !tools
      return { text: isDone ? 'Done.' : '', tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: isDone ? [] : [{ name: 'list_add', arguments: { list: 'party' } }], refusals: [] }
    }
  }
  return withAssistant(model, async ({ assistant }) => {
    const answer = await assistant.ask('put cake on the party list')
    assert.equal([answer.text, answer.memories, answer.steps], ['Done.', ['m'], [{ tool: 'list_add', arguments: { list: 'party' }, result: 'ok' }]])
    assert.equal(given, [[{ list: 'party' }, ['put cake on the party list'], true]])
    assert.equal((await assistant.reply([{ role: 'user', text: 'hello' }])).steps, [])
    assert.equal(offered, [1, 1, undefined])
  }, [tool])
})

/** Holds while somebody waits, and says that it left out what it was told to. */
function noting(isOn = true): { learner: NonNullable<AssistantParts['learner']>; told: string[] } {
  const told: string[] = []
  return { told, learner: { isOn, hold: () => (told.push('hold'), () => void told.push('go on')), leaveOut: words => told.push(`leave out ${words}`) && (words === 'I live in Rome' ? 1 : 0) } }
}

test('what is said is to be learned from once nobody waits; a wish is not, nor what is said while that is off', async () => {
  const { learner, told } = noting()
  await withAssistant(null, async ({ assistant, conversations }) => {
    const waits = () => conversations.toLearn().map(({ turn, space }) => [turn.text, space])
    await assistant.ask('I live in Rome', { space: 'device' })
    await assistant.ask('remember that I like tea')
    await assistant.reply([{ role: 'user', text: 'I like it here' }])
    await assistant.reply([{ role: 'user', text: 'I keep bees' }], { keepIn: 'talk' })
    assert.equal([waits(), told], [[['I live in Rome', 'device'], ['I keep bees', undefined]], Array.from({ length: 4 }, () => ['hold', 'go on']).flat()])
    // It was not learned yet, and is not any more.
    assert.is((await assistant.ask('forget that I live in Rome')).text, 'I forgot: I live in Rome')
    assert.match((await assistant.ask('forget that I live in Oslo')).text, 'I forgot nothing')
    await failsWith('UnknownSpace', () => assistant.ask('x', { space: 'nowhere' }))
    assert.is(told.filter(each => each === 'hold').length, told.filter(each => each === 'go on').length)
  }, [], learner)
  await withAssistant(null, async ({ assistant, conversations }) => {
    await assistant.ask('I live in Rome')
    assert.equal(conversations.toLearn(), [])
  }, [], noting(false).learner)
})

test('what a tool kept or forgot is not learned beside that', async () => {
  const { learner, told } = noting()
  let call = 'remember'
  const tools = ['remember', 'forget', 'list_add'].map((name): RunnableTool => ({ tool: { name }, run: async () => ({ text: 'ok', memories: [] }) }))
  const model: Model = {
    name: 'caller',
    generate: async messages => ({ text: 'Done.', tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: messages.at(-1)?.role === 'tool' ? [] : [{ name: call, arguments: { query: 'tea' } }], refusals: [] })
  }
  await withAssistant(model, async ({ assistant, conversations }) => {
    await assistant.ask('note down that I like tea')
    call = 'forget'
    await assistant.ask('no, forget the tea')
    call = 'list_add'
    await assistant.ask('milk is out. I moved to Oslo.')
    assert.equal(conversations.toLearn().map(({ turn }) => turn.text), ['milk is out. I moved to Oslo.'])
    assert.equal(told.filter(each => each.startsWith('leave')), ['leave out tea'])
  }, tools, learner)
})

test('"remember" keeps a secret on this device and says so, unless it is said where', () =>
  withAssistant(null, async ({ assistant, space, deviceSpace }) => {
    assert.match((await assistant.ask('remember that my PIN is 4711')).text, /^I will remember: my PIN is 4711\nIt looks like a secret, so it stays on this device/)
    assert.is((await assistant.ask('remember that the password is elk', { space: 'personal' })).text, 'I will remember: the password is elk')
    assert.equal([space.count, deviceSpace.count], [1, 1])
  }))

test('the starter is shown what was so before where that is asked for, and else what holds', async () => {
  const shown: string[] = []
  const starter: Model = { name: 'starter', template: chatTemplate, generate: async messages => (shown.push(messages[0]!.text), { text: untold, tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: [], refusals: [] }) }
  await withAssistant(starter, async ({ assistant, space }) => {
    const day = 86_400_000
    await space.put({ v: 1, kind: 'fact', text: 'Anna lives in Rome', observedAt: now - 9 * day, validTo: now - day })
    await space.put({ v: 1, kind: 'fact', text: 'Anna lives in Oslo now', observedAt: now - day })
    await assistant.ask('where does Anna live?')
    assert.match(shown.at(-1)!, 'About this:\nYou said: "Anna lives in Oslo now"')
    assert.not.match(shown.at(-1)!, 'Rome')
    await assistant.ask('where did Anna live before?')
    assert.match(shown.at(-1)!, 'About this:\nYou said: "Anna lives in Rome"')
  })
})

test('what does not fit any more is shown in short, with the first turn of the user and not as words of the system; it is nothing that the user said', () => {
  const prompts: (readonly Message[])[] = []
  const heard: (readonly string[])[] = []
  const tool: RunnableTool = {
    tool: { name: 'look' },
    async run(_, { said }) {
      heard.push(said)
      return { text: 'ok', memories: [] }
    }
  }
  const model: Model = {
    name: 'short',
    async generate(messages, { tools }) {
      const isSummary = !tools
      if (!isSummary) prompts.push(messages)
      const calls = isSummary || messages.at(-1)?.role === 'tool' ? [] : [{ name: 'look', arguments: {} }]
      return { text: isSummary ? 'the user sails to Oslo' : 'Fine.', tokens: { prompt: 1, completion: 1 }, finish: 'end', calls, refusals: [] }
    },
    measure: async texts => ({ tokens: texts.map(text => text.split(' ').length), context: 256 })
  }
  return withAssistant(model, async ({ assistant, shortTerm }) => {
    const { conversation } = await assistant.ask('the user sails to Oslo on Friday')
    for (let n = 0; n < 6; n++) {
      await assistant.ask(`and ${n} ${'more '.repeat(20)}`, { conversation })
      await shortTerm.settled()
    }
    await assistant.ask('well?', { conversation })
    const prompt = prompts.at(-2) ?? [] // before the tool was used
    assert.not.match(prompt[0]?.text ?? '', 'Oslo')
    assert.match(prompt[1]?.text ?? '', /^Earlier in this conversation, in short:\nthe user sails to Oslo\n\nand \d more/)
    assert.is(prompt.filter(({ text }) => text.includes('Oslo')).length, 1)
    assert.ok(heard.at(-1)?.includes('well?'))
    assert.not.match(heard.at(-1)?.join() ?? '', 'Oslo')
  }, [tool])
})

test('memories in a prompt fit their part of the context, a long one cut', () => {
  const prompts: string[] = []
  const model: Model = {
    name: 'small',
    async generate(messages) {
      prompts.push(messages.at(-1)?.text ?? '')
      return { text: 'Fine.', tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: [], refusals: [] }
    },
    measure: async texts => ({ tokens: texts.map(text => Math.ceil(text.length / 4)), context: 1024 })
  }
  return withAssistant(model, async ({ assistant, space }) => {
    await space.put({ v: 1, kind: 'note', text: `violin ${'x'.repeat(4000)} end` })
    for (let n = 0; n < 4; n++) await space.put({ v: 1, kind: 'note', text: `violin number ${n} ${'y'.repeat(180)}` })
    const { memories } = await assistant.ask('the violin?')
    const shown = prompts[0]?.split('\n').filter(line => line.startsWith('- ')) ?? []
    assert.is(shown.length, memories.length)
    assert.ok(shown.length >= 2 && shown.reduce((sum, line) => sum + line.length / 4, 0) <= 128 + shown.length, shown.map(line => line.length).join())
    assert.not.match(prompts[0] ?? '', 'end')
  })
})

test('a question that cannot be stored is refused before anything happens', () =>
  withAssistant(null, async ({ assistant, conversations }) => {
    await failsWith('InvalidText', () => assistant.ask(' '))
    await failsWith('TextTooLong', () => assistant.ask('x'.repeat(9000)))
    assert.equal(conversations.list(5), [])
  }))

test.run()
