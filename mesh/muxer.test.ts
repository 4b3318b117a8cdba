import type { MessageStream } from '@libp2p/interface'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sturdyYamux } from './muxer.ts'

/** As much of a connection as a muxer looks at; everything written to it fails. */
class BrokenLink extends EventTarget {
  readonly direction = 'outbound'
  readonly status = 'open'
  readonly log = Object.assign(() => {}, { error() {}, trace() {}, newScope: () => this.log })
  send(): boolean {
    throw new Error('cannot write to a stream that is closed')
  }
}

test('a stream that is opened as its connection breaks ends, and the process does not', async () => {
  const muxer = sturdyYamux()({}).createStreamMuxer(new BrokenLink() as unknown as MessageStream)
  const stream = await muxer.createStream()
  await new Promise(resolve => setImmediate(resolve))
  assert.is(stream.status, 'aborted')
  assert.is(muxer.status, 'closed')
})

test.run()
