import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImportsMap } from './dist-imports.ts'
import { violations } from './layers/rules.ts'
import { readSource } from './layers/source.ts'

const root = join(import.meta.dirname, '..')

test('this checkout keeps the rules of the house', () => {
  const paths = globSync('{mesh,sync,federated,node,clients,bench,tools}/**/*.ts', { cwd: root, exclude: ['tools/fixtures/**', '**/node_modules/**'] })
  assert.ok(paths.length > 20, 'these are not all files')
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: ImportsMap }
  const sources = paths.map(path => readSource(path, readFileSync(join(root, path), 'utf8')))
  assert.is(violations(sources, imports).join('\n'), '')
})

type Tree = Record<string, string>
function check(tree: Tree, imports: ImportsMap = {}): string[] {
  return violations(Object.entries(tree).map(([path, text]) => readSource(path, text)), imports)
}

/** [what is wrong, files, the one violation it must give] */
const bad: [string, Tree, RegExp, ImportsMap?][] = [
  ['mesh imports sync', { 'mesh/a.ts': "import { b } from '../sync/b.ts'", 'sync/b.ts': 'export const b = 1' }, /^mesh\/a\.ts:1 imports sync\/b\.ts: mesh\/ may import none of ours$/],
  ['sync imports node', { 'sync/a.ts': "\nexport { b } from '../node/b.ts'", 'node/b.ts': 'export const b = 1' }, /^sync\/a\.ts:2 imports node\/b\.ts: sync\/ may import mesh\/$/],
  ['sync and federated', { 'federated/a.ts': "import '../sync/b.ts'", 'sync/b.ts': '' }, /^federated\/a\.ts:1 imports sync\/b\.ts/],
  ['clients reach past node', { 'clients/cli/a.ts': "import '../../sync/b.ts'", 'sync/b.ts': '' }, /^clients\/cli\/a\.ts:1 imports sync\/b\.ts: clients\/ may import node\/$/],
  ['types count', { 'mesh/a.ts': "import type { B } from '../node/b.ts'", 'node/b.ts': 'export type B = 1' }, /^mesh\/a\.ts:1 imports node\/b\.ts/],
  ['import types count', { 'mesh/a.ts': "export type B = import('../node/b.ts').B", 'node/b.ts': 'export type B = 1' }, /^mesh\/a\.ts:1 imports node\/b\.ts/],
  ['import() counts', { 'mesh/a.ts': "await import('../node/b.ts')", 'node/b.ts': '' }, /^mesh\/a\.ts:1 imports node\/b\.ts/],
  ['computed import()', { 'node/a.ts': "await import('./' + name)" }, /^node\/a\.ts:1 imports a computed name/],
  ['through package.json', { 'mesh/a.ts': "import '#up'", 'node/b.node.ts': '' }, /^mesh\/a\.ts:1 imports node\/b\.node\.ts/, { '#up': { node: './node/b.node.ts' } }],
  ['bench is imported', { 'node/a.ts': "import '../bench/b.ts'", 'bench/b.ts': '' }, /^node\/a\.ts:1 imports bench\/b\.ts/],
  ['a helper for tests with a browser, imported by none', { 'sync/a.ts': "import '../tools/browser/pages.ts'", 'tools/browser/pages.ts': '' }, /^sync\/a\.ts:1 imports tools\/browser\/pages\.ts/],
  ['tools are imported', { 'node/a.ts': "import '../tools/assert.ts'", 'tools/assert.ts': '' }, /^node\/a\.ts:1 imports tools\/assert\.ts/],
  ['a cycle', { 'mesh/a.ts': "import './b.ts'", 'mesh/b.ts': "import './c.ts'", 'mesh/c.ts': "import type { A } from './a.ts'" }, /^mesh\/a\.ts:1 is in a cycle: mesh\/a\.ts -> mesh\/b\.ts -> mesh\/c\.ts -> mesh\/a\.ts$/],
  ['a file that imports itself', { 'mesh/a.ts': "import './a.ts'" }, /^mesh\/a\.ts:1 is in a cycle/],
  ['node: in a portable file', { 'sync/a.ts': "import 'node:fs'" }, /^sync\/a\.ts:1 imports node:fs outside of/],
  ['a builtin without node:', { 'sync/a.ts': "import 'fs/promises'" }, /^sync\/a\.ts:1 imports fs\/promises/],
  ['a native package', { 'node/model/a.ts': "import 'onnxruntime-node'" }, /^node\/model\/a\.ts:1 imports onnxruntime-node/],
  ['browser storage', { 'sync/a.ts': "import 'y-indexeddb'" }, /^sync\/a\.ts:1 imports y-indexeddb/],
  ['process', { 'node/a.ts': 'export const pid = process.pid' }, /^node\/a\.ts:1 uses process/],
  ['globalThis.process', { 'node/a.ts': 'export const p = globalThis.process' }, /^node\/a\.ts:1 uses process/],
  ['Buffer as a default', { 'mesh/a.ts': 'export function f(x = Buffer) { return x }' }, /^mesh\/a\.ts:1 uses Buffer/],
  ['the DOM', { 'sync/a.ts': '\n\nif (document.hidden) throw 1' }, /^sync\/a\.ts:3 uses document/],
  ['a platform file by name', { 'node/a.ts': "import './b.node.ts'", 'node/b.node.ts': '' }, /^node\/a\.ts:1 imports node\/b\.node\.ts directly/],
  ['the other platform', { 'node/a.browser.ts': "import './b.node.ts'", 'node/b.node.ts': '' }, /^node\/a\.browser\.ts:1 imports node\/b\.node\.ts of the other platform/],
  ['export *', { 'mesh/a.ts': "\nexport * from './b.ts'", 'mesh/b.ts': '' }, /^mesh\/a\.ts:2 has `export \*`/],
  ['export * as', { 'mesh/a.ts': "export * as b from './b.ts'", 'mesh/b.ts': '' }, /^mesh\/a\.ts:1 has `export \*`/],
  ['its own face', { 'mesh/a.ts': "import './index.ts'", 'mesh/index.ts': '' }, /^mesh\/a\.ts:1 imports mesh\/index\.ts, the face of its own folder/],
  ['its own face from deeper', { 'node/api/a.ts': "import '../index.ts'", 'node/index.ts': '' }, /^node\/api\/a\.ts:1 imports node\/index\.ts, the face of its own folder/],
  ['a helper for tests', { 'node/a.ts': "import './testing/b.ts'", 'node/testing/b.ts': '' }, /^node\/a\.ts:1 imports node\/testing\/b\.ts, which is for tests/],
  ['uvu', { 'node/a.ts': "import 'uvu/assert'" }, /^node\/a\.ts:1 imports uvu\/assert outside of tests/],
  ['a missing file', { 'node/a.ts': "import './gone.ts'" }, /^node\/a\.ts:1 imports \.\/gone\.ts, which does not exist/],
  ['a missing target', { 'node/a.ts': '' }, /^package\.json:1 imports #gone names node\/gone\.node\.ts/, { '#gone': { development: './node/gone.node.ts', default: './dist/node/gone.node.js' } }],
  ['too long', { 'node/a.ts': '\n'.repeat(401) }, /^node\/a\.ts:401 is longer than 400 lines/]
]

for (const [what, tree, expected, imports] of bad) {
  test(`finds: ${what}`, () => {
    const found = check(tree, imports)
    assert.is(found.length, 1, found.join('\n') || 'nothing found')
    assert.match(found[0] ?? '', expected)
  })
}

test('finds: a conversation store that reaches the network through another file', () => {
  const found = check({
    'node/conversations.node.ts': "import './table.ts'",
    'node/table.ts': "import type { Item } from '../sync/item.ts'",
    'sync/item.ts': 'export type Item = 1'
  })
  assert.equal(found, ['node/conversations.node.ts:1 reaches sync/item.ts: node/conversations.node.ts -> node/table.ts -> sync/item.ts; conversations and documents never leave the device'])
})

test('finds: sync reaching a conversation store through package.json', () => {
  const found = check({ 'sync/a.ts': "import '#talk'", 'node/conversations.node.ts': '' }, { '#talk': './node/conversations.node.ts' })
  assert.is(found.length, 2) // the direction, and the store
  assert.match(found[1] ?? '', /^sync\/a\.ts:1 reaches node\/conversations\.node\.ts/)
})

test('leaves good files alone', () => {
  const good: Tree = {
    'mesh/errors.ts': 'export const e = 1',
    'mesh/index.ts': "export { e } from './errors.ts'",
    'mesh/tcp.node.ts': "import 'node:net'\nprocess.exit()",
    'mesh/tcp.browser.ts': 'document.title',
    'mesh/mesh.ts': "import '#tcp'\nimport 'libp2p'",
    'mesh/mesh.test.ts': "import 'uvu'\nimport 'node:fs'\nimport './tcp.node.ts'\nimport '../tools/assert.ts'\nimport '../tools/browser/pages.ts'\nBuffer.alloc(1)",
    'sync/a.ts': "import '../mesh/index.ts'\nexport type T = { process: number; window(): void }\nexport const f = (process: number, { document: window }: any) => process + window",
    'sync/b.ts': 'export const b = (o: any) => o.process + { document: 1 }.document\nimport { process } from "x"\nprocess()',
    'node/conversations.ts': "import '../mesh/errors.ts'",
    'node/api/index.ts': 'export const api = 1',
    'node/apis/a.ts': "import '../api/index.ts'",
    'node/device.ts': "import './conversations.ts'\nimport '../sync/a.ts'",
    'clients/cli/main.ts': "import 'node:os'\nimport '../../node/device.ts'\nimport '../../mesh/errors.ts'",
    'bench/main.ts': "import '../sync/b.ts'\nimport '../node/device.ts'",
    'tools/assert.ts': "import 'uvu/assert'",
    'tools/browser/pages.ts': "import 'vite'"
  }
  assert.equal(check(good, { '#tcp': { browser: './mesh/tcp.browser.ts', default: './mesh/tcp.node.ts' } }), [])
})

test.run()
