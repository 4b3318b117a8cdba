import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { verdict } from './concluded.ts'
import { generate } from './generate.ts'
import { answerPrompt } from './prompt.ts'
import type { Message } from '../model.ts'

const asked = (text: string, ...told: string[]): Message[] => [answerPrompt({ memories: told.map(each => ({ day: '2026-03-01', text: each })), now: '2026-03-10T14:05', asked: [text] }), { role: 'user', text }]

test('whether a memory says yes is told by the names and values of the question', () => {
  const memory = 'My sister lives in Rome.'
  assert.is(verdict(asked('Does my sister live in Rome?', memory)), 'So yes.')
  assert.is(verdict(asked('Does my sister live in Oslo?', memory)), 'So no.')
  assert.is(verdict(asked('Does my sister live in Oslo?')), '')
  let [right, count] = [0, 0]
  for (let seed = 0; seed < 200; seed++) {
    const { messages, targets } = generate(seed, 'train', 'yes_no')
    for (const { index } of targets) {
      const [, is] = /\n(So (?:yes|no)\.)$/.exec(messages[index]!.text) ?? []
      const found = verdict(messages.slice(0, index))
      if (is === undefined || found === '') continue
      count++
      if (found === is) right++
    }
  }
  assert.ok(right / count > 0.85, `${right} of ${count}`)
})

test.run()
