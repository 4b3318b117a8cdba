import { generate } from '../generate.ts'
import { normalised } from '../judge.ts'
import { type LearnedItem, replaceable } from '../prompt.ts'
import type { Split } from '../split.ts'
import { menKin, others, womenKin } from '../words/people.ts'
import type { Span } from './tagger.ts'
import { wordsOf } from './words.ts'

const tasks = ['learn_facts', 'learn_facts', 'learn_change', 'learn_nothing'] as const

/** A message of the user's, memories that are shown beside it, and what is to be kept: words of the message, whom they are about, and which memory is no longer true then. */
export type TagExample = { readonly text: string; readonly memories: readonly string[]; readonly kept: readonly { readonly span: Span; readonly subject: string; readonly replaces?: string | undefined }[] }

export function* tagExamples(split: Split, task?: (typeof tasks)[number]): Generator<TagExample> {
  for (let seed = 0; ; seed++) {
    const { messages, targets: [target] } = generate(seed, split, task ?? tasks[seed % tasks.length])
    const text = messages.at(-2)?.text ?? ''
    const kept = target?.check.kind === 'learns' ? spansOfItems(text, target.check.items) : undefined
    if (kept) yield { text, memories: replaceable(messages[0]?.text ?? ''), kept }
  }
}

/** Undefined where one begins within what is a word here, as "+44" does. */
function spansOfItems(text: string, items: readonly LearnedItem[]): TagExample['kept'] | undefined {
  const places = wordsOf(text)
  let next = 0
  const kept = items.flatMap(item => {
    const length = wordsOf(item.text).length
    for (let from = next; from + length <= places.length; from++) {
      if (length === 0 || !text.startsWith(item.text, places[from]!.from)) continue
      next = from + length
      return [{ span: { from, to: next }, subject: item.subject, replaces: item.replaces }]
    }
    return []
  })
  return kept.length === items.length ? kept : undefined
}

/** In no list, so that it is told from others by its form alone. */
const unknown = 'zqx'

/**
 * The same message with things of two words in the place of one: "my kayak" → "my zqx kayak". Few things of the word lists have two, and those of others may ("eye test"); what a word is that no list has, its form alone tells.
 */
export function compounded({ text, memories, kept }: TagExample): TagExample | undefined {
  const found = kept.find(({ subject }) => subject !== 'user' && !isKin(subject) && text.includes(`my ${subject}`))
  if (!found) return undefined
  const { subject } = found
  const at = text.indexOf(`my ${subject}`) + 'my '.length
  const word = wordsOf(text).findIndex(({ from }) => from === at)
  const moved = (place: number) => (place > word ? place + 1 : place)
  return word < 0 ? undefined : {
    text: `${text.slice(0, at)}${unknown} ${text.slice(at)}`, memories,
    kept: kept.map(each => ({ span: { from: moved(each.span.from), to: moved(each.span.to) }, subject: each.subject === subject ? `${unknown} ${subject}` : each.subject }))
  }
}

function isKin(subject: string): boolean {
  return [...womenKin, ...menKin, ...others].includes(subject)
}

/** The same, whatever the case. */
export function isSame(one: string, other: string): boolean {
  return normalised(one) === normalised(other)
}
