import { existsSync } from 'node:fs'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import { isHomeFree, readRunning, readToken } from '../../node/home.node.ts'

/** A way to the device of a home: the one that runs, or one that this command opened for itself. */
export type Client = {
  /** True when the device lives in this process and ends with it. */
  readonly alone: boolean
  request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** Lines of a stream. Leaving the loop, or aborting `signal`, ends it on the device too. */
  stream<T>(method: 'GET' | 'POST', path: string, options?: { body?: unknown; signal?: AbortSignal }): AsyncGenerator<T>
  close(): Promise<void>
}

export type ConnectOptions = {
  /** What to do where no device runs: open the home without network, with it, or give up. */
  alone: 'offline' | 'online' | 'never'
  log: Logger
}

/** How long to wait for a device that is just starting, or for another command, in ms … */
const waitMs = 10_000
/** … looking at the lock again this often. */
const lookMs = 100

type Send = (path: string, init: RequestInit) => Promise<Response>

/** The lock of the home says whether a device runs; its port is never tried on a guess, so the token goes to nobody else. */
export async function connect(dir: string, { alone, log }: ConnectOptions): Promise<Client> {
  const giveUpAt = Date.now() + waitMs
  for (;;) {
    if (isHomeFree(dir, lookMs)) {
      if (alone === 'never') throw notRunning(dir)
      const { startDevice } = await import('../../node/device.ts')
      const device = await startDevice({ home: dir, online: alone === 'online', log, waitMs })
      return client((path, init) => device.fetch(new Request(`http://localhost${path}`, init)), device.token, () => device.stop(), true)
    }
    const api = readRunning(dir)?.api
    if (api) return client((path, init) => fetch(`${api}${path}`, init), readToken(dir), async () => {}, false)
    if (Date.now() > giveUpAt) {
      const pid = readRunning(dir)?.pid
      throw new KinmeshError('HomeInUse', `${dir} is in use by ${pid ? `process ${pid}` : 'another process'} that does not answer: wait for it or stop it, or choose another folder with --home`)
    }
  }
}

/** A way to a device whose API is known to be there, for programs that started it. */
export function connectTo(dir: string, api: string): Client {
  return client((path, init) => fetch(`${api}${path}`, init), readToken(dir), async () => {}, false)
}

function client(send: Send, token: string, close: () => Promise<void>, alone: boolean): Client {
  const ask = async (method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> => {
    let response: Response
    try {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      response = await send(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) })
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      throw gone(cause)
    }
    if (response.ok) return response
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    throw new KinmeshError(error.code, error.message)
  }
  return {
    alone,
    close,
    async request<T>(method: string, path: string, body?: unknown) {
      return (await (await ask(method, path, body)).json()) as T
    },
    async *stream<T>(method: string, path: string, { body, signal }: { body?: unknown; signal?: AbortSignal } = {}) {
      const leave = new AbortController()
      const response = await ask(method, path, body, signal ? AbortSignal.any([signal, leave.signal]) : leave.signal)
      const decoder = new TextDecoder()
      let rest = ''
      try {
        for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
          const complete = (rest + decoder.decode(chunk, { stream: true })).split('\n')
          rest = complete.pop() ?? ''
          for (const line of complete) if (line !== '') yield JSON.parse(line) as T
        }
      } catch (cause) {
        if (signal?.aborted) throw signal.reason
        throw cause instanceof KinmeshError ? cause : gone(cause)
      } finally {
        leave.abort()
      }
      if (signal?.aborted) throw signal.reason
    }
  }
}

function gone(cause: unknown): KinmeshError {
  return new KinmeshError('DeviceGone', 'the device stopped answering: start it again with kinmesh up', { cause })
}

function notRunning(dir: string): KinmeshError {
  return new KinmeshError('NotRunning', existsSync(dir) ? `no device runs in ${dir}: start it with kinmesh up` : `there is no device in ${dir}: start one with kinmesh up`)
}
