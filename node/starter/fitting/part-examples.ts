import type { Fact } from '../facts/fact.ts'
import type { LabelledSpan } from '../tagging/tagger.ts'
import { wordsOf } from '../tagging/words.ts'
import { isMe, isThing } from '../voice.ts'

export type PartExample = { readonly text: string; readonly spans: readonly LabelledSpan[] }

/** Where a text has the parts of a fact; undefined where it does not name what the fact is about. `mine`: whoever says it speaks of themselves. */
export function partsIn(text: string, { subject, extra, value }: Fact, mine: boolean): PartExample | undefined {
  const places = wordsOf(text)
  const spans: LabelledSpan[] = []
  const add = (words: string, label: number) => {
    const found = words === '' ? undefined : spanOf(text, places, words, spans, label)
    if (found) spans.push(found)
    return found !== undefined
  }
  // The longest first: what is told may have a name in it.
  add(value, 2)
  add(extra, 1)
  if (!mine && !isMe(subject)) {
    const names = isThing(subject) ? [subject.noun] : [`${subject.kin ?? ''} ${subject.name ?? ''}`.trim()]
    if (!names.every(each => add(each, 0))) return undefined
  }
  return { text, spans: spans.toSorted((a, b) => a.from - b.from) }
}

function spanOf(text: string, places: ReturnType<typeof wordsOf>, words: string, others: readonly LabelledSpan[], label: number): LabelledSpan | undefined {
  const length = wordsOf(words).length
  const plain = (from: number, to: number) => text.slice(places[from]!.from, places[to - 1]!.to).toLowerCase().replace(/['’]s?$/, '')
  for (let from = 0; length > 0 && from + length <= places.length; from++) {
    if (plain(from, from + length) === words.toLowerCase().replace(/['’]s?$/, '') && others.every(other => other.to <= from || other.from >= from + length)) return { from, to: from + length, label }
  }
  return undefined
}
