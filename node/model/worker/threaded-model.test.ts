import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { convertFolder } from '../convert.node.ts'
import { openModel } from '../open-model.node.ts'
import { publishedModel, writeModel } from '../published-model.fixtures.ts'
import { openThreadedModel } from './threaded-model.node.ts'

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const say = (text: string) => [{ role: 'user', text }] as const

async function converted(dir: string): Promise<string> {
  const out = join(dir, 'made')
  await convertFolder(writeModel(join(dir, 'published'), publishedModel()), out, { bits: 8, block: 32, zeroPoints: false, small: false })
  return out
}

test('in a thread a model writes what it writes here, piece by piece, several texts at once', () => withTempDir(async dir => {
  const made = await converted(dir)
  const here = await openModel(made, 'tiny')
  const there = await openThreadedModel({ dir: made, name: 'tiny' })
  const texts = ['hello', 'the user', 'hello again', 'é 手机']
  const expected = []
  for (const text of texts) expected.push((await here.model.generate(say(text), { maxTokens: 12 })).text)
  const measured = await here.model.measure(texts)
  assert.equal([measured.tokens.length, measured.tokens.every(count => count > 0), await there.measure(texts)], [4, true, measured])
  assert.ok(measured.context >= measured.tokens[0]!)
  await here.close()
  const heard = texts.map(() => '')
  const written = await Promise.all(texts.map((text, index) => there.generate(say(text), { maxTokens: 12, onToken: piece => void (heard[index] += piece) })))
  assert.equal([written.map(({ text }) => text), heard], [expected, expected])
  await there.close()
}))

test('sampling with a seed is the same every time; stop strings and limits are kept', () => withTempDir(async dir => {
  const model = await openThreadedModel({ dir: await converted(dir), name: 'tiny' })
  const write = (seed: number) => model.generate(say('hello'), { maxTokens: 10, sampling: { temperature: 1.5, seed } })
  assert.is((await write(7)).text, (await write(7)).text)
  const { text } = await write(7)
  const stop = text.slice(3, 5)
  const cut = await model.generate(say('hello'), { maxTokens: 10, sampling: { temperature: 1.5, seed: 7 }, stop: [stop] })
  assert.equal([cut.text, cut.finish], [text.slice(0, text.indexOf(stop)), 'stop'])
  await rejects(model.generate(say('hello'), { sampling: { temperature: -1 } }), coded('InvalidOption'))
  await model.close()
}))

test('cancelled, closed, or asked for too much: a named error, and the next text is written', () => withTempDir(async dir => {
  const model = await openThreadedModel({ dir: await converted(dir), name: 'tiny' })
  const cancel = new AbortController()
  await rejects(model.generate(say('hello'), { maxTokens: 1e6, signal: cancel.signal, onToken: () => cancel.abort('enough') }), (reason: unknown) => reason === 'enough')
  await rejects(model.generate(say('hello'), { signal: AbortSignal.abort('before') }), (reason: unknown) => reason === 'before')
  await rejects(model.generate(say('hello '.repeat(5000))), coded('PromptTooLong'))
  assert.is((await model.generate(say('hello'), { maxTokens: 1 })).tokens.completion, 1)
  const last = rejects(model.generate(say('hello'), { maxTokens: 1e6 }), coded('DeviceStopped'))
  await model.close()
  await last
  await rejects(model.generate(say('hello')), coded('DeviceStopped'))
}))

test('of a conversation that is longer than the context the oldest turns are left out, the first words of the system never', () => withTempDir(async dir => {
  const model = await openThreadedModel({ dir: await converted(dir), name: 'tiny', positions: 128 })
  const turns = Array.from({ length: 12 }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text: `turn number ${index}` }) as const)
  const { dropped, tokens } = await model.generate([{ role: 'system', text: 'be kind' }, ...turns, { role: 'user', text: 'and now?' }], { maxTokens: 1 })
  assert.ok(dropped > 0 && tokens.prompt <= 96, `${dropped} ${tokens.prompt}`)
  await model.close()
}))

test('a model that does not load says why', () => withTempDir(async dir => {
  const made = await converted(dir)
  writeFileSync(join(made, 'model.onnx'), 'no graph')
  await rejects(openThreadedModel({ dir: made, name: 'tiny' }), coded('ModelFailed'))
  await rejects(openThreadedModel({ dir: join(dir, 'nowhere'), name: 'tiny' }), coded('NotConverted'))
}))

test.run()
