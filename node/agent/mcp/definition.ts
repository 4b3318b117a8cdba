import { sha256Hex } from '../../../mesh/crypto.ts'
import type { Tool } from '../../model/grammar/tool-grammar.ts'
import { toolName } from '../../model/text/tool-calls.ts'
import { foreignLine } from '../tools/foreign-line.ts'

/** As a server describes it, once the SDK found it well-formed. Every word of it is the server's. */
export type ToolDescription = { readonly name: string; readonly title?: string | undefined; readonly description?: string | undefined; readonly inputSchema: object; readonly annotations?: object | undefined }

/** What is offered to a model, and what is approved by a person. */
export type Definition = { readonly tool: Tool; readonly hash: string; readonly shown: string }

/** Of a whole definition, as JSON: what is larger is no tool that a person could judge. In characters. */
const maxDefinition = 16 * 1024
/** What a model reads of it: every prompt repeats that. In characters. */
const maxDescription = 400
const maxPropertyDescription = 160
const maxDepth = 5
const maxProperties = 48
const maxChoices = 64
/** What a person is shown of it, in characters. */
const maxShown = 1200
const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']
const numbers = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

/**
 * A tool of an MCP server, or why it cannot be offered. `target` is part of what is approved: the same tool of another program is another one.
 */
export function defineTool(server: string, target: string, given: ToolDescription): Definition | string {
  const name = `mcp_${server}_${given.name}`
  if (!/^[\w./-]{1,64}$/.test(given.name) || !toolName.test(name)) return 'its name is none that a model could write'
  const { title, description, inputSchema, annotations } = given
  const whole = canonical([target, given.name, title, description, inputSchema, annotations])
  if (whole === undefined || whole.length > maxDefinition) return 'its description is too large'
  const parameters = schemaOf(inputSchema, 0)
  if (parameters?.['type'] !== 'object') return 'its arguments are no object'
  const told = foreignLine(description ?? title ?? '', maxDescription)
  return { tool: { name, description: told === '' ? `A tool of ${server}.` : told, parameters }, hash: sha256Hex(whole), shown: foreignLine(description ?? title ?? 'says nothing about itself', maxShown) }
}

/** The part of a schema that grammars hold, bounded; what is left out the server checks by itself. No patterns: they could keep the grammar busy. */
function schemaOf(given: unknown, depth: number): Record<string, unknown> | undefined {
  if (!isObject(given) || depth > maxDepth) return undefined
  const { type, description, properties, required, items, additionalProperties } = given
  const schema: Record<string, unknown> = {}
  if (typeof type === 'string' && types.includes(type)) schema['type'] = type
  if (typeof description === 'string') schema['description'] = foreignLine(description, maxPropertyDescription)
  const choices = Array.isArray(given['enum']) ? given['enum'].filter(isScalar) : []
  if (choices.length > 0 && choices.length <= maxChoices) schema['enum'] = choices
  if (isScalar(given['const'])) schema['const'] = given['const']
  for (const keyword of numbers) if (typeof given[keyword] === 'number' && Number.isFinite(given[keyword])) schema[keyword] = given[keyword]
  if (isObject(items)) schema['items'] = schemaOf(items, depth + 1) ?? {}
  if (isObject(properties)) {
    const known = Object.entries(properties).filter(([name]) => /^[\w.-]{1,64}$/.test(name) && name !== '__proto__').slice(0, maxProperties)
    schema['properties'] = Object.fromEntries(known.map(([name, each]) => [name, schemaOf(each, depth + 1) ?? {}]))
    const names = new Set(known.map(([name]) => name))
    if (Array.isArray(required)) schema['required'] = required.filter(name => typeof name === 'string' && names.has(name))
  } else if (type === 'object') schema['properties'] = {}
  if (typeof additionalProperties === 'boolean') schema['additionalProperties'] = additionalProperties
  return schema
}

/** JSON with the names of every object in order; undefined for what is nested too deeply. */
function canonical(value: unknown, depth = 0): string | undefined {
  if (depth > 32) return undefined
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const parts = Array.isArray(value)
    ? value.map((each: unknown) => canonical(each, depth + 1))
    : Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => { const inner = canonical(each, depth + 1); return inner && `${JSON.stringify(name)}:${inner}` })
  if (parts.includes(undefined)) return undefined
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScalar(value: unknown): value is string | number | boolean {
  return (typeof value === 'string' && value.length <= 256) || typeof value === 'number' || typeof value === 'boolean'
}
