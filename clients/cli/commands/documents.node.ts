import { resolve } from 'node:path'
import type { Command } from 'commander'
import { KinmeshError } from '../../../mesh/errors.ts'
import { type Added, type AddProgress, documentKinds, type Document, fileName } from '../../../node/documents/documents.ts'
import type { Io } from '../io.node.ts'
import { withDevice, type Session } from '../session.node.ts'
import { ago, oneLine, size, table } from '../show.ts'

type AddEvent = ({ event: 'progress' } & AddProgress) | ({ event: 'added' } & Added) | { event: 'failed'; error: { code: string; message: string } }

/** Files that could not be read, as far as people want to read of them; --json has all. */
const maxFailedShown = 20
const endings = Object.values(documentKinds).flat().map(ending => `.${ending}`).join(' ')

export function addDocumentCommands(program: Command): void {
  program
    .command('add')
    .description('read a document, or all of a folder, so that answers can quote it; again takes over what changed')
    .argument('<path>', `a file (${endings}) or a folder`)
    .addHelpText('after', '\nDocuments stay on this device. What was deleted from a folder is removed when it is added again.\nHidden files, links and node_modules are passed over.\n\nExamples:\n  kinmesh add ~/Documents/lease.pdf\n  kinmesh add ~/Notes\n  kinmesh recall "notice period"')
    .action(withDevice('offline', add))
  const documents = program.command('documents').description('list the documents that answers can quote').action(withDevice('offline', list))
  documents
    .command('remove')
    .description('take a document, or all of a folder, out of the answers; the files stay where they are')
    .argument('<path|id>', 'as kinmesh documents shows it')
    .action(withDevice('offline', remove))
}

async function add({ client, io }: Session, [given = '']: readonly string[]): Promise<void> {
  try {
    for await (const event of client.stream<AddEvent>('POST', '/api/documents', { body: { path: resolve(given) }, signal: io.signal })) {
      if (event.event === 'progress') io.progress(progressText(event))
      else if (event.event === 'failed') throw new KinmeshError(event.error.code, event.error.message)
      else return told(io, event)
    }
  } catch (error) {
    if (io.signal.aborted) throw new KinmeshError('Interrupted', 'interrupted: what was read is kept, and the same command goes on from there', { cause: error })
    throw error
  } finally {
    io.progress()
  }
  throw new KinmeshError('DeviceGone', 'the device stopped before it was done: start it again with kinmesh up')
}

function progressText({ done, total, file, page }: AddProgress): string {
  return `reads ${total === 1 ? '' : `${done + 1} of ${total}  `}${oneLine(fileName(file))}${page === undefined ? '' : `, page ${page}`}`
}

function told(io: Io, { event: _, ...added }: { event: 'added' } & Added): void {
  const { file, failed, passages, skipped } = added
  io.progress()
  io.document(added)
  const counts = ([['added', 'new'], ['changed', 'changed'], ['unchanged', 'as before'], ['removed', 'removed']] as const).flatMap(([name, word]) => (added[name] > 0 ? [`${added[name]} ${word}`] : []))
  io.say(`${io.style('green', '✓')} ${oneLine(file)}: ${counts.join(', ') || 'no documents'}  ${io.style('dim', `${passages} ${passages === 1 ? 'passage' : 'passages'}${skipped > 0 ? `, ${skipped} other files passed over` : ''}`)}`)
  for (const each of failed.slice(0, maxFailedShown)) io.say(`${io.style('yellow', '!')} ${oneLine(each.file)}: ${oneLine(each.message)}`)
  if (failed.length > maxFailedShown) io.say(`${io.style('yellow', '!')} and ${failed.length - maxFailedShown} more, which --json lists`)
}

async function list({ client, io }: Session): Promise<void> {
  const documents: Document[] = []
  let after: string | null = null
  do {
    const query: URLSearchParams = new URLSearchParams({ limit: '1000', ...(after === null ? {} : { after }) })
    const page: { documents: Document[]; next: string | null } = await client.request('GET', `/api/documents?${query.toString()}`)
    documents.push(...page.documents)
    after = page.next
  } while (after !== null)
  io.document({ documents })
  const now = Date.now()
  const rows = documents.map(each => [each.id, each.kind, size(each.bytes), String(each.passages), ago(each.at, now), each.file])
  io.say(rows.length === 0 ? 'there are no documents yet: kinmesh add FILE' : table(['ID', 'KIND', 'SIZE', 'PASSAGES', 'READ', 'FILE'], rows, { width: io.width, head: text => io.style('bold', text) }))
}

async function remove({ client, io }: Session, [given = '']: readonly string[]): Promise<void> {
  const name = /^[0-9a-f]{16}$/.test(given) ? given : resolve(given)
  const { removed } = await client.request<{ removed: Document[] }>('POST', '/api/documents/remove', { name })
  io.document({ removed })
  io.say(`${io.style('green', '✓')} removed ${removed.length === 1 ? oneLine(removed[0]?.file ?? '') : `${removed.length} documents`}; the files stay where they are`)
}
