import { type GrammarText, literal } from './grammar-text.ts'

// This version of the library (0.1.27) mixes ways up that begin alike: it merges their states, and lets through what none of them allows
// (its issue 618, mended later). So no two ways of a choice may begin with the same character here.

/** One of several ways, each a rule of its own. */
export function either(grammar: GrammarText, ways: readonly string[]): string {
  const different = [...new Set(ways)]
  return different.length === 1 ? (different[0] ?? '') : `(${different.map(way => sealed(grammar, way)).join(' | ')})`
}

/** One of several texts. */
export function eitherText(grammar: GrammarText, texts: readonly string[]): string {
  return eitherSequence(grammar, texts.map(text => Array.from(text, literal)))
}

/** One of several sequences of characters and classes of characters, with what they begin alike written once. */
export function eitherSequence(grammar: GrammarText, sequences: readonly (readonly string[])[]): string {
  const [first = []] = sequences
  let alike = 0
  while (alike < first.length && sequences.every(sequence => sequence[alike] === first[alike])) alike++
  const beginning = joined(first.slice(0, alike))
  const rests = Map.groupBy(sequences.map(sequence => sequence.slice(alike)), ([head]) => head)
  if (rests.size === 1) return beginning
  const ways = [...rests].map(([head, group]) => {
    if (head === undefined) return '""'
    const way = eitherSequence(grammar, group)
    // Characters beyond ASCII may have their first bytes in common.
    return (head.codePointAt(1) ?? 0) > 0x7f ? sealed(grammar, way) : way
  })
  return `${beginning} ${grammar.rule(ways.join(' | '))}`.trim()
}

/** A rule that the library does not put into the place of its name. */
function sealed(grammar: GrammarText, way: string): string {
  return grammar.shared(`sealed ${way}`, () => `${way} ${grammar.shared('nothing', () => '""')}`)
}

/** Literals that follow each other are one. */
function joined(parts: readonly string[]): string {
  const merged: string[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (part.startsWith('"') && last?.startsWith('"')) merged.splice(-1, 1, last.slice(0, -1) + part.slice(1))
    else merged.push(part)
  }
  return merged.join(' ')
}
