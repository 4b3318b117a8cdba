import { badModelFile } from '../model-errors.ts'
import { type JinjaNode, Template } from './jinja.ts'

/** Longest template, in characters: the longest published ones, with their documentation of tools, have 30,000. */
export const maxTemplateChars = 128 * 1024
/** Nodes of a template's tree; the largest published have 3,000. */
export const maxTemplateNodes = 50_000
/** White space in a row. The library looks for tags in a way that takes the square of it. */
const maxSpaces = 1000

/** A parsed template, with the places where work or size can grow beyond what went in. */
export type TemplatePlan = {
  readonly program: JinjaNode
  readonly nodes: number
  /** Methods that are called where they are named, the only place where they may be. */
  readonly callees: ReadonlySet<JinjaNode>
  /** `… | string`, which is answered as Python does. */
  readonly stringified: ReadonlySet<JinjaNode>
  /** By node: what makes its result large, so that it can be measured before the result is made. */
  readonly watched: ReadonlyMap<JinjaNode, Watch>
}

/** `growth`: the result may be as large as the product of the parts. `loop`: the body runs once for each element of the part. */
export type Watch = { readonly kind: 'growth' | 'loop'; readonly parts: ReadonlySet<JinjaNode> }

/** Filters and methods whose result can be far larger than what they are given. */
const growing = new Set(['replace', 'join', 'indent', 'tojson'])

/** @throws KinmeshError `BadModelFile` */
export function planTemplate(source: string): TemplatePlan {
  if (source.length > maxTemplateChars) throw badModelFile(`the chat template has ${source.length} characters; at most ${maxTemplateChars} are read`)
  if (new RegExp(`\\s{${maxSpaces + 1}}`).test(source)) throw badModelFile(`the chat template has more than ${maxSpaces} spaces in a row`)
  const program = parsed(source)
  const callees = new Set<JinjaNode>()
  const stringified = new Set<JinjaNode>()
  const watched = new Map<JinjaNode, Watch>()
  let nodes = 0
  // Without recursion: a tree can be as deep as the template is long.
  const open: unknown[] = [program]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next) || next instanceof Map) {
      open.push(...next)
      continue
    }
    if (!isNode(next)) continue
    if (++nodes > maxTemplateNodes) throw badModelFile(`the chat template has more than ${maxTemplateNodes} parts`)
    look(next, callees, watched)
    if (next.type === 'FilterExpression' && nameOf(next['filter']) === 'string') stringified.add(next)
    open.push(...Object.values(next).filter(value => typeof value === 'object' && value !== null))
  }
  return { program, nodes, callees, stringified, watched }
}

function look(node: JinjaNode, callees: Set<JinjaNode>, watched: Map<JinjaNode, Watch>): void {
  switch (node.type) {
    case 'For': {
      const iterable = node['iterable']
      const list = isNode(iterable) && iterable.type === 'SelectExpression' ? iterable['lhs'] : iterable
      if (isNode(list)) watched.set(node, { kind: 'loop', parts: new Set([list]) })
      break
    }
    case 'FilterStatement':
      // Its body has no value that could be measured, and no published template uses it.
      throw badModelFile('the chat template has a {% filter %} block, which this version does not run')
    case 'FilterExpression': {
      const { filter, operand } = node
      if (isNode(filter) && filter.type === 'CallExpression' && growing.has(nameOf(filter['callee']) ?? '')) watched.set(node, { kind: 'growth', parts: partsOf(filter, operand) })
      break
    }
    case 'CallStatement':
    case 'CallExpression': {
      const call = node.type === 'CallStatement' ? node['call'] : node
      const callee = isNode(call) ? call['callee'] : undefined
      if (!isNode(call) || !isNode(callee) || (callee.type !== 'Identifier' && callee.type !== 'MemberExpression')) throw badModelFile('the chat template calls what is neither a name nor a method')
      if (callee.type === 'Identifier') break
      callees.add(callee)
      const method = nameOf(callee['property'])
      // A computed name may be any.
      if (method === undefined || growing.has(method)) watched.set(node, { kind: 'growth', parts: partsOf(call, callee['object']) })
    }
  }
}

function partsOf(call: JinjaNode, operand: unknown): Set<JinjaNode> {
  const values = (call['args'] as JinjaNode[]).map(argument => {
    if (argument.type === 'KeywordArgumentExpression') return argument['value']
    return argument.type === 'SpreadExpression' || argument.type === 'KeywordSpreadExpression' ? argument['argument'] : argument
  })
  return new Set([operand, ...values].filter(isNode))
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node) || (node.type !== 'Identifier' && node.type !== 'StringLiteral')) return undefined
  return typeof node['value'] === 'string' ? node['value'] : undefined
}

function isNode(value: unknown): value is JinjaNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function parsed(source: string): JinjaNode {
  try {
    return new Template(source).parsed
  } catch (error) {
    // A RangeError is the stack, which deep nesting exhausts.
    throw badModelFile(`the chat template cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`, error)
  }
}
