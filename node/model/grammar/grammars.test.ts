import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { GrammarText } from './grammar-text.ts'
import { Grammars } from './grammars.ts'
import type { GrammarLibrary } from './library.ts'
import { loadGrammarLibrary } from './library.node.ts'
import { schemaRule } from './schema-grammar.ts'
import { allowedIds, lets, vocabularies } from './vocabularies.fixtures.ts'

const [[, bytes]] = vocabularies() as [ReturnType<typeof vocabularies>[number]]
const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const idOf = (char: string) => Array.from({ length: bytes.vocabSize }, (_, id) => id).findIndex(id => !bytes.source.specialIds.has(id) && String.fromCharCode(...bytes.source.tokenBytes(id)) === char)

/** The library, and how much of it is in use. */
function counted() {
  const live = { loads: 0, compiled: 0, matchers: 0 }
  const load = async (): Promise<GrammarLibrary> => {
    live.loads++
    const library = await loadGrammarLibrary()
    const { createGrammarCompiler } = library.GrammarCompiler
    library.GrammarCompiler.createGrammarCompiler = async (...given) => {
      const compiler = await createGrammarCompiler(...given)
      const compile = compiler.compileGrammar.bind(compiler) as (grammar: string) => ReturnType<typeof compiler.compileGrammar>
      compiler.compileGrammar = async (grammar: unknown) => {
        const made = await compile(grammar as string)
        live.compiled++
        const dispose = made.dispose.bind(made)
        made.dispose = () => {
          live.compiled--
          dispose()
        }
        return made
      }
      return compiler
    }
    const { createGrammarMatcher } = library.GrammarMatcher
    library.GrammarMatcher.createGrammarMatcher = async (...given) => {
      const made = await createGrammarMatcher(...given)
      live.matchers++
      const dispose = made.dispose.bind(made)
      made.dispose = () => {
        live.matchers--
        dispose()
      }
      return made
    }
    return library
  }
  return { live, grammars: new Grammars(load, { source: bytes.source, vocabSize: bytes.vocabSize, endIds: new Set([bytes.endId]), visible: new Set() }) }
}

test('a text may end only where it is whole, and then with nothing but its end', async () => {
  const matcher = await bytes.grammars.matcher('root ::= "ab"')
  const seen = []
  for (const char of ['a', 'b']) {
    seen.push(allowedIds(await matcher.allowed(), bytes.vocabSize))
    matcher.accept(idOf(char))
  }
  seen.push(allowedIds(await matcher.allowed(), bytes.vocabSize))
  assert.equal(seen, [[idOf('a')], [idOf('b')], [bytes.endId]])
  matcher.release()
})

test('a token that is not allowed is an error, and the next text begins anew', async () => {
  const matcher = await bytes.grammars.matcher('root ::= "ab"')
  assert.throws(() => matcher.accept(idOf('b')), coded('ModelFailed'))
  matcher.release()
  assert.ok(await lets(bytes, 'root ::= "ab"', 'ab'))
})

test('one grammar serves several texts at once', async () => {
  const [first, second] = [await bytes.grammars.matcher('root ::= "a" | "bc"'), await bytes.grammars.matcher('root ::= "a" | "bc"')]
  first.accept(idOf('b'))
  second.accept(idOf('a'))
  assert.equal([allowedIds(await first.allowed(), bytes.vocabSize), allowedIds(await second.allowed(), bytes.vocabSize)], [[idOf('c')], [bytes.endId]])
  first.release()
  second.release()
})

test('grammars are kept while they are used, and a bounded number of others; all memory of those that go is given back', async () => {
  const { live, grammars } = counted()
  const used = await grammars.matcher('root ::= "kept"')
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 40; index++) (await grammars.matcher(`root ::= "${index}"`)).release()
  }
  assert.equal(live, { loads: 1, compiled: 16, matchers: 16 })
  assert.equal(allowedIds(await used.allowed(), bytes.vocabSize), [idOf('k')])
  const again = await grammars.matcher('root ::= "39"')
  again.release()
  assert.is(live.compiled, 16)
  await Promise.all(Array.from({ length: 40 }, async (_, index) => (await grammars.matcher(`root ::= "${index % 20} at once"`)).release()))
  used.release()
  ;(await grammars.matcher('root ::= "last"')).release()
  assert.is(live.compiled, 16)
})

test('a grammar that ends the library is an error, and the next one gets another instance', async () => {
  const { live, grammars } = counted()
  const before = await grammars.matcher('root ::= "a"')
  await rejects(grammars.matcher('root ::= ((('), coded('ModelFailed'))
  const after = await grammars.matcher('root ::= "a"')
  assert.equal(allowedIds(await after.allowed(), bytes.vocabSize), [idOf('a')])
  assert.is(live.loads, 2)
  for (const matcher of [before, after]) matcher.release()
})

test('bytes that are no character cannot be written', async () => {
  const grammar = new GrammarText(bytes.vocabSize)
  const matcher = await bytes.grammars.matcher(grammar.withRoot(schemaRule(grammar, { type: 'string' })))
  matcher.accept(idOf('"'))
  const next = async () => allowedIds(await matcher.allowed(), bytes.vocabSize).flatMap(id => (bytes.source.tokenBytes(id).length === 1 ? [bytes.source.tokenBytes(id)[0] ?? 0] : [])).filter(byte => byte > 0x7f).sort((a, b) => a - b)
  const range = (low: number, high: number) => Array.from({ length: high - low + 1 }, (_, index) => low + index)
  assert.equal(await next(), range(0xc2, 0xf4))
  const seconds: [number, number, number][] = [[0xe0, 0xa0, 0xbf], [0xed, 0x80, 0x9f], [0xf0, 0x90, 0xbf], [0xf4, 0x80, 0x8f], [0xe9, 0x80, 0xbf]]
  for (const [first, low, high] of seconds) {
    matcher.accept(idOf(String.fromCharCode(first)))
    assert.equal(await next(), range(low, high))
    for (let left = first < 0xf0 ? 2 : 3; left > 0; left--) matcher.accept(idOf(String.fromCharCode((await next())[0] ?? 0)))
  }
  matcher.release()
})

test.run()
