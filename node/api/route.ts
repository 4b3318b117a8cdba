import type * as v from 'valibot'
import type { DeviceParts } from '../parts.ts'

export type Schema = v.GenericSchema<unknown, unknown>

/** What a handler gets: parameters of the path, and the query and the body once they passed their schemas. */
export type RouteInput<Query, Body> = { readonly params: Readonly<Record<string, string>>; readonly query: Query; readonly body: Body; readonly signal: AbortSignal }

/** What the OpenAPI document says of a way in. */
export type RouteDoc = {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly summary: string
  readonly query?: Schema
  readonly body?: Schema
  readonly reply: Schema
  /** True: the reply is NDJSON, each line as `reply` says. */
  readonly stream: boolean
  /** The reply, if the caller wants it so, as server-sent events, each as this says. */
  readonly events?: Schema
  /** Errors, where they are not those of the rest. */
  readonly error?: Schema
  /** True: without the token. */
  readonly open?: boolean
}

/** One way in. The same value answers the request, checks it, and describes it in the OpenAPI document. */
export type Route = RouteDoc & {
  readonly handle: (parts: DeviceParts, input: RouteInput<unknown, unknown>) => Promise<unknown> | AsyncIterable<unknown>
}

type Described<Q extends Schema, B extends Schema> = { method: Route['method']; path: string; summary: string; query?: Q; body?: B }

/** A route that answers with one JSON value. */
export function route<Q extends Schema, B extends Schema, R extends Schema>(
  described: Described<Q, B> & { reply: R; handle: (parts: DeviceParts, input: RouteInput<v.InferOutput<Q>, v.InferOutput<B>>) => Promise<v.InferInput<R>> }
): Route {
  return { ...described, stream: false }
}

/** A route that answers with lines as they come, until there are no more or the caller leaves. */
export function streamRoute<Q extends Schema, B extends Schema, R extends Schema>(
  described: Described<Q, B> & { reply: R; handle: (parts: DeviceParts, input: RouteInput<v.InferOutput<Q>, v.InferOutput<B>>) => AsyncIterable<v.InferInput<R>> }
): Route {
  return { ...described, stream: true }
}
