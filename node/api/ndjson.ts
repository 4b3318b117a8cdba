/** An empty line this often keeps the connection of a quiet stream open: clients and proxies give up after minutes. */
const keepAliveMs = 20_000

/** Streams values as lines of JSON, as fast as the reader takes them; `left` is aborted when the reader leaves, and must end the source. `ended` is called when it is over, however that comes. */
export function ndjson(values: AsyncIterable<unknown>, left: AbortController, ended: () => void): Response {
  const iterator: AsyncIterator<unknown, unknown> = values[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  let timer: ReturnType<typeof setInterval> | undefined
  const over = () => {
    clearInterval(timer)
    ended()
  }
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => {
        controller.enqueue(encoder.encode('\n'))
      }, keepAliveMs)
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next()
        if (!done) return controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`))
        over()
        controller.close()
      } catch (error) {
        over()
        controller.error(error)
      }
    },
    async cancel() {
      over()
      left.abort()
      await iterator.return?.()
    }
  })
  return new Response(stream, { headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' } })
}
