import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDevice } from '../device.ts'
import { pageFiles } from '../page-files.node.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { createApi } from './app.ts'

/** A built page, as far as serving it goes, and a file beside it that is none of its own. */
function withPage(use: (get: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const web = join(dir, 'web')
    mkdirSync(join(web, 'assets'), { recursive: true })
    writeFileSync(join(web, 'index.html'), '<!doctype html>')
    writeFileSync(join(web, 'assets', 'index-1.js'), 'export {}')
    writeFileSync(join(web, 'assets', 'library-1.wasm'), new Uint8Array(8))
    writeFileSync(join(web, 'notes.txt'), 'not of a kind that pages have')
    writeFileSync(join(dir, 'secret.html'), 'a secret')
    const device = await startDevice({ home: join(dir, 'home'), online: false })
    try {
      const api: Hono = createApi(device, { token: 'a token', version: '1', residentBytes: () => 1, page: pageFiles([web]) })
      await use(async (path, init) => api.fetch(new Request(`http://127.0.0.1${path}`, init)))
    } finally {
      await device.stop()
    }
  })
}

test('the page is served without a token, with a policy that lets nothing else in', () =>
  withPage(async get => {
    const page = await get('/')
    assert.is(await page.text(), '<!doctype html>')
    assert.equal([page.status, page.headers.get('content-type'), page.headers.get('cache-control')], [200, 'text/html; charset=utf-8', 'no-cache'])
    const policy = page.headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.match(policy, rule)
    assert.equal(policy.match(/'[\w-]*unsafe[\w-]*'/g), ["'wasm-unsafe-eval'"], 'WebAssembly may be compiled; scripts out of texts may not')
    assert.equal(['x-content-type-options', 'referrer-policy'].map(name => page.headers.get(name)), ['nosniff', 'no-referrer'])
    assert.equal(['cross-origin-opener-policy', 'cross-origin-embedder-policy'].map(name => page.headers.get(name)), ['same-origin', 'require-corp'], 'without both a page has no threads')
    const script = await get('/assets/index-1.js')
    assert.equal([script.status, script.headers.get('content-type'), await script.text()], [200, 'text/javascript; charset=utf-8', 'export {}'])
    assert.match(script.headers.get('cache-control') ?? '', 'immutable')
    const library = await get('/assets/library-1.wasm')
    assert.equal([library.status, library.headers.get('content-type')], [200, 'application/wasm'])
  }))

test('nothing but files of the page comes without a token, and not to a page of another name', () =>
  withPage(async get => {
    for (const path of ['/notes.txt', '/secret.html', '/../secret.html', '/assets/../../secret.html', '/%2e%2e/secret.html', '/assets/..%2f..%2fsecret.html', '/assets', '/api/memories', '/metrics']) {
      const { status } = await get(path)
      assert.is(status, 401, path)
    }
    assert.is((await get('/', { method: 'POST' })).status, 401)
    assert.is((await get('/', { headers: { host: 'attacker.example' } })).status, 403)
  }))

test('where no page was built, everything needs the token', () => {
  assert.is(pageFiles(['/nowhere']), undefined)
})

test.run()
