import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import { type Block, passagesOf } from './passages.ts'
import { blocksOf, readFile } from './read.node.ts'
import type { ReadingNews, ReadingTask } from './reading.ts'
import { type DocumentWriter, openDocumentWriter } from './store.node.ts'

// A process of its own, started by reading.node.ts: what a broken or hostile file does to its parser, the device outlives. It alone writes the store, and is killed when it takes too long: what
// it was writing then is in no commit.

/** Of words, in a file: as much as a text file may have. In characters. */
const maxCharacters = 32 * 1024 ** 2
/** News of a file that has no pages, in characters of it. */
const charactersPerNews = 1024 ** 2

const [, , path = '', residentBytes = '', device = ''] = process.argv
// Ctrl-C at a terminal reaches every process there: the device decides what is to be ended.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
new Worker(new URL(`./reading-guard.node${extname(import.meta.url)}`, import.meta.url), { name: 'kinmesh reading guard', workerData: { residentBytes: Number(residentBytes), device: Number(device) } }).unref()

let writer: DocumentWriter | undefined
let working = Promise.resolve()
process.on('message', (task: ReadingTask) => {
  working = working.then(() => work(task)).then(tell, (error: unknown) => {
    tell(failure(error))
  })
})

async function work(task: ReadingTask): Promise<ReadingNews> {
  writer ??= openDocumentWriter(path)
  if (task.type === 'read') return read(writer, task.file)
  if (task.type === 'remove') writer.remove(task.files)
  else writer.flush()
  return { type: 'done', outcome: null }
}

async function read(store: DocumentWriter, file: string): Promise<ReadingNews> {
  const found = readFile(file)
  if (store.has(file, found.hash)) return { type: 'done', outcome: 'unchanged' }
  const { isNew } = await store.put({ file, kind: found.kind, hash: found.hash, bytes: found.bytes.length, at: Date.now() }, passagesOf(watched(blocksOf(found))))
  return { type: 'done', outcome: isNew ? 'added' : 'changed' }
}

/** Tells how far it is, and stops where it gets too much. @throws KinmeshError `NoText`, `FileTooLarge` */
async function* watched(blocks: Iterable<Block> | AsyncIterable<Block>): AsyncGenerator<Block> {
  let [characters, told, isText] = [0, 0, false]
  for await (const block of blocks) {
    characters += block.text.length
    isText ||= block.text.trim() !== ''
    if (characters > maxCharacters) throw new KinmeshError('FileTooLarge', `it holds more than ${maxCharacters / 1024 ** 2} million characters: divide it into several`)
    if (block.page !== undefined || characters - told > charactersPerNews) {
      tell({ type: 'page', page: block.page ?? null })
      told = characters
      // pdf.js goes from promise to promise and would let nothing else happen until the end of the file.
      await setImmediate()
    }
    yield block
  }
  if (!isText) throw new KinmeshError('NoText', 'there is no text in it; pictures of text, as a scanner makes them, cannot be read')
}

function failure(error: unknown): ReadingNews {
  if (isKinmeshError(error)) return { type: 'failed', code: error.code, message: error.message }
  // What a parser says may quote the file, and goes no further.
  return { type: 'failed', code: 'ReadingFailed', message: `its content is too deep or too odd to be read (${error instanceof Error ? error.name : 'unknown reason'})` }
}

function tell(news: ReadingNews): void {
  process.send?.(news)
}
