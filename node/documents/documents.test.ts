import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../testing/temp.node.ts'
import { failsWith } from '../testing/throws.ts'
import { openDocuments } from './documents.node.ts'
import { citationOf, type Documents, placeText } from './documents.ts'
import { Reading, type ReadingLimits } from './reading.node.ts'
import { chinesePdf, pdfOf, pdfWith } from './testing/pdf.ts'

type Place = { readonly documents: Documents; readonly folder: string; write(name: string, content: string | Uint8Array): string; readonly store: string }

function withDocuments(work: (place: Place) => Promise<void>, limits: Partial<ReadingLimits> = {}): Promise<void> {
  return withTempDir(async dir => {
    const [folder, store] = [join(dir, 'folder'), join(dir, 'documents.db')]
    mkdirSync(folder)
    const documents = openDocuments(store, dir, new Reading(store, limits))
    const write = (name: string, content: string | Uint8Array) => {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    try {
      await work({ documents, folder, write, store })
    } finally {
      await documents.close()
    }
  })
}

const garden = '# Garden\n\nIt is small.\n\n## Tulips\n\nPlant the bulbs in autumn, 12 cm deep.\n\n## Roses\n\nCut them in March.\n'
const found = (documents: Documents, query: string) => documents.find(query, 3).map(({ file, place }) => `${file.split('/').at(-1)}: ${place}`)
const files = (documents: Documents) => documents.list({ limit: 100 }).map(({ file }) => file.split('/').at(-1))

test('all kinds of documents are found, with file and place', () =>
  withDocuments(async ({ documents, folder, write }) => {
    write('garden.md', garden)
    write('boiler.html', '<h1>Boiler</h1>\n<h2>Pressure</h2>\n<p>It is to be between 1.2 and 1.8 bar.</p>')
    write('gbk.htm', Buffer.concat([Buffer.from('<meta charset="gbk"><p>'), Buffer.from([0xb9, 0xf8, 0xc2, 0xaf]), Buffer.from('</p>')])) // 锅炉
    write('deep/lease.pdf', pdfOf([['This lease is of May.'], ['The notice period is three calen-', 'dar months.']]))
    write('old/chinese.pdf', chinesePdf('猫在屋顶上睡觉'))
    write('种.txt', '今天天气很好。\n\n郁金香应该在秋天种\n植。')
    write('wide.txt', Buffer.from('\ufeffThe wide text speaks of zebras.', 'utf16le'))
    const { failed, ...counts } = await documents.add(folder)
    assert.equal([failed, counts.added, counts.passages, documents.list({ limit: 100 }).length], [[], 7, 11, 7])
    for (const [query, wanted] of [
      ['how deep do I plant tulips?', 'garden.md: Garden › Tulips, line 5'], ['pressure of the boiler', 'boiler.html: Boiler › Pressure, line 2'], ['notice period in calendar months', 'lease.pdf: page 2'],
      ['锅炉', 'gbk.htm: line 1'], ['屋顶', 'chinese.pdf: page 1'], ['种植', '种.txt: line 1'], ['zebra', 'wide.txt: line 1']
    ] as const) assert.is(found(documents, query)[0], wanted, query)
    assert.equal([found(documents, 'who won the football match?'), found(documents, 'who won the football match in autumn?'), found(documents, ''), found(documents, '"quoted AND (odd')], [[], [], [], []])
    const [passage] = documents.find('tulips', 1)
    assert.ok(passage && passage.text.includes('12 cm deep') && passage.file.startsWith('/') && passage.score > 0)
    assert.equal(citationOf(passage), { id: passage.id, file: passage.file, place: placeText(passage), text: passage.text })
  }))

test('adding again takes over what changed: passages that are the same stay, and what is gone from a folder is removed', () =>
  withDocuments(async ({ documents, folder, write }) => {
    const file = write('garden.md', garden)
    write('sub/gone.txt', 'The gnome is red.')
    write('sub/moved.txt', 'The fence is green.')
    await documents.add(folder)
    const [tulips, roses] = ['tulips', 'roses'].map(query => documents.find(query, 1)[0])
    const same = await documents.add(folder)
    assert.equal([same.added, same.changed, same.unchanged, same.removed], [0, 0, 3, 0])

    writeFileSync(file, `A new line.\n\n${garden.replace('12 cm', '15 cm')}`)
    rmSync(join(folder, 'sub', 'gone.txt'))
    renameSync(join(folder, 'sub', 'moved.txt'), join(folder, 'fence.txt'))
    const changed = await documents.add(folder)
    assert.equal([changed.added, changed.changed, changed.unchanged, changed.removed], [1, 1, 0, 2])
    assert.equal(files(documents), ['fence.txt', 'garden.md'])
    const [tulipsNow, rosesNow] = ['tulips', 'roses'].map(query => documents.find(query, 1)[0])
    assert.match(tulipsNow?.text ?? '', '15 cm')
    assert.not(tulipsNow?.id === tulips?.id, 'another text is another passage')
    assert.equal([rosesNow?.id, rosesNow?.line], [roses?.id, (roses?.line ?? 0) + 2])
    assert.equal([found(documents, 'gnome'), found(documents, '12 cm deep').length], [[], 1])

    rmSync(folder, { recursive: true })
    assert.match((await failsWith('NoSuchFile', () => documents.add(file))).message, /garden\.md: there is no such file.*kinmesh documents remove/)
    assert.equal((await documents.remove(folder)).length, 2)
    await failsWith('NoSuchDocument', () => documents.remove(folder))
  }))

test('a document is removed by path or id, and its words are gone from the disk', () =>
  withDocuments(async ({ documents, folder, write, store }) => {
    write('a.txt', 'The parrot is called Xylophon.')
    write('ab.txt', 'The dog is called Bello.')
    write('b/c.txt', 'The cat is called Mimi.')
    await documents.add(folder)
    const onDisk = (word: string) => readFileSync(store).includes(word)
    assert.equal([onDisk('Xylophon'), onDisk('xylophon')], [true, true])
    assert.equal((await documents.remove(join(folder, 'a.txt'))).map(({ file }) => file), [join(folder, 'a.txt')])
    assert.equal([onDisk('Xylophon'), onDisk('xylophon'), onDisk('Bello')], [false, false, true])
    const [left] = documents.list({ limit: 1 })
    await documents.remove(left?.id ?? '')
    assert.equal(files(documents), ['c.txt'])
    assert.equal(documents.list({ after: join(folder, 'b'), limit: 1 }).length, 1)
  }))

test('what cannot be read is told with its name and its reason, and the rest goes on', () =>
  withDocuments(async ({ documents, folder, write }) => {
    const pdf = pdfOf([['The lease is of May.']])
    const bad = {
      'binary.md': ['NotText', Buffer.from([1, 2, 0, 255])], 'latin.txt': ['InvalidText', Buffer.from([65, 0xe9, 65])], 'empty.md': ['NoText', ''], 'blank.pdf': ['NoText', pdfOf([[]])], 'zip.pdf': ['PdfBroken', 'PK\u0003\u0004 and more'],
      'cut.pdf': ['PdfBroken', pdf.subarray(0, 200)], 'none.pdf': ['PdfBroken', ''], 'deep.md': ['ReadingFailed', '>'.repeat(50_000)],
      'locked.pdf': ['PdfEncrypted', pdfWith([['(x)']], () => [], { trailer: `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${'00'.repeat(32)}> /U <${'11'.repeat(32)}> /P -4 >> /ID [<00> <00>]` })]
    } as const
    for (const [name, [, content]] of Object.entries(bad)) write(name, content)
    truncateSync(write('huge.txt', 'x'), 100 * 1024 ** 2)
    write('good.txt', 'The good one is here.')
    write('other.docx', 'passed over')
    for (const name of ['.hidden/note.md', 'node_modules/some/README.md']) write(name, 'The hidden one.')
    symlinkSync('..', join(folder, 'loop'))
    symlinkSync('self.md', join(folder, 'self.md'))
    const seen: string[] = []
    const { failed, added, skipped } = await documents.add(folder, { onProgress: ({ done, total }) => void seen.push(`${done}/${total}`) })
    assert.equal(Object.fromEntries(failed.map(({ file, code }) => [file.slice(folder.length + 1), code])), { ...Object.fromEntries(Object.entries(bad).map(([name, [code]]) => [name, code])), 'huge.txt': 'FileTooLarge' })
    assert.equal([added, skipped, files(documents), seen.length >= 11, seen.at(-1)], [1, 3, ['good.txt'], true, '10/11'])
    for (const { message } of failed) assert.not.match(message, '\n')

    for (const [name, code] of [['zip.pdf', 'PdfBroken'], ['other.docx', 'UnknownFormat'], ['self.md', 'FileUnreadable'], ['nothing.md', 'NoSuchFile'], ['good.txt/x.md', 'NoSuchFile']] as const) {
      assert.match((await failsWith(code, () => documents.add(join(folder, name)))).message, name)
    }
    const pipe = join(folder, 'pipe.txt')
    if (spawnSync('mkfifo', [pipe]).status === 0) await failsWith('FileUnreadable', () => documents.add(pipe))
    assert.is((await documents.add(join(folder, 'loop', 'folder', 'good.txt'))).unchanged, 1, 'a link leads to the same document')
  }))

test('what a file read before stays while its new content cannot be read', () =>
  withDocuments(async ({ documents, write }) => {
    const file = write('lease.pdf', pdfOf([['The lease is of May.']]))
    await documents.add(file)
    appendFileSync(write('lease.pdf', 'now broken'), '\n')
    await failsWith('PdfBroken', () => documents.add(file))
    assert.equal(found(documents, 'lease May'), ['lease.pdf: page 1'])
  }))

test('a file that is given up half way is not there at all, and reading goes on afterwards', () =>
  withDocuments(async ({ documents, write }) => {
    const pages = Array.from({ length: 300 }, (_, page) => [`Page ${page + 1} of the almanac.`])
    const file = write('almanac.pdf', pdfOf(pages))
    const cancel = new AbortController()
    await documents.add(file, { signal: cancel.signal, onProgress: ({ page = 0 }) => page >= 20 && cancel.abort(new Error('enough')) }).then(
      () => assert.unreachable('it was cancelled'),
      (error: unknown) => assert.match(String(error), 'enough')
    )
    assert.equal([files(documents), found(documents, 'almanac')], [[], []])
    const read: number[] = []
    await documents.add(file, { onProgress: ({ page }) => page !== undefined && read.push(page) })
    assert.equal([read.at(-1), found(documents, 'almanac page 250')[0]], [300, 'almanac.pdf: page 250'])
  }))

test('two at once take turns, and closing ends what is read', () =>
  withDocuments(async ({ documents, folder, write }) => {
    const one = write('one.txt', 'The first one.')
    write('almanac.pdf', pdfOf(Array.from({ length: 400 }, (_, page) => [`Page ${page + 1}.`])))
    const [whole, alone] = await Promise.all([documents.add(folder), documents.add(one)])
    assert.equal([whole.added, alone.unchanged], [2, 1])
    write('almanac.pdf', pdfOf(Array.from({ length: 400 }, (_, page) => [`Leaf ${page + 1}.`])))
    const begun = Promise.withResolvers<void>()
    const ended = failsWith('DeviceStopped', () => documents.add(folder, { onProgress: ({ page }) => page !== undefined && begun.resolve() }))
    await begun.promise
    await documents.close()
    await ended
  }))

test('the process that reads ends with a device that was killed, and its half file with it', () =>
  withDocuments(async ({ documents, write, store }) => {
    const file = write('almanac.pdf', pdfOf(Array.from({ length: 5000 }, (_, page) => [`Page ${page + 1}.`])))
    const script = `import { openDocuments } from ${JSON.stringify(new URL('./documents.node.ts', import.meta.url).href)}
      await openDocuments(${JSON.stringify(store)}, '/nowhere').add(${JSON.stringify(file)}, { onProgress: ({ page }) => page && console.log(page) })`
    const device = spawn(process.execPath, ['-C', 'development', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(device.stdout, 'data')
    device.kill('SIGKILL')
    await once(device, 'exit')
    // Waits for the lock of the one that is writing, and not for as long as it would take.
    assert.is((await documents.add(write('good.txt', 'The good one is here.'))).added, 1)
    assert.equal(files(documents), ['good.txt'])
  }))

test('a file that takes too long is given up', () =>
  withDocuments(async ({ documents, write }) => {
    assert.match((await failsWith('ReadingFailed', () => documents.add(write('a.txt', 'The first one.')))).message, 'too long')
    assert.equal(files(documents), [])
  }, { quietMs: 1 }))

test('a PDF that unpacks to more than there is room for ends the process that reads, and nothing else', () =>
  withDocuments(async ({ documents, folder, write }) => {
    const bomb = deflateSync(deflateSync(Buffer.alloc(300 * 1024 ** 2, ' ')))
    write('bomb.pdf', pdfWith([[bomb.toString('latin1')]], () => [], { filter: '/Filter [/FlateDecode /FlateDecode]' }))
    write('good.txt', 'The good one is here.')
    const { failed, added } = await documents.add(folder)
    assert.equal([failed.map(({ code }) => code), added, files(documents)], [['ReadingFailed'], 1, ['good.txt']])
  }, { residentBytes: 250 * 1024 ** 2 }))

test.run()
