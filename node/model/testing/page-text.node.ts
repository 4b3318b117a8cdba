import { join } from 'node:path'
import { readFolderText } from '../convert.node.ts'
import { folderFiles } from '../file-source.node.ts'
import { loadGrammarLibrary } from '../grammar/library.node.ts'
import { openedModel } from '../opened-model.ts'
import { DecoderSession } from '../runtime/decoder-session.ts'
import { openOrtSession } from '../runtime/ort-session.node.ts'

/** For tests: what one graph of a model writes in Node, at most 12 tokens each. `adapter`: the folder of one that it goes through; then the graph is one that takes them. */
export async function writtenInNode(dir: string, graph: string, texts: readonly string[], adapter?: string): Promise<{ text: string; completion: number }[]> {
  const turn = () => new Promise<void>(resolve => void setImmediate(resolve))
  const text = await readFolderText(dir)
  const session = await openOrtSession(join(dir, graph), { threads: 1 })
  const decoder = new DecoderSession(session, text.config, { slots: 1, positions: Math.min(512, text.config.maxPositions) }, session, { adapted: adapter !== undefined })
  const { model, close } = openedModel({ name: 'node', text, decoder, clock: Date.now, turn, loadGrammars: loadGrammarLibrary })
  const files = folderFiles(adapter ?? dir)
  const id = adapter === undefined ? undefined : await model.adapters.load(files.open)
  await files.close()
  const written = []
  for (const text of texts) {
    const { text: answer, tokens } = await model.generate([{ role: 'user', text }], { maxTokens: 12, adapter: id })
    written.push({ text: answer, completion: tokens.completion })
  }
  await close()
  return written
}
