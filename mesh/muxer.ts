import { yamux } from '@libp2p/yamux'
import type { StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { replacing } from './component-guards.ts'

type Sending = StreamMuxer & { send(data: unknown): boolean }

/**
 * libp2p's yamux (8.0.3) writes the first frame of a new stream in a microtask. Where the connection broke a moment before, as one does whose bytes
 * were tampered with, the error would end the process: nobody can catch it there. Here it ends the streams of that connection.
 */
export function sturdyYamux(): (components: object) => StreamMuxerFactory {
  const factory = yamux()()
  return () => replacing<StreamMuxerFactory>(factory, { createStreamMuxer: link => sturdy(factory.createStreamMuxer(link) as Sending) })
}

function sturdy(muxer: Sending): StreamMuxer {
  const send = muxer.send.bind(muxer)
  let broken = false
  muxer.send = data => {
    try {
      return send(data)
    } catch (error) {
      // The streams that this ends say so over the same connection.
      if (!broken) {
        broken = true
        muxer.abort(error instanceof Error ? error : new Error(String(error)))
      }
      return true
    }
  }
  return muxer
}
