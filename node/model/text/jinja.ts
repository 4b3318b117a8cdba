import * as library from '@huggingface/jinja'

/** What we use of the library's tree and values. Its own types name files without extensions, which TypeScript does not follow in ES modules. */
export type JinjaNode = { readonly type: string; readonly [field: string]: unknown }
export type JinjaValue = { readonly type: string; readonly value: unknown }

export interface JinjaScope {
  /** Turns a plain value, or a function of plain values, into one of the template. Throws for a name that is taken. */
  set(name: string, value: unknown): unknown
}

export interface JinjaInterpreter {
  run(program: JinjaNode): JinjaValue
  /** Every node that has a value of its own is evaluated by a call of this. Undefined: a filter such as `first` found nothing. */
  evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue | undefined
}

export const { Environment, Interpreter, Template } = library as unknown as {
  Environment: new () => JinjaScope
  Interpreter: new (scope: JinjaScope) => JinjaInterpreter
  Template: new (source: string) => { readonly parsed: JinjaNode }
}
