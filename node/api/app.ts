import { Hono, type Context } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import * as v from 'valibot'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import type { DeviceParts } from '../parts.ts'
import { toShownError } from '../pairing.ts'
import { deviceRoutes } from './devices.ts'
import { listRoutes } from './lists.ts'
import { memoryRoutes } from './memories.ts'
import { metrics } from './metrics.ts'
import { modelRoutes } from './models.ts'
import { ndjson } from './ndjson.ts'
import { openApi } from './openapi.ts'
import { answerPage, type PageFiles } from './page.ts'
import type { Route, Schema } from './route.ts'
import { reminderRoutes } from './reminders.ts'
import { systemRoutes } from './system.ts'
import { talkRoutes } from './talk.ts'

export const routes: readonly Route[] = [...systemRoutes, ...deviceRoutes, ...memoryRoutes, ...listRoutes, ...reminderRoutes, ...talkRoutes, ...modelRoutes]

/** A text of 8 KiB with every character escaped is 48 KiB of JSON; the rest of a request is small. */
export const maxBodyBytes = 64 * 1024

export type ApiOptions = {
  token: string
  version: string
  residentBytes: () => number
  /** Served to whoever asks, at the root. */
  page?: PageFiles | undefined
}

/** The API as a function from request to response: behind a loopback port, or called within the process. */
export function createApi(parts: DeviceParts, { token, version, residentBytes, page }: ApiOptions): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    // A web page whose name was rebound to 127.0.0.1 sends its own name here.
    if (!isLoopbackName(new URL(c.req.url).hostname) || !isLoopbackHost(c.req.header('host'))) {
      throw new KinmeshError('WrongHost', 'this API answers to 127.0.0.1 and localhost only')
    }
    await next()
  })
  if (page) app.get('*', async (c, next) => answerPage(c, page) ?? (await next()))
  app.use(bearerAuth({ token, noAuthenticationHeader: { message: unauthorized }, invalidToken: { message: unauthorized }, invalidAuthenticationHeader: { message: unauthorized } }))
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: () => { throw new KinmeshError('BodyTooLarge', `a request has at most ${maxBodyBytes} bytes: send less at once`) } }))
  for (const route of routes) app.on(route.method.toUpperCase(), route.path, c => answer(parts, route, c))
  const document = openApi(routes, version)
  app.get('/api/openapi.json', c => c.json(document))
  app.get('/metrics', c => c.text(metrics(parts, residentBytes()), 200, { 'content-type': 'text/plain; version=0.0.4' }))
  app.notFound(c => c.json({ error: { code: 'NoSuchRoute', message: 'there is no such route: see /api/openapi.json' } }, 404))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse() // the bearer check has its answer with it
    // Only what kinmesh itself wrote goes out and into the log: a foreign message may quote what somebody said.
    if (!isKinmeshError(error)) parts.log.error('a request failed inside', { path: routePath(c), error: error.name, at: error.stack?.split('\n').find(line => line.includes(' at '))?.trim() })
    return c.json({ error: toShownError(error) }, statusOf(error))
  })
  return app
}

const unauthorized = { error: { code: 'Unauthorized', message: 'this API needs the token in the file api-token of its home, as a bearer token' } }

async function answer(parts: DeviceParts, route: Route, c: Context): Promise<Response> {
  const query = check(route.query, c.req.query())
  const body = route.body ? check(route.body, await jsonOf(c)) : undefined
  const left = new AbortController()
  const result = route.handle(parts, { params: c.req.param(), query, body, signal: AbortSignal.any([c.req.raw.signal, left.signal]) })
  if (Symbol.asyncIterator in result) return ndjson(result, left)
  return c.json(await result)
}

async function jsonOf(c: Context): Promise<unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer())
  } catch (cause) {
    if (isKinmeshError(cause)) throw cause
    throw new KinmeshError('InvalidText', 'the request is not valid UTF-8', { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KinmeshError('BadRequest', 'the request is not JSON', { cause })
  }
}

function check(schema: Schema | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new KinmeshError('BadRequest', `${v.getDotPath(issue) ?? 'the request'}: ${issue.message}`.replaceAll('\n', ' '))
}

function isLoopbackName(name: string): boolean {
  return name === '127.0.0.1' || name === 'localhost' || name === '[::1]'
}

function isLoopbackHost(host: string | undefined): boolean {
  return host === undefined || isLoopbackName(host.replace(/:\d+$/, ''))
}

const conflicts = ['AlreadyInMesh', 'AmbiguousDevice', 'CannotRemoveSelf', 'InviteOpen', 'NobodyWaits', 'Offline', 'Removed']
const malformed = ['BadRequest', 'InvalidText']

function statusOf(error: unknown): 400 | 403 | 404 | 409 | 413 | 422 | 500 | 507 {
  if (!isKinmeshError(error)) return 500
  if (malformed.includes(error.code)) return 400
  if (error.code === 'WrongHost') return 403
  if (error.code.startsWith('NoSuch') || error.code === 'UnknownSpace') return 404
  if (conflicts.includes(error.code)) return 409
  if (error.code.endsWith('TooLong') || error.code.endsWith('TooLarge')) return 413
  return error.code.startsWith('Store') ? 507 : 422
}
