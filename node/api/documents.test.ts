import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { type Device, startDevice } from '../device.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { routes } from './app.ts'

type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; values: Record<string, unknown>[] }>

/** Every value that comes back is as its route says in the OpenAPI document, or an error. */
function withDevice(work: (call: Call, dir: string, device: Device) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const device = await startDevice({ home: join(dir, 'home'), online: false })
    const call: Call = async (method, path, body) => {
      const response = await device.fetch(new Request(`http://127.0.0.1${path}`, { method, headers: { authorization: `Bearer ${device.token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }))
      const values = (await response.text()).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>)
      const route = routes.find(each => each.method.toUpperCase() === method && each.path === path.split('?')[0])
      if (response.ok && route) for (const value of values) assert.equal(v.parse(route.reply, value), value, path)
      return { status: response.status, values }
    }
    try {
      await work(call, dir, device)
    } finally {
      await device.stop()
    }
  })
}

test('documents are added with progress, listed in pages, recalled beside memories, and removed', () =>
  withDevice(async (call, dir, device) => {
    const folder = join(dir, 'notes')
    mkdirSync(folder)
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.md`), `# Note ${name}\n\nThe tulips of ${name} are red.\n`)
    writeFileSync(join(folder, 'bad.pdf'), 'no PDF')
    const { values } = await call('POST', '/api/documents', { path: folder })
    const { failed, ...added } = values.at(-1) as { failed: { file: string; code: string }[] }
    assert.equal(added, { event: 'added', file: folder, added: 3, changed: 0, unchanged: 0, removed: 0, skipped: 0, passages: 3 })
    assert.equal(failed.map(({ file, code }) => [file, code]), [[join(folder, 'bad.pdf'), 'PdfBroken']])
    assert.ok(values.slice(0, -1).every(({ event, total }) => event === 'progress' && total === 4) && values.length > 1)

    const first = (await call('GET', '/api/documents?limit=2')).values[0] as { documents: { file: string }[]; next: string }
    const rest = (await call('GET', `/api/documents?limit=2&after=${encodeURIComponent(first.next)}`)).values[0] as { documents: { file: string }[]; next: null }
    assert.equal([[...first.documents, ...rest.documents].map(({ file }) => file), rest.next], [['a', 'b', 'c'].map(name => join(folder, `${name}.md`)), null])

    await call('POST', '/api/memories', { text: 'Anna likes tulips' })
    const recalled = async (more = '') => (await call('GET', `/api/recall?query=tulips+of+b${more}`)).values[0] as { memories: { text: string }[]; documents: { file: string; place: string; headings: string[]; line: number }[] }
    const { memories, documents } = await recalled()
    assert.equal([memories.map(({ text }) => text), documents[0]?.file, documents[0]?.place, documents[0]?.headings, documents[0]?.line], [['Anna likes tulips'], join(folder, 'b.md'), 'Note b, line 1', ['Note b'], 1])
    assert.equal([(await recalled('&k=1')).documents.length, (await recalled(`&asOf=${Date.now()}`)).documents], [1, []])
    const answer = (await call('POST', '/api/ask', { text: 'which tulips has b?' })).values[0] as { documents: { place: string }[] }
    assert.is(answer.documents[0]?.place, 'Note b, line 1')
    await device.assistant.ask('so?')

    const { removed } = (await call('POST', '/api/documents/remove', { name: folder })).values[0] as { removed: unknown[] }
    assert.equal([removed.length, (await recalled()).documents], [3, []])
  }))

test('what cannot be added or removed is a named error', () =>
  withDevice(async (call, dir) => {
    writeFileSync(join(dir, 'a.docx'), 'x')
    for (const [path, code] of [[join(dir, 'nothing'), 'NoSuchFile'], [join(dir, 'a.docx'), 'UnknownFormat']] as const) {
      const failed = (await call('POST', '/api/documents', { path })).values.at(-1)
      const { event, error } = failed as { event: string; error: { code: string; message: string } }
      assert.equal([event, error.code], ['failed', code])
      assert.match(error.message, path)
    }
    const refusals = []
    for (const [path, body] of [['/api/documents', { path: '' }], ['/api/documents', { path: 'a\0b' }], ['/api/documents', { path: 'x'.repeat(5000) }], ['/api/documents', {}], ['/api/documents/remove', { name: join(dir, 'a.docx') }]] as const) refusals.push((await call('POST', path, body)).status)
    assert.equal(refusals, [400, 400, 400, 400, 404])
    assert.is((await call('GET', '/api/documents?limit=0')).status, 400)
  }))

test('the OpenAPI document tells of documents', () =>
  withDevice(async call => {
    const { paths } = (await call('GET', '/api/openapi.json')).values[0] as { paths: Record<string, Record<string, { responses: { 200: { content: object } } }>> }
    assert.equal(Object.keys(paths['/api/documents'] ?? {}), ['get', 'post'])
    assert.equal(Object.keys(paths['/api/documents']?.['post']?.responses[200].content ?? {}), ['application/x-ndjson'])
    assert.ok(paths['/api/documents/remove']?.['post'])
  }))

test('a caller that leaves ends the work', () =>
  withDevice(async (_, dir, device) => {
    const folder = join(dir, 'many')
    mkdirSync(folder)
    for (let n = 0; n < 300; n++) writeFileSync(join(folder, `${n}.txt`), `The number ${n}.`)
    const leave = new AbortController()
    const response = await device.fetch(new Request('http://127.0.0.1/api/documents', { method: 'POST', body: JSON.stringify({ path: folder }), headers: { authorization: `Bearer ${device.token}` }, signal: leave.signal }))
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    // The next one waits for its turn, which comes when the first has ended.
    writeFileSync(join(dir, 'last.txt'), 'The last one.')
    await device.documents.add(join(dir, 'last.txt'))
    assert.ok(device.documents.list({ limit: 1000 }).length < 300)
  }))

test.run()
