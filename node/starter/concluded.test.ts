import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message } from '../model.ts'
import { concluded } from './concluded.ts'
import { generate } from './generate.ts'
import { heldAnswer } from './held.ts'
import { answerPrompt } from './prompt.ts'

const now = '2026-03-10T14:05'
const user = (text: string): Message => ({ role: 'user', text })
const asked = (text: string, ...told: string[]): Message[] => [answerPrompt({ memories: told.map(each => ({ day: '2026-03-01', text: each })), now, asked: [text] }), user(text)]
const texts = (messages: readonly Message[]) => Object.fromEntries(concluded(messages).map(each => [each.after, each.texts]))

test('answers about results, lists and the time can be written, and have nothing else to say', () => {
  let seen = 0
  for (const task of ['calculate', 'dates', 'list_show', 'now', 'other_tool', 'reminder'] as const) {
    for (let seed = 0; seed < 60; seed++) {
      const { messages, targets } = generate(seed, 'train', task)
      for (const { index } of targets) for (const { after, texts: may } of concluded(messages.slice(0, index))) {
        const [, ...rest] = messages[index]!.text.split(after)
        if (rest.length === 0) continue
        seen++
        assert.ok(may.some(text => rest.join(after).startsWith(text)), `${messages[index]!.text}, and ${may.join()}`)
      }
    }
  }
  assert.ok(seen > 150, `${seen}`)
})

test('whether a memory says yes is told by the names and values of the question', () => {
  const memory = 'My sister lives in Rome.'
  assert.equal(texts(asked('Does my sister live in Rome?', memory))['\nSo '], ['yes.'])
  assert.equal(texts(asked('Does my sister live in Oslo?', memory))['\nSo '], ['no.'])
  let [right, count] = [0, 0]
  for (let seed = 0; seed < 200; seed++) {
    const { messages, targets } = generate(seed, 'train', 'yes_no')
    for (const { index } of targets) {
      const [, is] = /\nSo (yes|no)\.$/.exec(messages[index]!.text) ?? []
      const [conclusion] = concluded(messages.slice(0, index)).filter(({ after }) => after === '\nSo ')
      if (is === undefined || !conclusion) continue
      count++
      if (conclusion.texts[0] === `${is}.`) right++
    }
  }
  assert.ok(right / count > 0.85, `${right} of ${count}`)
})

test('the time is told as it was asked for; a tool that failed says why; what has no visible form is left out', () => {
  assert.equal(['What time is it?', 'How late is it', "what's the date today", 'What day is it?', 'Who is Ana?'].map(text => texts(asked(text))['It is ']), [['14:05.'], ['14:05.'], ['2026-03-10.'], ['Tuesday.'], undefined])
  const after = (result: string) => texts([...asked('Set a timer'), { role: 'assistant', text: '', calls: [{ name: 'set_timer', arguments: {} }] }, { role: 'tool', name: 'set_timer', text: result }])
  assert.equal(after('error: no such time'), { "That didn't work: ": ['no such time.'] })
  assert.equal(after('a\nb'), {})
})

test('a person whose name ends like a mark is quoted, and the mark is not held then', () => {
  const messages: Message[] = [answerPrompt({ memories: [{ day: '2026-03-01', by: 'My list: x', text: 'hello' }], now, asked: ['x'] }), user('x'), { role: 'assistant', text: '', calls: [{ name: 'list_show', arguments: {} }] }, { role: 'tool', name: 'list_show', text: 'milk' }]
  const marks = heldAnswer(messages).map(({ after }) => after)
  for (const mark of marks) assert.not(marks.some(other => other !== mark && other.includes(mark)), marks.join())
})

test('of memories that are shown, an answer begins with the one that fits; what the conversation and tools told may stand there too', () => {
  const [rome, birthday] = ['Anna lives in Rome', "Anna's birthday is on 3 May"]
  const first = (messages: readonly Message[]) => heldAnswer(messages).find(({ after }) => after === 'You said: "')?.texts
  assert.equal(first(asked('where does Anna live?', rome, birthday)), [`${rome}"`])
  assert.equal(first(asked('when is Anna’s birthday?', rome, birthday)), [`${birthday}"`])
  assert.equal(first(asked('what is her shoe size?', rome, birthday))?.length, 2, 'where nothing fits, it has to say so itself')
  const [system, question] = asked('where does Anna live?', rome, birthday) as [Message, Message]
  assert.equal(first([system, user('my dog is Rex'), { role: 'assistant', text: 'Okay.' }, question])?.toSorted(), [`${rome}"`, 'my dog is Rex"'])
})

test.run()
