import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Answer } from '../../node/assistant.ts'
import type { Added, Document } from '../../node/documents/documents.ts'
import { withoutModel } from '../../node/model/store/model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused, up } from './testing/processes.node.ts'

/** Twenty commands, each a process that opens a home. */
export const deadlineMs = 360_000

test('add, documents, recall, ask, chat and remove, with and without a device that runs', () =>
  withTempDir(async dir => {
    const [home, folder] = [join(dir, 'home'), join(dir, 'notes')]
    await withoutModel(home)
    mkdirSync(folder)
    writeFileSync(join(folder, 'garden.md'), '# Garden\n\n## Tulips\n\nPlant the bulbs in autumn.\n')
    writeFileSync(join(folder, 'bad.pdf'), 'no PDF')
    const added = await document<Added>(home, ['add', folder])
    assert.equal([added.file, added.added, added.failed.map(({ code }) => code)], [folder, 1, ['PdfBroken']])
    assert.match((await kinmesh(home, ['recall', 'tulips'])).stdout, /^DOCUMENT +PLACE +TEXT\n\S+garden\.md +Garden › Tulips, line 3 +## Tulips/)
    const { documents } = await document<Answer>(home, ['ask', 'when are tulips planted?'])
    assert.equal([documents.length, documents[0]?.file, documents[0]?.place], [1, join(folder, 'garden.md'), 'Garden › Tulips, line 3'])

    const device = await up(home)
    try {
      writeFileSync(join(folder, 'fence.txt'), 'The fence is green.')
      const { code, stdout } = await kinmesh(home, ['add', folder])
      assert.equal([code, stdout.replaceAll(folder, 'F')], [0, '✓ F: 1 new, 1 as before  3 passages\n! F/bad.pdf: it is no PDF, or a damaged one (Invalid PDF structure.): open it in a PDF reader and save it anew\n'])
      const talk = await kinmesh(home, ['chat'], { input: 'when are tulips planted?\n/why\nhello there\n/why\n' })
      assert.match(talk.stdout, /garden\.md, Garden › Tulips, line 3 {2}## Tulips Plant the bulbs[^]*rests on no memory and no document/)
      const listed = (await document<{ documents: Document[] }>(home, ['documents'])).documents
      assert.equal(listed.map(({ file, kind }) => [file, kind]), [[join(folder, 'fence.txt'), 'text'], [join(folder, 'garden.md'), 'markdown']])
      await document(home, ['documents', 'remove', listed[0]?.id ?? ''])
      rmSync(join(folder, 'garden.md'))
      assert.is((await document<Added>(home, ['add', folder])).removed, 1)
      assert.equal((await document<{ documents: Document[] }>(home, ['documents'])).documents.map(({ file }) => file), [join(folder, 'fence.txt')])
      assert.match((await kinmesh(home, ['documents', 'remove', folder])).stdout, /^✓ removed \S+fence\.txt/)
    } finally {
      await device.stop()
    }
    assert.match((await kinmesh(home, ['documents'])).stdout, /no documents yet: kinmesh add FILE/)
  }))

test('what cannot be read is said in one line', () =>
  withTempDir(async dir => {
    const home = join(dir, 'home')
    writeFileSync(join(dir, 'bad.pdf'), 'no PDF')
    assert.match(await refused(home, ['add', join(dir, 'bad.pdf')], 'PdfBroken'), /bad\.pdf: it is no PDF/)
    assert.match(await refused(home, ['add', join(dir, 'none.md')], 'NoSuchFile'), /none\.md: there is no such file/)
    assert.match(await refused(home, ['documents', 'remove', join(dir, 'none.md')], 'NoSuchDocument'), /kinmesh documents/)
    await refused(home, ['add'], 'Usage', { exit: 2 })
    assert.match((await kinmesh(home, ['add', '--help'])).stdout, /stay on this device[^]*Examples/)
  }))

test.run()
