import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accepts } from '../model/grammar/schemas.fixtures.ts'
import type { Message } from '../model.ts'
import { generate, taskNames } from './generate.ts'
import { answerPrompt, learnPrompt, learnedKinds } from './prompt.ts'
import type { Forms } from '../model/grammar/form-grammar.ts'
import { sayings } from './answers.ts'
import { answerForms, heldAnswer, heldTools, learnedSchemaOf, quotable } from './held.ts'
import { builtInTools } from './tools.ts'

const now = '2026-03-10T14:05'
const day = '2026-03-01'
const user = (text: string): Message => ({ role: 'user', text })
const marksOf = (messages: readonly Message[]) => Object.fromEntries(quotable(messages).map(({ after, texts }) => [after, texts]))

/** Whether a text is one of the forms. */
function canSay({ texts, first, next }: Forms, text: string): boolean {
  const [line = '', ...further] = text.split('\n')
  return texts.includes(text) || (first.includes(line) && further.every(each => next.includes(each)))
}

test('answers of the examples can be written: what they quote is among what may be quoted, and nearly all calls among those that may be made', () => {
  let [quotations, calls, held, forms, said] = [0, 0, 0, 0, 0]
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
            assert.ok(isAccepted || builtInTools.some(each => each.name === name), `npm run starter:show -- --task ${task} --split ${split} --seed ${seed} --count 1: ${JSON.stringify(given)}`)
          }
          for (const { after, texts } of quotable(before)) {
            for (const rest of answer.split(after).slice(1)) {
              quotations++
              assert.ok(texts.some(text => rest.startsWith(text)), `npm run starter:show -- --task ${task} --split ${split} --seed ${seed} --count 1: ${after}${rest}`)
            }
          }
          if (made.length === 0) {
            forms++
            const canBeSaid = canSay(answerForms(before), answer)
            said += Number(canBeSaid)
            // Which line fits was learned, in other words than these of the test split; and a list has its name as it was typed.
            assert.ok(canBeSaid || /"|^(?:Added to|Removed from|On) your /.test(answer), `npm run starter:show -- --task ${task} --split ${split} --seed ${seed} --count 1: ${answer}`)
          }
          if (/^(You said|[^"\n]+): "/.test(answer)) assert.ok(quotable(before).some(({ after }) => answer.startsWith(after)), answer)
        }
      }
    }
  }
  assert.ok(forms > 500 && said > 0.8 * forms, `${said} of ${forms} answers`)
  assert.ok(quotations > 500, `${quotations} quotations`)
  // What words of a message an argument is, is found by what was learned, in other phrases and words than these of the test split.
  assert.ok(held > 0.9 * calls, `${held} of ${calls} calls`)
})

test('memories, what recall found and what the user said before may be quoted, each as who said it; the question may not', () => {
  const messages: Message[] = [
    answerPrompt({ memories: [{ day, text: 'My sister lives in Rome.' }, { day, by: 'Ben', text: 'I eat "no" nuts' }], now, asked: ['where does she live'] }),
    user('my dog is Rex'), { role: 'assistant', text: 'Okay.' }, user('look for Ana'), { role: 'assistant', text: '', calls: [{ name: 'recall', arguments: { query: 'Ana' } }] },
    { role: 'tool', name: 'recall', text: '- 2026-03-01: Ana is a vet\n- 2026-03-02, Zoë: I know Ana' }
  ]
  assert.equal(marksOf(messages), {
    'You said: "': ['My sister lives in Rome."', 'my dog is Rex"', 'Ana is a vet"'],
    '\n"': ['My sister lives in Rome."', 'my dog is Rex"', 'Ana is a vet"'],
    'Ben: "': ["I eat 'no' nuts\""],
    'Zoë: "': ['I know Ana"']
  })
  assert.equal(marksOf([answerPrompt({ memories: [], now, asked: ['"hi"'] }), user('"hi"')]), {})
})

test('first comes what fits best, and then what fits as well', () => {
  const memories = ['Rita lives in Oslo.', 'Rita plays the harp.', 'My bike cost 90 euros.'].map(text => ({ day, text }))
  const of = (asked: string) => Object.fromEntries(heldAnswer([answerPrompt({ memories, now, asked: [asked] }), user(asked)]).map(({ after, texts }) => [after, texts]))
  assert.equal(of('how much was my bike?')['You said: "'], ['My bike cost 90 euros."'])
  const all = of('tell me everything about Rita')
  assert.equal([...all['You said: "']!, ...all['\n"']!].sort(), ['Rita lives in Oslo."', 'Rita plays the harp."'])
})

