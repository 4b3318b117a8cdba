import { Hono, type Context } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import * as v from 'valibot'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import type { DeviceParts } from '../parts.ts'
import { toShownError } from '../pairing.ts'
import { jsonOf } from './body.ts'
import { type Admission, BusyError, createAdmission, limits } from './admission.ts'
import { deviceRoutes } from './devices.ts'
import { documentRoutes } from './documents.ts'
import { federatedRoutes } from './federated.ts'
import { learningRoutes } from './learning.ts'
import { listRoutes } from './lists.ts'
import { mcpRoute, mountMcp } from './mcp.ts'
import { mcpServerRoutes } from './mcp-servers.ts'
import { memoryRoutes } from './memories.ts'
import { metrics } from './metrics.ts'
import { modelRoutes } from './models.ts'
import { ndjson } from './ndjson.ts'
import { openApi } from './openapi.ts'
import { openAiErrorOf } from './openai/errors.ts'
import { isOpenAiPath, maxOpenAiBodyBytes, mountOpenAi, openAiRoutes } from './openai/routes.ts'
import { answerPage, type PageFiles } from './page.ts'
import { permissionRoutes } from './permissions.ts'
import { reminderRoutes } from './reminders.ts'
import type { Route, RouteDoc, Schema } from './route.ts'
import { skillRoutes } from './skills.ts'
import { systemRoutes } from './system.ts'
import { talkRoutes } from './talk.ts'

export const routes: readonly Route[] = [...systemRoutes, ...deviceRoutes, ...memoryRoutes, ...documentRoutes, ...listRoutes, ...reminderRoutes, ...talkRoutes, ...learningRoutes, ...federatedRoutes, ...permissionRoutes, ...mcpServerRoutes, ...skillRoutes, ...modelRoutes]

/** Says that a device answers here, and nothing of it. */
const healthRoute: RouteDoc = { method: 'get', path: '/health', summary: 'Whether a device answers here.', reply: v.object({ status: v.literal('ok') }), stream: false, open: true }

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
  app.use(async (c, next) => {
    // Web pages have no business here, other than the device's own: browsers say where a request comes from (https://www.w3.org/TR/fetch-metadata/).
    const [origin, site] = [c.req.header('origin'), c.req.header('sec-fetch-site')]
    if ((origin !== undefined && origin !== new URL(c.req.url).origin) || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
      throw new KinmeshError('CrossSite', 'this API answers programs on this machine, and no web pages')
    }
    await next()
  })
  app.get(healthRoute.path, c => c.json({ status: 'ok' }))
  const message = (c: Context) => errorBody(c, unauthorized)
  app.use(bearerAuth({ token, noAuthenticationHeader: { message }, invalidToken: { message }, invalidAuthenticationHeader: { message } }))
  const [limited, openAiLimited] = [limitedTo(maxBodyBytes), limitedTo(maxOpenAiBodyBytes)]
  app.use((c, next) => (isOpenAiPath(c.req.path) ? openAiLimited : limited)(c, next))
  const [requests, streams] = [createAdmission(limits.requests, parts.clock), createAdmission(limits.streams, parts.clock)]
  for (const route of routes) app.on(route.method.toUpperCase(), route.path, c => answer(parts, route, c, route.stream ? streams : requests))
  mountOpenAi(app, parts, statusOf)
  mountMcp(app, parts, version)
  const document = openApi([...routes, ...openAiRoutes, mcpRoute, healthRoute], version)
  app.get('/api/openapi.json', c => c.json(document))
  app.get('/metrics', c => c.text(metrics(parts, residentBytes()), 200, { 'content-type': 'text/plain; version=0.0.4' }))
  app.notFound(c => failed(c, new KinmeshError('NoSuchRoute', 'there is no such route: see /api/openapi.json')))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse() // the bearer check has its answer with it
    if (c.req.raw.signal.aborted) return failed(c, new KinmeshError('CallerLeft', 'the caller left')) // and nobody hears it
    // Only what kinmesh itself wrote goes out and into the log: a foreign message may quote what somebody said.
    if (!isKinmeshError(error)) parts.log.error('a request failed inside', { path: routePath(c), error: error.name, at: error.stack?.split('\n').find(line => line.includes(' at '))?.trim() })
    return failed(c, error)
  })
  return app
}

const unauthorized = new KinmeshError('Unauthorized', 'this API needs the token in the file api-token of its home, as a bearer token')

/** In the shape that whoever calls this path reads. */
function errorBody(c: Context, error: unknown): object {
  return isOpenAiPath(c.req.path) ? openAiErrorOf(error, statusOf(error)).body : { error: toShownError(error) }
}

function failed(c: Context, error: unknown): Response {
  if (!isOpenAiPath(c.req.path)) return c.json(errorBody(c, error), statusOf(error), error instanceof BusyError ? { 'retry-after': String(error.retryAfter) } : {})
  const { status, body, headers } = openAiErrorOf(error, statusOf(error))
  return c.json(body, status, headers)
}

function limitedTo(maxSize: number): ReturnType<typeof bodyLimit> {
  return bodyLimit({ maxSize, onError: () => { throw new KinmeshError('BodyTooLarge', `a request has at most ${maxSize} bytes here: send less at once`) } })
}

/** Counted from here until it is answered, or the stream is over. */
async function answer(parts: DeviceParts, route: Route, c: Context, admission: Admission): Promise<Response> {
  const leave = admission.enter()
  let goesOn = false
  try {
    const query = check(route.query, c.req.query())
    const body = route.body ? check(route.body, await jsonOf(c)) : undefined
    const left = new AbortController()
    const result = route.handle(parts, { params: c.req.param(), query, body, signal: AbortSignal.any([c.req.raw.signal, left.signal]) })
    if (!(Symbol.asyncIterator in result)) return c.json(await result)
    goesOn = true
    return ndjson(result, left, leave)
  } finally {
    if (!goesOn) leave()
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

const conflicts = ['AlreadyInMesh', 'AmbiguousDevice', 'AmbiguousTask', 'CannotRemoveSelf', 'InviteOpen', 'McpExists', 'NobodyWaits', 'Offline', 'Removed', 'SkillExists', 'TaskJoined', 'TermsChanged', 'ToolChanged']
const malformed = ['BadRequest', 'InvalidText']

function statusOf(error: unknown): 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 507 {
  if (!isKinmeshError(error)) return 500
  if (malformed.includes(error.code)) return 400
  if (error.code === 'WrongHost' || error.code === 'CrossSite') return 403
  if (error.code.startsWith('NoSuch') || error.code === 'UnknownSpace') return 404
  if (conflicts.includes(error.code)) return 409
  if (error instanceof BusyError) return 429
  if (error.code.endsWith('TooLong') || error.code.endsWith('TooLarge')) return 413
  return error.code.startsWith('Store') ? 507 : 422
}
