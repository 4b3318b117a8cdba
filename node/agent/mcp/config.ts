import * as v from 'valibot'

/** Where the servers are kept, in the home. */
export const mcpFile = 'mcp.json'
/** Servers of one device: each is a process, or a connection, and tools that every prompt repeats. */
export const maxServers = 16

const text = v.pipe(v.string(), v.maxLength(4096), v.regex(/^[^\0\r\n]*$/, 'must be one line'))
const words = v.record(v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/, 'is no name')), text)
/** Without `_`, so that the name of a tool tells which server it is of. */
export const serverNameSchema = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'the name of a server has at most 32 small letters, digits and "-"'))
const urlSchema = v.pipe(v.string(), v.maxLength(2048), v.url('is no address'), v.regex(/^https?:\/\//i, 'must begin with http:// or https://'), v.check(hasNoPassword, 'must not hold a password: give a header'))

/** A program to run, without a shell. */
const stdioSchema = v.strictObject({ command: v.pipe(text, v.nonEmpty()), args: v.optional(v.pipe(v.array(text), v.maxLength(64)), []), env: v.optional(words, {}) })
/** An address of streamable HTTP. */
const httpSchema = v.strictObject({ url: urlSchema, headers: v.optional(words, {}) })
export const targetSchema = v.union([stdioSchema, httpSchema])
export const mcpSchema = v.strictObject({ servers: v.pipe(v.record(serverNameSchema, targetSchema), v.maxEntries(maxServers, `there are at most ${maxServers} servers`)) })

export type StdioTarget = v.InferOutput<typeof stdioSchema>
export type HttpTarget = v.InferOutput<typeof httpSchema>
export type McpTarget = StdioTarget | HttpTarget
export type McpConfig = v.InferOutput<typeof mcpSchema>

/** Addresses are shown and logged; what is secret is not. */
function hasNoPassword(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {}
  return username === '' && password === ''
}

/** Which server it is, for people and for the hash of what is approved: without what is secret in it (environment and headers). */
export function targetText(target: McpTarget): string {
  return 'url' in target ? target.url : [target.command, ...target.args].map(word => (/^[\w@./:=+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
}
