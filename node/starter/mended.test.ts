import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sayings } from './answers.ts'
import { heard, mended, unsure } from './mended.ts'
import { isStatement } from './statement.ts'
import { unable, unknowing, untold } from './prompt.ts'

const quote = 'You said: "Anna likes tulips"'

test('what is told is no question, and what asks, wishes or names is nothing that is told', () => {
  for (const said of ['Anna moved to Berlin', 'my brother is called Max', 'My name is Robert', "I'm allergic to peanuts", 'I parked on level 3', 'we bought a new fridge', 'the wifi of the cabin is called Fjord', "Anna's sister lives in Rome", 'Tom and Clara have a dog', 'she works at the port']) assert.ok(isStatement(said), said)
  for (const said of ['does Tom like coffee?', 'where did I park', 'my sister', "Anna's birthday", 'wifi password', 'Shopping list', 'set a timer for 5 minutes', 'I want to know what Anna likes', 'I forgot when the meeting is', 'remind me to call Ana', 'Is my passport valid', 'thanks!', 'hello', 'Anna likes tulips?', 'tell me about Anna']) assert.not.ok(isStatement(said), said)
})

test('to what is told nothing is quoted back', () => {
  for (const answer of [quote, `${quote}\nSo no.`, untold, unknowing, unable, sayings.noTool, sayings.abilities, sayings.hello]) assert.is(mended('Anna moved to Berlin', answer, '- Anna likes tulips (2026-11-29)'), heard)
  for (const answer of [sayings.okayMore, sayings.sorry, sayings.goodbye]) assert.is(mended('I have to go now', answer, ''), answer)
})

test('what the starter says it was not told is shown with what comes nearest, and as unsure', () => {
  assert.is(mended('who likes tulips?', untold, '- Anna likes tulips (2026-11-29)'), `${unsure}\n- Anna likes tulips (2026-11-29)`)
  assert.is(mended('who likes tulips?', untold, ''), untold)
  assert.is(mended('who was Napoleon?', unknowing, '- Anna likes tulips (2026-11-29)'), unknowing)
})

test('yes and no answer what can be answered so; a call that was no call is not shown', () => {
  assert.is(mended('what does Anna like?', `${quote}\nSo no.`, ''), quote)
  assert.is(mended('does Anna like tulips?', `${quote}\nSo yes.`, ''), `${quote}\nSo yes.`)
  assert.is(mended('convert 5 miles to km', '<tool_call>{"name": "to", "arguments": {"text": "5', ''), unable)
})

test('nothing is quoted twice, and it speaks of itself only to who asks about it', () => {
  assert.is(mended('does Anna like tulips?', `${quote}\n"Tom"\n"Tom"`, ''), `${quote}\n"Tom"`)
  const itself = "I'm a small program on your devices, not a person."
  assert.equal([mended('who are you?', itself, '- x'), mended('who is Clara?', itself, '- x'), mended('who is Clara?', itself, '')], [itself, `${unsure}\n- x`, untold])
})

test.run()
