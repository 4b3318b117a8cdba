import { termsOf } from '../context/text/terms.ts'
import { fileName, type Place } from './documents.ts'

/** A part of a document that belongs together: a paragraph, a list, a page. Line breaks in it are those of its source. */
export type Block = Place & { readonly text: string }

/** About 250 tokens of English, and as many of Chinese: several of them fit into the prompt of a small model. In UTF-8 bytes. */
export const maxPassageBytes = 1000
const separator = '\n\n'
/** Of a heading, in characters: what is longer is none. */
export const maxHeading = 120

const controls = /[^\P{Cc}\n\t]/gu
/** Words that a line break divides, and text that is written without spaces: its words go on over the break. */
const hyphenated = /(\p{Ll})-\n(?=\p{Ll})/gu
const unspacedBreak = /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}。，、；：])[ \t]*\n[ \t]*(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/gu

/** Joins small blocks of one section and page, and divides large ones where a line, a sentence or a word ends. */
export async function* passagesOf(blocks: Iterable<Block> | AsyncIterable<Block>): AsyncGenerator<Block> {
  let open: Block | undefined
  for await (const block of blocks) {
    for (const part of divide(clean(block))) {
      if (open && isTogether(open, part) && bytesOf(open.text) + bytesOf(part.text) + separator.length <= maxPassageBytes) open = { ...open, text: `${open.text}${separator}${part.text}` }
      else {
        if (open) yield open
        open = part
      }
    }
  }
  if (open) yield open
}

/** The terms under which a passage is found: its words, those of its headings, and the name of its file. */
export function passageTerms(file: string, { headings, text }: Pick<Block, 'headings' | 'text'>): string[] {
  const name = fileName(file).replace(/\.[^.]*$/, '')
  return termsOf([name, ...headings, text.replaceAll(hyphenated, '$1').replaceAll(unspacedBreak, '')].join('\n'))
}

function clean({ text, ...place }: Block): Block {
  const lines = text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(controls, '')
  const begin = /^(?:[ \t]*\n)*/.exec(lines)?.[0] ?? ''
  return { ...after(place, begin), text: lines.slice(begin.length).trimEnd() }
}

function* divide({ text, ...place }: Block): Generator<Block> {
  let here: Place = place
  for (let at = 0; at < text.length; ) {
    const part = text.slice(at, endOf(text, at))
    const begin = part.slice(0, part.length - part.trimStart().length)
    if (part.trim() !== '') yield { ...after(here, begin), text: part.trim() }
    here = after(here, part)
    at += part.length
  }
}

/** A place as much further on as there are lines in `text`. */
function after({ line, ...rest }: Place, text: string): Place {
  return line === undefined ? rest : { ...rest, line: line + (text.match(/\n/g)?.length ?? 0) }
}

/** Where the part that begins at `from` ends: all that fits, but in its second half rather at the end of a line, a sentence or a word. */
function endOf(text: string, from: number): number {
  let end = from
  for (let bytes = 0; end < text.length; ) {
    const point = text.codePointAt(end) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_00_00 ? 3 : 4
    if (bytes > maxPassageBytes) break
    end += point < 0x1_00_00 ? 1 : 2
  }
  if (end === text.length) return end
  const half = from + Math.floor((end - from) / 2)
  const second = text.slice(half, end)
  for (const border of [/\n/g, /[.!?](?=\s)|[。！？]/g, /\s/g]) {
    const last = [...second.matchAll(border)].at(-1)
    if (last) return half + last.index + 1
  }
  return end
}

function isTogether(a: Block, b: Block): boolean {
  return a.page === b.page && a.headings.length === b.headings.length && a.headings.every((heading, index) => heading === b.headings[index])
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
