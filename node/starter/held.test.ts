import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accepts } from '../model/grammar/schemas.fixtures.ts'
import type { Message } from '../model.ts'
import { generate, taskNames } from './generate.ts'
import { answerPrompt, learnPrompt, learnedKinds } from './prompt.ts'
import { sayings } from './answers.ts'
import { answerForms, heldTools, learnedSchemaOf } from './held.ts'
import { answerKindOf } from './intent/answer-kinds.ts'
import { wantedIn } from './intent/wanted.ts'
import { builtInTools } from './tools.ts'

const now = '2026-03-10T14:05'
const day = '2026-03-01'
const user = (text: string): Message => ({ role: 'user', text })
test('answers of the examples can be written: what they tell follows from what they are for, and nearly all calls are among those that may be made', () => {
  let [calls, held, answers, said, meant] = [0, 0, 0, 0, 0]
  for (const split of ['train', 'test'] as const) {
    for (const task of taskNames) {
      for (let seed = 0; seed < 30; seed++) {
        const { messages, tools, targets, learns } = generate(seed, split, task)
        for (const { index } of targets) {
          const [before, answer] = [messages.slice(0, index), messages[index]!.text]
          if (learns) continue
          const made = messages[index]!.role === 'assistant' ? (messages[index]!.calls ?? []) : []
          for (const { name, arguments: given } of made) {
            const tool = heldTools(tools, before).find(each => each.name === name)
            const isAccepted = accepts(tool?.parameters, given)
            calls++
            held += Number(isAccepted)
          }
          if (made.length > 0) continue
          const kind = answerKindOf(task, answer)
          answers++
          meant += Number(kind === undefined || before.at(-1)?.role === 'tool' || wantedIn(tools, before).answers.includes(kind))
          const can = answerForms(before, kind === undefined ? ['noTool'] : [kind])!.texts.includes(answer)
          said += Number(can)
          // Which line fits was learned, in other words than these of the test split; and a list has its name as it was typed.
          assert.ok(can || /"|^You haven't told|^(?:Added to|Removed from|On) your |^Your .+ list is empty/.test(answer), `npm run starter:show -- --task ${task} --split ${split} --seed ${seed} --count 1: ${answer}`)
        }
      }
    }
  }
  assert.ok(answers > 500 && said > 0.85 * answers, `${said} of ${answers} answers`)
  assert.ok(meant > 0.85 * answers, `${meant} of ${answers} kinds of answers`)
  // What words of a message an argument is, is found by what was learned, in other phrases and words than these of the test split.
  assert.ok(held > 0.9 * calls, `${held} of ${calls} calls`)
})

const memories = [{ day, text: 'My sister lives in Rome.' }, { day, by: 'Ben', text: 'I eat "no" nuts' }, { day, text: 'My bike cost 90 euros.' }]
const prompt = (asked: string, ...more: Message[]): Message[] => [answerPrompt({ memories, now, asked: [asked] }), user(asked), ...more]

test('what is told is what fits best, to the letter, and whose it is; whether it is so is said below it; all that fits where all is asked for', () => {
  assert.equal(answerForms(prompt('Where does my sister live?'), ['ask', 'okay'])?.texts, ['You said: "My sister lives in Rome."', sayings.okay])
  assert.equal(answerForms(prompt('Does my sister live in Rome?'), ['whether'])?.texts, ['You said: "My sister lives in Rome."\nSo yes.'])
  assert.equal(answerForms(prompt('Does my sister live in Oslo?'), ['whether'])?.texts, ['You said: "My sister lives in Rome."\nSo no.'])
  assert.equal(answerForms(prompt('What does Ben eat?'), ['ask'])?.texts, ["Ben: \"I eat 'no' nuts\""])
  assert.equal(answerForms(prompt('What is the colour of the moon?'), ['ask', 'whether', 'all'])?.texts, [sayings.untold])
  assert.equal((['time', 'date', 'day'] as const).flatMap(kind => answerForms(prompt('x'), [kind])!.texts), ['It is 14:05.', 'It is 2026-03-10.', 'It is Tuesday.'])
  const told = ['My sister lives in Rome.', 'My sister has a dog named Bruno.', 'My boss is a vegan.', 'The rent is 900 euros']
  const all = answerForms([answerPrompt({ memories: told.map(text => ({ day, text })), now, asked: ['Tell me everything about my sister'] }), user('Tell me everything about my sister')], ['all'])
  assert.equal(all!.texts.map(text => text.replace('You said: ', '').split('\n').sort()), [['"My sister has a dog named Bruno."', '"My sister lives in Rome."']])
})

test('what was told in the conversation is told like a memory, and is newer', () => {
  const turns = [user('FYI, my sister lives in Oslo now'), { role: 'assistant', text: 'Okay.' } as const, user('Where does my sister live?')]
  const forms = answerForms([answerPrompt({ memories, now, asked: turns.flatMap(({ role, text }) => (role === 'user' ? [text] : [])) }), ...turns], ['ask'])
  assert.equal(forms?.texts, ['You said: "FYI, my sister lives in Oslo now"'])
})

test('what tools gave back is told in one way; what recall found is quoted', () => {
  const after = (name: string, given: Record<string, unknown>, text: string) => answerForms(prompt('x', { role: 'assistant', text: '', calls: [{ id: 'a', name, arguments: given }] }, { role: 'tool', name, callId: 'a', text }), [])?.texts
  assert.equal(after('list_add', { list: 'party', items: ['tea'] }, 'ok'), ['Added to your party list.'])
  assert.equal(after('list_show', { list: 'party' }, 'tea, cake'), ['On your party list: tea, cake.'])
  assert.equal(after('set_timer', { duration: '9 minutes' }, 'runs until 14:17'), ['Your timer runs until 14:17.'])
  assert.equal(after('calculate', { expression: '6*7' }, 'error: disk full'), ["That didn't work: disk full."])
  assert.equal(after('weather', { city: 'Rome' }, 'sunny,\n\0 21 degrees'), ['Done.', 'It says: sunny, 21 degrees.'])
  assert.equal(after('recall', { query: 'x' }, '- 2026-03-01: Ana is a vet\n- 2026-03-02, Zoë: I know Ana'), ['You said: "Ana is a vet"\nZoë: "I know Ana"'])
  assert.equal(after('recall', { query: 'x' }, 'nothing found'), ['I found nothing.'])
  const many = Array.from({ length: 6 }, (_, at): Message => ({ role: 'tool', name: 'recall', text: Array.from({ length: 5 }, (__, line) => `- 2026-03-01: ${at} ${line} ${'y'.repeat(700)}`).join('\n') }))
  const told = answerForms(prompt('x', ...many), [])!.texts
  assert.ok(told.length > 1 && told.join('').length <= 12_000, 'no more than a grammar holds')
  assert.equal(after('recall', { query: 'x' }, `- 2026-03-01: ${'y'.repeat(900)}\n- 2026-03-01: a\0b`), [sayings.untold])
})

test('through an adapter the model goes on as it likes behind what is told, and says what it likes where nothing is', () => {
  assert.equal(answerForms(prompt('Where does my sister live?'), ['ask', 'okay'], true), { texts: [], begins: ['You said: "My sister lives in Rome."'] })
  assert.equal(answerForms(prompt('Who are you?'), ['self'], true), { texts: [], begins: [sayings.self.slice(0, -1)] })
  assert.equal(answerForms(prompt('Thanks!'), ['welcome', 'okay'], true), { texts: [], begins: [''] })
  assert.is(answerForms(prompt('Set a timer for ten minutes'), [], true), undefined)
})

test('what is learned is held to what was found in the last message, and to what it replaces; the kind is the model\'s', () => {
  const asked = 'ok, my sister lives in Oslo now. Bye!'
  const schemaOf = (text: string, memories: readonly string[]) => learnedSchemaOf([learnPrompt({ memories: memories.map(each => ({ day, text: each })), now, asked: [text] }), user(text)])
  const schema = schemaOf(asked, ['My sister lives in Rome.', 'I like tea'])
  const item = { text: 'my sister lives in Oslo now', kind: 'fact', subject: 'sister', replaces: 'My sister lives in Rome.' }
  for (const kind of learnedKinds) assert.ok(accepts(schema, [{ ...item, kind }]))
  const { replaces: _, ...first } = item
  for (const wrong of [[], [item, item], [first], [{ ...item, text: 'my sister lives in Oslo' }], [{ ...item, subject: 'user' }], [{ ...item, replaces: 'I like tea' }], [{ ...item, kind: 'note' }]]) assert.not(accepts(schema, wrong), JSON.stringify(wrong))
  assert.ok(accepts(schemaOf(asked, []), [first]))
  assert.not(accepts(schemaOf(asked, []), [item]), 'nothing is shown that could be replaced')
  assert.ok(accepts(schemaOf('What is my sister called?', []), []))
  assert.not(accepts(schemaOf('What is my sister called?', []), [first]))
  assert.ok(accepts(schemaOf('word '.repeat(200), []), [{ text: 'anything', kind: 'fact', subject: 'x' }]), 'of a long message any text')
})

test('arguments are words that the user said: those that were found, or any where none were; a sum is of its numbers', () => {
  const other = { name: 'weather', parameters: { type: 'object', properties: { when: { type: 'string' } }, required: ['when'] } }
  const held = (name: string, ...said: string[]) => heldTools([...builtInTools, other], said.flatMap((text): Message[] => [user(text), { role: 'assistant', text: 'When?' }]).slice(0, -1)).find(tool => tool.name === name)?.parameters
  const [list, reminder, asked] = [held('list_add', 'Put milk and eggs on the shopping list'), held('set_reminder', 'Remind me to call Marta tomorrow at 9'), held('set_reminder', 'Remind me to call Ana', 'at five')]
  assert.ok(accepts(list, { list: 'shopping', items: ['milk', 'eggs'] }))
  for (const wrong of [{ list: 'shopping', items: ['milk'] }, { list: 'shopping list', items: ['milk', 'eggs'] }, { list: 'shopping', items: ['eggs', 'milk'] }]) assert.not(accepts(list, wrong), JSON.stringify(wrong))
  assert.ok(accepts(reminder, { text: 'call Marta', when: 'tomorrow at 9' }))
  assert.not(accepts(reminder, { text: 'call Marta tomorrow', when: 'tomorrow at 9' }))
  assert.ok(accepts(asked, { text: 'call Ana', when: 'at five' }))
  const again = held('list_add', 'Put milk on the shopping list', 'Put eggs on the party list')
  assert.equal([{ list: 'party', items: ['eggs'] }, { list: 'shopping', items: ['milk'] }].map(given => accepts(again, given)), [true, false], 'what was said last counts')
  const timer = held('set_timer', 'Set a timer for ten minutes')
  assert.ok(accepts(timer, { duration: 'ten minutes' }))
  assert.not(accepts(timer, { duration: 'ten minutes', label: 'timer' }), 'nobody named it')
  const [rome, blimey] = [held('weather', 'weather in Rome'), held('weather', 'Blimey')]
  assert.equal(['Rome', 'weather', 'in Rome'].map(when => accepts(rome, { when })), [true, false, false], 'what a value is was learned of other tools, and the name of this one is none')
  assert.ok(accepts(blimey, { when: 'Blimey' }))
  const sum = held('calculate', 'what is 12 times 3')
  assert.equal(['12 * 3', '12 + 3', '12 * 4'].map(expression => accepts(sum, { expression })), [true, true, false])
  assert.ok(accepts(held('set_timer', 'Blimey'), { duration: 'Blimey' }))
})

test('what others said is not replaced', () => {
  const asked = 'my sister lives in Oslo now'
  const schema = learnedSchemaOf([learnPrompt({ memories: [{ day, by: 'Ben', text: 'My sister lives in Rome.' }], now, asked: [asked] }), user(asked)])
  assert.ok(accepts(schema, [{ text: asked, kind: 'fact', subject: 'sister' }]))
})

test.run()
