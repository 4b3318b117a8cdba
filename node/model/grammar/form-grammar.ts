import { eitherSequence } from './choices.ts'
import { type GrammarText, literal } from './grammar-text.ts'
import type { Held } from './quote-grammar.ts'

/** What a whole text may be: one of `texts`; or lines, the first one of `first`, and any further ones of `next`. */
export type Forms = { readonly texts: readonly string[]; readonly first: readonly string[]; readonly next: readonly string[] }

/** A text that is one of these and nothing else; or a call, where there are tools. */
export function formRoot(grammar: GrammarText, { texts, first, next }: Forms, calls?: Held): string {
  const further = grammar.name()
  const ended = (line: string) => [...charsOf(line), further]
  grammar.rule(next.length === 0 ? '""' : `"" | "\\n" ${eitherSequence(grammar, [...new Set(next)].map(ended))}`, further)
  const lines = new Set(first)
  return eitherSequence(grammar, [...[...new Set(texts)].filter(text => !lines.has(text)).map(charsOf), ...[...lines].map(ended), ...(calls ? [[...charsOf(calls.mark), calls.rule]] : [])])
}

function charsOf(text: string): string[] {
  return Array.from(text, literal)
}
