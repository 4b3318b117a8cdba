import { KinmeshError } from '../../../mesh/errors.ts'

/** How long a client may take nothing of what is there for it, in ms: a person who holds a program still in a debugger, and no longer. */
const stallMs = 60_000
/** A comment this often keeps a quiet connection open: clients and proxies give up after minutes. */
export const keepAliveMs = 20_000

/**
 * Lines of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as fast as the client takes them: `texts` is asked for the next one when there is room for it.
 * `texts` does not throw. `onEnd` is called once, however it ends: at the end, when the client leaves, or when it takes nothing for too long, which ends the stream.
 */
export function eventStream(texts: AsyncIterator<string, unknown>, onEnd: () => void, { stalledAfterMs = stallMs }: { stalledAfterMs?: number } = {}): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stalled: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  const end = () => {
    clearTimeout(stalled)
    if (!isOver) onEnd()
    isOver = true
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(stalled)
      const { done, value } = await texts.next()
      if (isOver) return
      if (done) {
        end()
        return controller.close()
      }
      controller.enqueue(encoder.encode(value))
      stalled = setTimeout(() => {
        end()
        controller.error(new KinmeshError('ClientStalled', `a client took nothing of its answer for ${stalledAfterMs / 1000} s`))
      }, stalledAfterMs)
    },
    cancel: end
  })
}

export function eventOf(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

export const lastEvent = 'data: [DONE]\n\n'
export const keepAlive = ': still at work\n\n'
