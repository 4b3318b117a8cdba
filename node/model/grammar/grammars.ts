import { KinmeshError } from '../../../mesh/errors.ts'
import { charsOfBytes } from '../text/token-bytes.ts'
import type { TokenSource } from '../text/token-stream.ts'
import type { GrammarLibrary } from './library.ts'
import { Utf8Masks, afterAll } from './utf8.ts'

/** What a text may go on with, token by token. */
export type Matcher = {
  /** Bit `id % 32` of word `id / 32` says whether a token may come next; tokens that end a text only where it may end. */
  allowed(): Promise<Uint32Array>
  /** @throws KinmeshError `ModelFailed`: it was not allowed */
  accept(id: number): void
  /** The text is whole, and the model has no token to say so. */
  readonly isWhole: boolean
  /** Once, when the text has ended, whatever way. */
  release(): void
}

/** Whose texts they are. `visible`: special tokens that have a place in grammars, as those around a tool call. */
export type Vocabulary = { readonly source: TokenSource; readonly vocabSize: number; readonly endIds: ReadonlySet<number>; readonly visible: ReadonlySet<number> }

type Compiler = Awaited<ReturnType<GrammarLibrary['GrammarCompiler']['createGrammarCompiler']>>
type LibraryMatcher = Awaited<ReturnType<GrammarLibrary['GrammarMatcher']['createGrammarMatcher']>>
type Kept = { readonly compiled: ReturnType<Compiler['compileGrammar']>; readonly idle: LibraryMatcher[]; users: number }
type Instance = { readonly library: GrammarLibrary; readonly compiler: Compiler; readonly grammars: Map<string, Kept> }

/** Grammars that are kept: some schemas, and tools in a few sets. One with a hundred properties takes some MB. */
const maxKept = 16

/**
 * Grammars over one vocabulary. Each is compiled once and kept, as are its matchers, since the library gives the memory of some of their parts back only
 * with the instance.
 */
export class Grammars {
  readonly #load: () => Promise<GrammarLibrary>
  readonly #vocabulary: Vocabulary
  /** The library's classes of characters let through bytes that are none. */
  readonly #utf8: Utf8Masks
  #instance: Promise<Instance> | undefined

  constructor(load: () => Promise<GrammarLibrary>, vocabulary: Vocabulary) {
    this.#load = load
    this.#vocabulary = vocabulary
    this.#utf8 = new Utf8Masks(id => vocabulary.source.tokenBytes(id), vocabulary.vocabSize)
  }

  /** `grammar`: rules in the library's notation, with one that is named root. @throws KinmeshError `ModelFailed`: the library cannot use it */
  async matcher(grammar: string): Promise<Matcher> {
    const opening = (this.#instance ??= this.#open())
    const broken = (cause: unknown) => this.#broken(opening, cause)
    try {
      const instance = await opening
      const kept = keep(instance, grammar)
      const { GrammarMatcher } = instance.library
      const matcher = kept.idle.pop() ?? (await GrammarMatcher.createGrammarMatcher(await kept.compiled, undefined, this.#vocabulary.endIds.size === 0))
      return this.#matcher(matcher, broken, () => {
        kept.idle.push(matcher)
        kept.users--
      })
    } catch (error) {
      throw broken(error)
    }
  }

  #matcher(matcher: LibraryMatcher, broken: (cause: unknown) => KinmeshError, release: () => void): Matcher {
    const { source } = this.#vocabulary
    let state = 0
    return {
      allowed: async () => {
        try {
          const words = await matcher.getNextTokenBitmask()
          const mask = new Uint32Array(words.buffer, words.byteOffset, words.length)
          const wellFormed = this.#utf8.of(state)
          for (let at = 0; at < mask.length; at++) mask[at]! &= wellFormed[at] ?? 0
          return mask
        } catch (error) {
          throw broken(error)
        }
      },
      accept(id) {
        const next = afterAll(state, source.tokenBytes(id))
        let taken = false
        try {
          taken = matcher.acceptToken(id)
        } catch (error) {
          throw broken(error)
        }
        if (!taken || next === undefined) throw new KinmeshError('ModelFailed', 'a token was taken that the grammar does not allow')
        state = next
      },
      get isWhole() {
        return matcher.isTerminated()
      },
      release() {
        try {
          matcher.reset()
          release()
        } catch (error) {
          broken(error)
        }
      }
    }
  }

  async #open(): Promise<Instance> {
    const library = await this.#load()
    const { source, vocabSize, endIds, visible } = this.#vocabulary
    const spelled = Array.from({ length: vocabSize }, (_, id) => (source.specialIds.has(id) && !visible.has(id) ? '' : Array.from(source.tokenBytes(id), byte => charsOfBytes[byte] ?? '').join('')))
    // A token without text is never allowed, unless it ends the text.
    const tokens = await library.TokenizerInfo.createTokenizerInfo(spelled, 'byte_level', false, vocabSize, [...endIds])
    return { library, compiler: await library.GrammarCompiler.createGrammarCompiler(tokens, false), grammars: new Map() }
  }

  /** The library ends with what it does not like, and takes along everybody who uses it. The next one gets a new instance. */
  #broken(instance: Promise<Instance>, cause: unknown): KinmeshError {
    if (this.#instance === instance) this.#instance = undefined
    return new KinmeshError('ModelFailed', 'the grammar for this text failed: try again, with a simpler schema', { cause })
  }
}

/** The compiled grammar, with one user more, so that nobody throws it away. */
function keep({ library, compiler, grammars }: Instance, text: string): Kept {
  const kept = grammars.get(text) ?? { compiled: compile(library, compiler, text), idle: [], users: 0 }
  kept.users++
  // The one that was used last is the last to go.
  grammars.delete(text)
  grammars.set(text, kept)
  for (const [old, { compiled, idle, users }] of grammars) {
    if (grammars.size <= maxKept) break
    if (users > 0) continue
    grammars.delete(old)
    for (const matcher of idle) matcher.dispose()
    void compiled.then(each => each.dispose())
  }
  return kept
}

async function compile(library: GrammarLibrary, compiler: Compiler, text: string): Kept['compiled'] {
  const grammar = await library.Grammar.fromEBNF(text)
  const compiled = await compiler.compileGrammar(grammar)
  grammar.dispose()
  return compiled
}
