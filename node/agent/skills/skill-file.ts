import * as v from 'valibot'
import { parseDocument } from 'yaml'
import { KinmeshError } from '../../../mesh/errors.ts'
import { printable } from '../../memory.ts'

/** What the scripts of a skill ask for. `read`: absolute paths, or such in the person's home (`~/notes`); `network`: hosts; `run`: programs besides Node that run scripts. */
export type Capabilities = { readonly read: readonly string[]; readonly network: readonly string[]; readonly run: readonly string[] }
/** `body`: the instructions. All of it is foreign text. */
export type SkillFile = { readonly name: string; readonly description: string; readonly capabilities: Capabilities; readonly body: string }

/** Which programs run scripts of which ending, besides Node. */
export const interpreters: Readonly<Record<string, string>> = { '.py': 'python3', '.sh': 'sh' }

/** In characters: a model reads less of it at a time. */
export const maxSkillFile = 64 * 1024
const maxListed = 16

const listed = (pattern: RegExp, message: string) => v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(512), v.regex(pattern, message))), v.maxLength(maxListed)), [])
const headSchema = v.object({
  // As agentskills.io has it; without `_`, so that the name of a tool tells which skill it is of.
  name: v.pipe(v.string('must be text'), v.regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'has at most 48 small letters, digits and "-"')),
  description: v.pipe(v.string('must be text'), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(1024, 'has at most 1,024 characters')),
  // Not a record of valibot, which passes over names like `constructor`.
  capabilities: v.optional(v.nullable(v.custom<Readonly<Record<string, unknown>>>(each => typeof each === 'object' && !Array.isArray(each), 'is no list of names and values')))
})
const capabilitySchemas = {
  read: listed(/^(~\/|\/|[A-Za-z]:[\\/])[^*\p{Cc}]*$/u, 'is no absolute path, and none that begins with ~/'),
  network: listed(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'is no name of a host'),
  run: v.optional(v.pipe(v.array(v.picklist([...new Set(Object.values(interpreters))], issue => `${issue.received} is not one of ${issue.expected}`)), v.maxLength(maxListed)), [])
}

/**
 * SKILL.md: YAML between lines of `---`, and instructions. Other fields than these are passed over; `allowed-tools` too, as a skill cannot allow itself anything.
 * @throws KinmeshError `BadSkill` · `UnknownCapability` naming it · `SkillTooLarge`
 */
export function parseSkill(text: string): SkillFile {
  if (text.length > maxSkillFile) throw new KinmeshError('SkillTooLarge', `its SKILL.md has more than ${maxSkillFile} characters: put the rest into other files`)
  const [, head, body = ''] = /^\uFEFF?---[ \t]*\r?\n([^]*?)\r?\n---[ \t]*(?:\r?\n([^]*))?$/.exec(text) ?? []
  if (head === undefined) throw bad('it does not begin with a head between two lines of ---')
  const { name, description, capabilities } = check(headSchema, yamlOf(head), '')
  const given = capabilities ?? {}
  for (const each of Object.keys(given)) {
    if (!Object.hasOwn(capabilitySchemas, each)) throw new KinmeshError('UnknownCapability', `the skill wants the capability "${printable(each)}", which there is not: read, network and run are known`)
  }
  const { read, network, run } = capabilitySchemas
  return {
    name, description, body: body.trim(),
    capabilities: { read: check(read, given['read'], 'capabilities.read'), network: check(network, given['network'], 'capabilities.network'), run: check(run, given['run'], 'capabilities.run') }
  }
}

function yamlOf(head: string): unknown {
  const document = parseDocument(head, { schema: 'core', uniqueKeys: true, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error) throw bad(`its head is no YAML (${error.code})`)
  try {
    // Without aliases: a few lines of them stand for as much as one likes.
    return document.toJS({ maxAliasCount: 0 })
  } catch (cause) {
    throw bad('its head has aliases', cause)
  }
}

function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown, name: string): T {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const at = [name, v.getDotPath(issue) ?? ''].filter(part => part !== '').join('.')
  throw bad(`${at || 'its head'}: ${printable(issue.message)}`)
}

function bad(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadSkill', `this is no skill that can be used (${problem}): correct its SKILL.md`, { cause })
}
