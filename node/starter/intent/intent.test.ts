import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message } from '../../model.ts'
import { Dice } from '../dice.ts'
import { builtInTools } from '../tools.ts'
import { Intent, askedIn, intentTerms, otherClass, packIntent, sayClass, unpackIntent } from './intent.ts'
import { type IntentExample, intentExamples, learnIntent } from './learn-intent.ts'
import { looseCall } from './tool-words.ts'
import { surelyWanted, wantedTools } from './wanted-tools.ts'

const user = (text: string): Message => ({ role: 'user', text })
const names = (messages: readonly Message[], tools = builtInTools) => wantedTools(tools, messages).map(({ name }) => name)

test('terms are words, neighbours, and words of before; numbers are all one, and each is there once', () => {
  assert.equal(intentTerms({ said: ['set 2 and 3?'], askedBack: false }), ['<begin>', 'set', '<number>', 'and', '<end>', '<begin> set', 'set <number>', '<number> and', 'and <number>', '<number> <end>', '<question>'])
  assert.equal(intentTerms({ said: ['call Ana', 'at 5'], askedBack: true }).filter(term => term.includes('before')), ['before:call', 'before:ana', 'back before:call', 'back before:ana'])
  assert.equal(askedIn([user('remind me to call Ana'), { role: 'assistant', text: 'When?' }, user('at five')]), { said: ['remind me to call Ana', 'at five'], askedBack: true })
  assert.is(askedIn([user('hello'), { role: 'assistant', text: 'Hello.' }, user('at five')]).askedBack, false)
})

test('what words ask for is learned, the same numbers each time; what is kept of it in a file says the same', () => {
  const examples: IntentExample[] = []
  for (const example of intentExamples('train')) if (examples.push(example) === 3000) break
  const recipe = { seed: 1, epochs: 3, rate: 0.1, least: 5, decay: 1e-4, hidden: 0.1 }
  const learned = learnIntent(examples, recipe)
  assert.ok([sayClass, otherClass, 'set_timer', 'list_add'].every(name => learned.classes.includes(name)), learned.classes.join())
  const right = (intent: Intent) => examples.filter(({ asked, wanted }) => [...intent.shares(asked)].sort(([, a], [, b]) => b - a)[0]![0] === wanted).length / examples.length
  const [exact, kept] = [right(new Intent(learned)), right(new Intent(unpackIntent(packIntent(learned))))]
  assert.ok(exact > 0.9, `${exact}`)
  assert.ok(Math.abs(exact - kept) < 0.02, `${kept}`)
  const shares = [...new Intent(learned).shares({ said: ['set a timer for 5 minutes'], askedBack: false }).values()]
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
  assert.equal(packIntent(learnIntent(examples, recipe)), packIntent(learned))
})

test('tools that nobody spoke of are not there to be taken; those of other programs are, and all are while a result is answered', () => {
  assert.equal(names([user('Where does my sister live?')]).filter(name => name === 'forget' || name === 'set_timer'), [])
  assert.ok(names([user('Set a timer for ten minutes')]).includes('set_timer'))
  assert.ok(names([user('put milk on the shopping list')]).includes('list_add'))
  assert.equal(names([user('I moved to Lyon last week.')]), [])
  assert.ok(names([user('remind me to call Ana'), { role: 'assistant', text: 'When?' }, user('at five')]).includes('set_reminder'))
  const weather = { name: 'weather', parameters: { type: 'object', properties: {} } }
  assert.ok(names([user('Where does my sister live?')], [...builtInTools, weather]).includes('weather'))
  assert.equal(names([user('x'), { role: 'tool', name: 'weather', text: 'sunny' }]), builtInTools.map(({ name }) => name))
})

test('a call that is wanted for sure is made, and none that forgets; what is only told, or asked, makes none', () => {
  const sure = (...messages: Message[]) => surelyWanted(builtInTools, messages)
  assert.is(sure(user('Set a timer for ten minutes')), 'set_timer')
  assert.is(sure(user('put milk on the shopping list')), 'list_add')
  for (const text of ['forget my address', 'Where does my sister live?', 'My sister lives in Rome', 'I hate timers']) assert.is(sure(user(text)), undefined, text)
  assert.is(sure(user('Set a timer for ten minutes'), { role: 'tool', name: 'set_timer', text: 'runs until 14:17' }), undefined)
  assert.is(surelyWanted([], [user('Set a timer for ten minutes')]), undefined)
})

test('messages in loose words want the tool of the message before them, and say what its arguments are', () => {
  assert.is(looseCall('no_such_tool', ['milk'], new Dice(1)), undefined)
  for (const { name } of builtInTools) assert.ok(looseCall(name, ['oat milk'], new Dice(1))?.includes('oat milk'), name)
  assert.is(looseCall('forget', ['x'], new Dice(2)), looseCall('forget', ['x'], new Dice(2)))
  assert.ok(names([user('discard what I told you about my bike')]).includes('forget'))
})

test.run()
