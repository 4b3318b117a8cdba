import { join } from 'node:path'
import { readFolderText } from '../convert.node.ts'
import { loadGrammarLibrary } from '../grammar/library.node.ts'
import { openedModel } from '../opened-model.ts'
import { DecoderSession } from '../runtime/decoder-session.ts'
import { openOrtSession } from '../runtime/ort-session.node.ts'

/** For tests: what one graph of a model writes in Node, at most 12 tokens each. */
export async function writtenInNode(dir: string, graph: string, texts: readonly string[]): Promise<{ text: string; completion: number }[]> {
  const turn = () => new Promise<void>(resolve => void setImmediate(resolve))
  const text = await readFolderText(dir)
  const decoder = new DecoderSession(await openOrtSession(join(dir, graph), { threads: 1 }), text.config, { slots: 1, positions: Math.min(512, text.config.maxPositions) })
  const { model, close } = openedModel({ name: 'node', text, decoder, clock: Date.now, turn, loadGrammars: loadGrammarLibrary })
  const written = []
  for (const text of texts) {
    const { text: answer, tokens } = await model.generate([{ role: 'user', text }], { maxTokens: 12 })
    written.push({ text: answer, completion: tokens.completion })
  }
  await close()
  return written
}
