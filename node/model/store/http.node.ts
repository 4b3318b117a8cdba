import { KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import { failed, PassingError, retryAfterMs, withRetries, type RetryOptions } from './retry.ts'

/** Calls of one listing; a hub lists a thousand files at a time. */
const maxApiCalls = 64
/** A person waits for it, and hears of a network that is away within seconds. */
const maxApiFailures = 4
const maxApiBytes = 16 * 1024 * 1024
const maxRedirects = 8
const redirects = new Set([301, 302, 303, 307, 308])

export type HttpOptions = {
  /** Checked by `checkEndpoint`. */
  endpoint: string
  token: string | undefined
  /** Silence after which a connection counts as dead, in ms. */
  idleMs: number
  wait: RetryOptions['wait']
  log: Logger
  signal: AbortSignal | undefined
}

export type Http = {
  /** For the calls of @huggingface/hub: to this hub only, bounded, tried again. What is not there is `ModelNotFound`. */
  readonly api: typeof fetch
  /** Starts one answer, from a byte on. @throws PassingError, KinmeshError */
  open(path: string, from: number, guard: Guard): Promise<Answer>
  guard(within?: AbortSignal): Guard
}

export type Answer = {
  readonly response: Response
  /** What the hub itself calls the content, wherever its bytes come from. */
  readonly etag: string | null
}

/** Ends a request that says nothing for too long. */
export type Guard = { readonly signal: AbortSignal; alive(): void; stop(): void }

/** Speaks HTTP with one hub. Its key goes to its own origin and to no other, whatever it redirects to. */
export function openHttp({ endpoint, token, idleMs, wait, log, signal }: HttpOptions): Http {
  const { origin, host } = new URL(endpoint)
  let apiCalls = 0

  const guard = (within = signal): Guard => {
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(new PassingError(`not a byte for ${idleMs / 1000} s`)), idleMs)
    return { signal: within ? AbortSignal.any([within, silence.signal]) : silence.signal, alive: () => void timer.refresh(), stop: () => clearTimeout(timer) }
  }

  const send = async (url: string, headers: Record<string, string>, within: AbortSignal): Promise<Answer> => {
    let at = new URL(url)
    let etag: string | null = null
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const isOwn = at.origin === origin
      const key: Record<string, string> = isOwn && token !== undefined ? { authorization: `Bearer ${token}` } : {}
      // Ranges count bytes as they lie on the disk, so nothing is to be packed on the way.
      const response = await fetch(at.href, { headers: { 'accept-encoding': 'identity', ...headers, ...key }, redirect: 'manual', signal: within })
      if (isOwn) etag = response.headers.get('x-linked-etag') ?? response.headers.get('etag') ?? etag
      const location = response.headers.get('location')
      if (!redirects.has(response.status) || location === null) return { response, etag: etag?.replace(/^W\//, '').replaceAll('"', '') ?? null }
      await response.body?.cancel()
      const next = URL.parse(location, at.href)
      if (!next || (next.protocol !== 'https:' && next.protocol !== at.protocol)) throw failed(url, 'it is sent on to an address that is not safe')
      at = next
    }
    throw failed(url, `it is sent on more than ${maxRedirects} times`)
  }

  const check = async ({ response }: Answer, url: string): Promise<void> => {
    const { status } = response
    if (status === 200 || status === 206) return
    await response.body?.cancel()
    const isOwn = response.url === '' || new URL(response.url).origin === origin
    // An address of a CDN holds for minutes only; the hub gives a fresh one.
    if (status === 429 || status === 408 || status >= 500 || (!isOwn && (status === 401 || status === 403))) {
      throw new PassingError(`${new URL(response.url || url).host} answers ${status}`, { retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) })
    }
    if (status === 401 || status === 403 || status === 404) throw notFound(response, host, token !== undefined)
    throw failed(url, `${host} answers ${status}`)
  }

  const api = (async (input: string | URL) => {
    const url = String(input)
    if (!url.startsWith(`${endpoint}/api/`)) throw failed('the listing', `it goes on at ${URL.parse(url)?.host ?? 'no address'}, which is another hub`)
    if (++apiCalls > maxApiCalls) throw failed('the listing', 'it does not end')
    return withRetries(async () => {
      const within = guard()
      try {
        const answer = await send(url, { accept: 'application/json' }, within.signal)
        await check(answer, url)
        const link = answer.response.headers.get('link')
        return new Response(await readAll(answer.response, within), { headers: { 'content-type': 'application/json', ...(link === null ? {} : { link }) } })
      } catch (cause) {
        throw asPassing(cause, within)
      } finally {
        within.stop()
      }
    }, { what: `the listing of this model from ${host}`, maxInRow: maxApiFailures, wait, log, signal })
  }) as typeof fetch

  return {
    api,
    guard,
    async open(path, from, within) {
      try {
        const answer = await send(`${endpoint}/${path}`, from > 0 ? { range: `bytes=${from}-` } : {}, within.signal)
        if (answer.response.status !== 416) await check(answer, path) // the caller knows what to do without a part
        return answer
      } catch (cause) {
        throw asPassing(cause, within)
      }
    }
  }
}

/** What fetch throws, as something that may pass; what is decided already as it is. */
export function asPassing(cause: unknown, { signal }: Guard): unknown {
  if (cause instanceof KinmeshError || cause instanceof PassingError) return cause
  if (signal.aborted) return signal.reason
  if (!(cause instanceof TypeError)) return cause // undici's word for everything that goes wrong on the network
  const inner = cause.cause instanceof Error ? cause.cause : cause
  return new PassingError('code' in inner ? String(inner.code) : inner.message, { cause })
}

async function readAll(response: Response, guard: Guard): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    guard.alive()
    size += chunk.length
    if (size > maxApiBytes) throw failed('the listing', `it is larger than ${maxApiBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function notFound(response: Response, host: string, hasToken: boolean): KinmeshError {
  const code = response.headers.get('x-error-code')
  if (code === 'RevisionNotFound') return new KinmeshError('ModelNotFound', `this model has no such revision at ${host}: look at its page, or leave --revision out`)
  if (code === 'EntryNotFound') return new KinmeshError('DownloadFailed', `${host} lists a file of this model and does not have it: try again later, or another revision`)
  if (code === 'GatedRepo' || response.status === 403) {
    return new KinmeshError('ModelNotFound', `${host} gives this model only to those who accepted its conditions: accept them on its page, and set HF_TOKEN to a token of that account`)
  }
  return new KinmeshError('ModelNotFound', `${host} does not show this model: check its name; private and gated models need HF_TOKEN${hasToken ? ' of an account that may read them' : ''}`)
}
