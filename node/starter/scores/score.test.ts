import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fault } from '../judge.ts'
import { type LearnedItem, learnedText } from '../prompt.ts'
import { generate } from '../generate.ts'
import { misfit } from '../problems.ts'
import { builtInTools } from '../tools.ts'
import { type Turn, checkOf } from './dialogue.ts'
import { dialogues } from './dialogues.ts'
import { type Ask, dialogueScore, learnScore, promptAt, scored, taskScore } from './score.ts'

const count = 4
const nothing: Ask = async () => ({ text: '', calls: [] })
const echo: Ask = async messages => ({ text: messages.at(-1)?.text ?? '', calls: [] })

/** Knows the examples: it finds the one whose beginning it is asked. */
const oracle: Ask = (() => {
  const answers = new Map<string, { text: string; calls: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[] }>()
  for (const task of [...Object.values(scored).flat(), 'learn_facts', 'learn_change', 'learn_nothing'] as const) {
    for (let seed = 0; seed < count; seed++) {
      const example = generate(seed, 'test', task)
      const { messages, targets } = example
      for (const { index } of targets) {
        const message = messages[index]!
        answers.set(JSON.stringify(promptAt(example, index)), { text: message.text, calls: (message.role === 'assistant' ? message.calls : undefined) ?? [] })
      }
    }
  }
  return async messages => answers.get(JSON.stringify(messages)) ?? { text: 'not asked before', calls: [] }
})()

test('who answers right has all points, who repeats or says nothing next to none', async () => {
  for (const name of Object.keys(scored) as (keyof typeof scored)[]) {
    const right = await taskScore(oracle, name, { count })
    assert.is(right.share, 1, `${name}: ${right.failures[0]?.why}`)
    assert.ok(right.asked >= count * scored[name].length)
    assert.is((await taskScore(nothing, name, { count })).share, 0)
    assert.ok((await taskScore(echo, name, { count })).share < 0.6, name)
  }
  const learned = await learnScore(oracle, { count })
  assert.equal([learned.share, learned.precision, learned.recall, learned.kinds], [1, 1, 1, 1])
  assert.is((await learnScore(echo, { count })).share, 0)
})

test('extraction: precision and recall are of items; an empty list for all has neither', async () => {
  assert.is((await learnScore(async () => ({ text: '[]', calls: [] }), { count })).share, 0)
  const double: Ask = async (messages, options) => {
    const { text } = await oracle(messages, options)
    const items = JSON.parse(text) as LearnedItem[]
    return { text: learnedText([...items, ...items.map(item => ({ ...item, text: `${item.text} too` }))]), calls: [] }
  }
  const score = await learnScore(double, { count })
  assert.equal([score.recall, score.precision], [1, 0.5])
})

/** An answer that the turn asks for. */
function rightReply(turn: Turn): { text: string; calls: NonNullable<Turn['calls']> } {
  if (turn.calls) return { text: '', calls: turn.calls }
  if (turn.learns) return { text: learnedText(turn.learns), calls: [] }
  return { text: turn.unknown ? "I don't know that." : turn.says ? turn.says.map(group => (typeof group === 'string' ? group : group[0])).join(', ') : 'Okay.', calls: [] }
}

test('dialogues: fifty, each with an answer that is right, with calls that fit, and items that were said', async () => {
  assert.is(dialogues.length, 50)
  assert.is(new Set(dialogues.map(({ name }) => name)).size, 50)
  for (const { name, turns, memories = [] } of dialogues) {
    for (const turn of turns) {
      assert.is(fault(checkOf(turn), rightReply(turn)), undefined, name)
      for (const call of turn.calls ?? []) assert.is(misfit(builtInTools.find(tool => tool.name === call.name)?.parameters ?? {}, call.arguments), undefined, name)
      for (const item of turn.learns ?? []) {
        assert.ok(turn.user?.includes(item.text), name)
        assert.ok(item.replaces === undefined || memories.some(({ text }) => text === item.replaces), name)
      }
    }
  }
  const queue = dialogues.flatMap(({ turns }) => turns.map(rightReply))
  assert.is((await dialogueScore(async () => queue.shift() ?? { text: '', calls: [] }, dialogues)).share, 1)
  assert.is((await dialogueScore(nothing, dialogues)).share, 0)
  // Sarcasm and the like want any answer.
  assert.ok((await dialogueScore(async () => ({ text: "I don't know that.", calls: [] }), dialogues)).share < 0.25)
})

test('a signal ends the asking', async () => {
  const stop = new AbortController()
  stop.abort(new Error('enough'))
  await taskScore(nothing, 'grounded', { count: 1, signal: stop.signal }).then(() => assert.unreachable(), (error: Error) => assert.is(error.message, 'enough'))
})

test.run()
