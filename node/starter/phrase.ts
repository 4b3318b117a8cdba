import type { Dice } from './dice.ts'

/**
 * Phrases are written as `(one|another) way [that] <S> <+say> it`: one of several, perhaps, and slots that whoever expands fills in. `[…]` is there every
 * other time. White space that is left over goes.
 */
type Part = string | { readonly slot: string } | { readonly either: readonly (readonly Part[])[] }

export type Slots = (name: string) => string

const parsed = new Map<string, readonly Part[]>()

/** @throws Error for a phrase with a bracket that is not closed */
export function expand(phrase: string, dice: Dice, slots: Slots): string {
  let parts = parsed.get(phrase)
  if (!parts) parsed.set(phrase, (parts = parse(phrase)))
  return write(parts, dice, slots).replaceAll(/ {2,}/g, ' ').replaceAll(/ (?=[,.?!])/g, '').trim()
}

function write(parts: readonly Part[], dice: Dice, slots: Slots): string {
  return parts.map(part => (typeof part === 'string' ? part : 'slot' in part ? slots(part.slot) : write(dice.pick(part.either), dice, slots))).join('')
}

function parse(phrase: string): readonly Part[] {
  let at = 0
  const fail = () => new Error(`a bracket of this phrase is not closed, or not opened: ${phrase}`)

  function sequence(): Part[] {
    const parts: Part[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push(text)
      text = ''
    }
    for (; at < phrase.length && !'|)]'.includes(phrase[at] as string); at++) {
      const char = phrase[at] as string
      if (char === '<') {
        const end = phrase.indexOf('>', at)
        if (end < 0) throw fail()
        flush()
        parts.push({ slot: phrase.slice(at + 1, end) })
        at = end
      } else if (char === '(' || char === '[') {
        flush()
        at++
        const either = [sequence()]
        while (phrase[at] === '|') {
          at++
          either.push(sequence())
        }
        if (phrase[at] !== (char === '(' ? ')' : ']')) throw fail()
        // As often there as not, whatever the number of ways.
        parts.push(char === '(' ? { either } : { either: [[{ either }], []] })
      } else text += char
    }
    flush()
    return parts
  }

  const parts = sequence()
  if (at < phrase.length) throw fail()
  return parts
}
