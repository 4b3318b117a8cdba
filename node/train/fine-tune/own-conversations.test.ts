import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { writeFileSync } from 'node:fs'
import { openConversations, readConversations } from '../../conversations.node.ts'
import type { Role, Turn } from '../../conversations.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { ownConversations } from './own-conversations.ts'

const turns = (...texts: string[]): Turn[] => texts.map((text, index) => ({ id: String(index), role: index % 2 === 0 ? 'user' : 'assistant', text, at: index }))
const of = (given: readonly Turn[]) => ownConversations(given, at => `at ${at}`)
/** The answers that are learned. */
const learned = (given: readonly Turn[]) => [...of(given)].flatMap(({ messages, isLearned }) => messages.filter((_, index) => isLearned[index]).map(({ content }) => content))

test('answers of a model are learned, behind what the assistant is always told', () => {
  const [conversation, ...more] = [...of(turns('hello', 'hi there', 'how are you?', 'fine'))]
  assert.equal(more, [])
  assert.equal(conversation!.messages.map(({ role, content }) => [role, content]), [['system', 'at 0'], ['user', 'hello'], ['assistant', 'hi there'], ['user', 'how are you?'], ['assistant', 'fine']])
  assert.equal(learned(turns('hello', 'hi there', 'how are you?', 'fine')), ['hi there', 'fine'])
})

test('an answer that the person corrects is read and not learned; what is said to the correction is', () => {
  for (const correction of ['No, on Friday', 'no it is not', "that's wrong", 'That is not right.', 'Actually, it was Tom', 'I meant the other one', "You're mistaken", 'wrong!', 'nope']) {
    assert.equal(learned(turns('when?', 'On Monday.', correction, 'On Friday, then.')), ['On Friday, then.'], correction)
  }
  for (const other of ['No thanks', 'no, thank you', 'nobody knows', 'thanks', 'Norway?', 'actual numbers please']) {
    assert.equal(learned(turns('when?', 'On Monday.', other, 'Good.')), ['On Monday.', 'Good.'], other)
  }
  assert.equal(learned(turns('when?', 'Shall I look it up?', 'no', 'Good.')), ['Shall I look it up?', 'Good.'], 'a no to a question corrects nothing')
})

test('what the code wrote, and no model, is not learned; a conversation without anything else is left out', () => {
  assert.equal(learned(turns('remember that Anna likes tulips', 'I will remember: Anna likes tulips', 'thanks', 'Gladly.')), ['Gladly.'])
  assert.equal([...of(turns('who is Anna?', 'I have no memory about that. No language model is installed, so I answer from memory only.'))], [])
  assert.equal([...of([])], [])
  assert.equal([...of(turns('alone'))], [])
})

test('a long conversation is several, each as long as what a model sees of one and begun by the person', () => {
  const long = turns(...Array.from({ length: 50 }, (_, index) => `turn ${index}`))
  const pieces = [...of(long)]
  assert.equal(pieces.map(({ messages }) => [messages.length, messages[1]!.content]), [0, 10, 20, 30, 40].map(from => [11, `turn ${from}`]))
  assert.equal([...of(long.slice(1))].map(({ messages }) => messages[1]!.role), Array.from({ length: 5 }, () => 'user'))
})

test('conversations are read while another holds them open, and nothing of the file is changed', () => withTempDir(dir => {
  const path = join(dir, 'conversations.db')
  assert.is(readConversations(path), undefined)
  const writer = openConversations(path)
  const say = (role: Role, text: string) => writer.append('c', role, text, 1)
  say('user', 'hello')
  const reader = readConversations(path)!
  say('assistant', 'hi')
  assert.equal([reader.list(5).map(({ id, turns: count }) => [id, count]), reader.turns('c').map(({ text }) => text)], [[['c', 2]], ['hello', 'hi']])
  writer.close()
  reader.close()
  const again = readConversations(path)!
  assert.is(again.turns('c').length, 2, 'also when no device has it open')
  again.close()
  writeFileSync(join(dir, 'other.db'), 'x'.repeat(5000))
  assert.throws(() => readConversations(join(dir, 'other.db')), (error: unknown) => isKinmeshError(error, 'StoreCorrupt'))
}))

test.run()