test('names that end alike leave the longer one free; what is too long, or has no visible form, is not quoted', () => {
  const by = (name: string, text: string) => ({ day, by: name, text })
  assert.equal(Object.keys(marksOf([answerPrompt({ memories: [by('Big Ben', 'a'), by('Ben', 'b')], now, asked: [] }), user('x')])), ['Ben: "'])
  assert.equal(marksOf([answerPrompt({ memories: [{ day, text: 'y'.repeat(900) }, { day, text: 'a\0b' }], now, asked: [] }), user('x')]), {})
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

test('arguments are words that the user said: those that were found, or any where none were; tools of other programs take any', () => {
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
  assert.ok(accepts(held('weather', 'Remind me to call Marta tomorrow'), { when: 'Marta' }))
  assert.ok(accepts(held('set_timer', 'Blimey'), { duration: 'Blimey' }))
})

test('an answer is a quotation, what is said the same each time, or what follows from a result; the time only where it is asked for', () => {
  const prompt = (asked: string, ...more: Message[]): Message[] => [answerPrompt({ memories: [{ day, text: 'My sister lives in Rome.' }, { day, by: 'Ben', text: 'I eat nuts' }], now, asked: [asked] }), user(asked), ...more]
  const forms = answerForms(prompt('Where does my sister live?'))
  for (const text of ['You said: "My sister lives in Rome."', 'You said: "My sister lives in Rome."\nBen: "I eat nuts"', 'Ben: "I eat nuts"', sayings.untold, sayings.okay]) assert.ok(canSay(forms, text), text)
  for (const text of ['You said: "My sister lives in Oslo."', 'It is 14:05.', 'It is Rome.', 'Okay.\nOkay.', '']) assert.not(canSay(forms, text), text)
  assert.ok(canSay(answerForms(prompt('What time is it?')), 'It is 14:05.'))
  const after = (name: string, given: Record<string, unknown>, text: string) => answerForms(prompt('x', { role: 'assistant', text: '', calls: [{ id: 'a', name, arguments: given }] }, { role: 'tool', name, callId: 'a', text })).texts
  assert.equal(after('list_add', { list: 'party', items: ['tea'] }, 'ok'), ['Added to your party list.'])
  assert.equal(after('list_show', { list: 'party' }, 'tea, cake'), ['On your party list: tea, cake.'])
  assert.equal(after('set_timer', { duration: '9 minutes' }, 'runs until 14:17'), ['Your timer runs until 14:17.'])
  assert.equal(after('calculate', { expression: '6*7' }, 'error: disk full'), ["That didn't work: disk full."])
  assert.equal(after('weather', { city: 'Rome' }, 'sunny,\n\0 21 degrees'), ['Done.', 'It says: sunny, 21 degrees.'])
  assert.equal(after('recall', { query: 'x' }, '- 2026-03-01: Ana is a vet'), [sayings.untold])
})

test('where all is asked for, all that fits is told, and nothing else', () => {
  const told = ['My sister lives in Rome.', 'My sister has a dog named Bruno.', 'My boss is a vegan.', 'The rent is 900 euros']
  const forms = answerForms([answerPrompt({ memories: told.map(text => ({ day, text })), now, asked: ['Tell me everything about my sister'] }), user('Tell me everything about my sister')])
  const quotations = forms.texts.filter(text => text.startsWith('You said: '))
  assert.is(quotations.length, 1)
  assert.equal(quotations[0]!.replace('You said: ', '').split('\n').sort(), ['"My sister has a dog named Bruno."', '"My sister lives in Rome."'])
  assert.equal([forms.first, forms.next], [[], []])
})

test('what others said is not replaced', () => {
  const asked = 'my sister lives in Oslo now'
  const schema = learnedSchemaOf([learnPrompt({ memories: [{ day, by: 'Ben', text: 'My sister lives in Rome.' }], now, asked: [asked] }), user(asked)])
  assert.ok(accepts(schema, [{ text: asked, kind: 'fact', subject: 'sister' }]))
})

test.run()
