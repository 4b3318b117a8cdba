import { streamPair } from '@libp2p/utils'
import type { Stream } from '@libp2p/interface'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { channelWindowBytes, channelOver, maxFrameBytes, minFrameCostBytes, nextFrame, type ChannelOptions } from './channel.ts'
import { isKinmeshError } from './errors.ts'
import { bytesOf, recordingLogger } from './mesh.fixtures.ts'

const options = (more: Partial<ChannelOptions> = {}): ChannelOptions => ({ peer: 'peer', protocol: '/test/1', log: recordingLogger(), tap: undefined, ...more })

async function channels(pair: Parameters<typeof streamPair>[0] = {}) {
  const [a, b] = await streamPair(pair)
  return [channelOver(a, options()), channelOver(b, options())] as const
}

/** A channel, and the bare stream of a peer that may say anything. */
async function channelAndStream(more: Partial<ChannelOptions> = {}) {
  const [a, stream] = await streamPair()
  stream.addEventListener('message', () => {})
  return { channel: channelOver(a, options(more)), stream, a }
}

const word = (value: number) => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
const framed = (frame: Uint8Array) => new Uint8Array([...word(frame.length), ...frame])

async function closedWith(promise: Promise<unknown>, code = 'ChannelClosed'): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.ok(isKinmeshError(error, code), String(error))
    return
  }
  assert.unreachable(`not ${code}`)
}

test('frames keep their boundaries and order, whatever the transport does to bytes', async () => {
  const { channel, stream } = await channelAndStream()
  const bytes = [framed(bytesOf('one')), framed(bytesOf('')), framed(bytesOf('three')), word(0xffff_ffff)].flatMap(part => [...part])
  for (const byte of bytes.slice(0, 12)) stream.send(new Uint8Array([byte]))
  stream.send(new Uint8Array(bytes.slice(12)))
  const frames: Uint8Array[] = []
  for await (const frame of channel.frames) frames.push(frame)
  assert.equal(frames, [bytesOf('one'), bytesOf(''), bytesOf('three')])
})

test(`a frame of ${maxFrameBytes} bytes passes, a larger one is refused at both ends`, async () => {
  const [a, b] = await channels()
  await a.send(new Uint8Array(maxFrameBytes).fill(7))
  assert.equal(await nextFrame(b), new Uint8Array(maxFrameBytes).fill(7))
  await closedWith(a.send(new Uint8Array(maxFrameBytes + 1)), 'FrameTooLarge')
  await a.send(bytesOf('still open'))
  assert.equal(await nextFrame(b), bytesOf('still open'))

  const { channel, stream } = await channelAndStream()
  // Only the length arrives: nothing is awaited or stored for it.
  stream.send(word(maxFrameBytes + 1))
  await closedWith(nextFrame(channel))
  await closedWith(channel.send(bytesOf('x')))
})

test('a peer that sends more than it was granted is cut off', async () => {
  const { channel, stream, a } = await channelAndStream()
  const full = framed(new Uint8Array(maxFrameBytes))
  for (let sent = 0; sent + full.length <= channelWindowBytes; sent += full.length) stream.send(full)
  assert.is((await nextFrame(channel))!.length, maxFrameBytes)
  assert.is(a.status, 'open')
  stream.send(full)
  const read = async () => {
    for await (const frame of channel.frames) assert.is(frame.length, maxFrameBytes)
  }
  await closed(a)
  await closedWith(read())
})

test('a peer that grants more than the window is cut off', async () => {
  const { channel, stream } = await channelAndStream()
  stream.send(word(0x8000_0001))
  await closedWith(nextFrame(channel))
})

test('a grant of nothing breaks the channel: it would cost its sender nothing for ever', async () => {
  const { channel, stream } = await channelAndStream()
  stream.send(word(0x8000_0000))
  await closedWith(nextFrame(channel))
})

test('tiny frames cost credit too: a window holds no more of them than fit its memory', async () => {
  const most = channelWindowBytes / minFrameCostBytes
  const { channel, stream, a } = await channelAndStream()
  for (let sent = 0; sent < most; sent += 256) stream.send(new Uint8Array(256 * 4))
  assert.is((await nextFrame(channel))!.length, 0)
  assert.is(a.status, 'open')
  stream.send(new Uint8Array(4))
  await closed(a)

  let tapped = 0
  const sender = await channelAndStream({ tap: () => void tapped++ })
  await Promise.all(Array.from({ length: most }, () => sender.channel.send(new Uint8Array())))
  const last = sender.channel.send(new Uint8Array())
  await heardThrough(sender)
  assert.is(tapped, most)
  sender.stream.send(word(0x8000_0000 + minFrameCostBytes))
  await last
})

