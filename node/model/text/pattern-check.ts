import { badModelFile, quoted } from '../model-errors.ts'
import type { PlainTokenizer } from './plain-tokenizer.ts'
import { tooCostly } from './regex-cost.ts'

/** Parts of a tokenizer that are looked through; published ones have up to ten. */
const maxParts = 256
/** Characters that all replacements together may make of one; SentencePiece's make one of one. */
const maxGrowth = 64

/**
 * Patterns of a published tokenizer run over whatever a person says, so they are looked at before they run, as the library made them of the file. A text then takes time that grows with the
 * square of its length at worst, and grows itself by a factor that is bounded.
 *
 * @throws KinmeshError `BadModelFile`
 */
export function checkPatterns({ normalizer, pre_tokenizer }: Pick<PlainTokenizer, 'normalizer' | 'pre_tokenizer'>): void {
  for (const { pattern } of [...partsOf(normalizer), ...partsOf(pre_tokenizer)]) {
    if (!(pattern instanceof RegExp)) continue
    const reason = tooCostly(pattern)
    if (reason !== undefined) throw badModelFile(`tokenizer.json has a pattern that a text could keep busy for ever (${reason}): ${quoted(pattern.source)}: choose another model`)
  }
  let growth = 1
  for (const { pattern, config } of partsOf(normalizer)) {
    const content = typeof config === 'object' && config !== null && 'content' in config && typeof config.content === 'string' ? config.content : ''
    if (!(pattern instanceof RegExp) || content === '') continue
    growth *= ''.search(pattern) === 0 ? content.length + 1 : content.length
    if (growth > maxGrowth) throw badModelFile(`tokenizer.json replaces characters by more than ${maxGrowth} others: choose another model`)
  }
}

type Part = { readonly pattern?: unknown; readonly config?: unknown }

/** The part itself, and those it is a sequence of. */
function partsOf(part: object | null): Part[] {
  const found: Part[] = []
  const open: unknown[] = [part]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // The library's parts are functions.
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null) continue
    found.push(next)
    if (found.length > maxParts) throw badModelFile(`tokenizer.json has more than ${maxParts} steps before it looks for tokens: choose another model`)
    for (const value of Object.values(next)) if (Array.isArray(value)) open.push(...(value as unknown[]).toReversed())
  }
  return found
}
