import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5'
import type { Block } from '../passages.ts'
import { Sections } from './sections.ts'

/** What a reader of the page does not see, or what is there on every page of a site. */
const unseen = new Set(['head', 'script', 'style', 'noscript', 'template', 'nav', 'svg', 'math', 'iframe', 'object', 'select', 'textarea', 'button', 'canvas', 'audio', 'video'])
/** Elements within a line; every other one begins a new block. */
const inline = new Set('a abbr b bdi bdo cite code data dfn em font i img ins del kbd label mark output q rp rt ruby s samp small span strong sub sup time tt u var wbr'.split(' '))

type Step = { readonly node: Tree.ChildNode; readonly leaves: boolean }

/** The blocks of an HTML document as a browser builds it, below its headings; lines are those of the source. */
export function* htmlBlocks(source: string): Generator<Block> {
  const sections = new Sections()
  let [text, line]: [string, number | undefined] = ['', undefined]
  let pre = 0
  const take = (): Block[] => {
    const block = { headings: sections.path, line, text: text.trim() }
    ;[text, line] = ['', undefined]
    return block.text === '' ? [] : [block]
  }
  // A list of what is still to be done and no recursion: a page may be nested as deeply as it is long.
  const steps: Step[] = parse(source, { sourceCodeLocationInfo: true }).childNodes.map(node => ({ node, leaves: false })).reverse()
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { node, leaves } = step
    if (node.nodeName === '#text') {
      const { value, sourceCodeLocation: at } = node as Tree.TextNode
      if (value.trim() !== '') line ??= at?.startLine
      text = pre > 0 ? text + value : joined(text, value.replaceAll(/\s+/g, ' '))
      continue
    }
    if (!('childNodes' in node) || !('attrs' in node) || isUnseen(node)) continue
    const { tagName } = node
    if (tagName === 'br') text += leaves ? '' : '\n'
    else if (tagName === 'td' || tagName === 'th') text += leaves || /(^|\n)\s*$/.test(text) ? '' : ' | '
    else if (!inline.has(tagName)) {
      const level = /^h([1-6])$/.exec(tagName)?.[1]
      if (leaves && level !== undefined) sections.enter(Number(level), text)
      // The lines of a table and of a list belong together.
      if (tagName === 'tr' || tagName === 'li') text = text === '' ? text : `${text.trimEnd()}\n`
      else yield* take()
      if (tagName === 'pre') pre += leaves ? -1 : 1
    }
    if (leaves) continue
    steps.push({ node, leaves: true })
    for (let index = node.childNodes.length - 1; index >= 0; index--) steps.push({ node: node.childNodes[index]!, leaves: false })
  }
  yield* take()
}

/** Space after space is none. */
function joined(text: string, more: string): string {
  return text + (text === '' || /\s$/.test(text) ? more.trimStart() : more)
}

function isUnseen({ tagName, attrs }: Tree.Element): boolean {
  return unseen.has(tagName) || attrs.some(({ name }) => name === 'hidden')
}
