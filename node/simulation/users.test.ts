import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TrainingConversation } from '../train/examples/conversation.ts'
import { userTexts } from './users.ts'

const terms = { examples: 30, heldOut: 6, topics: 0.3, styles: 3 }
const said = (conversation: TrainingConversation) => conversation.messages.filter(({ role, content }) => role === 'assistant' && content !== '').map(({ content }) => content)
const asked = (conversation: TrainingConversation) => JSON.stringify(conversation.messages.filter(({ role }) => role === 'user'))

test('each user has as many conversations as were asked for, none twice, and is answered in one way of its own', () => {
  const { training, heldOut } = userTexts(terms, 6, 1)
  assert.equal([training.map(({ length }) => length), heldOut.map(({ length }) => length)], [Array(6).fill(30), Array(6).fill(6)])
  const ways = [...training, ...heldOut].map(own => new Set(own.flatMap(said).map(text => / ?, ([a-z ]+)[!?]$/.exec(text as string)![1]!)))
  assert.equal(ways.map(({ size }) => size), Array(12).fill(1))
  const addresses = ways.map(way => [...way][0]!)
  assert.equal(addresses, [...addresses.slice(0, 3), ...addresses.slice(0, 3), ...addresses.slice(0, 3), ...addresses.slice(0, 3)])
  assert.is(new Set(addresses).size, 3)
  for (const own of training) assert.ok(own.every(({ isLearned }) => isLearned.some(Boolean)))
  const texts = [...training, ...heldOut].flat().map(({ messages }) => JSON.stringify(messages))
  assert.is(new Set(texts).size, texts.length)
  assert.not.match(texts.join(), /Learn from the last message/)
})

test('the same seed gives the same, another seed others; who else there is changes nobody\'s texts', () => {
  const [once, again, other, fewer] = [userTexts(terms, 3, 1), userTexts(terms, 3, 1), userTexts(terms, 3, 2), userTexts(terms, 2, 1)]
  assert.equal(again, once)
  assert.equal(fewer.training, once.training.slice(0, 2))
  assert.equal(other.training.flat().filter(conversation => once.training.flat().some(each => asked(each) === asked(conversation))), [])
})

test('the smaller the number, the fewer topics a user has', () => {
  const tools = (topics: number) => userTexts({ ...terms, topics, styles: 1 }, 8, 3).training.map(own => new Set(own.flatMap(({ messages }) => messages.flatMap(message => (message.tool_calls ?? []).map(({ function: { name } }) => name)))).size)
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
  assert.ok(sum(tools(0.05)) * 2 < sum(tools(100)), `${tools(0.05).join()} and ${tools(100).join()} tools`)
})

test.run()
