import { eitherSequence } from './choices.ts'
import { type GrammarText, literal } from './grammar-text.ts'
import type { Held } from './held.ts'

/** What a whole text may be: one of `texts`; or one of `begins`, perhaps empty, behind which the model goes on for some words in the same line, and quotes nothing. */
export type Forms = { readonly texts: readonly string[]; readonly begins: readonly string[] }

/** Characters of what a model says by itself; and behind what it was begun with: with more room a small one tells something else there. */
const [maxFree, maxMore] = [120, 24]

/** One of `texts`, and how much of it tells it from all others: the rest needs no model, and no grammar. */
type Decided = { readonly form: string; readonly prefix: string }

/** A text that is one of these and nothing else; or a call, where there are tools. Behind what decides for a form anything goes: `decidedForm` says what it is. */
export function formRoot(grammar: GrammarText, forms: Forms, calls?: Held): string {
  const anything = () => grammar.shared('anything', () => '[^\\n]*')
  const more = (most: number) => grammar.shared(`more ${most}`, () => `[^\\n"]{0,${most}}`)
  const decided = new Map(decidable(forms, calls?.mark).map(({ form, prefix }) => [form, prefix]))
  const whole = [...new Set(forms.texts)].map(form => {
    const prefix = decided.get(form)
    return prefix === undefined ? charsOf(form) : [...charsOf(prefix), anything()]
  })
  return eitherSequence(grammar, [...whole, ...[...new Set(forms.begins)].map(form => [...charsOf(form), more(form === '' ? maxFree : maxMore)]), ...(calls ? [[...charsOf(calls.mark), calls.rule]] : [])])
}

/** The form that a text has decided for, if it has. `mark`: that calls begin with. */
export function decidedForm(forms: Forms, mark?: string): (text: string) => string | undefined {
  const all = decidable(forms, mark)
  return text => all.find(({ prefix }) => text.startsWith(prefix))?.form
}

/** The one form that there is, so that no model is needed. */
export function onlyForm({ texts, begins }: Forms): string | undefined {
  return begins.length === 0 && new Set(texts).size === 1 ? texts[0] : undefined
}

function decidable({ texts, begins }: Forms, mark?: string): Decided[] {
  const all = [...new Set([...texts, ...begins, ...(mark === undefined ? [] : [mark])])]
  return [...new Set(texts)].filter(form => !begins.includes(form)).flatMap(form => {
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
