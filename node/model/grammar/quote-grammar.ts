import { KinmeshError } from '../../../mesh/errors.ts'
import { eitherText } from './choices.ts'
import { type GrammarText, literal } from './grammar-text.ts'

/** Where a text has `after`, it goes on with one of `texts`, to the letter. */
export type Quotes = { readonly after: string; readonly texts: readonly string[] }
/** A text is free until it has `mark`, and then goes on as `rule` says. */
export type Held = { readonly mark: string; readonly rule: string }

/** What each mark is followed by. Marks that go on alike share a rule: compiling it takes most of the time until a short answer begins. */
export function heldQuotes(grammar: GrammarText, quotes: readonly Quotes[]): Held[] {
  return quotes.map(({ after, texts }) => ({ mark: after, rule: grammar.shared(`texts ${JSON.stringify(texts)}`, () => eitherText(grammar, texts)) }))
}

/** A free text that is held behind some marks, and free again behind what is held. @throws KinmeshError `InvalidOption`: one mark has another in it, and nobody could tell which of them it is */
export function freeRoot(held: readonly Held[]): string {
  for (const { mark } of held) {
    const within = held.filter(other => other.mark !== mark && mark.includes(other.mark))
    if (within.length > 0 || held.filter(other => other.mark === mark).length > 1) throw new KinmeshError('InvalidOption', `quotes: ${JSON.stringify(mark)} has another mark in it, or is there twice: give marks that can be told apart`)
  }
  return `TagDispatch(${held.map(({ mark, rule }) => `(${literal(mark)}, ${rule})`).join(', ')}, stop_eos=true, loop_after_dispatch=true)`
}
