import { Lexer, type Token } from 'marked'
import type { Block } from '../passages.ts'
import { Sections } from './sections.ts'

/** What some programs write above a text, between lines of dashes: to Markdown it would be a heading. */
const frontMatter = /^---\n[^]*?\n---(?:\n|$)/

/** The blocks of Markdown (CommonMark, with tables), as they stand in its source. */
export function* markdownBlocks(source: string): Generator<Block> {
  const text = source.replaceAll(/\r\n?/g, '\n')
  const front = frontMatter.exec(text)?.[0] ?? ''
  const sections = new Sections()
  let line = 1
  if (front !== '') yield { headings: [], line, text: front.replaceAll(/^---$/gm, '').trim() }
  line += lineBreaks(front)
  for (const token of new Lexer().blockTokens(text.slice(front.length))) {
    if (token.type === 'heading') sections.enter(Number(token['depth']), plain(Lexer.lexInline(String(token['text']))))
    if (token.type !== 'space' && token.type !== 'hr') yield { headings: sections.path, line, text: token.raw }
    line += lineBreaks(token.raw)
  }
}

/** Words without their marks. */
function plain(tokens: readonly Token[]): string {
  return tokens.map(token => ('tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? String(token.text) : token.raw)).join('')
}

function lineBreaks(text: string): number {
  return text.match(/\n/g)?.length ?? 0
}
