import { badModelFile } from '../model-errors.ts'
import { createControlFinder, guard } from './control-tokens.ts'
import { checkPatterns } from './pattern-check.ts'
import { createPlainTokenizer } from './plain-tokenizer.ts'
import { type TokenSource, decodeTokens } from './token-stream.ts'
import { spelledBytes } from './token-bytes.ts'
import { readTokenizerFile } from './tokenizer-file.ts'

/**
 * Who wrote a text. `typed`: by a person, a tool, a memory or the web: none of it is ever a control token. `generated`: by the model itself: what it wrote
 * around its thoughts and tool calls is read as that again, special tokens are not. `quoted`: as typed, and put between quotes by the template, as the names and
 * values of JSON; templates compare those with words of their own, so only those are marked that spell a whole control token.
 */
export type Authorship = 'typed' | 'generated' | 'quoted'

export interface Tokenizer extends TokenSource {
  readonly vocabSize: number
  /** Control tokens that stand in the text are recognised, and none is added: prompts come out of the chat template, which writes all of them. */
  encode(text: string): number[]
  /** As text that a person wrote: `<|end|>` is seven characters. */
  encodeText(text: string): number[]
  /** The text, marked so that `encode` finds no control token in it, nor (unless it is quoted) one that begins before or ends after it; otherwise encoded as it stands. */
  shield(text: string, by: Authorship): string
  /** Special tokens give no text. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string
  /** Id of an added token, special or not. */
  idOf(token: string): number | undefined
  /** `bos_token`, `eos_token` … of tokenizer_config.json, for templates. */
  readonly named: Readonly<Record<string, string>>
}

const encoder = new TextEncoder()
const noBytes = new Uint8Array()

/**
 * `vocabSize`: rows of the model's embedding; ids beyond it would read what is not there. tokenizer_config.json may be absent (undefined).
 *
 * @throws KinmeshError `BadModelFile` · `UnknownModel`
 */
export function readTokenizer(tokenizerJson: unknown, tokenizerConfigJson: unknown, vocabSize: number): Tokenizer {
  const file = readTokenizerFile(tokenizerJson, tokenizerConfigJson, vocabSize)
  const plain = orBadFile(() => createPlainTokenizer(file.plain))
  checkPatterns(plain)
  const finder = createControlFinder(file.controls)
  const specials = createControlFinder(file.controls.filter(({ special }) => special))
  const addedIds = new Set(file.added.values())

  /** A stretch of text between control tokens. */
  function encodeStretch(stretch: string, begins: boolean, ids: number[]): void {
    const text = stretch.replaceAll(guard, '')
    if (text === '') return
    const found = orBadFile(() => plain.encode(begins ? text : guard + text, { add_special_tokens: false }).ids)
    for (const id of begins ? found : found.slice(1)) {
      if (!Number.isInteger(id) || id < 0 || id >= vocabSize) throw badModelFile('the tokenizer gives text an id that is none of its own')
      ids.push(id)
    }
  }

  function encode(text: string): number[] {
    const ids: number[] = []
    const parts = finder.split(text)
    for (const [index, part] of parts.entries()) {
      if (typeof part !== 'string') {
        ids.push(part.id)
        continue
      }
      const [before, after] = [parts[index - 1], parts[index + 1]]
      let stretch = part
      if (typeof before === 'object' && before.rstrip) stretch = stretch.trimStart()
      if (typeof after === 'object' && after.lstrip) stretch = stretch.trimEnd()
      encodeStretch(stretch, index === 0, ids)
    }
    return ids
  }

  const tokenizer: Tokenizer = {
    vocabSize,
    leadingSpaces: file.spelling.kind === 'pieces' ? file.spelling.leadingSpaces : 0,
    specialIds: new Set(file.controls.filter(({ special }) => special).map(({ id }) => id)),
    named: file.named,
    encode,
    encodeText: text => encode(finder.shield(text, false)),
    shield: (text, by) => (by === 'generated' ? specials : finder).shield(text, by !== 'quoted'),
    decode: ids => decodeTokens(tokenizer, ids),
    idOf: token => file.added.get(token),
    tokenBytes(id) {
      const token = file.tokens[id]
      if (token === undefined) return noBytes
      return addedIds.has(id) ? encoder.encode(token) : spelledBytes(file.spelling, token)
    }
  }
  return tokenizer
}

function orBadFile<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw badModelFile(`tokenizer.json cannot be used: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`, error)
  }
}
