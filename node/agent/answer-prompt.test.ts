import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message, Model } from '../model.ts'
import { chatTemplate } from '../starter/chat-template.ts'
import { generate } from '../starter/generate.ts'
import { type ShownMemory, shownIn } from '../starter/prompt.ts'
import { sayings } from '../starter/answers.ts'
import { builtInTools } from '../starter/tools.ts'
import { type AnswerContext, heldTo, systemPrompt, writePrompt } from './answer-prompt.ts'

const model = (template?: string): Model => ({ name: 'm', template, generate: () => Promise.reject(new Error('not asked')) })
const memories: readonly ShownMemory[] = [{ day: '2026-02-11', text: 'My sister lives in Rome.' }, { day: '2025-01-02', by: 'Ben', text: "I'm allergic to nuts." }]
const context: AnswerContext = { memories, documents: [{ id: 'p', file: '/home/lamp.md', place: 'line 3', text: 'Press "on"\ntwice.' }], now: '2026-03-10T14:05', earlier: 'It was about lamps.' }
const talk: readonly Message[] = [{ role: 'system', text: 'Be brief.' }, { role: 'user', text: 'hello' }, { role: 'assistant', text: 'Hi.' }, { role: 'user', text: 'where does my sister live?' }]

test('any model: what changes stands with the last question, what was said earlier with the first', () => {
  const [system, first, answer, last, ...more] = writePrompt(model('another'), talk, context)
  assert.equal([system, answer, more], [{ role: 'system', text: `${systemPrompt}\n\nBe brief.` }, { role: 'assistant', text: 'Hi.' }, []])
  assert.is(first?.text, 'Earlier in this conversation, in short:\nIt was about lamps.\n\nhello')
  assert.match(last?.text ?? '', /^Memories:\n- 2026-02-11: My sister lives in Rome\.\n- 2025-01-02, Ben: I'm allergic to nuts\.\nDocuments \(.*\):\n- lamp\.md, line 3: "Press 'on' twice\."\nNow: Tuesday 2026-03-10 14:05\n\nwhere does my sister live\?$/)
})

test('the starter: memories stand before the conversation, what fits the question last and apart, documents among them as the word of others', () => {
  const [system, ...turns] = writePrompt(model(chatTemplate), talk, context)
  assert.equal(turns, talk.slice(1))
  const [more, message, heading, ...lines] = system!.text.split('\n')
  assert.equal([more, message, heading], ['Be brief.', 'Message: where does my sister live?', 'Memories:'])
  assert.equal(lines.slice(0, 2).sort(), ['Ben: "I\'m allergic to nuts."', 'lamp.md: "Press \'on\' twice."'])
  assert.equal(lines.slice(2), ['About this:', 'You said: "My sister lives in Rome."', 'Now: Tuesday 2026-03-10 14:05'])
})

test('the starter is shown what its examples show', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { messages, targets } = generate(seed, 'validation', 'grounded')
    const before = messages.slice(0, targets[0]!.index)
    // Read back from the text of the example, whose days, words and time are those of a device.
    const lines = messages[0]!.text.split('\n')
    const shown = shownIn(messages[0]!.text).map((memory): ShownMemory => ({ ...memory, day: '2026-01-01' }))
    const [, day, time] = /^Now: \w+ (\S+) (\S+)$/.exec(lines.at(-1)!)!
    assert.equal(writePrompt(model(chatTemplate), before.slice(1), { memories: shown, documents: [], now: `${day}T${time}` }), before, `seed ${seed}`)
  }
})

test('the starter is held to what it was taught to say, or through an adapter to what it tells; a call that is wanted for sure is made; others are held to nothing', () => {
  const starter = model(chatTemplate)
  const prompt = (text: string) => writePrompt(starter, [{ role: 'user', text }], context)
  const asked = prompt('where does my sister live?')
  const held = heldTo(starter, asked, { tools: builtInTools })
  assert.equal([held.forms, held.toolChoice, held.tools], [{ texts: ['You said: "My sister lives in Rome."'], begins: [] }, 'auto', []])
  assert.equal(heldTo({ ...starter, isAdapted: true }, asked, { tools: builtInTools }).forms, { texts: [], begins: ['You said: "My sister lives in Rome."'] })
  assert.equal(heldTo({ ...starter, isAdapted: true }, prompt('Thank you!'), { tools: builtInTools }).forms, { texts: [], begins: [''] })
  const timer = prompt('Set a timer for ten minutes')
  assert.equal(heldTo(starter, timer, { tools: builtInTools }).toolChoice, { name: 'set_timer' })
  const none = heldTo(starter, timer, { tools: builtInTools, toolChoice: 'none' })
  assert.equal([none.toolChoice, none.forms?.texts], ['none', [sayings.noTool]])
  assert.equal(heldTo(model('another'), timer, { tools: builtInTools }), { tools: builtInTools })
  assert.equal(heldTo(starter, timer, { schema: {} }), { schema: {} })
})

test.run()