test('a sender waits for its peer to read', async () => {
  const [a, b] = await channels()
  let sent = 0
  const frames = 64
  const sending = (async () => {
    for (let i = 0; i < frames; i++) {
      await a.send(new Uint8Array(maxFrameBytes).fill(i))
      sent++
    }
    await a.close()
  })()
  let read = 0
  for await (const frame of b.frames) {
    assert.is(frame[0], read++)
    assert.ok((sent - read) * maxFrameBytes <= channelWindowBytes, `${sent} sent, ${read} read`)
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.is(read, frames)
  await Promise.all([sending, b.close()])
})

/** Grants one byte, which is never enough, and waits for a frame behind it: whatever that credit lets out is out then. */
async function heardThrough({ channel, stream }: Pick<Awaited<ReturnType<typeof channelAndStream>>, 'channel' | 'stream'>): Promise<void> {
  stream.send(word(0x8000_0001))
  stream.send(new Uint8Array(4))
  assert.is((await nextFrame(channel))?.length, 0)
}

test('a sender stops where its credit ends, and goes on when it is granted more', async () => {
  let tapped = 0
  const { channel, stream } = await channelAndStream({ tap: () => void tapped++ })
  let arrived = 0
  const arrives = Promise.withResolvers<void>()
  const cost = 4 + maxFrameBytes
  const within = Math.floor(channelWindowBytes / cost)
  stream.addEventListener('message', ({ data }) => {
    arrived += data.byteLength
    if (arrived >= within * cost) arrives.resolve()
  })
  const sends = Promise.all(Array.from({ length: within + 3 }, () => channel.send(new Uint8Array(maxFrameBytes))))
  await arrives.promise
  await heardThrough({ channel, stream })
  assert.is(tapped, within)
  stream.send(word(0x8000_0000 + 3 * cost))
  await sends
  assert.is(tapped, within + 3)
})

test('a sent frame is its sender\'s again', async () => {
  const [stream, other] = await streamPair()
  const a = channelOver(stream, options())
  const queued: { subarray(): Uint8Array }[] = []
  // As a transport does that is busy: it keeps what it was given for later.
  stream.send = data => {
    queued.push(data)
    return true
  }
  const frame = new Uint8Array(1000).fill(1)
  await a.send(frame)
  frame.fill(99)
  assert.is(queued[0]!.subarray()[500], 1)
  other.abort(new Error('test'))
})

test('send resolves when the transport has room for the next', async () => {
  const [streamA, streamB] = await streamPair({ capacity: 1 })
  const [a] = [channelOver(streamA, options()), channelOver(streamB, options())]
  for (let i = 0; i < 3; i++) {
    await a.send(new Uint8Array(1000))
    assert.is(streamA.writableNeedsDrain, false)
  }
})

test('a full transport holds the sender up, and loses nothing', async () => {
  const [a, b] = await channels({ capacity: 1 })
  const sending = (async () => {
    for (let i = 0; i < 200; i++) await a.send(new Uint8Array(1000).fill(i))
    await a.close()
  })()
  let read = 0
  for await (const frame of b.frames) assert.equal(frame, new Uint8Array(1000).fill(read++))
  assert.is(read, 200)
  await Promise.all([sending, b.close()])
})

test('concurrent sends go out whole and in the order of their calls', async () => {
  const [a, b] = await channels({ capacity: 1 })
  const sends = Promise.all(Array.from({ length: 40 }, (_, i) => a.send(new Uint8Array(60_000).fill(i))))
  for (let i = 0; i < 40; i++) assert.is((await nextFrame(b))![0], i)
  await sends
})

test('close lets everything sent before arrive, and ends the frames at both ends', async () => {
  const [a, b] = await channels()
  const sent = [a.send(bytesOf('1')), a.send(bytesOf('2'))]
  const closing = a.close()
  assert.equal(await nextFrame(b), bytesOf('1'))
  assert.equal(await nextFrame(b), bytesOf('2'))
  assert.is(await nextFrame(b), undefined)
  await Promise.all([...sent, closing, b.close()])
  assert.is(await nextFrame(a), undefined)
  await closedWith(a.send(bytesOf('3')))
})

test('close finishes though the peer never does', async () => {
  const { channel, a } = await channelAndStream({ closeTimeoutMs: 20 })
  await channel.close()
  assert.is(a.status, 'aborted')
})

test('a connection that breaks is not taken for an end', async () => {
  const silent = await channelAndStream()
  silent.stream.send(framed(bytesOf('one')))
  assert.equal(await nextFrame(silent.channel), bytesOf('one'))
  silent.stream.abort(new Error('power cut'))
  await closedWith(nextFrame(silent.channel))
  const polite = await channelAndStream()
  polite.stream.send(framed(bytesOf('one')))
  await polite.stream.close()
  assert.equal(await nextFrame(polite.channel), bytesOf('one'))
  await closedWith(nextFrame(polite.channel))
  const partial = await channelAndStream()
  partial.stream.send(framed(bytesOf('one')).subarray(0, 5))
  await partial.stream.close()
  await closedWith(nextFrame(partial.channel))
  const afterEnd = await channelAndStream()
  afterEnd.stream.send(new Uint8Array([...word(0xffff_ffff), ...framed(bytesOf('x'))]))
  await closed(afterEnd.a)
  await closedWith(nextFrame(afterEnd.channel))
})

test('abort breaks both ends and wakes whoever waits', async () => {
  const [a, b] = await channels()
  const waiting = [closedWith(nextFrame(a)), closedWith(nextFrame(b))]
  a.abort(new Error('test'))
  await Promise.all(waiting)
  await closedWith(b.send(bytesOf('x')))
})

test('the tap sees each outgoing frame, and nothing else', async () => {
  const tapped: { peer: string | undefined; protocol: string; layer: string; text: string }[] = []
  const [streamA, streamB] = await streamPair()
  const tap: ChannelOptions['tap'] = ({ layer, peer, protocol, bytes }) => void tapped.push({ layer, peer, protocol, text: new TextDecoder().decode(bytes) })
  const a = channelOver(streamA, options({ tap }))
  const b = channelOver(streamB, options())
  await a.send(bytesOf('out'))
  await nextFrame(b)
  await b.send(bytesOf('in'))
  await nextFrame(a)
  assert.equal(tapped, [{ layer: 'frame', peer: 'peer', protocol: '/test/1', text: 'out' }])
})

function closed(stream: Stream): Promise<void> {
  if (stream.status !== 'open') return Promise.resolve()
  return new Promise(resolve => stream.addEventListener('close', () => resolve(), { once: true }))
}

test.run()
