import type { Block } from '../passages.ts'

/** The paragraphs of a text, which empty lines part. */
export function* plainBlocks(text: string): Generator<Block> {
  let line = 1
  let begin = 1
  let paragraph: string[] = []
  for (const each of lines(text)) {
    if (each.trim() !== '') paragraph.push(each)
    else {
      if (paragraph.length > 0) yield { headings: [], line: begin, text: paragraph.join('\n') }
      paragraph = []
      begin = line + 1
    }
    line++
  }
  if (paragraph.length > 0) yield { headings: [], line: begin, text: paragraph.join('\n') }
}

function* lines(text: string): Generator<string> {
  const end = /\r\n?|\n/g
  let at = 0
  for (const found of text.matchAll(end)) {
    yield text.slice(at, found.index)
    at = found.index + found[0].length
  }
  yield text.slice(at)
}
