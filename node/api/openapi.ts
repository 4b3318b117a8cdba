import { toJsonSchema } from '@valibot/to-json-schema'
import { errorSchema } from './schemas.ts'
import type { RouteDoc, Schema } from './route.ts'

type Json = { [key: string]: unknown }

/** OpenAPI 3.1 of the routes, made from the schemas that check them. */
export function openApi(routes: readonly RouteDoc[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'kinmesh device', version, description: 'The loopback API of one device. Bearer token: the file api-token in its home.' },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: { Error: schemaOf(errorSchema, 'output') } },
    security: [{ token: [] }],
    paths
  }
}

function operation({ path, summary, query, body, reply, stream, events, error, open = false }: RouteDoc): Json {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const asked = query ? (schemaOf(query, 'input') as { properties?: Json; required?: string[] }) : {}
  const inQuery = Object.entries(asked.properties ?? {}).map(([name, schema]) => ({ name, in: 'query', required: asked.required?.includes(name) ?? false, schema }))
  return {
    summary,
    ...(open ? { security: [] } : {}),
    parameters: [...inPath, ...inQuery],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } } : {}),
    responses: {
      200: { description: stream ? 'One JSON value a line; empty lines keep the connection open.' : 'Done.', content: { [stream ? 'application/x-ndjson' : 'application/json']: { schema: schemaOf(reply, 'output') }, ...(events ? { 'text/event-stream': { schema: schemaOf(events, 'output') } } : {}) } },
      default: { description: 'It failed; the message says what to do.', content: { 'application/json': { schema: error ? schemaOf(error, 'output') : { $ref: '#/components/schemas/Error' } } } }
    }
  }
}

function schemaOf(schema: Schema, typeMode: 'input' | 'output'): Json {
  // Trimming and the like have no JSON Schema; what a caller sends is described before them.
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode, errorMode: 'ignore' })
  return rest
}
