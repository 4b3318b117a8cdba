import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isKinmeshError } from '../../mesh/errors.ts'
import { parseMessage } from '../../mesh/pairing-messages.ts'
import { parseStatement } from '../../mesh/statement.ts'
import { readEntry } from '../../sync/entry.ts'
import { decodeFrame } from '../../sync/frames.ts'
import { decodePayload } from '../../sync/payload.ts'
import { ShardDoc } from '../../sync/shard-doc.ts'

export const brokenKinds = ['frame', 'statement', 'entry', 'payload', 'pairing', 'update'] as const
export type BrokenKind = (typeof brokenKinds)[number]
/** The Yjs client that broken updates may write under. */
export const brokenClientId = 7
/** Kind and length of a message. */
export const headBytes = 5
/** How long one turn of the event loop reads, in ms: what a session reads in one turn is bounded alike. */
const sliceMs = 4

const shard = new ShardDoc(0)
const readers: { readonly [Kind in BrokenKind]: (bytes: Uint8Array) => unknown } = {
  frame: decodeFrame,
  statement: parseStatement,
  entry: readEntry,
  payload: decodePayload,
  pairing: parseMessage,
  update: bytes => shard.inspect(bytes, brokenClientId)
}

/**
 * Hands broken messages of every kind to what reads them, in the process that calls this, until `count` were refused. They come over a pipe from a
 * process of their own, since making them takes more memory than reading. A peer that sends one is not listened to for a while: no attacker gets
 * as many through. @throws what a reader throws that has no name: it would have ended the process
 */
export async function readBroken({ count, seed }: { count: number; seed: number }): Promise<{ refused: number; read: number }> {
  const source = spawn(process.execPath, ['-C', 'development', new URL('broken-source.ts', import.meta.url).pathname, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const decoded = { refused: 0, read: 0 }
  try {
    for await (const [kind, bytes] of messages(source.stdout)) {
      try {
        readers[kind](bytes)
        decoded.read++ // still, or again, what the format allows
      } catch (error) {
        if (!isKinmeshError(error)) throw error
        if (++decoded.refused >= count) break
      }
    }
  } finally {
    source.kill()
  }
  if (decoded.refused < count) throw new Error('the source of broken messages ended')
  return decoded
}

async function* messages(pipe: Readable): AsyncGenerator<[BrokenKind, Uint8Array]> {
  const take = taker(pipe)
  let end = performance.now() + sliceMs
  for (;;) {
    const head = await take(headBytes)
    if (!head) return
    const length = head.readUInt32BE(1)
    const bytes = length === 0 ? new Uint8Array() : await take(length)
    if (!bytes) return
    yield [brokenKinds[head[0] ?? 0] ?? 'frame', bytes]
    if (performance.now() < end) continue
    await nextTurn()
    end = performance.now() + sliceMs
  }
}

/** Takes so many bytes off the pipe without copying those behind them, which would count as memory of the reader; undefined at the end. */
function taker(pipe: Readable): (length: number) => Promise<Buffer | undefined> {
  let more = Promise.withResolvers<void>()
  let ended = false
  pipe.on('readable', () => more.resolve())
  pipe.on('close', () => {
    ended = true
    more.resolve()
  })
  return async length => {
    for (;;) {
      more = Promise.withResolvers()
      const bytes = pipe.read(length) as Buffer | null
      if (bytes?.length === length) return bytes
      if (ended) return undefined
      await more.promise
    }
  }
}
