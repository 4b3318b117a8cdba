import { KinmeshError } from '../../../mesh/errors.ts'
import type { ToolConvention } from '../text/tool-calls.ts'
import { either } from './choices.ts'
import { type GrammarText, jsonLiteral, literal } from './grammar-text.ts'
import type { Held } from './held.ts'
import { anyObjectRule, schemaRule } from './schema-grammar.ts'

/** What a model may call. `parameters`: JSON schema of an object; none: no arguments. */
export type Tool = { readonly name: string; readonly description?: string | undefined; readonly parameters?: Readonly<Record<string, unknown>> | undefined }
/** `auto`: the model calls if it wants to; `required`: it calls one tool at least, and says nothing else; a name: it calls that one, once. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string }

/**
 * What a text is that calls tools and says nothing else, as the root of a grammar. Arguments are held to their schema. One that cannot be held (see `schemaRule`) is not
 * held by this: the arguments are then any object, and whoever runs the tool has to look at them, as always.
 *
 * @throws KinmeshError `InvalidOption`: no such tool, or too many
 */
export function toolRoot(grammar: GrammarText, convention: ToolConvention, namesFirst: boolean, tools: readonly Tool[], choice: Exclude<ToolChoice, 'none' | 'auto'>): string {
  const chosen = typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools
  if (chosen.length === 0) throw new KinmeshError('InvalidOption', `toolChoice: none of the tools is named ${typeof choice === 'object' ? JSON.stringify(choice.name) : 'anything'}`)
  const { open, rest } = formOf(callRule(grammar, convention, namesFirst, chosen), convention, namesFirst, choice)
  const one = open === '' ? rest : `${literal(open)} ${rest}`
  // Llama writes one call at a time, and Mistral's older form has all of them in one list.
  return typeof choice === 'object' || convention === 'llama' || (convention === 'mistral' && !namesFirst) ? one : `${one} ("\\n"? ${one})*`
}

/**
 * The mark that calls begin with in a text that is free otherwise, and what follows it.
 * Llama's bare JSON has none: there a call that begins without `<|python_tag|>` is as the model writes it.
 *
 * @throws KinmeshError `InvalidOption`: too many tools
 */
export function heldCalls(grammar: GrammarText, convention: ToolConvention, namesFirst: boolean, tools: readonly Tool[]): Held {
  return { mark: callMark(convention), rule: grammar.rule(formOf(callRule(grammar, convention, namesFirst, tools), convention, namesFirst, 'auto').rest) }
}

/** What calls begin with in a text that is free otherwise. */
export function callMark(convention: ToolConvention): string {
  return { hermes: '<tool_call>', llama: '<|python_tag|>', mistral: '[TOOL_CALLS]' }[convention]
}

function callRule(grammar: GrammarText, convention: ToolConvention, namesFirst: boolean, tools: readonly Tool[]): string {
  return grammar.rule(either(grammar, tools.map(tool => callOf(grammar, tool, convention, namesFirst))))
}

/** The mark that a call begins with, if any, and what follows it. */
function formOf(call: string, convention: ToolConvention, namesFirst: boolean, choice: ToolChoice): { open: string; rest: string } {
  if (convention === 'hermes') return { open: '<tool_call>', rest: `"\\n"? ${call} "\\n"? "</tool_call>"` }
  if (convention === 'llama') return { open: '', rest: call }
  if (namesFirst) return { open: '[TOOL_CALLS]', rest: call }
  return { open: '[TOOL_CALLS]', rest: typeof choice === 'object' ? `" "? "[" ${call} "]"` : `" "? "[" ${call} ("," " "? ${call})* "]"` }
}

/** Written as the templates write earlier calls, one space after each comma and colon. */
function callOf(grammar: GrammarText, { name, parameters }: Tool, convention: ToolConvention, namesFirst: boolean): string {
  const args = argumentsOf(grammar, parameters)
  if (convention === 'mistral' && namesFirst) return `${literal(`${name}[ARGS]`)} ${args}`
  return `"{\\"name\\":" " "? ${jsonLiteral(name)} "," " "? "\\"${convention === 'llama' ? 'parameters' : 'arguments'}\\":" " "? ${args} "}"`
}

function argumentsOf(grammar: GrammarText, parameters: Tool['parameters']): string {
  if (parameters === undefined) return '"{}"'
  const isWhole = ['$ref', 'anyOf', 'oneOf', 'allOf', 'type'].some(keyword => Object.hasOwn(parameters, keyword))
  // Tools without arguments are described by an object without properties, which would allow any.
  const schema = isWhole ? parameters : { type: 'object', ...parameters }
  const closed = schema['type'] === 'object' && !Object.hasOwn(schema, 'additionalProperties') ? { ...schema, additionalProperties: false } : schema
  return grammar.attempt(() => schemaRule(grammar, closed)) ?? anyObjectRule(grammar)
}
