import { type TaskName, generate } from '../generate.ts'
import type { Split } from '../split.ts'
import { type ArgumentName, argumentNames } from './arguments.ts'
import type { LabelledSpan } from './tagger.ts'
import { wordsOf } from './words.ts'

/** A message of the user's, and which words of it are arguments of the call that it led to. `tool`: that is called. */
export type ArgumentExample = { readonly tool: string; readonly text: string; readonly spans: readonly LabelledSpan[] }

/** What users say that built-in tools are called for. */
export const argumentTasks = ['remember', 'recall', 'forget', 'list_add', 'list_remove', 'list_show', 'reminder', 'timer', 'dates'] as const

export function argumentExamples(split: Split, task?: (typeof argumentTasks)[number]): Generator<ArgumentExample> {
  return examplesOf(split, seed => task ?? argumentTasks[seed % argumentTasks.length]!, name => argumentNames.indexOf(name as ArgumentName))
}

/** Of tools of other programs: each argument of theirs is a value. */
export function valueExamples(split: Split): Generator<ArgumentExample> {
  return examplesOf(split, () => 'other_tool', () => 0)
}

function* examplesOf(split: Split, taskOf: (seed: number) => TaskName, labelOf: (name: string) => number): Generator<ArgumentExample> {
  for (let seed = 0; ; seed++) {
    const { messages, targets } = generate(seed, split, taskOf(seed))
    for (const { index, check } of targets) {
      if (check.kind !== 'calls' || messages[index - 1]?.role !== 'user') continue
      const said = messages.slice(0, index).flatMap(({ role, text }) => (role === 'user' ? [text] : [])).reverse()
      for (const { name: tool, arguments: given } of check.calls) {
        const found = said.map((): LabelledSpan[] => [])
        for (const [name, value] of Object.entries(given)) {
          const label = labelOf(name)
          if (label < 0) continue
          // In the last message where it is there: what was asked back is said in one before.
          for (const words of [value].flat()) {
            const at = said.findIndex((text, turn) => spanOf(text, String(words), found[turn]!))
            if (at >= 0) found[at]!.push({ ...spanOf(said[at]!, String(words), found[at]!)!, label })
          }
        }
        for (const [turn, spans] of found.entries()) if (spans.length > 0) yield { tool, text: said[turn]!, spans }
      }
    }
  }
}

/** Where words stand in a text, whatever the case, apart from what was found before; undefined where they do not. */
function spanOf(text: string, words: string, others: readonly LabelledSpan[]): Omit<LabelledSpan, 'label'> | undefined {
  const places = wordsOf(text)
  const length = wordsOf(words).length
  const isIt = (from: number) => text.slice(places[from]!.from, places[from + length - 1]!.to).toLowerCase() === words.toLowerCase()
  for (let from = 0; length > 0 && from + length <= places.length; from++) {
    if (isIt(from) && others.every(other => other.to <= from || other.from >= from + length)) return { from, to: from + length }
  }
  return undefined
}

/** In no list, so that it is told from others by its form alone. */
const unknown = 'zqx'

/** The same message with an item or a label of one word more: "soy sauce" is in few lists. Undefined where it has none. */
export function lengthened({ tool, text, spans }: ArgumentExample): ArgumentExample | undefined {
  const [items, label] = [argumentNames.indexOf('items'), argumentNames.indexOf('label')]
  const longer = spans.find(span => span.label === items || span.label === label)
  if (!longer) return undefined
  // Before its first word, or behind its last.
  const isBefore = text.length % 2 === 0
  const place = isBefore ? longer.from : longer.to
  const places = wordsOf(text)
  const at = isBefore ? places[place]!.from : places[place - 1]!.to
  const words = isBefore ? `${unknown} ` : ` ${unknown}`
  return { tool, text: `${text.slice(0, at)}${words}${text.slice(at)}`, spans: spans.map(span => (span === longer ? { ...span, to: span.to + 1 } : span.from >= place ? { from: span.from + 1, to: span.to + 1, label: span.label } : span)) }
}
