import type { Random } from '../../../sync/random.fixtures.ts'
import { byteLevelJson, piecesJson, read } from '../text/tokenizer.fixtures.ts'
import type { TokenSource } from '../text/token-stream.ts'
import { Grammars, type Matcher } from './grammars.ts'
import { loadGrammarLibrary } from './library.node.ts'

export type TestVocabulary = { readonly source: TokenSource; readonly vocabSize: number; readonly endId: number; readonly grammars: Grammars }

/** Tokens that begin, end and cut in two whatever JSON is made of. */
const fragments = ['{"', '"}', '":', '": ', '", "', '","', '"]', '[{"', '}]', '},{', '}}', '[]', '{}', '\\"', '\\u00', '\\u', 'e9', '00', '12', '-1', '.5', '0.', '1,', ',', 'true', 'ue,', 'null', 'll]', 'a":', 'name', 'é"', '手', '🐝', ' ', '\n', '\\n', '<tool_call>', '"a": 1']

/** For tests: every byte, and pieces of JSON; characters of several bytes are cut anywhere. */
function fragmentSource(): TokenSource & { count: number } {
  const encoder = new TextEncoder()
  const bee = encoder.encode('"🐝手é"')
  const tokens = [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), ...fragments.map(text => encoder.encode(text)), ...Array.from({ length: bee.length - 2 }, (_, at) => bee.slice(at, at + 3)), new Uint8Array()]
  return { count: tokens.length, tokenBytes: id => tokens[id] ?? new Uint8Array(), specialIds: new Set([tokens.length - 1]), leadingSpaces: 0 }
}

export function vocabularyOf(source: TokenSource, vocabSize: number, endId: number): TestVocabulary {
  return { source, vocabSize, endId, grammars: new Grammars(loadGrammarLibrary, { source, vocabSize, endIds: new Set([endId]), visible: new Set() }) }
}

/** For tests: one of each style. */
export function vocabularies(): [string, TestVocabulary][] {
  const [bytes, pieces, fragmented] = [read(byteLevelJson()), read(piecesJson()), fragmentSource()]
  return [['byte-level', vocabularyOf(bytes, bytes.vocabSize, 0)], ['pieces', vocabularyOf(pieces, pieces.vocabSize, pieces.idOf('</s>') ?? 0)], ['fragments', vocabularyOf(fragmented, fragmented.count, fragmented.count - 1)]]
}

export function allowedIds(mask: Uint32Array, vocabSize: number): number[] {
  return Array.from({ length: vocabSize }, (_, id) => id).filter(id => ((mask[id >>> 5] ?? 0) >>> (id & 31)) & 1)
}

/** Steps after which whatever ends something is taken where there is a choice. */
const wildSteps = 40

/** For tests: any text that a grammar allows; undefined if it did not end. What comes next is drawn, however unlikely it were for a model. */
export async function randomText({ source, vocabSize, endId }: TestVocabulary, matcher: Matcher, random: Random, limit = 600): Promise<string | undefined> {
  const bytes: number[] = []
  const closing = (id: number) => id === endId || /^["\]}]+$/.test(String.fromCharCode(...source.tokenBytes(id)))
  for (let step = 0; step < limit; step++) {
    const ids = allowedIds(await matcher.allowed(), vocabSize)
    if (ids.length === 0) throw new Error(`nothing may follow ${JSON.stringify(new TextDecoder().decode(Uint8Array.from(bytes)))}`)
    const closers = ids.filter(closing)
    const id = closers.length > 0 && (step > wildSteps || random.chance(0.2)) ? random.pick(closers) : random.pick(ids)
    matcher.accept(id)
    if (id === endId) return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
    bytes.push(...source.tokenBytes(id))
  }
  return undefined
}

/** For tests: whether a grammar lets a text through, byte by byte; the vocabulary has to have a token for each byte. */
export async function lets({ source, vocabSize, endId, grammars }: TestVocabulary, grammar: string, text: string): Promise<boolean> {
  const matcher = await grammars.matcher(grammar)
  try {
    for (const byte of new TextEncoder().encode(text)) {
      const id = allowedIds(await matcher.allowed(), vocabSize).find(each => source.tokenBytes(each).length === 1 && source.tokenBytes(each)[0] === byte && !source.specialIds.has(each))
      if (id === undefined) return false
      matcher.accept(id)
    }
    return allowedIds(await matcher.allowed(), vocabSize).includes(endId)
  } finally {
    matcher.release()
  }
}
