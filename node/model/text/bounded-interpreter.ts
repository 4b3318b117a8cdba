import { Interpreter, type JinjaNode, type JinjaScope, type JinjaValue } from './jinja.ts'
import { pythonText } from './python-repr.ts'
import type { TemplatePlan, Watch } from './template-plan.ts'

/** Longest text a template may make, in characters: eight times a context of 64,000 tokens. */
export const maxTextChars = 2 * 1024 * 1024
/** Work of one rendering. One is a node of the tree, or 16 characters or elements read, or one element made; a long conversation takes 100,000, and all of it about a second. */
export const maxSteps = 2_000_000
/** Nodes within nodes, those of macros that call each other included. */
export const maxNesting = 256
/** Elements of one list; a conversation has fewer messages. */
const maxElements = 64 * 1024
/** Characters and elements in a list or object, all levels together … */
const maxWeight = 8 * 1024 * 1024
/** … and those levels: the parameters of a tool have about eight. */
const maxLevels = 64
/** What a call may make out of its parts at most, in characters, before it is made. */
const maxProduct = 64 * 1024 * 1024
/** A turn of a loop makes its own variables, which costs this many steps. */
const stepsPerTurn = 8
/** Where the library makes an exception, with its stack. */
const stepsPerException = 16

/** The template asks for more than any honest one: ends the rendering. */
export class TemplateLimit extends Error {}

type Size = { readonly weight: number; readonly levels: number }
type Frame = { readonly watch: Watch; product: number }

/**
 * Runs a template within bounds on time, memory and stack. The library evaluates every part of a template by calling `evaluate`, so each call is counted
 * here and each value measured; calls that multiply sizes are stopped before they are made. Methods are taken from strings only where they are
 * called, or their operand could not be measured. One instance renders once.
 */
export class BoundedInterpreter extends Interpreter {
  readonly #plan: TemplatePlan
  readonly #frames: Frame[] = []
  /** Lists and objects do not change once they are made, and are evaluated again and again. */
  readonly #sizes = new WeakMap<object, Size>()
  #steps = 0
  #nesting = 0

  constructor(plan: TemplatePlan, scope: JinjaScope) {
    super(scope)
    this.#plan = plan
  }

  get steps(): number {
    return this.#steps
  }

  override evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue | undefined {
    if (!node) return super.evaluate(node, scope)
    this.#spend(this.#priceOf(node))
    if (this.#nesting >= maxNesting) throw new TemplateLimit(`nests more than ${maxNesting} parts`)
    const watch = this.#plan.watched.get(node)
    if (watch) this.#frames.push({ watch, product: 1 })
    this.#nesting++
    let value: JinjaValue | undefined
    try {
      value = this.#plan.stringified.has(node) ? this.#stringified(node, scope) : super.evaluate(node, scope)
    } finally {
      // `break` and `continue` are exceptions, after which the rendering goes on.
      this.#nesting--
      if (watch) this.#frames.pop()
    }
    // A method that is not called is what a property of that name would be if it existed: `schema.items` of a schema without items.
    if (!value || (value.type === 'FunctionValue' && node.type === 'MemberExpression' && !this.#plan.callees.has(node))) value = super.evaluate(undefined, scope)
    if (value) this.#account(node, value)
    return value
  }

  #stringified(node: JinjaNode, scope: JinjaScope): JinjaValue | undefined {
    const operand = this.evaluate(node['operand'] as JinjaNode, scope)
    return operand && super.evaluate({ type: 'StringLiteral', value: pythonText(operand) }, scope)
  }

  #priceOf({ type }: JinjaNode): number {
    // The library goes through the body of a macro whenever it meets one.
    if (type === 'Macro' || type === 'CallStatement') return this.#plan.nodes
    return type === 'Break' || type === 'Continue' ? stepsPerException : 1
  }

  #account(node: JinjaNode, value: JinjaValue): void {
    const size = this.#measured(value)
    // A name that nobody set is found by an exception.
    if (value.type === 'UndefinedValue' && node.type === 'Identifier') this.#spend(stepsPerException)
    const frame = this.#frames.at(-1)
    if (!frame?.watch.parts.has(node)) return
    if (frame.watch.kind === 'loop') {
      this.#spend(stepsPerTurn * countOf(value))
      return
    }
    frame.product *= Math.max(1, typeof value.value === 'number' ? Math.abs(value.value) : size.weight * size.levels)
    if (!(frame.product <= maxProduct)) throw new TemplateLimit('makes a text of more characters than can be held')
  }

  /** Size of a value that was just evaluated, and the price of reading it. */
  #measured(value: JinjaValue): Size {
    if (typeof value.value === 'string') {
      if (value.value.length > maxTextChars) throw new TemplateLimit(`makes a text of more than ${maxTextChars} characters`)
      this.#spend(value.value.length / 16)
      return { weight: value.value.length, levels: 1 }
    }
    const count = countOf(value)
    if (count > maxElements) throw new TemplateLimit(`makes a list of more than ${maxElements} elements`)
    const known = this.#sizes.has(value)
    this.#spend(known || value.type === 'NamespaceValue' ? count / 16 : count)
    return value.type === 'NamespaceValue' ? { weight: 1, levels: 1 } : this.#sizeOf(value, maxLevels)
  }

  #sizeOf(value: JinjaValue, levelsLeft: number): Size {
    const inner = value.value
    if (typeof inner === 'string') return { weight: 1 + inner.length, levels: 1 }
    if (!Array.isArray(inner) && !(inner instanceof Map)) return { weight: 1, levels: 1 }
    const known = this.#sizes.get(value)
    if (known) return known
    if (levelsLeft === 0) throw new TemplateLimit(`makes lists of more than ${maxLevels} levels`)
    let [weight, levels] = [1, 1]
    for (const child of inner.values() as Iterable<JinjaValue>) {
      // What can change afterwards, or hides what it is made of, has no size that would hold.
      if (child.type === 'NamespaceValue' || child.type === 'FunctionValue') throw new TemplateLimit('keeps a namespace or a function in a list')
      const size = this.#sizeOf(child, levelsLeft - 1)
      weight += size.weight
      levels = Math.max(levels, 1 + size.levels)
    }
    if (inner instanceof Map) for (const key of inner.keys() as Iterable<string>) weight += key.length
    if (weight > maxWeight) throw new TemplateLimit(`makes a list of more than ${maxWeight} characters`)
    if (levels > maxLevels) throw new TemplateLimit(`makes lists of more than ${maxLevels} levels`)
    const size = { weight, levels }
    this.#sizes.set(value, size)
    return size
  }

  #spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > maxSteps) throw new TemplateLimit(`takes more than ${maxSteps} steps`)
  }
}

function countOf({ value }: JinjaValue): number {
  return Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0
}
