import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../mesh/errors.ts'
import { silentLogger } from '../../mesh/log.ts'
import { rejects } from '../../tools/assert.ts'
import type { Generated, Message, Model, TextOptions } from '../model.ts'
import { maxSteps, runAgent } from './agent.ts'
import type { RunnableTool } from './tools/tool.ts'

const said = (text: string, more: Partial<Generated> = {}): Generated => ({ text, tokens: { prompt: 10, completion: 2 }, finish: 'end', calls: [], refusals: [], ...more })
const calling = (name: string, given: Record<string, unknown> = {}) => said('', { calls: [{ id: 'abcdefghi', name, arguments: given }] })
const asked: Message[] = [{ role: 'user', text: 'what is 2 + 2' }]
const context = { said: ['what is 2 + 2'], turnId: 't' }

/** A model that says one thing after the other; `heard`: what it was asked each time. */
function scripted(...answers: (Generated | Error)[]): { model: Model; heard: { messages: readonly Message[]; options: TextOptions }[] } {
  const heard: { messages: readonly Message[]; options: TextOptions }[] = []
  const model: Model = {
    name: 'scripted',
    async generate(messages, options = {}) {
      heard.push({ messages: [...messages], options })
      const next = answers[Math.min(heard.length, answers.length) - 1]!
      if (next instanceof Error) throw next
      options.onToken?.(next.text)
      return next
    }
  }
  return { model, heard }
}

function tool(name: string, run: RunnableTool['run']): RunnableTool {
  return { tool: { name, parameters: { type: 'object', properties: {} } }, run }
}
const sum = tool('sum', async ({ a, b }) => ({ text: String(Number(a) + Number(b)), memories: ['m1'] }))

test('calls are run and told until the model says something; tokens are those of all steps', async () => {
  const { model, heard } = scripted(calling('sum', { a: 2, b: 2 }), said('4'))
  const pieces: string[] = []
  const answer = await runAgent(model, asked, [sum], context, { onToken: piece => void pieces.push(piece) }, silentLogger)
  assert.equal(answer, { ...said('4'), tokens: { prompt: 20, completion: 4 }, memories: ['m1'], steps: [{ tool: 'sum', arguments: { a: 2, b: 2 }, result: '4' }] })
  assert.equal(heard[1]!.messages.slice(1), [{ role: 'assistant', text: '', calls: [{ id: 'abcdefghi', name: 'sum', arguments: { a: 2, b: 2 } }] }, { role: 'tool', text: '4', callId: 'abcdefghi', name: 'sum' }])
  assert.equal([heard[0]!.options.tools, pieces.join('')], [[sum.tool], '4'])
})

test('what fails is told to the model, without what is for people', async () => {
  const failing = tool('sum', async () => {
    throw new KinmeshError('StoreFailed', 'the disk is full: free some room')
  })
  const broken = tool('broken', async () => {
    throw new TypeError('secret internals')
  })
  const { model, heard } = scripted(calling('sum'), calling('broken'), calling('nowhere'), said('', { refusals: [{ reason: 'no JSON', raw: '{' }] }), said('sorry'))
  const { text, steps } = await runAgent(model, asked, [failing, broken], context, {}, silentLogger)
  assert.equal([text, steps.map(({ result }) => result)], ['sorry', ['error: the disk is full', 'error: the tool failed', 'error: there is no tool nowhere']])
  assert.equal(heard.at(-1)!.messages.at(-1), { role: 'tool', text: 'error: no JSON' })
})

test('a model that never stops calling has to answer in the end', async () => {
  const { model, heard } = scripted(...Array.from({ length: maxSteps }, () => calling('sum', { a: 1, b: 1 })), said('enough'))
  const { text, steps } = await runAgent(model, asked, [sum], context, {}, silentLogger)
  assert.equal([text, steps.length, heard.map(({ options }) => options.toolChoice)], ['enough', maxSteps, [...Array<string>(maxSteps).fill('auto'), 'none']])
  const stubborn = scripted(calling('sum', { a: 1, b: 1 }))
  assert.equal([(await runAgent(stubborn.model, asked, [sum], context, {}, silentLogger)).steps.length, stubborn.heard.length], [maxSteps, maxSteps + 1])
})

test('a model that knows no tools, or has no room for them, answers without', async () => {
  for (const code of ['NoTools', 'PromptTooLong']) {
    const { model, heard } = scripted(new KinmeshError(code, 'none'), said('hello'))
    assert.is((await runAgent(model, asked, [sum], context, {}, silentLogger)).text, 'hello')
    assert.is(heard[1]!.options.tools, undefined)
  }
  await rejects(runAgent(scripted(new KinmeshError('ModelFailed', 'no')).model, asked, [sum], context, {}, silentLogger), (error: unknown) => error instanceof KinmeshError && error.code === 'ModelFailed')
})

test('cancelled while a tool runs, nothing more is asked; a long result is cut', async () => {
  const cancel = new AbortController()
  const { model, heard } = scripted(calling('wait'), said('never'))
  const wait = tool('wait', async (_, { signal }) => {
    cancel.abort('enough')
    signal?.throwIfAborted()
    return { text: '', memories: [] }
  })
  await rejects(runAgent(model, asked, [wait], { ...context, signal: cancel.signal }, { signal: cancel.signal }, silentLogger), (reason: unknown) => reason === 'enough')
  assert.is(heard.length, 1)
  const long = tool('long', async () => ({ text: 'x'.repeat(10_000), memories: [] }))
  const { steps } = await runAgent(scripted(calling('long'), said('ok')).model, asked, [long], context, {}, silentLogger)
  assert.ok(steps[0]!.result.length < 4100 && steps[0]!.result.endsWith('(cut)'))
})

test.run()
