import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fromString } from 'uint8arrays/from-string'
import { channelWindowBytes, nextFrame } from '../../../mesh/channel.ts'
import { FakeTime } from '../../../mesh/timers.fixtures.ts'
import type { Channel } from '../../../mesh/types.ts'
import { encodeCbor } from '../../../mesh/codec.ts'
import { sha256Of } from '../store/model.fixtures.ts'
import { heavyBurst, idleMs, maxStreamsPerDevice, modelsProtocol, partBytes } from './limits.ts'
import { decodeAnswer, encodeQuestion, type Question } from './messages.ts'
import { addModel, bigBytes, plainPull, tinyFiles, wantedTiny, withHousehold, type Household } from './share.fixtures.ts'
import type { ModelShareOptions } from './share.node.ts'

const weights = fromString(sha256Of(tinyFiles['onnx/weights.bin'] ?? ''), 'hex')
const config = fromString(sha256Of(tinyFiles['config.json'] ?? ''), 'hex')
const order = (offset: number, length = partBytes, content = weights): Question => ({ type: 'read', content, offset, length })

/** A device with a model, and another one that says what it likes. */
function withServer(work: (parts: { house: Household; open: () => Promise<Channel>; logged: () => unknown[] }) => Promise<void>, more: Partial<ModelShareOptions> = {}): Promise<void> {
  return withHousehold(async house => {
    for (const name of ['a', 'b']) await house.start(name)
    await addModel(house.models('a'))
    const { lines } = house.share('a', more)
    await work({ house, open: () => house.mesh('b').open(house.id('a'), modelsProtocol), logged: () => lines.map(({ fields }) => fields?.['reason']) })
  })
}

/** What the last frame of a stream says. */
async function ends(channel: Channel): Promise<string> {
  let last = 'nothing'
  try {
    for (let frame = await nextFrame(channel); frame; frame = await nextFrame(channel)) {
      const answer = decodeAnswer(frame)
      last = answer.type === 'refused' ? answer.code : answer.type
    }
  } catch {
    last += ', broken'
  }
  await channel.close()
  return last
}

test('questions that cannot be end the stream by name, and nobody else is disturbed', () =>
  withServer(async ({ house, open }) => {
    const cases: [string, Uint8Array][] = [
      ['OutOfRange', encodeQuestion(order(bigBytes - partBytes + 1))],
      ['OutOfRange', encodeQuestion(order(bigBytes + 1, 1))],
      ['OutOfRange', encodeQuestion(order(0, 0))],
      ['OutOfRange', encodeQuestion(order(0, 3, config))],
      ['UnknownContent', encodeQuestion(order(0, 1, new Uint8Array(32)))],
      ['UnknownContent', encodeQuestion({ type: 'hashes', content: new Uint8Array(32) })],
      ['MalformedBytes', encodeQuestion(order(0, partBytes + 1))],
      ['MalformedBytes', encodeQuestion(order(2 ** 50, 1))],
      ['MalformedBytes', encodeCbor([2, weights, -1, 1])],
      ['MalformedBytes', encodeCbor([2, '../../identity', 0, 1])],
      ['MalformedBytes', encodeCbor([2, weights.subarray(1), 0, 1])],
      ['MalformedBytes', encodeCbor([0, 'all of them'])],
      ['MalformedBytes', encodeCbor([6, new Uint8Array(3)])],
      ['MalformedBytes', encodeCbor([99])],
      ['MalformedBytes', new Uint8Array(0)],
      ['MalformedBytes', new Uint8Array(60_000).fill(0x81)]
    ]
    for (const [code, frame] of cases) {
      const channel = await open()
      await channel.send(frame)
      assert.is(await ends(channel), code, `${code} ${frame.subarray(0, 20).join()}`)
    }
    assert.is((await house.share('b').pull(wantedTiny, plainPull))?.wasThere, false)
  }))

test('who orders and never reads gets what its stream has credit for, holds no more memory, and is cut off', () => {
  const time = new FakeTime()
  return withServer(async ({ house, open, logged }) => {
    const channel = await open()
    for (let n = 0; n < 1000; n++) await channel.send(encodeQuestion(order((n % 20) * partBytes)))
    while (house.sent('a') < channelWindowBytes - 2 * partBytes) await new Promise(resolve => setImmediate(resolve))
    while (!logged().some(each => String(each).startsWith('NotRead'))) await time.run(idleMs)
    assert.ok(house.sent('a') > channelWindowBytes - 2 * partBytes && house.sent('a') <= channelWindowBytes, String(house.sent('a')))
    assert.match(await ends(channel), 'broken')
  }, { timers: time, clock: time.clock })
})

test('a flood of lists is answered at a bounded pace, and other devices as always', () => {
  const time = new FakeTime()
  return withServer(async ({ house, open }) => {
    const channel = await open()
    for (let n = 0; n < 200; n++) await channel.send(encodeQuestion({ type: 'list' }))
    let lists = 0
    const reading = (async () => {
      for (let frame = await nextFrame(channel); frame; frame = await nextFrame(channel)) if (decodeAnswer(frame).type === 'listed') lists++
    })().catch(() => undefined)
    while (lists < heavyBurst) await new Promise(resolve => setImmediate(resolve))
    await house.start('c')
    await house.share('c').pull(wantedTiny, plainPull)
    assert.is(lists, heavyBurst)
    channel.abort(new Error('done'))
    await reading
  }, { timers: time, clock: time.clock })
})

test('more streams than a device needs are refused; who asks nothing is sent away; those that ask nothing are in nobody’s way', () => {
  const time = new FakeTime()
  return withServer(async ({ open }) => {
    const idle = await Promise.all([open(), open()])
    const streams: Channel[] = []
    for (let n = 0; n < maxStreamsPerDevice; n++) {
      const channel = await open()
      await channel.send(encodeQuestion(order(0)))
      assert.is(decodeAnswer((await nextFrame(channel)) ?? new Uint8Array()).type, 'part')
      streams.push(channel)
    }
    const surplus = await open()
    await surplus.send(encodeQuestion(order(0)))
    assert.is(await ends(surplus), 'TooManyStreams')
    await time.run(idleMs + 1)
    for (const channel of [...idle, ...streams]) assert.is(await ends(channel), 'Idle')
    const later = await open()
    await later.send(encodeQuestion({ type: 'list' }))
    assert.is(decodeAnswer((await nextFrame(later)) ?? new Uint8Array()).type, 'manifest')
    later.abort(new Error('done'))
  }, { timers: time, clock: time.clock })
})

test.run()
