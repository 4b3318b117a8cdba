import { eitherSequence } from './choices.ts'
import { type GrammarText, literal } from './grammar-text.ts'
import type { Held } from './quote-grammar.ts'

/** What a whole text may be: one of `texts`; or lines, the first one of `first`, and any further ones of `next`. */
export type Forms = { readonly texts: readonly string[]; readonly first: readonly string[]; readonly next: readonly string[] }

/** A form that nothing follows, and how much of it tells it from all others: the rest needs no model, and no grammar. */
type Decided = { readonly form: string; readonly prefix: string }

/** A text that is one of these and nothing else; or a call, where there are tools. Behind what decides for a form anything goes: `decidedForm` says what it is. */
export function formRoot(grammar: GrammarText, forms: Forms, calls?: Held): string {
  const { next } = forms
  const further = grammar.name()
  const ended = (line: string) => [...charsOf(line), further]
  grammar.rule(next.length === 0 ? '""' : `"" | "\\n" ${eitherSequence(grammar, [...new Set(next)].map(ended))}`, further)
  const decided = new Map(decidable(forms, calls?.mark).map(({ form, prefix }) => [form, prefix]))
  const lines = new Set(forms.first)
  const ways = [...new Set([...forms.texts, ...forms.first])].map(form => {
    const prefix = decided.get(form)
    return prefix === undefined ? (lines.has(form) ? ended(form) : charsOf(form)) : [...charsOf(prefix), grammar.shared('anything', () => '[^\\n]*')]
  })
  return eitherSequence(grammar, [...ways, ...(calls ? [[...charsOf(calls.mark), calls.rule]] : [])])
}

/** The form that a text has decided for, if it has. `mark`: that calls begin with. */
export function decidedForm(forms: Forms, mark?: string): (text: string) => string | undefined {
  const all = decidable(forms, mark)
  return text => all.find(({ prefix }) => text.startsWith(prefix))?.form
}

function decidable({ texts, first, next }: Forms, mark?: string): Decided[] {
  const all = [...new Set([...texts, ...first, ...(mark === undefined ? [] : [mark])])]
  const ends = new Set(next.length === 0 ? [...texts, ...first] : texts.filter(text => !first.includes(text)))
  return all.filter(form => ends.has(form)).flatMap(form => {
    const alike = Math.max(0, ...all.filter(other => other !== form).map(other => commonLength(form, other)))
    const prefix = form.slice(0, alike + 1).toWellFormed() === form.slice(0, alike + 1) ? form.slice(0, alike + 1) : form.slice(0, alike + 2)
    // What is the beginning of another one is told from it by its end.
    return alike < form.length ? [{ form, prefix }] : []
  })
}

function commonLength(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

function charsOf(text: string): string[] {
  return Array.from(text, literal)
}
