import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message } from '../../model.ts'
import { Dice } from '../dice.ts'
import { builtInTools } from '../tools.ts'
import { Intent, askedIn, intentTerms, otherClass, packIntent, sayMark, unpackIntent } from './intent.ts'
import { type IntentExample, intentExamples, learnIntent } from './learn-intent.ts'
import { looseCall, looseSaying } from './loose-words.ts'
import { wantedIn } from './wanted.ts'

const user = (text: string): Message => ({ role: 'user', text })
const names = (messages: readonly Message[], tools = builtInTools) => wantedIn(tools, messages).tools.map(({ name }) => name)

test('terms are words, neighbours, and words of before; numbers are all one, and each is there once', () => {
  assert.equal(intentTerms({ said: ['set 2 and 3?'], askedBack: false, quoted: false }), ['<begin>', 'set', '<number>', 'and', '<end>', '<begin> set', 'set <number>', '<number> and', 'and <number>', '<number> <end>', '<2 long>', '<question>', '<no asking>'])
  const terms = intentTerms({ said: ['No, my rent is €900 now.'], askedBack: false, quoted: true }, term => (term === 'my' ? term : '<word>'))
  for (const term of ['<begin> <word>', '<word> my', '<money>', '<3 long>', '<quoted>', '<no asking>']) assert.ok(terms.includes(term), `${term} in ${terms.join()}`)
  assert.ok(intentTerms({ said: ['My rent is high'], askedBack: false, quoted: false }).includes('<statement>'))
  assert.equal(intentTerms({ said: ['call Ana', 'at 5'], askedBack: true, quoted: false }).filter(term => term.includes('before')), ['before:call', 'before:ana', 'back before:call', 'back before:ana'])
  assert.equal(askedIn([user('remind me to call Ana'), { role: 'assistant', text: 'When?' }, user('at five')]), { said: ['remind me to call Ana', 'at five'], askedBack: true, quoted: false })
  assert.is(askedIn([user('hello'), { role: 'assistant', text: 'Hello.' }, user('at five')]).askedBack, false)
})

test('what words ask for is learned, the same numbers each time; what is kept of it in a file says the same', () => {
  const examples: IntentExample[] = []
  for (const example of intentExamples('train')) if (examples.push(example) === 3000) break
  const recipe = { seed: 1, epochs: 3, rate: 0.1, least: 5, decay: 1e-4, hidden: 0.1 }
  const learned = learnIntent(examples, recipe)
  assert.ok([`${sayMark}ask`, `${sayMark}okay`, otherClass, 'set_timer', 'list_add'].every(name => learned.classes.includes(name)), learned.classes.join())
  const right = (intent: Intent) => examples.filter(({ asked, wanted }) => [...intent.shares(asked)].sort(([, a], [, b]) => b - a)[0]![0] === wanted).length / examples.length
  const [exact, kept] = [right(new Intent(learned)), right(new Intent(unpackIntent(packIntent(learned))))]
  assert.ok(exact > 0.9, `${exact}`)
  assert.ok(Math.abs(exact - kept) < 0.02, `${kept}`)
  const shares = [...new Intent(learned).shares({ said: ['set a timer for 5 minutes'], askedBack: false, quoted: false }).values()]
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
  assert.equal(packIntent(learnIntent(examples, recipe)), packIntent(learned))
})

test('tools that nobody spoke of are not there to be taken; one of another program is where none of these is wanted; all are while a result is answered', () => {
  assert.equal(names([user('Where does my sister live?')]), [])
  for (const [text, name] of [['Set a timer for ten minutes', 'set_timer'], ['put milk on the shopping list', 'list_add'], ['Take eggs off the shopping lsit', 'list_remove']] as const) assert.equal(names([user(text)]), [name], text)
  assert.equal(names([user('I moved to Lyon last week.')]), [])
  assert.equal(names([user('remind me to call Ana'), { role: 'assistant', text: 'When?' }, user('at five')]), ['set_reminder'])
  assert.equal(['My timer is for ten minutes', 'Search all you know about my motorbike.'].map(text => names([user(text)])), [[], ['recall']], 'what is told wants no tool that is likely only, and nothing is forgotten by the way')
  const weather = { name: 'weather', parameters: { type: 'object', properties: {} } }
  const [news, vacuum] = ['news', 'vacuum'].map(name => ({ name, description: 'Cleans or reads rooms' }))
  const others = [...builtInTools, news!, vacuum!]
  assert.equal(names([user('Read me the news on Oslo')], others), ['news'], 'whoever names it means it')
  assert.equal(names([user('start nyebu with 248')], others), [], 'no word of either was said')
  assert.equal(names([user('how is the weather in Rome')], [...builtInTools, weather]), ['weather'])
  assert.equal(names([user('x'), { role: 'tool', name: 'weather', text: 'sunny' }]), builtInTools.map(({ name }) => name))
})

test('a call that is wanted for sure is made; what is only told, or asked, makes none; of a tool that is not there it is said', () => {
  const wanted = (text: string, tools = builtInTools) => wantedIn(tools, [user(text)])
  assert.equal(wanted('Set a timer for ten minutes'), { tools: builtInTools.filter(({ name }) => name === 'set_timer'), choice: { name: 'set_timer' }, answers: [] })
  assert.equal(wanted('Set a timer for ten minutes', []), { tools: [], choice: 'auto', answers: ['noTool'] })
  for (const [text, kind] of [['Where does my sister live?', 'ask'], ['Does my sister live in Rome?', 'whether'], ['Tell me everything about my sister', 'all'], ['My sister lives in Rome', 'okay'], ['What time is it?', 'time'], ['remind me to call Ana', 'when'], ['thank you!', 'welcome']] as const) {
    assert.equal(wanted(text), { tools: [], choice: 'auto', answers: [kind] }, text)
  }
})

test('what is wanted later in a conversation is what would be wanted at its beginning', () => {
  const later = (text: string) => wantedIn(builtInTools, [user('put tea on the shopping list'), { role: 'assistant', text: 'Added to your shopping list.' }, user('where does my sister live'), { role: 'assistant', text: 'You said: "My sister lives in Rome."' }, user(text)])
  for (const [text, kind] of [['is Ben allergic to nuts?', 'whether'], ['does my sister live in Rome?', 'whether'], ['what time is it?', 'time'], ['thank you!', 'welcome']] as const) assert.equal(later(text).answers, [kind], text)
  assert.equal(later('Set a timer for ten minutes').choice, { name: 'set_timer' })
})

test('messages in loose words want the tool of the message before them, and say what its arguments are', () => {
  assert.is(looseCall('no_such_tool', ['milk'], new Dice(1)), undefined)
  for (const { name } of builtInTools) assert.ok(looseCall(name, ['oat milk'], new Dice(1))?.includes('oat milk'), name)
  assert.is(looseCall('forget', ['x'], new Dice(2)), looseCall('forget', ['x'], new Dice(2)))
  assert.is(looseSaying('ask', new Dice(1)), undefined)
  assert.is(looseSaying('joke', new Dice(1)), looseSaying('joke', new Dice(1)))
  assert.ok(names([user('discard what I told you about my bike')]).includes('forget'))
})

test.run()
