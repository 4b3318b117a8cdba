import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { publishedEncoder, writeEncoder } from './encoder.fixtures.ts'
import { maxTexts } from './encoder.ts'
import { openEncoder } from './open-encoder.node.ts'
import { openThreadedEncoder } from './threaded-encoder.node.ts'

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const texts = ['tea at five', '', '你好', 'the hello works at five: playing, playing, and playing again']

test('in a thread an encoder gives what it gives here, to several at once', () => withTempDir(async dir => {
  writeEncoder(dir, publishedEncoder())
  const [here, there] = [await openEncoder(dir), await openThreadedEncoder({ dir, threads: 1 })]
  assert.equal([there.dimensions, there.normalized, there.isAssumed], [here.dimensions, here.normalized, here.isAssumed])
  const expected = await here.embed(texts)
  const found = await Promise.all([there.embed(texts), there.embed(texts, { kind: 'query' }), there.embed([]), ...texts.map(text => there.embed([text]))])
  assert.equal(found.map(vectors => vectors.length), [4, 4, 0, 1, 1, 1, 1])
  for (const [index, vector] of [...found[0]!, ...found[1]!, ...found.slice(3).flat()].entries()) {
    const wanted = expected[index % texts.length]!
    assert.ok(vector.length === wanted.length && vector.every((value, at) => Math.abs(value - wanted[at]!) < 1e-5))
    assert.is(vector.buffer.byteLength, vector.byteLength, 'each its own memory')
  }
  const tokens: number[] = []
  for (const encoder of [here, there]) for (const given of [['tea at five'], ['tea', 'at five']]) await encoder.embed(given, { onTokens: read => tokens.push(read) })
  assert.equal(tokens, [5, 7, 5, 7], 'with one before and one behind each')
  await here.close()
  await there.close()
}))

test('the thread of who asks goes on meanwhile; cancelled or closed it is a named error', () => withTempDir(async dir => {
  const encoder = await openThreadedEncoder({ dir: writeEncoder(dir, publishedEncoder()), threads: 1 })
  const many = Array<string>(maxTexts).fill('the hello works at five')
  let isDone = false
  let turns = 0
  const all = encoder.embed(many).then(vectors => (isDone = vectors.length === maxTexts))
  while (!isDone) {
    await new Promise(resolve => { setImmediate(resolve) })
    turns++
  }
  await all
  assert.ok(turns > 10, String(turns))
  const cancel = new AbortController()
  const cut = rejects(encoder.embed(many, { signal: cancel.signal }), (reason: unknown) => reason === 'enough')
  await encoder.embed(['tea'])
  cancel.abort('enough')
  await cut
  await rejects(encoder.embed(['tea'], { signal: AbortSignal.abort('before') }), (reason: unknown) => reason === 'before')
  await rejects(encoder.embed([...many, 'x']), coded('TooManyTexts'))
  assert.is((await encoder.embed(['tea'])).length, 1)
  const last = rejects(encoder.embed(many), coded('DeviceStopped'))
  await encoder.close()
  await last
  await rejects(encoder.embed(['tea']), coded('DeviceStopped'))
  await encoder.close()
}))

test('an encoder that does not load says why', () => withTempDir(async dir => {
  writeEncoder(dir, publishedEncoder({ 'onnx/model.onnx': 'no graph' }))
  await rejects(openThreadedEncoder({ dir }), coded('ModelFailed'))
  writeEncoder(dir, { 'config.json': '{"model_type":"llama"}' })
  await rejects(openThreadedEncoder({ dir }), coded('BadModelFile'))
}))

test.run()
