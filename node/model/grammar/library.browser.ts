import type { GrammarLibrary } from './library.ts'

/** The grammar library, a megabyte that is fetched from where the page came from, once a text is held to a grammar. */
export async function loadGrammarLibrary(): Promise<GrammarLibrary> {
  return import('@mlc-ai/web-xgrammar')
}
